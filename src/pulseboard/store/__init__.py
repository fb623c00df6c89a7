"""The event store: the only room that knows ClickHouse."""

from pulseboard.store.base import (
    Param,
    PlatformScope,
    ProjectScope,
    Row,
    RowsRefused,
    Scope,
    Store,
    StoreInUse,
)
from pulseboard.store.persons import (
    Session,
    persons_lookup,
    persons_max,
    recent_sessions,
    sessions_lookup,
    sessions_max,
)

__all__ = [
    "Param",
    "PlatformScope",
    "ProjectScope",
    "Row",
    "RowsRefused",
    "Scope",
    "Session",
    "Store",
    "StoreInUse",
    "persons_lookup",
    "persons_max",
    "recent_sessions",
    "sessions_lookup",
    "sessions_max",
]
