"""Groups of errors, out of the event store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pulseboard.insights import (
    FIRST,
    LAST,
    MAX_GROUPS,
    NOT_SET,
    Chart,
    Dimension,
    Filter,
    Frame,
    Period,
    Query,
    chart,
    groups,
)
from pulseboard.issues.states import InRelease, releases_by_group
from pulseboard.store import ProjectScope, Row, Sample, Store, error_samples

Sort = Literal["last_seen", "count", "users"]

GROUP, RELEASE = Dimension("fingerprint"), Dimension("release")
_EVER = Period(FIRST, LAST)
_AT_ONCE = 50  # groups whose releases are asked for at once
_AMONG = {"last_seen": "last_seen", "count": "events", "users": "users"}


@dataclass(frozen=True, slots=True)
class Found:
    """A group in the asked period; ``last_seen`` in ms since 1970."""

    fingerprint: str
    count: int
    users: int
    last_seen: int

    def rank(self, sort: Sort) -> tuple[int, str]:
        """Where it stands: the largest first, ties by fingerprint."""
        return -{"last_seen": self.last_seen, "count": self.count, "users": self.users}[sort], self.fingerprint


def found_groups(store: Store, frame: Frame, sort: Sort) -> list[Found]:
    """The first ``MAX_GROUPS`` groups that have events in the frame, in that order."""
    metrics = ("events", "users", "last_seen")
    first = _AMONG[sort]
    query = _query(frame, (first, *(each for each in metrics if each != first)))
    rows = groups(store, replace(query, dimensions=(GROUP,), limit=MAX_GROUPS))
    found = [Found(row["label_0"], row["events"], row["users"], row["last_seen"]) for row in rows]
    return sorted(found, key=lambda each: each.rank(sort))


def lifetimes(store: Store, scope: ProjectScope, fingerprints: Sequence[str]) -> dict[str, tuple[int, int]]:
    """When each group was first and last seen at all, in ms since 1970."""
    rows = _ever(store, scope, ("first_seen", "last_seen"), (GROUP,), fingerprints)
    return {row["label_0"]: (row["first_seen"], row["last_seen"]) for row in rows}


def releases_of(store: Store, scope: ProjectScope, fingerprints: Sequence[str]) -> Mapping[str, list[InRelease]]:
    """All that ever was of each group, by release, those seen last first; of very many releases the last ones."""
    metrics, by = ("last_seen", "first_seen", "events", "users"), (GROUP, RELEASE)
    found: list[tuple[str, InRelease]] = []
    for start in range(0, len(fingerprints), _AT_ONCE):
        for row in _ever(store, scope, metrics, by, fingerprints[start : start + _AT_ONCE]):
            release = "" if row["label_1"] == NOT_SET else row["label_1"]
            seen = InRelease(release, row["events"], row["users"], row["first_seen"], row["last_seen"])
            found.append((row["label_0"], seen))
    return releases_by_group(found)


def _ever(
    store: Store, scope: ProjectScope, metrics: tuple[str, ...], by: tuple[Dimension, ...], fingerprints: Sequence[str]
) -> list[Row]:
    if not fingerprints:
        return []
    filters = (_among(fingerprints),)
    query = Query(scope, _EVER, metrics, dimensions=by, filters=filters, segment="errors", limit=MAX_GROUPS)
    return groups(store, query)


def trends(store: Store, frame: Frame, fingerprints: Sequence[str]) -> Chart:
    """The course of each group over the frame: a line for each that has events in it."""
    if not fingerprints:
        return chart(store, replace(_query(frame, ("events",)), grain="auto"))
    query = _query(frame, ("events",), _among(fingerprints))
    return chart(store, replace(query, dimensions=(GROUP,), grain="auto", limit=len(fingerprints)))


def totals_of(store: Store, frame: Frame, fingerprint: str) -> Found | None:
    """One group in the frame; None when it has no event there."""
    query = _query(frame, ("events", "users", "last_seen"), _among([fingerprint]))
    rows = groups(store, replace(query, dimensions=(GROUP,), limit=1))
    return Found(fingerprint, rows[0]["events"], rows[0]["users"], rows[0]["last_seen"]) if rows else None


def samples(store: Store, scope: ProjectScope, last_seen: Mapping[str, int]) -> dict[str, Sample]:
    """What the last event of each group says; ``last_seen`` in ms since 1970."""
    return error_samples(store, scope.project_id, last_seen)


def _query(frame: Frame, metrics: tuple[str, ...], *more: Filter) -> Query:
    known = Filter(GROUP, "set")  # events of an earlier version have no group
    return Query(
        frame.scope,
        frame.period,
        metrics,
        timezone=frame.timezone,
        filters=(*frame.filters, *(more or (known,))),
        segment="errors",
    )


def _among(fingerprints: Sequence[str]) -> Filter:
    return Filter(GROUP, "is", tuple(fingerprints))
