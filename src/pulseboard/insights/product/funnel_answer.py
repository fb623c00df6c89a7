"""Asks the store about a funnel and shapes its rows."""

from itertools import pairwise

from pulseboard.insights.catalog import OTHER
from pulseboard.insights.product.funnel import Funnel, FunnelUsers
from pulseboard.insights.product.people import page_of
from pulseboard.insights.product.schemas import (
    BinOut,
    FunnelGroupOut,
    FunnelOut,
    FunnelStepOut,
    TimeToConvertOut,
    UsersOut,
)
from pulseboard.insights.product.sql.funnel import BINS, render_funnel, render_funnel_users
from pulseboard.insights.schemas import MetaOut
from pulseboard.store import Row, Store


def funnel_answer(store: Store, funnel: Funnel, meta: MetaOut) -> FunnelOut:
    """Everybody, and the groups of the breakdown if there is one."""
    statement = render_funnel(funnel)
    rows = store.read(statement.sql, statement.params, funnel.frame.scope)
    if funnel.breakdown is None:
        whole, groups = _group(funnel, rows[0], ""), None
    else:
        whole = _group(funnel, rows[0] if rows else {}, "")
        groups = [_group(funnel, row, _label(funnel, row)) for row in rows[1:]]
    return FunnelOut(whole.steps, whole.conversion_rate, whole.time_to_convert, groups, meta)


def funnel_users_answer(store: Store, asked: FunnelUsers, meta: MetaOut) -> UsersOut:
    """One page of who reached a step."""
    statement = render_funnel_users(asked)
    (row,) = store.read(statement.sql, statement.params, asked.funnel.frame.scope)
    users, following = page_of(store, asked.funnel.frame, row["persons"], asked.limit)
    return UsersOut(users, row["total"], following, meta)


def _label(funnel: Funnel, row: Row) -> str:
    return OTHER if row["rank"] > funnel.groups else str(row["label"])


def _group(funnel: Funnel, row: Row, label: str) -> FunnelGroupOut:
    users = [int(row.get(f"users_{k}", 0)) for k in range(1, len(funnel.steps) + 1)]
    steps = [
        FunnelStepOut(
            event=step.event,
            users=users[i],
            conversion_rate=_share(users[i], users[0]),
            conversion_rate_from_previous=_share(users[i], users[max(i - 1, 0)]),
            median_seconds_from_previous=_seconds(row.get(f"median_{i + 1}")),
        )
        for i, step in enumerate(funnel.steps)
    ]
    return FunnelGroupOut(label, steps, _share(users[-1], users[0]), _time_to_convert(row))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


def _time_to_convert(row: Row) -> TimeToConvertOut:
    starts, counts = row.get("bins", ([], []))
    ends = dict(pairwise(BINS))
    bins = [BinOut(start, ends.get(start), users) for start, users in zip(starts, counts, strict=True)]
    return TimeToConvertOut(_seconds(row.get("converted_median")), bins)
