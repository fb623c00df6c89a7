"""Trends beside the definitions: money, percentiles that grow too large, refusals, and what answers them."""

from datetime import timedelta
from typing import Any

import pytest
from tests.insights.reading import NOON, Happened, Reader, merge, millis, put
from tests.insights.test_kept import FIRST, LAST, MONTH, explained, some_events

from pulseboard.insights import catalog, lines
from pulseboard.insights.query import Query
from pulseboard.kit.ids import new_id
from pulseboard.store import ProjectScope, Store

AGO = millis(NOON) - 3_600_000


def sale(value: float, currency: str = "", **more: object) -> Happened:
    money = {"currency": currency} if currency else {}
    return Happened(AGO, "sale", person=int(value), properties={"value": value, **money, **more})


def trends(reader: Reader, project: str, *series: dict[str, Any], **body: object) -> list[dict[str, Any]]:
    return list(reader.post("/insights/trends", project, series=list(series), **body)["series"])


def refused(reader: Reader, project: str, **body: object) -> list[str]:
    answer = reader.send("/insights/trends", project, **body)
    assert answer.status_code == 422, answer.text
    return [error["path"] for error in answer.json()["errors"]]


def test_money_of_different_currencies_is_never_added_up(reader: Reader, project: str) -> None:
    put(reader.store, project, [sale(10, "EUR"), sale(5, "EUR"), sale(7, "USD"), sale(100), Happened(AGO)])
    found = trends(reader, project, {"metric": "revenue"})
    assert {line["currency"]: line["total"] for line in found} == {"EUR": 15, "USD": 7, "(not set)": 100}
    (euros,) = trends(reader, project, {"metric": "revenue", "currency": "EUR"})
    assert (euros["currency"], euros["total"]) == ("EUR", 15)
    for metric, wanted in (("avg", 7.5), ("max", 10), ("median", 7.5), ("sum", 15)):
        by_currency = trends(reader, project, {"metric": metric, "property": "amount"})
        assert {line["currency"]: line["total"] for line in by_currency}["EUR"] == wanted


def test_a_formula_divides_each_currency_by_itself(reader: Reader, project: str) -> None:
    put(reader.store, project, [sale(10, "EUR", plan="pro"), sale(5, "EUR"), sale(7, "USD", plan="pro")])
    paid = {"metric": "revenue", "filters": [{"property": "plan", "operator": "is", "value": "pro"}]}
    series = [paid, {"metric": "revenue"}, {"metric": "events"}]
    found = reader.post("/insights/trends", project, series=series, formula="A / B * C")["formulaSeries"]
    assert {line["currency"]: line["total"] for line in found} == {"EUR": pytest.approx(2), "USD": 3}


def test_revenue_of_nothing_is_zero(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(AGO)])
    assert [(line["currency"], line["total"]) for line in trends(reader, project, {"metric": "revenue"})] == [("", 0)]


def test_what_reads_as_endless_or_as_no_number_is_none(reader: Reader, project: str) -> None:
    texts = ["inf", "-inf", "nan", "NaN", "infinity", "1e999", "0x10", " 5", "5 ", "", "five", None, True]
    put(reader.store, project, [Happened(AGO, properties={"size": text}) for text in [*texts, 3, "4.5"]])
    series = [{"metric": metric, "property": "size"} for metric in ("values", "sum", "min", "max", "avg", "p99")]
    totals = [line["total"] for line in trends(reader, project, *series)]
    assert totals == [2, 7.5, 3, 4.5, 3.75, pytest.approx(4.485)]


@pytest.mark.parametrize("breakdown", [None, "plan"])
def test_percentiles_of_too_many_values_are_estimates_and_say_so(
    reader: Reader, project: str, monkeypatch: pytest.MonkeyPatch, breakdown: str | None
) -> None:
    day = 86_400_000
    many = [Happened(AGO, properties={"size": n, "plan": "pro"}) for n in range(400)]
    few = [Happened(AGO - day, properties={"size": n, "plan": "free"}) for n in (1, 2, 4)]
    put(reader.store, project, many + few)
    series = {"metric": "median", "property": "size"}
    body = {"range": "3d", "interval": "day"} | ({"breakdown": breakdown} if breakdown else {})
    exact = trends(reader, project, series, **body)
    monkeypatch.setattr(lines, "EXACT", 100)
    assert trends(reader, project, series, **body) == exact  # as long as all of them are not plenty
    monkeypatch.setattr(lines, "PLENTY", 100)
    rough = trends(reader, project, series, **body)
    assert all(line["exact"] for line in exact)
    assert [line["exact"] for line in rough] == ([False, True] if breakdown else [False])
    by_day = {point["t"]: point["value"] for line in rough for point in line["points"] if point["value"] is not None}
    assert by_day == {"2026-03-09T00:00:00.000Z": 2, "2026-03-10T00:00:00.000Z": pytest.approx(199.5, abs=3)}
    assert rough[0]["total"] == pytest.approx(exact[0]["total"], abs=3)


