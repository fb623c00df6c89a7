"""Asks the store who came back and shapes its rows; periods without events have none."""

from dataclasses import dataclass
from itertools import pairwise

from pulseboard.insights.buckets import moment
from pulseboard.insights.product.people import page_of
from pulseboard.insights.product.retention import Retention, RetentionUsers
from pulseboard.insights.product.schemas import ChurnOut, ChurnPeriodOut, CohortOut, RetentionOut, UsersOut
from pulseboard.insights.product.sql.retention import render_retention, render_retention_users
from pulseboard.insights.schemas import MetaOut
from pulseboard.kit.clock import rfc3339
from pulseboard.store import Store


@dataclass(frozen=True, slots=True)
class Cohort:
    """``fresh`` are its users without a start event in an earlier period; ``retained`` is by periods after its own."""

    start: int
    size: int
    fresh: int
    retained: tuple[int, ...]


def retention_answer(store: Store, asked: Retention, meta: MetaOut) -> RetentionOut:
    """A cohort for every period of the range."""
    found = cohorts(store, asked)
    items = [CohortOut(rfc3339(moment(each.start)), each.size, list(each.retained)) for each in found]
    return RetentionOut(asked.period, items, meta)


def retention_users_answer(store: Store, asked: RetentionUsers, meta: MetaOut) -> UsersOut:
    """One page of a cell's users."""
    frame = asked.retention.frame
    statement = render_retention_users(asked)
    (row,) = store.read(statement.sql, statement.params, frame.scope)
    users, following = page_of(store, frame, row["persons"], asked.limit)
    return UsersOut(users, row["total"], following, meta)


def churn_answer(store: Store, asked: Retention, meta: MetaOut) -> ChurnOut:
    """Who was active in each period, and who no longer."""
    found = cohorts(store, asked)
    first = [_period(each, None) for each in found[:1]]
    return ChurnOut(asked.period, first + [_period(each, before) for before, each in pairwise(found)], meta)


def cohorts(store: Store, asked: Retention) -> list[Cohort]:
    """One for every period of the range, oldest first."""
    statement = render_retention(asked)
    rows = {row["period"]: row for row in store.read(statement.sql, statement.params, asked.frame.scope)}
    made = []
    for place, start in enumerate(asked.starts):
        row = rows.get(start, {"size": 0, "fresh_size": 0, "cells": []})
        retained = _retained(dict(row["cells"]), asked.starts[place:], unbounded=asked.unbounded)
        made.append(Cohort(start, row["size"], row["fresh_size"], retained))
    return made


def _retained(cells: dict[int, int], starts: tuple[int, ...], *, unbounded: bool) -> tuple[int, ...]:
    """Who came back in a period without events is nobody, or, unbounded, who came back later."""
    found: list[int] = []
    for start in reversed(starts):
        found.append(cells.get(start, found[-1] if found and unbounded else 0))
    return tuple(reversed(found))


def _period(now: Cohort, before: Cohort | None) -> ChurnPeriodOut:
    kept = 0 if before is None else before.retained[1]
    churned = None if before is None else before.size - kept
    rate = None if churned is None or before is None else churned / before.size if before.size else 0.0
    returned = now.size - now.fresh - kept
    return ChurnPeriodOut(rfc3339(moment(now.start)), now.size, now.fresh, kept, returned, churned, rate)
