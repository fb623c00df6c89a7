"""How many events were refused: sums by project, day and reason."""

from collections.abc import Mapping
from datetime import date

import msgspec

from pulseboard.store.base import ProjectScope, Row, Store
from pulseboard.store.files import fixed_read

_encoder = msgspec.json.Encoder()


def add_refused(store: Store, sums: Mapping[tuple[str, date, str], int]) -> None:
    """Adds sums of refused events, keyed by project, day (UTC) and reason."""
    rows = [
        {"project_id": project, "day": day.isoformat(), "reason": reason, "events": events}
        for (project, day, reason), events in sums.items()
    ]
    store.insert("refused", _encoder.encode_lines(rows))


def read_refused(store: Store, project_id: str, first: date, last: date) -> list[Row]:
    """``utc_day``, ``reason``, ``events`` from ``first`` to ``last`` (UTC days, both included), newest first."""
    params = {"project_id": project_id, "from": first.isoformat(), "to": last.isoformat()}
    return store.read(fixed_read("refused"), params, ProjectScope(project_id))
