"""Where buckets begin on the days on which clocks and calendars are odd."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pulseboard.insights.buckets import borders, day_start, moment
from pulseboard.insights.query import Grain, Period

HOUR = timedelta(hours=1)


def starts(zone: str, grain: Grain, since: datetime, until: datetime) -> list[datetime]:
    return [moment(each) for each in borders(Period(since, until), grain, ZoneInfo(zone))]


def utc(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_the_day_the_clocks_go_forward_has_23_hours_and_the_day_they_go_back_25() -> None:
    spring = starts("America/New_York", "day", utc(3, 8, 12), utc(3, 9, 12))
    autumn = starts("America/New_York", "day", utc(11, 1, 12), utc(11, 2, 12))
    assert spring == [utc(3, 8, 5), utc(3, 9, 4)]
    assert autumn == [utc(11, 1, 4), utc(11, 2, 5)]
    assert len(starts("America/New_York", "hour", *spring)) == 23
    assert len(starts("America/New_York", "hour", *autumn)) == 25


def test_an_hour_that_is_repeated_is_two_buckets() -> None:
    assert starts("Europe/Berlin", "hour", utc(10, 25, 0, 30), utc(10, 25, 1, 30)) == [utc(10, 25, 0), utc(10, 25, 1)]


def test_half_an_hour_that_is_repeated_or_skipped_is_a_bucket_of_its_own() -> None:
    back = starts("Australia/Lord_Howe", "hour", utc(4, 4, 14), utc(4, 4, 16))
    forward = starts("Australia/Lord_Howe", "hour", utc(10, 3, 15), utc(10, 3, 17))
    assert back == [utc(4, 4, 14), utc(4, 4, 15), utc(4, 4, 15, 30)]
    assert forward == [utc(10, 3, 14, 30), utc(10, 3, 15, 30), utc(10, 3, 16)]


@pytest.mark.parametrize("minute", [5, 35, 59])
def test_a_range_that_begins_after_a_change_within_the_hour_begins_with_the_change(minute: int) -> None:
    since = utc(4, 4, 15, minute % 30)
    assert starts("Australia/Lord_Howe", "hour", since, since + timedelta(minutes=1)) == [utc(4, 4, 15)]


def test_hours_of_a_zone_off_by_45_minutes_begin_at_its_own_full_hours() -> None:
    assert starts("Asia/Kathmandu", "hour", utc(1, 1), utc(1, 1, 2)) == [
        utc(12, 31, 23, 15, year=2025),
        utc(1, 1, 0, 15),
        utc(1, 1, 1, 15),
    ]


def test_a_day_whose_midnight_is_skipped_begins_when_the_clock_goes_on() -> None:
    # In Beirut the clock goes from 00:00 to 01:00 on 29 March.
    assert day_start(date(2026, 3, 29), ZoneInfo("Asia/Beirut")) == utc(3, 28, 22)
    assert day_start(date(2026, 3, 30), ZoneInfo("Asia/Beirut")) == utc(3, 29, 21)


def test_a_day_that_a_zone_skipped_altogether_is_no_bucket() -> None:
    # Samoa crossed the date line: 29 December was followed by the 31st.
    found = starts("Pacific/Apia", "day", utc(12, 29, 12, year=2011), utc(12, 31, 12, year=2011))
    assert found == [utc(12, 29, 10, year=2011), utc(12, 30, 10, year=2011), utc(12, 31, 10, year=2011)]
    local = [each.astimezone(ZoneInfo("Pacific/Apia")).day for each in found]
    assert local == [29, 31, 1]


def test_weeks_begin_on_monday_and_months_on_their_first_over_the_years_end() -> None:
    since, until = utc(12, 30, year=2025), utc(2, 1, 0, 1)
    weeks = starts("UTC", "week", since, until)
    assert weeks == [utc(12, 29, year=2025) + timedelta(weeks=n) for n in range(5)]
    assert starts("UTC", "month", since, until) == [utc(12, 1, year=2025), utc(1, 1), utc(2, 1)]


def test_a_range_that_ends_on_a_border_does_not_touch_the_next_bucket() -> None:
    assert starts("UTC", "hour", utc(1, 1), utc(1, 1, 2)) == [utc(1, 1), utc(1, 1, 1)]
    assert len(starts("UTC", "hour", utc(1, 1), utc(1, 1, 2) + timedelta(milliseconds=1))) == 3


def test_ten_thousand_minutes_are_ten_thousand_buckets() -> None:
    assert len(starts("America/New_York", "minute", utc(1, 1), utc(1, 1) + timedelta(minutes=10_000))) == 10_000
