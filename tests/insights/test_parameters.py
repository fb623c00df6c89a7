"""The shared parameters: what they mean, and that a wrong one is named."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.insights.reading import NOON, Happened, Reader, millis, put

from pulseboard.kit.ids import new_id
from pulseboard.ledger import Tally

READS = (
    "/metrics/overview",
    "/metrics/events/timeseries",
    "/metrics/errors/top",
    "/metrics",
    "/analytics/events/count",
    "/analytics/events/by-type",
    "/analytics/events/timeline",
    "/dashboard/summary",
    "/events",
)
HOUR = 3_600_000
NOW = millis(NOON)


def total(reader: Reader, project: str, **params: object) -> int:
    return int(reader.get("/metrics/overview", project, **params)["totalEvents"])


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"range": "7x"}, "range"),
        ({"range": ""}, "range"),
        ({"range": "0d"}, "range"),
        ({"range": "-7d"}, "range"),
        ({"range": "999999w"}, "range"),
        ({"range": "7d", "from_": "2026-01-01"}, "range"),
        ({"range": "7d", "to": "2026-01-01"}, "range"),
        ({"from_": "yesterday"}, "from"),
        ({"from_": "2026-13-01"}, "from"),
        ({"from_": "2026-02-30T00:00:00Z"}, "from"),
        ({"from_": "20260101"}, "from"),
        ({"from_": "1969-12-31"}, "from"),
        ({"to": "2026-01-01T25:00:00Z"}, "to"),
        ({"to": "9999-12-31T23:59:59Z"}, "to"),
        ({"to": "9999-12-31T23:59:59-23:59"}, "to"),
        ({"to": "1970-01-02"}, "to"),
        ({"from_": "2026-03-11"}, "from"),
        ({"from_": "2026-01-02", "to": "2026-01-02"}, "from"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "UTC\0"}, "timezone"),
        ({"filters": "["}, "filters"),
        ({"filters": ""}, "filters"),
        ({"filters": "{}"}, "filters.property"),
        ({"filters": "[" * 5_000}, "filters"),
        ({"filters": [{"property": "plan", "operator": "set"}] * 101}, "filters.100"),
        ({"filters": "7"}, "filters"),
        ({"filters": [7]}, "filters.0"),
        ({"filters": [{"operator": "set"}]}, "filters.0.property"),
        ({"filters": [{"property": "", "operator": "set"}]}, "filters.0.property"),
        ({"filters": [{"property": "properties.", "operator": "set"}]}, "filters.0.property"),
        ({"filters": [{"property": "k" * 201, "operator": "set"}]}, "filters.0.property"),
        ({"filters": [{"property": "a\0", "operator": "set"}]}, "filters.0.property"),
        ({"filters": '[{"property": "\\ud800", "operator": "set"}]'}, "filters"),
        ({"filters": [{"property": "plan"}]}, "filters.0.operator"),
        ({"filters": [{"property": "plan", "operator": "like", "value": "p"}]}, "filters.0.operator"),
        ({"filters": [{"property": "plan", "operator": ["is"], "value": "p"}]}, "filters.0.operator"),
        ({"filters": [{"property": "plan", "operator": "is"}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "is", "value": []}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "is", "value": {}}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "is", "value": [[1]]}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "is", "value": "v" * 1_001}]}, "filters.0.value"),
        ({"filters": '[{"property": "plan", "operator": "is", "value": 1' + "0" * 400 + "}]"}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "greater", "value": "many"}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "greater", "value": True}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "contains", "value": 3}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "set", "value": 3}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "matches", "value": "(a"}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "matches", "value": "(?=a)"}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "matches", "value": "((a{90}){90}){90}"}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "matches", "value": "a" * 201}]}, "filters.0.value"),
        ({"filters": [{"property": "plan", "operator": "matches", "value": ""}]}, "filters.0.value"),
        ({"filters": [{"property": "seats", "operator": "between", "value": [1]}]}, "filters.0.value"),
        ({"filters": [{"property": "seats", "operator": "between", "value": [2, 1]}]}, "filters.0.value"),
        ({"filters": {"and": [], "or": []}}, "filters.or"),
        ({"filters": {"or": []}}, "filters.or"),
        ({"filters": {"or": [{"and": [{"property": "plan"}]}]}}, "filters.or.0.and.0.operator"),
        ({"filters": '{"and": [' * 6 + "1" + "]}" * 6}, "filters.and.0.and.0.and.0.and.0.and.0"),
        ({"filters": [{"segment": "no such segment"}]}, "filters.0.segment"),
        ({"filters": [{"segment": ["a"]}]}, "filters.0.segment"),
        ({"filters": [{"did": {"event": ""}}]}, "filters.0.did.event"),
        ({"filters": [{"did": {"times": 0}}]}, "filters.0.did.times"),
        ({"filters": [{"did": {"time": 1}}]}, "filters.0.did.time"),
        ({"filters": [{"didNot": {"range": "soon"}}]}, "filters.0.didNot.range"),
        ({"filters": [{"didNot": {"filters": [{"did": {}}]}}]}, "filters.0.didNot.filters"),
        ({"filters": [{"did": {}}] * 6}, "filters.5.did"),
        (
            {"filters": [{"property": "plan", "operator": "set"}, {"property": "a", "operator": "set", "valu": 1}]},
            "filters.1.valu",
        ),
    ],
)
def test_a_wrong_shared_parameter_is_named(
    reader: Reader, project: str, path: str, params: dict[str, object], named: str
) -> None:
    assert reader.refused(path, project, **params) == [named]


@pytest.mark.parametrize(
    ("path", "params", "named"),
    [
        ("/metrics/events/timeseries", {"interval": "fortnight"}, "interval"),
        ("/metrics/events/timeseries", {"interval": "minute", "range": "8d"}, "interval"),
        ("/metrics/events/timeseries", {"breakdown": ""}, "breakdown"),
        ("/metrics/events/timeseries", {"breakdown": "k" * 201}, "breakdown"),
        ("/metrics/events/timeseries", {"name": ""}, "name"),
        ("/metrics/events/timeseries", {"type": "t\0"}, "type"),
        ("/analytics/events/timeline", {"interval": "hour"}, "interval"),
        ("/analytics/events/count", {"type": ""}, "type"),
        ("/analytics/events/count", {"name": "n" * 1_001}, "name"),
        ("/metrics", {"event": ""}, "event"),
        ("/metrics", {"event": "visit", "interval": "year"}, "interval"),
        ("/metrics/errors/top", {"limit": 0}, "limit"),
        ("/metrics/errors/top", {"limit": "many"}, "limit"),
        ("/events", {"limit": 201}, "limit"),
        ("/events", {"cursor": "!"}, "cursor"),
        ("/events", {"cursor": "ü"}, "cursor"),
        ("/events", {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTkuYQ=="}, "cursor"),
    ],
)
def test_a_routes_own_wrong_parameter_is_named(
    reader: Reader, project: str, path: str, params: dict[str, object], named: str
) -> None:
    assert reader.refused(path, project, **params) == [named]


@pytest.mark.parametrize("path", READS)
def test_every_read_says_how_fresh_it_is(reader: Reader, project: str, path: str) -> None:
    before = NOW // HOUR - 1
    reader.came = {(project, before): Tally(10, 7, 2, 1), (new_id(), before): Tally(500, 5, 5, 5)}
    meta = reader.get(path, project)["meta"]
    wanted = {"completeThrough": "2026-03-10T11:59:58.500Z", "lagSeconds": 1.5, "deduplicated": 3, "late": 2}
    assert meta == {**wanted, "keptSince": None}


@pytest.mark.parametrize(
    ("since", "told"),
    [("2026-02-28T23:59:59.999Z", "2026-03-01T00:00:00.000Z"), ("2026-03-01T00:00:00Z", None)],
)
def test_a_range_that_begins_before_events_are_kept_is_told_since_when_they_are(
    reader: Reader, project: str, monkeypatch: pytest.MonkeyPatch, since: str, told: str | None
) -> None:
    monkeypatch.setattr(reader, "kept_since", date(2026, 3, 1))
    assert reader.get("/metrics/overview", project, from_=since)["meta"]["keptSince"] == told
    assert reader.get(f"/stats/{project}/overview", project, from_=since)["meta"]["keptSince"] == told
    assert reader.post("/insights/retention", project, from_=since)["meta"]["keptSince"] == told


def test_doubles_and_late_events_are_those_received_in_the_hours_that_the_range_touches(
    reader: Reader, project: str
) -> None:
    noon = NOW // HOUR
    reader.came = {(project, noon + offset): Tally(10**n, 0, 0, 0) for n, offset in enumerate(range(-3, 3))}

    def doubles(since: datetime, until: datetime) -> int:
        meta = reader.get("/metrics/overview", project, from_=since, to=until)["meta"]
        return int(meta["deduplicated"])

    hour, moment = timedelta(hours=1), timedelta(milliseconds=1)
    assert doubles(NOON, NOON + hour) == 1_000
    assert doubles(NOON - moment, NOON + hour) == 1_100
    assert doubles(NOON, NOON + hour + moment) == 11_000
    assert doubles(NOON + moment, NOON + hour - moment) == 1_000
    assert doubles(NOON - 9 * hour, NOON + 9 * hour) == 111_111


def test_from_is_inclusive_and_to_is_exclusive_to_the_millisecond(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW + offset) for offset in (-1, 0, 1, 999, 1_000, 1_001)])
    ends = {"from_": NOON, "to": NOON + timedelta(seconds=1)}
    assert total(reader, project, **ends) == 3
    assert total(reader, project, **ends | {"to": NOON + timedelta(seconds=1, microseconds=1)}) == 4
    assert total(reader, project, **ends | {"from_": NOON + timedelta(microseconds=1)}) == 2


def test_without_a_range_it_is_the_last_thirty_days_up_to_now(reader: Reader, project: str) -> None:
    month = 30 * 24 * HOUR
    put(reader.store, project, [Happened(NOW + offset) for offset in (-month - 1, -month, -1, 0, HOUR)])
    assert total(reader, project) == 2
    assert total(reader, project, range="30d") == 2
    assert total(reader, project, to=NOON + timedelta(hours=2)) == 3
    assert total(reader, project, from_=NOON - timedelta(days=31)) == 3


def test_seven_days_are_the_last_168_hours_also_when_the_clocks_change(reader: Reader, project: str) -> None:
    reader.timezone = "America/New_York"  # its clocks went forward on 8 March
    put(reader.store, project, [Happened(NOW - 168 * HOUR + offset) for offset in (-1, 0)])
    assert total(reader, project, range="7d") == 1
    assert total(reader, project, range="168h") == 1
    assert total(reader, project, range="1w") == 1


def test_a_date_and_a_time_without_offset_are_read_in_the_time_zone(reader: Reader, project: str) -> None:
    midnight = millis(datetime(2026, 1, 15, 5, tzinfo=UTC))  # in New York
    put(reader.store, project, [Happened(midnight + offset) for offset in (-2, -1, 0, 24 * HOUR - 1)])
    days = {"from_": "2026-01-15", "to": "2026-01-16"}
    assert total(reader, project, **days) == 3  # the project's own zone is UTC
    assert total(reader, project, timezone="America/New_York", **days) == 2
    reader.timezone = "America/New_York"
    assert total(reader, project, **days) == 2
    assert total(reader, project, from_="2026-01-15T00:00:00", to="2026-01-16T00:00:00.000") == 2
    assert total(reader, project, from_="2026-01-15T00:00:00Z", to="2026-01-16T00:00:00+00:00") == 3


def test_the_previous_period_is_null_where_no_event_can_be(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW)])
    answer = reader.get("/metrics/overview", project, from_="1990-01-01", to="2026-04-01")
    assert (answer["totalEvents"], answer["previous"]) == (1, None)


@pytest.mark.parametrize(
    ("span", "interval"), [("3h", "minute"), ("24h", "hour"), ("7d", "day"), ("30d", "day"), ("52w", "week")]
)
def test_without_an_interval_there_is_one_that_suits_the_range(
    reader: Reader, project: str, span: str, interval: str
) -> None:
    answer = reader.get("/metrics", project, event="visit", range=span)
    assert answer["interval"] == interval
    assert 7 <= len(answer["points"]) <= 200


def test_weeks_start_on_monday_and_the_first_bucket_may_start_before_the_range(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(millis(datetime(2026, 3, 4, tzinfo=UTC)))])
    days = {"from_": "2026-03-04", "to": "2026-03-10"}
    (line,) = reader.get("/metrics/events/timeseries", project, interval="week", **days)["series"]
    assert line["points"] == [
        {"t": "2026-03-02T00:00:00.000Z", "value": 1},
        {"t": "2026-03-09T00:00:00.000Z", "value": 0},
    ]


def test_types_compare_without_case_only_when_they_are_well_known(reader: Reader, project: str) -> None:
    types = ("ERROR", "error", "Error", "purchase", "Purchase")
    put(reader.store, project, [Happened(NOW - 1, type=each) for each in types])

    def count(asked: str) -> int:
        return int(reader.get("/analytics/events/count", project, type=asked)["count"])

    assert [count(asked) for asked in ("error", "ERROR", "purchase", "PURCHASE")] == [3, 3, 1, 0]
    items = reader.get("/analytics/events/by-type", project)["items"]
    assert items == [
        {"type": "ERROR", "count": 3},
        {"type": "Purchase", "count": 1},
        {"type": "purchase", "count": 1},
    ]


def test_a_property_with_a_typed_columns_name_is_asked_for_with_a_prefix(reader: Reader, project: str) -> None:
    sent = ({"value": "gold", "country": "DE"}, {"amount": "12.50", "country": {"code": "FR"}}, {})
    put(reader.store, project, [Happened(NOW - 1, properties=each) for each in sent])

    def labels(key: str) -> list[str]:
        answer = reader.get("/metrics/events/timeseries", project, breakdown=key)
        return [line["label"] for line in answer["series"]]

    assert labels("value") == ["(not set)", "12.5"]
    assert labels("properties.value") == ["(not set)", "gold"]
    assert labels("country") == ["(not set)", "DE"]
    assert labels("properties.country") == ["(not set)", "DE", '{"code":"FR"}']


def test_a_metric_without_an_event_is_of_all_events(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(NOW - 1, "visit", person=1), Happened(NOW - 2, "signup", person=2)])
    metric = reader.get("/metrics", project, range="7d")
    assert (metric["event"], metric["total"], metric["uniqueUsers"]) == (None, 2, 2)


def test_without_events_totals_are_zero_series_flat_and_breakdowns_empty(reader: Reader, project: str) -> None:
    answer = reader.get("/metrics/overview", project)
    zero = {"totalEvents": 0, "errors": 0, "errorRate": 0.0, "uniqueUsers": 0, "sessions": 0}
    assert answer == {**zero, "previous": zero, "meta": answer["meta"]}
    (line,) = reader.get("/metrics/events/timeseries", project)["series"]
    assert (line["label"], line["total"], len(line["points"])) == ("All events", 0, 31)
    assert reader.get("/metrics/events/timeseries", project, breakdown="plan")["series"] == []
    assert reader.get("/metrics/errors/top", project)["items"] == []


def test_the_document_shows_every_query_parameter_with_its_type(reader: Reader) -> None:
    operation = reader.document["paths"]["/api/v1/metrics/events/timeseries"]["get"]
    shown = {each["name"]: each for each in operation["parameters"]}
    shared = {"projectId", "from", "to", "range", "timezone", "filters"}
    assert shown.keys() == shared | {"name", "type", "interval", "breakdown"}
    assert shown["interval"]["schema"]["enum"] == ["minute", "hour", "day", "week", "month"]
    assert [name for name, each in shown.items() if each["required"]] == ["projectId"]
    assert all(each.get("description") for name, each in shown.items() if name != "projectId")
    events = reader.document["paths"]["/api/v1/events"]["get"]["parameters"]
    limit = next(each for each in events if each["name"] == "limit")
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 200)
