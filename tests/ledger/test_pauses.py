"""How long a source was quiet before."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.accounts import ALICES, AT, KEY, brought

from pulseboard.kit.periods import HOUR
from pulseboard.ledger import WEEK, SqliteLedger
from pulseboard.ledger.pauses import pauses

MINUTE = 60_000


def test_a_pause_belongs_to_the_hour_in_which_it_ended() -> None:
    assert pauses(AT, {AT + 10, AT + 2 * HOUR}) == {AT // HOUR: 10, AT // HOUR + 2: 2 * HOUR - 10}


def test_the_first_arrival_ends_no_pause() -> None:
    assert pauses(None, {AT}) == {}


def test_an_arrival_before_the_last_one_ends_no_pause() -> None:
    assert pauses(AT, {AT - 5 * MINUTE, AT}) == {}
    assert pauses(AT, {AT - 5 * MINUTE, AT + MINUTE}) == {AT // HOUR: MINUTE}


@given(st.lists(st.integers(0, 50 * HOUR), min_size=1), st.none() | st.integers(0, 50 * HOUR))
def test_pauses_are_those_between_neighbours(arrivals: list[int], last: int | None) -> None:
    after = sorted({at for at in arrivals if last is None or at > last})
    line = after if last is None else [last, *after]
    longest: dict[int, int] = {}
    for before, at in pairwise(line):
        longest[at // HOUR] = max(longest.get(at // HOUR, 0), at - before)
    assert pauses(last, arrivals) == longest


def test_the_longest_pause_is_of_the_week_up_to_the_last_arrival(ledger: SqliteLedger) -> None:
    moments = [AT, AT + 30 * HOUR, AT + 31 * HOUR, AT + 33 * HOUR]
    for number, at in enumerate(moments):
        ledger.record(f"lease-{number}", f"lease-{number}", brought(at=at))
    assert ledger.seen(ALICES) == [(KEY, AT, AT + 33 * HOUR, 30 * HOUR)]
    day = AT + 33 * HOUR
    for number in range(WEEK):
        day += HOUR
        ledger.record(f"later-{number}", f"later-{number}", brought(at=day))
    assert ledger.seen(ALICES) == [(KEY, AT, day, HOUR)]


def test_sources_do_not_end_each_others_pauses(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought(source="a"))
    ledger.record("lease-2", "lease-2", brought(source="b", at=AT + HOUR))
    ledger.record("lease-3", "lease-3", brought(source="a", at=AT + 2 * HOUR))
    assert ledger.seen(ALICES) == [("a", AT, AT + 2 * HOUR, 2 * HOUR), ("b", AT + HOUR, AT + HOUR, None)]
