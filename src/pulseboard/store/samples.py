"""The last event of groups of errors."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pulseboard.store.base import Param, ProjectScope, Store
from pulseboard.store.files import fixed_read

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sample(NamedTuple):
    """What an event says of its group."""

    name: str
    message: str
    environment: str


def error_samples(store: Store, project_id: str, last_seen: Mapping[str, int]) -> dict[str, Sample]:
    """The last event of each group of a project; ``last_seen`` says when it was, in ms since 1970."""
    if not last_seen:
        return {}
    moments = sorted(set(last_seen.values()))
    params: dict[str, Param] = {
        "project_id": project_id,
        "days": sorted({(_EPOCH + timedelta(milliseconds=at)).date().isoformat() for at in moments}),
        "moments": moments,
        "fingerprints": list(last_seen),
    }
    rows = store.read(fixed_read("error_samples"), params, ProjectScope(project_id))
    # In order of time: another group's moment may be one of this group's earlier ones.
    return {row.pop("fingerprint"): Sample(**row) for row in rows}
