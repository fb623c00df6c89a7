"""A source is silent when it is quiet for longer than its own past explains."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.accounts import ALICES, AT, KEY, brought

from pulseboard.arrivals import silent_since
from pulseboard.kit.periods import DAY, HOUR
from pulseboard.ledger import WEEK, Seen, SqliteLedger

MINUTE = 60_000


def seen(pause: int | None, *, history: int = 3 * DAY) -> Seen:
    return Seen(KEY, AT - history, AT, pause)


@pytest.mark.parametrize(
    ("pause", "quiet", "silent"),
    [
        (MINUTE, 15 * MINUTE - 1, False),
        (MINUTE, 15 * MINUTE, True),
        (10 * MINUTE, 20 * MINUTE, False),
        (10 * MINUTE, 20 * MINUTE + 1, True),
        (DAY, 47 * HOUR, False),
        (DAY, 49 * HOUR, True),
    ],
)
def test_silence_is_longer_than_twice_the_longest_pause_and_than_a_quarter_of_an_hour(
    pause: int, quiet: int, silent: bool
) -> None:
    assert silent_since(seen(pause), AT + quiet) == (AT if silent else None)


def test_a_source_that_came_for_less_than_a_day_is_not_judged() -> None:
    assert silent_since(seen(MINUTE, history=DAY - 1), AT + 30 * DAY) is None
    assert silent_since(seen(MINUTE, history=DAY), AT + 30 * DAY) == AT


def test_a_source_that_came_once_is_not_judged() -> None:
    assert silent_since(Seen(KEY, AT, AT, None), AT + 30 * DAY) is None


def test_the_time_in_which_no_server_ran_is_no_quiet() -> None:
    started = AT + 9 * HOUR
    assert silent_since(seen(MINUTE), started + 14 * MINUTE, started) is None
    assert silent_since(seen(MINUTE), started + 15 * MINUTE, started) == AT


def test_a_clock_that_stepped_back_makes_nobody_silent() -> None:
    assert silent_since(seen(MINUTE), AT - 9 * DAY) is None


arrivals = st.lists(
    st.one_of(st.integers(0, 12 * DAY), st.integers(0, 12 * 24).map(lambda hour: hour * HOUR)), min_size=1, max_size=60
)


def silent_by_definition(moments: list[int], now: int, up_since: int) -> int | None:
    """The rule as the interface tells it, over every single arrival."""
    line = sorted(set(moments))
    first, last = line[0], line[-1]
    week = [b - a for a, b in pairwise(line) if last // HOUR - WEEK < b // HOUR]
    if last - first < DAY or not week:
        return None
    quiet = now - max(last, up_since)
    return last if quiet >= 15 * MINUTE and all(quiet > 2 * pause for pause in week) else None


@settings(max_examples=100, deadline=None)
@given(arrivals, st.integers(1, 7), st.integers(0, 20 * DAY), st.integers(0, 2 * DAY))
def test_the_ledger_and_the_rule_agree_with_the_definition(
    tmp_path_factory: pytest.TempPathFactory, moments: list[int], batch: int, later: int, down: int
) -> None:
    line = sorted(AT + moment for moment in moments)
    ledger = SqliteLedger(tmp_path_factory.mktemp("silence") / "ledger.db")
    for start in range(0, len(line), batch):
        part = brought(at=line[start])._replace(arrivals={(ALICES, KEY): set(line[start : start + batch])})
        ledger.record(str(start), str(start), part)
    (found,) = ledger.seen(ALICES)
    ledger.close()
    now, up_since = line[-1] + later, line[-1] + down
    assert silent_since(found, now, up_since) == silent_by_definition(line, now, up_since)
