"""From groups in the event store and what was decided about them to what people see."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulseboard.db import Database
from pulseboard.errors import Invalid, NotFound
from pulseboard.insights import MAX_GROUPS, Chart, Frame, MetaOut, moment
from pulseboard.issues import groups, trail
from pulseboard.issues.groups import Found, Sort
from pulseboard.issues.schemas import (
    ErrorDetailOut,
    ErrorList,
    ErrorOut,
    FrameOut,
    ReleaseOut,
    StateOut,
    ThrownOut,
    TrendPointOut,
)
from pulseboard.issues.states import InRelease, Shown, State, load_states, shown
from pulseboard.kit.clock import rfc3339
from pulseboard.store import ProjectScope, Store
from pulseboard.writer.stack import Thrown

RELEASES = 10  # of a group in a list


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which groups of a list, in which order, and how many after which one."""

    sort: Sort
    status: Shown | None
    limit: int
    after: tuple[int, str] | None


def error_list(store: Store, db: Database, frame: Frame, wanted: Wanted, meta: MetaOut) -> ErrorList:
    """One page of groups."""
    found = groups.found_groups(store, frame, wanted.sort)
    truncated = len(found) == MAX_GROUPS
    status = _statuses(store, db, frame.scope, [each.fingerprint for each in found])
    kept = [each for each in found if wanted.status in (None, status[each.fingerprint])]
    rest = [each for each in kept if wanted.after is None or each.rank(wanted.sort) > wanted.after]
    page = rest[: wanted.limit]
    items, chart = _items(store, frame, page, status)
    following = write_cursor(page[-1].rank(wanted.sort)) if len(rest) > len(page) else None
    return ErrorList(items, None if truncated else len(kept), following, chart.grain, meta)


def error_detail(store: Store, db: Database, frame: Frame, fingerprint: str, meta: MetaOut) -> ErrorDetailOut:
    """One group.

    Raises:
        NotFound: the project never had such an error.
    """
    first, last = life_of(store, frame.scope, fingerprint)
    latest = trail.last_event(store, frame.scope, fingerprint, last)
    if latest is None:
        raise NotFound("There is no such error")
    releases = groups.releases_of(store, frame.scope, [fingerprint]).get(fingerprint, [])
    state = load_states(db, frame.scope.project_id, [fingerprint]).get(fingerprint)
    inside = groups.totals_of(store, frame, fingerprint)
    chart = groups.trends(store, frame, [fingerprint])
    thrown = trail.thrown_in(latest)
    return ErrorDetailOut(
        id=fingerprint,
        name=latest.name,
        message=latest.message,
        environment=_text(latest.properties.get("environment")),
        state=state_out(state, releases),
        count=inside.count if inside else 0,
        users=inside.users if inside else 0,
        first_seen_at=_time(first),
        last_seen_at=_time(last),
        interval=chart.grain,
        trend=_trends(chart, [fingerprint])[fingerprint],
        releases=[_release(each) for each in releases],
        latest=latest,
        exception=_thrown(thrown),
        breadcrumbs=trail.breadcrumbs(store, frame.scope, latest, last),
        meta=meta,
    )


def life_of(store: Store, scope: ProjectScope, fingerprint: str) -> tuple[int, int]:
    """When a group was first and last seen, in ms since 1970.

    Raises:
        NotFound: the project never had such an error.
    """
    life = groups.lifetimes(store, scope, [fingerprint]).get(fingerprint)
    if life is None:
        raise NotFound("There is no such error")
    return life


def state_out(state: State | None, releases: Sequence[InRelease]) -> StateOut:
    """What was decided, and whether it holds."""
    if state is None:
        return StateOut("open", None, None, None)
    return StateOut(shown(state, releases), state.release or None, rfc3339(state.changed_at), state.changed_by)


def write_cursor(rank: tuple[int, str]) -> str:
    return base64.urlsafe_b64encode(f"{rank[0]} {rank[1]}".encode()).decode()


def read_cursor(cursor: str) -> tuple[int, str]:
    """Where the page before ended.

    Raises:
        Invalid: it is no cursor of this list.
    """
    try:
        number, space, fingerprint = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().partition(" ")
        if space:
            return int(number), fingerprint
    except ValueError:
        pass
    raise Invalid.field("cursor", "is not a cursor of this list")


def _statuses(store: Store, db: Database, scope: ProjectScope, fingerprints: list[str]) -> dict[str, Shown]:
    states = load_states(db, scope.project_id, fingerprints)
    resolved = [fingerprint for fingerprint, state in states.items() if state.status == "resolved"]
    releases = groups.releases_of(store, scope, resolved)
    return {each: shown(states.get(each), releases.get(each, [])) for each in fingerprints}


def _items(store: Store, frame: Frame, page: list[Found], status: Mapping[str, Shown]) -> tuple[list[ErrorOut], Chart]:
    fingerprints = [each.fingerprint for each in page]
    life = groups.lifetimes(store, frame.scope, fingerprints)
    releases = groups.releases_of(store, frame.scope, fingerprints)
    chart = groups.trends(store, frame, fingerprints)
    trends = _trends(chart, fingerprints)
    samples = groups.samples(store, frame.scope, {each.fingerprint: each.last_seen for each in page})
    items = [
        ErrorOut(
            id=each.fingerprint,
            name=samples[each.fingerprint].name,
            message=samples[each.fingerprint].message,
            environment=samples[each.fingerprint].environment,
            status=status[each.fingerprint],
            count=each.count,
            users=each.users,
            first_seen_at=_time(life[each.fingerprint][0]),
            last_seen_at=_time(life[each.fingerprint][1]),
            releases=[seen.release for seen in releases[each.fingerprint] if seen.release][:RELEASES],
            trend=trends[each.fingerprint],
        )
        for each in page
        # Between two reads the events of a group may be erased.
        if each.fingerprint in samples and each.fingerprint in life and each.fingerprint in releases
    ]
    return items, chart


def _trends(chart: Chart, fingerprints: Sequence[str]) -> dict[str, list[TrendPointOut]]:
    lines = {line.label: line.values for line in chart.lines}
    nothing = (0,) * len(chart.starts)
    return {
        each: [
            TrendPointOut(_time(at), value) for at, value in zip(chart.starts, lines.get(each, nothing), strict=True)
        ]
        for each in fingerprints
    }


def _release(seen: InRelease) -> ReleaseOut:
    return ReleaseOut(seen.release, seen.count, seen.users, _time(seen.first_seen), _time(seen.last_seen))


def _thrown(found: Thrown) -> ThrownOut:
    frames = [
        FrameOut(each.function, each.file, each.line or None, each.column or None, each.own, each.code)
        for each in found.frames
    ]
    return ThrownOut(found.type, found.message, frames)


def _time(at: int) -> str:
    return rfc3339(moment(at))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
