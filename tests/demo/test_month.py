"""The rhythm of the made-up month."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pulseboard.demo.month import HOURS, STRIDE, apportion, half_group, incident_hour, weights

START = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday


@given(
    st.integers(0, 10**8),
    st.lists(st.floats(0.001, 1000, allow_nan=False), min_size=1, max_size=800),
)
def test_parts_add_up_to_the_total_and_are_near_their_shares(total: int, shares: list[float]) -> None:
    parts = apportion(total, shares)
    assert sum(parts) == total
    assert min(parts) >= 0
    assert all(abs(part - total * share / sum(shares)) < 1.01 for part, share in zip(parts, shares, strict=True))


def test_afternoons_are_busier_than_nights_and_mondays_than_sundays() -> None:
    busy = weights(START, seed=1)
    assert len(busy) == HOURS
    afternoon, night, sunday = busy[15 - 9], busy[24 + 3 - 9], busy[6 * 24 + 15 - 9]
    assert afternoon > 2 * night
    assert afternoon > 1.5 * sunday


def test_the_same_seed_gives_the_same_month_and_another_one_does_not() -> None:
    assert weights(START, 7) == weights(START, 7) != weights(START, 8)


def test_the_incident_begins_at_two_in_the_afternoon_of_the_ninth_day_before_the_end() -> None:
    hour = incident_hour(START)
    assert (hour + START.hour) % 24 == 14
    assert (hour + START.hour) // 24 == 21


@given(st.integers(0, 10**7), st.integers(0, 10**5))
def test_nobody_of_a_group_is_met_twice_in_the_busiest_hour(wanted: int, busiest: int) -> None:
    half = half_group(wanted, busiest)
    assert half >= busiest
    assert half % STRIDE != 0
