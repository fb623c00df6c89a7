"""Plans, what they allow, and how much of it is used."""

from pulseboard.billing.meter import Account, Meter
from pulseboard.billing.plans import PLANS, Plan
from pulseboard.billing.removal import Leavings
from pulseboard.billing.retention import Remover, Retention
from pulseboard.billing.routes import routes
from pulseboard.billing.service import OrgPlans

__all__ = ["PLANS", "Account", "Leavings", "Meter", "OrgPlans", "Plan", "Remover", "Retention", "routes"]
