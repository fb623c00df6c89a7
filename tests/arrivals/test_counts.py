"""Lines of the ledger, summed up in every way that is shown: no event is lost on the way, none counted twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.accounts import NOON

from pulseboard.arrivals.counts import Counts, Line, by_bucket, by_reason, by_source, in_all
from pulseboard.kit.periods import HOUR
from pulseboard.ledger import Refused, Taken

hours = st.integers(NOON - 50, NOON)
numbers = st.integers(0, 99)
sources = st.sampled_from(["a", "b", ""])
reasons = st.sampled_from([("invalid", ""), ("schema", "signup"), ("schema", "buy"), ("quota-exceeded", "")])
taken = st.builds(Taken, sources, hours, numbers, numbers, numbers, numbers)
refused = st.builds(lambda source, hour, reason, n: Refused(source, hour, *reason, n), sources, hours, reasons, numbers)
lines = st.lists(st.one_of(taken, refused), max_size=30)


def columns(found: list[Counts]) -> list[int]:
    return [
        sum(each.accepted for each in found),
        sum(each.stored for each in found),
        sum(each.late for each in found),
        sum(each.size for each in found),
        sum(each.refused for each in found),
    ]


@given(lines, st.integers(1, 60), st.integers(1, 30))
def test_sources_and_buckets_each_add_up_to_the_whole(found: list[Line], count: int, width: int) -> None:
    starts = [(NOON - 50 + index * width) * HOUR for index in range(count)]
    whole = columns([in_all(found)])
    assert columns(list(by_source(found).values())) == whole
    assert columns(by_bucket(found, starts)) == whole
    assert len(by_bucket(found, starts)) == count


@given(lines)
def test_reasons_add_up_and_the_most_frequent_comes_first(found: list[Line]) -> None:
    refusals = [line for line in found if isinstance(line, Refused)]
    wanted: Counter[tuple[str, str]] = Counter()
    for line in refusals:
        wanted[line.reason, line.detail] += line.events
    sums = by_reason(refusals)
    assert {key: reason.events for key, reason in sums.items()} == wanted
    events = [reason.events for reason in sums.values()]
    assert events == sorted(events, reverse=True)
    for key, reason in sums.items():
        assert reason.last_hour == max(line.hour for line in refusals if (line.reason, line.detail) == key)


def test_an_hour_counts_in_the_bucket_in_which_it_begins() -> None:
    half_past = [NOON * HOUR + HOUR // 2, (NOON + 1) * HOUR + HOUR // 2]
    found = [Taken("a", NOON + offset, 10**n, 0, 0, 0) for n, offset in enumerate((0, 1, 2))]
    assert [each.accepted for each in by_bucket(found, half_past)] == [11, 100]