def test_a_percentile_of_the_range_is_estimated_beside_exact_days(
    reader: Reader, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = 86_400_000
    sizes = [Happened(AGO - n % 4 * day, properties={"size": n}) for n in range(200)]
    put(reader.store, project, [*sizes, *(Happened(AGO - n % 4 * day) for n in range(200))])
    series, body = {"metric": "p90", "property": "size"}, {"range": "5d", "interval": "day"}
    (exact,) = trends(reader, project, series, **body)
    monkeypatch.setattr(lines, "PLENTY", 100)
    for most, still in ((250, True), (150, False), (60, False)):
        monkeypatch.setattr(lines, "EXACT", most)
        (line,) = trends(reader, project, series, **body)
        assert line["exact"] == still
        assert line["points"] == exact["points"]
        assert line["total"] == pytest.approx(exact["total"], abs=0 if still else 3)


def test_the_rest_of_users_is_each_of_them_once(reader: Reader, project: str) -> None:
    plans = [("a", 1), ("a", 2), ("b", 1), ("c", 1), ("c", 2), ("d", 2), ("d", 3)]
    put(reader.store, project, [Happened(AGO, person=person, properties={"plan": plan}) for plan, person in plans])
    found = trends(reader, project, {"metric": "users"}, breakdown="plan", limit=1)
    assert [(line["label"], line["total"]) for line in found] == [("All events · a", 2), ("All events · Other", 3)]


def test_a_value_called_other_is_not_taken_for_the_rest(reader: Reader, project: str) -> None:
    plans = ["Other"] * 3 + ["a", "b"]
    put(reader.store, project, [Happened(AGO, properties={"plan": plan}) for plan in plans])
    found = trends(reader, project, {}, breakdown="plan", limit=1)
    assert [(line["breakdown"], line["other"], line["total"]) for line in found] == [
        (["Other"], False, 3),
        (["Other"], True, 2),
    ]


def test_deeds_have_a_time_of_their_own(reader: Reader, project: str) -> None:
    long_ago = AGO - 20 * 86_400_000
    put(
        reader.store,
        project,
        [Happened(long_ago, "signup", person=1), Happened(AGO, person=1), Happened(AGO, person=2)],
    )
    for deed, wanted in (({}, 0), ({"range": "30d"}, 1), ({"from": "2026-02-01", "to": "2026-02-10"}, 0)):
        filters = [{"did": {"event": "signup", **deed}}]
        (line,) = trends(reader, project, {"metric": "users"}, range="1d", filters=filters)
        assert line["total"] == wanted
    (line,) = trends(
        reader, project, {"metric": "users"}, range="1d", filters={"didNot": {"event": "signup", "range": "30d"}}
    )
    assert line["total"] == 1


def test_another_projects_deeds_are_not_seen(reader: Reader, project: str) -> None:
    put(reader.store, new_id(), [Happened(AGO, "signup", person=1)])
    put(reader.store, project, [Happened(AGO, person=1)])
    (line,) = trends(reader, project, {}, filters=[{"did": {"event": "signup"}}])
    assert line["total"] == 0


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"series": [{"metric": "p0"}]}, "series.0.metric"),
        ({"series": [{"metric": "p100"}]}, "series.0.metric"),
        ({"series": [{}, {"metric": "avg"}]}, "series.1.property"),
        ({"series": [{"metric": "avg", "property": "country"}]}, "series.0.property"),
        ({"series": [{"metric": "users", "property": "seats"}]}, "series.0.property"),
        ({"series": [{"metric": "users", "currency": "EUR"}]}, "series.0.currency"),
        ({"series": [{"event": ""}]}, "series.0.event"),
        ({"series": [{"filters": [{"property": "a", "operator": "?"}]}]}, "series.0.filters.0.operator"),
        ({"series": [{"metric": "wau"}], "interval": "hour"}, "interval"),
        ({"interval": "year"}, "interval"),
        ({"interval": "minute", "range": "7d", "breakdown": "plan", "limit": 100}, "interval"),
        ({"breakdown": ["plan", "plan"]}, "breakdown"),
        ({"breakdown": [""]}, "breakdown.0"),
        ({"formula": "A/B"}, "formula"),
        ({"formula": "1 + 1"}, "formula"),
        ({"filters": 7}, "filters"),
        ({"range": "7d", "from": "2026-01-01"}, "range"),
        ({"compare": "next"}, "compare"),
        ({"order": "random"}, "order"),
        ({"what": 1}, "what"),
    ],
)
def test_a_wrong_trend_is_refused_by_name(reader: Reader, project: str, body: dict[str, Any], named: str) -> None:
    assert refused(reader, project, **body) == [named]


