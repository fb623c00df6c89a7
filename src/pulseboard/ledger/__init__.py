"""How many events came, were new, came late, were refused: one account for quotas, statistics and completeness."""

from pulseboard.ledger.base import LATE, Ledger, Place, Refusal, Refused, Taken, Tally
from pulseboard.ledger.sqlite import SqliteLedger

__all__ = ["LATE", "Ledger", "Place", "Refusal", "Refused", "SqliteLedger", "Taken", "Tally"]
