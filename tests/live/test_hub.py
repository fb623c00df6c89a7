"""The hub: who watches gets what was stored, and the counters count the last minutes."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pulseboard.live.hub import MAX_WAITING, Hub
from pulseboard.writer.columns import Row

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hub(clock: Clock) -> Hub:
    return Hub(clock)


def row(project: str = "shop", *, person: int = 1, seconds: float = 0, name: str = "visit") -> Row:
    moment = NOON.timestamp() + seconds
    return Row(project, "id", "CUSTOM", "CUSTOM", name, moment, moment, person=person)


def test_each_watcher_gets_its_own_projects_events_in_order(hub: Hub) -> None:
    async def watch() -> list[str]:
        shop, blog = hub.watch("shop"), hub.watch("blog")
        await asyncio.to_thread(hub.publish, [row(name="a"), row("blog", name="x"), row(name="b")])
        assert [event.name for event in await blog.next(1)] == ["x"]
        return [event.name for event in await shop.next(1)]

    assert asyncio.run(watch()) == ["a", "b"]


def test_a_watcher_that_reads_too_slowly_loses_the_oldest_and_not_the_newest(hub: Hub) -> None:
    async def watch() -> list[str]:
        watcher = hub.watch("shop")
        for n in range(MAX_WAITING + 10):
            hub.publish([row(name=str(n))])
        return [event.name for event in await watcher.next(1)]

    assert asyncio.run(watch()) == [str(n) for n in range(10, MAX_WAITING + 10)]


def test_nobody_is_told_after_leaving(hub: Hub) -> None:
    async def watch() -> list[Row]:
        watcher = hub.watch("shop")
        hub.leave("shop", watcher)
        hub.publish([row()])
        return await watcher.next(0.05)

    assert asyncio.run(watch()) == []


def test_counters_count_the_last_full_second_the_last_minute_and_active_people(hub: Hub, clock: Clock) -> None:
    hub.publish([row(person=1), row(person=2), row(person=0), row(person=3, seconds=-400)])
    clock.now = NOON + timedelta(seconds=1)
    hub.publish([row(person=2, seconds=1)])
    assert hub.counters("shop") == {"type": "counters", "events": 4, "eventsLastMinute": 5, "activeUsers": 2}
    clock.now = NOON + timedelta(seconds=301)
    assert hub.counters("shop") == {"type": "counters", "events": 0, "eventsLastMinute": 0, "activeUsers": 1}


def test_what_lies_far_back_is_forgotten(hub: Hub, clock: Clock) -> None:
    hub.publish([row(person=n) for n in range(1, 100)])
    clock.now = NOON + timedelta(seconds=301)
    hub.tidy()
    assert hub._pulses == {}


def test_who_was_erased_leaves_the_view(hub: Hub) -> None:
    async def watch() -> list[str]:
        watcher = hub.watch("shop")
        await asyncio.to_thread(hub.publish, [row(name="hers"), row(name="his", person=2)])
        await asyncio.to_thread(hub.forget, "shop", [1])
        await asyncio.sleep(0)
        return [each.name for each in await watcher.next(1)]

    assert asyncio.run(watch()) == ["his"]
    assert hub.counters("shop")["activeUsers"] == 1
    hub.forget("blog", [1])
    assert hub.counters("shop")["eventsLastMinute"] == 2
