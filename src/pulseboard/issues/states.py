"""Open, resolved, ignored, and what makes a resolved group come back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy.orm import Session

from pulseboard.audit import Caller, Target, record
from pulseboard.db import Database
from pulseboard.insights import millis
from pulseboard.issues import queries
from pulseboard.projects import ProjectView

Status = Literal["open", "resolved", "ignored"]
Shown = Literal["open", "resolved", "ignored", "regressed"]
SHOWN: tuple[Shown, ...] = get_args(Shown)

_VERSION = re.compile(r"(?:^|[^0-9.])(\d+(?:\.\d+)+)(?:-([0-9A-Za-z.]+))?")


@dataclass(frozen=True, slots=True)
class State:
    """What was decided, when and by whom (None: nobody who is still there)."""

    status: Status
    changed_at: datetime
    changed_by: str | None = None
    release: str = ""


@dataclass(frozen=True, slots=True)
class InRelease:
    """A group's events of one release, empty where they named none; times in ms since 1970."""

    release: str
    count: int
    users: int
    first_seen: int
    last_seen: int


def load_states(db: Database, project_id: str, fingerprints: Sequence[str]) -> dict[str, State]:
    """What was decided about the groups; one about which nothing was is open."""
    with db.read() as session:
        rows = queries.states_of(session, project_id, fingerprints)
    return {
        row.fingerprint: State(cast(Status, row.status), row.changed_at, row.changed_by, row.release) for row in rows
    }


def decide(session: Session, caller: Caller, project: ProjectView, fingerprint: str, state: State) -> None:
    """Keeps what somebody decides about a group, and writes it down."""
    by, at = state.changed_by, state.changed_at
    before = queries.put_state(session, project.id, fingerprint, state.status, state.release, by, at)
    target, after = Target("error", fingerprint, project.name), {"status": state.status, "release": state.release}
    record(session, caller, at, "error.changed", target, org_id=project.org_id, before=before, after=after)


def shown(state: State | None, releases: Iterable[InRelease]) -> Shown:
    """A resolved group is back when it has an event from after that, of no release from before the fix."""
    if state is None:
        return "open"
    if state.status == "resolved" and any(_comes_back(state, each) for each in releases):
        return "regressed"
    return state.status


def _comes_back(state: State, found: InRelease) -> bool:
    resolved = millis(state.changed_at)
    return found.last_seen > resolved and not _is_older(found, state.release, resolved)


def _is_older(found: InRelease, fixed_in: str, resolved: int) -> bool:
    """Whether the release is from before the one with the fix: by its version, else when the group had it before."""
    if not fixed_in or not found.release or found.release == fixed_in:
        return False
    mine, fix = version(found.release), version(fixed_in)
    if mine is None or fix is None:
        return found.first_seen <= resolved
    return mine < fix


def version(release: str) -> tuple[tuple[int, ...], bool, str] | None:
    """What orders a release: ``shop@1.10.0-rc.1`` is after ``1.9`` and before ``1.10.0``. None: it is no version."""
    match = _VERSION.search(release)
    if match is None:
        return None
    numbers = [int(number[:9]) for number in match[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers), match[2] is None, match[2] or ""


def releases_by_group(rows: Iterable[tuple[str, InRelease]]) -> Mapping[str, list[InRelease]]:
    """Each group's releases, the latest seen first."""
    found: dict[str, list[InRelease]] = {}
    for fingerprint, each in rows:
        found.setdefault(fingerprint, []).append(each)
    for releases in found.values():
        releases.sort(key=lambda each: (-each.last_seen, each.release))
    return found
