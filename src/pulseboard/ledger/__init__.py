"""How many events came, were new, came late, were refused: one account for quotas, statistics and completeness."""

from pulseboard.ledger.base import (
    IMPORTS,
    LATE,
    OWN,
    UNSTORABLE,
    VISITORS,
    WEEK,
    Beyond,
    Brought,
    Catalog,
    Entry,
    Ledger,
    Place,
    Refusal,
    Refused,
    Seen,
    Source,
    Taken,
    Tally,
    Word,
)
from pulseboard.ledger.catalog import ROOM
from pulseboard.ledger.sqlite import SqliteLedger

__all__ = [
    "IMPORTS",
    "LATE",
    "OWN",
    "ROOM",
    "UNSTORABLE",
    "VISITORS",
    "WEEK",
    "Beyond",
    "Brought",
    "Catalog",
    "Entry",
    "Ledger",
    "Place",
    "Refusal",
    "Refused",
    "Seen",
    "Source",
    "SqliteLedger",
    "Taken",
    "Tally",
    "Word",
]
