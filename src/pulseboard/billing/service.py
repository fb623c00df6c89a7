"""An organisation's plan, and what it allows."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from pulseboard.billing import queries
from pulseboard.billing.meter import Account, Meter
from pulseboard.billing.plans import FREE, PLANS, UNLIMITED, Plan
from pulseboard.errors import PlanLimit
from pulseboard.kit.periods import DAY
from pulseboard.projects import Terms


class OrgPlans:
    """The plans of organisations; with billing off nothing is limited."""

    def __init__(self, meter: Meter, *, billing: bool) -> None:
        self._meter = meter
        self._billing = billing

    def standing(self, session: Session, org_id: str) -> "Standing":
        """The organisation's plan, and which projects share it."""
        rows = queries.sharing(session, org_id, billing=self._billing)
        limited = self._billing and not rows[0].system
        plan = PLANS.get(rows[0].plan, PLANS[FREE]) if limited else UNLIMITED
        shared = frozenset(row.project_id for row in rows if row.project_id is not None)
        payer = rows[0].payer if plan.id == FREE and rows[0].payer else org_id
        return Standing(plan, payer, shared, sum(bool(row.living) for row in rows if row.project_id is not None))

    def terms(self, session: Session, org_id: str, asked: float) -> Terms:
        """See ``projects.Plans.terms``."""
        plan, payer, shared, _ = self.standing(session, org_id) if self._billing else _FREE_FOR_ALL
        limit = plan.monthly_events
        account = None if limit is None else Account(self._meter, limit, payer)
        if account is not None:
            self._meter.share(payer, shared, asked)
        return Terms(plan.retention_days * DAY, plan.property_bytes, plan.batch_bytes, account)

    @property
    def limited(self) -> bool:
        """Whether plans limit anything."""
        return self._billing

    def kept_days(self, session: Session, org_id: str) -> int | None:
        """How many days the organisation's plan keeps events; None where nothing is limited."""
        if not self._billing:
            return None
        plan = self.standing(session, org_id).plan
        return None if plan is UNLIMITED else plan.retention_days

    def check_room(self, session: Session, org_id: str) -> None:
        """
        Raises:
            PlanLimit: the organisation's plan includes no further project.
        """
        plan, _, _, living = self.standing(session, org_id) if self._billing else _FREE_FOR_ALL
        if plan.max_projects is not None and living >= plan.max_projects:
            raise PlanLimit(f"The {plan.name} plan includes {plan.max_projects} projects")


class Standing(NamedTuple):
    """``projects`` share the plan's quota, deleted ones included; ``living`` of them live.

    ``payer`` is whose quota that is: a person's, of all Free organisations, or else the organisation's.
    """

    plan: Plan
    payer: str
    projects: frozenset[str]
    living: int


_FREE_FOR_ALL = Standing(UNLIMITED, "", frozenset(), 0)
