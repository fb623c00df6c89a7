"""Grants are looked up once for all who wait, and again before anyone has to."""

import asyncio
import threading
import time

import pytest
from limits import parse
from tests.ingest.takes import GRANT

from pulseboard.errors import Unauthenticated, Unavailable
from pulseboard.ingest.gate import Gate
from pulseboard.kit.rate import Rate, Standing
from pulseboard.projects import Grant


class SlowGrants:
    """Counts look-ups, each of which takes a while; ``answer`` is what they find."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: Grant | Exception | None = GRANT
        self.held: Grant | None = None
        self.old = False
        self._lock = threading.Lock()

    def cached(self, key: str) -> Grant | None:
        return self.held

    def stale(self, key: str) -> bool:
        return self.old

    def load(self, key: str) -> Grant | None:
        with self._lock:
            self.asked += 1
        time.sleep(0.05)
        if isinstance(self.answer, Exception):
            raise self.answer
        self.held = self.answer
        return self.answer

    def touch(self, key_id: str) -> None:
        pass


def gate_of(grants: SlowGrants) -> Gate:
    return Gate(grants, parse("10/minute"), parse("10/minute"))  # type: ignore[arg-type]


def test_many_requests_at_once_cost_one_look_up() -> None:
    grants = SlowGrants()

    async def ask() -> list[Grant]:
        gate = gate_of(grants)
        return await asyncio.gather(*(gate.by_key("k") for _ in range(50)))

    assert asyncio.run(ask()) == [GRANT] * 50
    assert grants.asked == 1


def test_a_client_that_goes_away_takes_nothing_from_the_others() -> None:
    grants = SlowGrants()

    async def ask() -> Grant:
        gate = gate_of(grants)
        first, second = asyncio.ensure_future(gate.by_key("k")), asyncio.ensure_future(gate.by_key("k"))
        await asyncio.sleep(0.01)
        first.cancel()
        return await second

    assert asyncio.run(ask()) == GRANT
    assert grants.asked == 1


@pytest.mark.parametrize(("answer", "error"), [(None, Unauthenticated), (Unavailable("busy"), Unavailable)])
def test_everybody_who_waits_learns_of_a_refusal_and_the_next_asks_again(
    answer: Exception | None, error: type[Exception]
) -> None:
    grants = SlowGrants()
    grants.answer = answer

    async def ask() -> None:
        gate = gate_of(grants)
        found = await asyncio.gather(*(gate.by_key("k") for _ in range(5)), return_exceptions=True)
        assert [type(each) for each in found] == [error] * 5
        grants.answer = GRANT
        assert await gate.by_key("k") == GRANT

    asyncio.run(ask())
    assert grants.asked == 2


def test_a_grant_that_grows_old_is_looked_up_while_it_still_serves() -> None:
    grants = SlowGrants()
    grants.held, grants.old = GRANT, True

    async def ask() -> None:
        gate = gate_of(grants)
        for _ in range(20):
            assert gate.cached("k") is GRANT
        assert grants.asked <= 1
        await asyncio.sleep(0.1)

    asyncio.run(ask())
    assert grants.asked == 1


def test_a_window_slides() -> None:
    now = [0.0]
    rate = Rate(parse("10/minute"), lambda: now[0])
    assert [rate.hit("a").allowed for _ in range(12)] == [True] * 10 + [False] * 2
    assert rate.hit("b") == Standing(True, 10, 9, 61)
    now[0] = 60.0  # a fixed window would let ten more through at once
    assert not rate.hit("a").allowed
    now[0] = 90.0  # half of the last minute is still in the window
    assert [rate.hit("a").allowed for _ in range(6)] == [True] * 5 + [False]
    now[0] = 300.0
    assert rate.hit("a").remaining == 9


def test_a_refused_request_is_not_counted() -> None:
    now = [0.0]
    rate = Rate(parse("2/minute"), lambda: now[0])
    for _ in range(100):
        rate.hit("a")
    now[0] = 119.0
    assert rate.hit("a").allowed
