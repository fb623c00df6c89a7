"""The pool of connections, without an engine."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import cast

import pytest

from pulseboard.errors import Unavailable
from pulseboard.store.base import ProjectScope, Scope
from pulseboard.store.driver import Connection
from pulseboard.store.pool import Pool

ALICE, BOB, CHARLIE = (ProjectScope(name) for name in ("alice", "bob", "charlie"))


class Line:
    """A connection that remembers for whom it was opened."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.closed = scope, False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def lines() -> list[Line]:
    return []


@pytest.fixture
def pool(lines: list[Line]) -> Iterator[Pool]:
    def connect(scope: Scope) -> Connection:
        lines.append(Line(scope))
        return cast(Connection, lines[-1])

    pool = Pool(connect, size=2, idle=2, patience=0.01)
    yield pool
    pool.close()


def test_a_connection_is_reused_by_its_own_scope_only(pool: Pool, lines: list[Line]) -> None:
    for scope in (ALICE, BOB, ALICE, BOB):
        with pool.lease(scope) as line:
            assert cast(Line, line).scope == scope
    assert [line.scope for line in lines] == [ALICE, BOB]


def test_the_scope_used_longest_ago_loses_its_idle_connection(pool: Pool, lines: list[Line]) -> None:
    for scope in (ALICE, BOB, ALICE, CHARLIE):
        with pool.lease(scope):
            pass
    assert {line.scope: line.closed for line in lines} == {ALICE: False, BOB: True, CHARLIE: False}


def test_more_than_the_pool_holds_wait_and_then_are_told_so(pool: Pool) -> None:
    with ExitStack() as busy:
        for _ in range(2):
            busy.enter_context(pool.lease(ALICE))
        with pytest.raises(Unavailable, match="busy"), pool.lease(ALICE):
            pass
    with pool.lease(ALICE):
        pass


def test_a_failed_statement_gives_its_turn_and_its_connection_back(pool: Pool, lines: list[Line]) -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), pool.lease(ALICE):
            raise ZeroDivisionError
    assert len(lines) == 1


def test_a_closed_pool_closes_what_it_has_and_opens_nothing(pool: Pool, lines: list[Line]) -> None:
    with pool.lease(ALICE):
        pass
    pool.close()
    assert [line.closed for line in lines] == [True]
    with pytest.raises(Unavailable, match="closed"), pool.lease(ALICE):
        pass
