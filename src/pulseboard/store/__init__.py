"""The event store: the only room that knows ClickHouse."""

from pulseboard.store.base import (
    READ_MEMORY,
    Param,
    PlatformScope,
    ProjectScope,
    Row,
    RowsRefused,
    Scope,
    Store,
    StoreInUse,
)
from pulseboard.store.erase import Held, erase_persons, erase_projects, held, ids_of
from pulseboard.store.events import remove_before
from pulseboard.store.kept import KeptReads, Versions
from pulseboard.store.limited import LimitedReads
from pulseboard.store.merges import Merge, Merges, merges_lookup, persons_days
from pulseboard.store.people import Listed, merges_into, persons_list, persons_names, persons_profile
from pulseboard.store.persons import (
    Session,
    persons_lookup,
    persons_max,
    recent_sessions,
    sessions_lookup,
    sessions_max,
)
from pulseboard.store.platform import EventSearch, events_total, search_events
from pulseboard.store.reading import Cost, Reading, Stopped, current, reading
from pulseboard.store.samples import Sample, error_samples
from pulseboard.store.through import Through

__all__ = [
    "READ_MEMORY",
    "Cost",
    "EventSearch",
    "Held",
    "KeptReads",
    "LimitedReads",
    "Listed",
    "Merge",
    "Merges",
    "Param",
    "PlatformScope",
    "ProjectScope",
    "Reading",
    "Row",
    "RowsRefused",
    "Sample",
    "Scope",
    "Session",
    "Stopped",
    "Store",
    "StoreInUse",
    "Through",
    "Versions",
    "current",
    "erase_persons",
    "erase_projects",
    "error_samples",
    "events_total",
    "held",
    "ids_of",
    "merges_into",
    "merges_lookup",
    "persons_days",
    "persons_list",
    "persons_lookup",
    "persons_max",
    "persons_names",
    "persons_profile",
    "reading",
    "recent_sessions",
    "remove_before",
    "search_events",
    "sessions_lookup",
    "sessions_max",
]