def test_the_longest_patterns_that_pass_are_answered(reader: Reader, project: str) -> None:
    put(reader.store, project, [Happened(AGO, properties={"plan": "a" * 500})])
    for pattern in ("(a*)*b" * 33, "a{0,200}" * 25, ".*" * 100, "[^x]" * 50, r"\p{L}{1,99}", "(?:a|b|ab)*c"):
        answer = reader.send(
            "/insights/trends", project, filters=[{"property": "plan", "operator": "matches", "value": pattern}]
        )
        assert answer.status_code in (200, 422), (pattern, answer.text)


def test_the_questions_of_every_dashboard_are_answered_from_what_is_kept(store: Store) -> None:
    project = new_id()
    put(store, project, some_events(400, FIRST - timedelta(days=40), LAST))
    merge(store)
    scope = ProjectScope(project)
    users = Query(scope, MONTH, ("users",), grain="day", totals=True)
    assert "ReadFromMergeTree (by_day)" in explained(store, users, "projections = 1")
    active = Query(scope, MONTH, ("users",), grain="day", window=7)
    assert "ReadFromMergeTree (by_day)" in explained(store, active, "projections = 1")
    named = Query(scope, MONTH, ("events",), grain="day", dimensions=(catalog.NAME,), labels=(("name 1",),))
    assert "ReadFromMergeTree (by_quarter)" in explained(store, named, "projections = 1")


def test_the_catalog_says_what_can_be_asked(reader: Reader) -> None:
    answer = reader.ask("/insights/catalog", new_id()).json()
    metrics = {each["name"]: each for each in answer["metrics"]}
    assert metrics["p95"]["needsProperty"] and not metrics["revenue"]["needsProperty"]
    assert {"host", "channel", "bot", "browserVersion"} <= {each["name"] for each in answer["dimensions"]}
    assert "matches" in answer["operators"]


def test_own_properties_are_found_by_looking(reader: Reader, project: str) -> None:
    seen = [
        {"plan": "pro", "seats": 3, "beta": True, "tags": ["a"], "mixed": 1, "code": "12", "ünï \\ 'key'": "x"},
        {"plan": "pro", "seats": 2.5, "beta": False, "tags": {}, "mixed": "one", "code": "7", "gone": None},
        {"plan": "12", "country": "DE"},
    ]
    put(reader.store, project, [Happened(AGO, properties=each) for each in seen])
    items = reader.get("/insights/properties", project)["items"]
    kinds = {item["name"].removeprefix("properties."): (item["kind"], item["events"]) for item in items}
    assert kinds == {
        "plan": ("text", 3),
        "seats": ("number", 2),
        "beta": ("boolean", 2),
        "tags": ("nested", 2),
        "mixed": ("text", 2),
        "code": ("number", 2),
        "ünï \\ 'key'": ("text", 1),
    } | ({"country": ("text", 1)} if "country" in kinds else {})
    assert {item["name"]: sorted(item["examples"]) for item in items}["properties.plan"] == ["12", "pro"]


@pytest.mark.parametrize("start", range(4))
def test_examples_are_cut_between_letters(reader: Reader, project: str, start: int) -> None:
    said = "." * start + "🙂" * 120
    put(reader.store, project, [Happened(AGO, properties={"said": said})])
    (item,) = reader.get("/insights/properties", project)["items"]
    assert item["examples"] == [said[:100]]


def test_money_of_before_has_its_currencies_too(reader: Reader, project: str) -> None:
    week = 7 * 86_400_000
    old = Happened(AGO - week, "sale", properties={"value": 3, "currency": "CHF"})
    put(reader.store, project, [old, sale(10, "EUR")])
    body = {"range": "7d", "compare": "previous"}
    compared = reader.post("/insights/trends", project, **body)["compared"]
    assert compared == {"from": "2026-02-24T12:00:00.000Z", "to": "2026-03-03T12:00:00.000Z"}
    for metric in ("sum", "max"):
        found = trends(reader, project, {"metric": metric, "property": "value"}, **body)
        both = {line["currency"]: (line["total"] or 0, line["previous"]["total"] or 0) for line in found}
        assert both == {"EUR": (10, 0), "CHF": (0, 3)}


def test_money_by_plan_is_by_currency_first(reader: Reader, project: str) -> None:
    put(reader.store, project, [sale(10, "EUR", plan="a"), sale(5, "EUR", plan="b"), sale(7, "USD", plan="a")])
    found = trends(reader, project, {"metric": "revenue"}, breakdown="plan", limit=1)
    lines_ = {(line["currency"], line["breakdown"][0]): line["total"] for line in found}
    assert lines_ == {("EUR", "a"): 10, ("EUR", "Other"): 5, ("USD", "a"): 7}


def test_too_many_currencies_are_refused(reader: Reader, project: str) -> None:
    put(reader.store, project, [sale(1, f"C{number:02}") for number in range(21)])
    assert refused(reader, project, series=[{"metric": "revenue"}]) == ["series"]
    assert refused(reader, project, series=[{"metric": "avg", "property": "value"}]) == ["series"]
    assert len(trends(reader, project, {"metric": "revenue", "currency": "C07"})) == 1
