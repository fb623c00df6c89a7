"""What is kept is checked against the events, and repaired when asked to."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.summaries.world import World

from pulseboard.summaries import Difference
from pulseboard.summaries.figures import of_project

DAY = timedelta(days=1)


@pytest.fixture
def summed(world: World) -> Iterator[World]:
    """Five days with an event each."""
    for ago in range(1, 6):
        world.send(ago * DAY, user="ann", session="s1", page=True)
    world.write()
    world.keep()
    yield world


def test_a_figure_that_is_wrong_missing_or_too_much_is_found_and_repaired(summed: World) -> None:
    assert summed.differences() == []
    day = [(summed.now - n * DAY).date() for n in range(8)]
    daily = of_project(summed.project, "daily")
    summed.kept.put(daily, day[2], day[2], {"event_count": {day[2]: 5}, "page_views": {day[2]: 1}})
    summed.kept.put(daily, day[7], day[7], {"unique_users": {day[7]: 1}})
    expected = {
        Difference("event_count", "daily", day[2], 5, 1),
        Difference("unique_sessions", "daily", day[2], 0, 1),
        Difference("unique_users", "daily", day[2], 0, 1),
        Difference("unique_users", "daily", day[7], 1, 0),
    }
    assert set(summed.differences()) == expected
    assert set(summed.differences(fix=True)) == expected
    assert summed.differences() == []


def test_what_late_events_reached_is_passed_over(summed: World) -> None:
    summed.send(2 * DAY)
    summed.write()
    assert summed.differences() == []
