"""Asks the store about sessions and shapes its rows."""

from pulseboard.insights.buckets import moment
from pulseboard.insights.product.schemas import PageSessionsOut, SessionPointOut, SessionsOut
from pulseboard.insights.product.sessions import Sessions
from pulseboard.insights.product.sql.sessions import render_edges, render_sessions
from pulseboard.insights.schemas import MetaOut
from pulseboard.kit.clock import rfc3339
from pulseboard.store import Row, Store

Sums = tuple[int, int, int, int]  # sessions, bounces, events, milliseconds


def sessions_answer(store: Store, asked: Sessions, meta: MetaOut) -> SessionsOut:
    """All sessions of the range together, interval by interval, and the pages at their edges."""
    statement = render_sessions(asked)
    (row,) = store.read(statement.sql, statement.params, asked.frame.scope)
    found: dict[int, Sums] = {start: (n, bounces, hits, time) for start, n, bounces, hits, time in row["intervals"]}
    sessions, bounces, hits, time = (sum(column) for column in zip((0, 0, 0, 0), *found.values(), strict=True))
    statement = render_edges(asked)
    edges = store.read(statement.sql, statement.params, asked.frame.scope)
    return SessionsOut(
        interval=asked.grain,
        sessions=sessions,
        bounce_rate=_mean(bounces, sessions),
        avg_seconds=_mean(time, sessions) / 1000,
        median_seconds=None if row["median"] is None else row["median"] / 1000,
        events_per_session=_mean(hits, sessions),
        points=[_point(start, found.get(start, (0, 0, 0, 0))) for start in asked.starts],
        entries=_pages(edges, 1),
        exits=_pages(edges, 2),
        meta=meta,
    )


def _mean(total: int, of: int) -> float:
    return total / of if of else 0.0


def _point(start: int, sums: Sums) -> SessionPointOut:
    sessions, bounces, _, time = sums
    return SessionPointOut(rfc3339(moment(start)), sessions, _mean(bounces, sessions), _mean(time, sessions) / 1000)


def _pages(rows: list[Row], edge: int) -> list[PageSessionsOut]:
    return [PageSessionsOut(row["page"], row["sessions"]) for row in rows if row["edge"] == edge]
