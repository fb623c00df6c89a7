"""The statements about states of groups."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulseboard.issues.models import ErrorState

_AT_ONCE = 500  # an engine binds only so many values


def states_of(session: Session, project_id: str, fingerprints: Sequence[str]) -> list[ErrorState]:
    """The groups about which something was decided."""
    found: list[ErrorState] = []
    for start in range(0, len(fingerprints), _AT_ONCE):
        some = fingerprints[start : start + _AT_ONCE]
        wanted = select(ErrorState).where(ErrorState.project_id == project_id, ErrorState.fingerprint.in_(some))
        found += session.scalars(wanted)
    return found


def put_state(
    session: Session, project_id: str, fingerprint: str, status: str, release: str, by: str | None, now: datetime
) -> dict[str, object]:
    """Keeps a decision, and says what stood there before."""
    row = session.get(ErrorState, (project_id, fingerprint))
    if row is None:
        row = ErrorState(project_id=project_id, fingerprint=fingerprint, status="open", release="")
        session.add(row)
    before: dict[str, object] = {"status": row.status, "release": row.release}
    row.status, row.release, row.changed_by, row.changed_at = status, release, by, now
    return before
