"""A site's numbers as a whole: of a period, of the one before it, of today and the last week, and of right now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pulseboard.insights import run
from pulseboard.insights.buckets import day_start, millis, moment
from pulseboard.insights.parse import Frame
from pulseboard.insights.plan import plan, preceding
from pulseboard.insights.query import Dimension, Grain, Period, Query
from pulseboard.insights.render import render
from pulseboard.insights.web.reading import views
from pulseboard.insights.web.sessions import render_sessions
from pulseboard.store import Row, Store

ACTIVE = timedelta(minutes=5)
WEEK = timedelta(days=7)
HOST, PATH = Dimension("host"), Dimension("path")
_METRICS = ("events", "users")


@dataclass(frozen=True, slots=True)
class Visits:
    """``milliseconds`` is how long all sessions took together."""

    views: int
    visitors: int
    sessions: int = 0
    bounces: int = 0
    milliseconds: int = 0

    @property
    def bounce_rate(self) -> float:
        return self.bounces / self.sessions if self.sessions else 0.0

    @property
    def seconds(self) -> float:
        """How long a session took on average."""
        return self.milliseconds / self.sessions / 1000 if self.sessions else 0.0


def overview(store: Store, frame: Frame, now: datetime) -> tuple[Visits, Visits | None, Visits, Visits]:
    """The period, the one before it, today, and the last 168 hours; the last two without their sessions."""
    before, end = preceding(frame.period), _after(now)
    also = (today(end, frame.timezone), Period(end - WEEK, end), *([before] if before else []))
    found = [
        Visits(each["events"], each["users"]) for each in run.totals(store, replace(views(frame, *_METRICS), also=also))
    ]
    whole = _with_sessions(store, frame, found[0])
    previous = _with_sessions(store, replace(frame, period=before), found[3]) if before else None
    return whole, previous, found[1], found[2]


def today(end: datetime, timezone: str) -> Period:
    """From midnight until ``end``."""
    zone = ZoneInfo(timezone)
    return Period(day_start((end - timedelta(milliseconds=1)).astimezone(zone).date(), zone), end)


def pages(store: Store, frame: Frame, limit: int) -> list[Row]:
    """The most viewed pages: ``label_0`` is the host, ``label_1`` the path, ``events`` and ``users`` count."""
    return run.groups(store, replace(views(frame, *_METRICS), dimensions=(HOST, PATH), limit=limit))


def lately(frame: Frame, now: datetime) -> Frame:
    """The frame, of the last five minutes."""
    end = _after(now)
    return replace(frame, period=Period(end - ACTIVE, end))


def course(store: Store, query: Query) -> tuple[Grain, tuple[int, ...], list[Row]]:
    """Every metric bucket by bucket; ``start`` is each bucket's beginning in milliseconds since 1970."""
    made = plan(query)
    if made.grain is None:
        raise ValueError("a course needs a grain")
    statement = render(made)
    found = {row["start"]: row for row in store.read(statement.sql, statement.params, query.scope)}
    empty = dict.fromkeys(query.metrics, 0)
    return made.grain, made.starts, [{**empty, **found.get(start, {}), "start": start} for start in made.starts]


def _with_sessions(store: Store, frame: Frame, found: Visits) -> Visits:
    statement = render_sessions(frame)
    (row,) = store.read(statement.sql, statement.params, frame.scope)
    return replace(found, sessions=row["sessions"], bounces=row["bounces"], milliseconds=row["milliseconds"])


def _after(now: datetime) -> datetime:
    """The first full millisecond behind ``now``: what happened at this very one is in."""
    return moment(millis(now) + 1)
