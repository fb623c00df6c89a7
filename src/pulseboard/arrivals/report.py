"""A project's account of a stretch of time, written down for the wire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pulseboard.arrivals.counts import Counts, Line, by_bucket, by_reason, by_source, in_all
from pulseboard.arrivals.notices import notices
from pulseboard.arrivals.schemas import (
    Grain,
    IngestionOut,
    IngestionPointOut,
    IngestionTotalsOut,
    ReasonOut,
    SourceOut,
)
from pulseboard.arrivals.sources import SourceView, sources
from pulseboard.errors import Invalid
from pulseboard.ingest.drops import SCHEMA_WARNING
from pulseboard.insights import MAX_BUCKETS, Period, borders, meta_of, millis, moment, touched_hours
from pulseboard.kit.clock import rfc3339
from pulseboard.kit.periods import HOUR
from pulseboard.ledger import Ledger, Refused
from pulseboard.projects import KeyView

LONG = timedelta(days=8)  # a chart of hours is easily read up to here
_WIDTHS: dict[Grain, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose account, of when, in buckets of which length (None: one that suits) cut in which zone."""

    project_id: str
    period: Period
    zone: ZoneInfo
    grain: Grain | None = None


@dataclass(frozen=True, slots=True)
class Now:
    """The present; everything that came up to ``through`` is accounted for, and this server runs ``up_since`` then."""

    at: datetime
    through: datetime
    up_since: datetime


def report(ledger: Ledger, asked: Asked, keys: Sequence[KeyView], now: Now) -> IngestionOut:
    """
    Raises:
        Invalid: there would be too many buckets.
    """
    grain = asked.grain or ("hour" if asked.period.length <= LONG else "day")
    starts = _starts(asked, grain)
    first, end = touched_hours(asked.period)
    counted = ledger.refused(asked.project_id, first, end)
    refused = [line for line in counted if line.reason != SCHEMA_WARNING]
    warned = [line for line in counted if line.reason == SCHEMA_WARNING]
    lines: list[Line] = [*ledger.taken([asked.project_id], first, end), *refused]
    seen = ledger.seen(asked.project_id)
    views = sources(keys, seen, by_source(lines), now=millis(now.through), up_since=millis(now.up_since))
    return IngestionOut(
        counted_from=_time(first * HOUR),
        counted_to=_time(end * HOUR),
        totals=_totals(in_all(lines), max((each.last for each in seen), default=None)),
        sources=[_source(view) for view in views],
        refused=_reasons(refused),
        warnings=_reasons(warned),
        interval=grain,
        points=[_point(start, found) for start, found in zip(starts, by_bucket(lines, starts), strict=True)],
        notices=notices(ledger.catalog(asked.project_id), millis(now.at)),
        meta=meta_of(now.at, now.through, ledger.total(asked.project_id, first, end)),
    )


def _starts(asked: Asked, grain: Grain) -> tuple[int, ...]:
    if asked.period.length / _WIDTHS[grain] > MAX_BUCKETS:
        raise Invalid.field("interval", f"would make more than {MAX_BUCKETS} points; choose a longer one or less time")
    return borders(asked.period, grain, asked.zone)


def _counts(found: Counts) -> dict[str, int]:
    return {
        "accepted": found.accepted,
        "stored": found.stored,
        "deduplicated": found.accepted - found.stored,
        "late": found.late,
        "refused": found.refused,
        "bytes": found.size,
    }


def _totals(found: Counts, last: int | None) -> IngestionTotalsOut:
    return IngestionTotalsOut(**_counts(found), last_received_at=_time_or_none(last))


def _source(view: SourceView) -> SourceOut:
    key, seen = view.key, view.seen
    return SourceOut(
        **_counts(view.counts),
        source=view.source,
        kind=view.kind,
        status=view.status,
        label=key.label if key else None,
        prefix=key.prefix if key else None,
        first_received_at=_time_or_none(seen.first if seen else None),
        last_received_at=_time_or_none(seen.last if seen else None),
        last_used_at=rfc3339(key.last_used_at) if key and key.last_used_at else None,
        longest_pause_seconds=seen.pause / 1000 if seen and seen.pause is not None else None,
        silent_since=_time_or_none(view.silent_since),
    )


def _reasons(lines: list[Refused]) -> list[ReasonOut]:
    return [
        ReasonOut(reason, detail or None, found.events, _time(found.last_hour * HOUR))
        for (reason, detail), found in by_reason(lines).items()
    ]


def _point(start: int, found: Counts) -> IngestionPointOut:
    return IngestionPointOut(**_counts(found), t=_time(start))


def _time(at: int) -> str:
    return rfc3339(moment(at))


def _time_or_none(at: int | None) -> str | None:
    return None if at is None else _time(at)
