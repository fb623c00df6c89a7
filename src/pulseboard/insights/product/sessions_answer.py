"""Asks the store about sessions and shapes its rows."""

from pulseboard.insights.buckets import moment
from pulseboard.insights.product.schemas import PageSessionsOut, SessionPointOut, SessionsOut
from pulseboard.insights.product.sessions import Sessions
from pulseboard.insights.product.sql.sessions import ENTRY, EXIT, INTERVAL, WHOLE, render_sessions
from pulseboard.insights.schemas import MetaOut
from pulseboard.kit.clock import rfc3339
from pulseboard.store import Row, Store

_NONE: Row = {"sessions": 0, "bounces": 0, "hits": 0, "time": 0, "median": None}


def sessions_answer(store: Store, asked: Sessions, meta: MetaOut) -> SessionsOut:
    """All sessions of the range together, interval by interval, and the pages at their edges."""
    statement = render_sessions(asked)
    rows = store.read(statement.sql, statement.params, asked.frame.scope)
    whole = next((row for row in rows if row["part"] == WHOLE), _NONE)
    found = {row["start"]: row for row in rows if row["part"] == INTERVAL}
    return SessionsOut(
        interval=asked.grain,
        sessions=whole["sessions"],
        bounce_rate=_mean(whole["bounces"], whole["sessions"]),
        avg_seconds=_mean(whole["time"], whole["sessions"]) / 1000,
        median_seconds=None if whole["median"] is None else whole["median"] / 1000,
        events_per_session=_mean(whole["hits"], whole["sessions"]),
        points=[_point(start, found.get(start, _NONE)) for start in asked.starts],
        entries=_pages(rows, ENTRY),
        exits=_pages(rows, EXIT),
        meta=meta,
    )


def _mean(total: int, of: int) -> float:
    return total / of if of else 0.0


def _point(start: int, row: Row) -> SessionPointOut:
    sessions, bounces, time = row["sessions"], row["bounces"], row["time"]
    return SessionPointOut(rfc3339(moment(start)), sessions, _mean(bounces, sessions), _mean(time, sessions) / 1000)


def _pages(rows: list[Row], edge: int) -> list[PageSessionsOut]:
    # Sessions without a view have no page, and may be the only ones without.
    return [PageSessionsOut(row["page"], row["visits"]) for row in rows if row["part"] == edge and row["visits"]]
