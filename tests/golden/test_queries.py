"""What queries look like as SQL. ``python -m tests.golden.test_queries`` writes the files again; read the diff."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulseboard.insights import catalog
from pulseboard.insights.parse import make_filter, name_filter, type_filter
from pulseboard.insights.plan import plan, preceding
from pulseboard.insights.query import Did, Filter, Group, Listing, Period, Query, place
from pulseboard.insights.render import render, render_listing
from pulseboard.insights.statement import Statement
from pulseboard.kit.clock import rfc3339
from pulseboard.store import ProjectScope

HERE = Path(__file__).parent
SHOP = ProjectScope("01970000-0000-7000-8000-00000000000a")
NOW = datetime(2026, 3, 10, 14, 37, 12, 345000, tzinfo=UTC)
MONTH = Period(NOW - timedelta(days=30), NOW)
HOUR = Period(NOW - timedelta(hours=1), NOW)
BEFORE = preceding(MONTH)
assert BEFORE is not None
TOTALS = ("events", "errors", "users", "sessions")


def _filter(property: str, operator: str, value: object = None) -> Filter:
    return make_filter("filters.0", {"property": property, "operator": operator, "value": value})


def _day(days: int) -> Period:
    end = datetime(2026, 3, 11, 4, tzinfo=UTC)
    return Period(end - timedelta(days=days), end)


EVERY_TEST = (
    _filter("country", "is", "DE"),
    _filter("statusCode", "is_not", [404, "500"]),
    _filter("path", "contains", "it's"),
    _filter("path", "starts_with", "/api"),
    _filter("plan", "is", ["pro", 3, True]),
    _filter("properties.country", "is_not", "DE"),
    _filter("seats", "greater", 2.5),
    _filter("durationMs", "less", "300"),
    _filter("coupon", "set"),
    _filter("referrer", "not_set"),
    _filter("path", "not_contains", "admin"),
    _filter("path", "ends_with", ".pdf"),
    _filter("path", "matches", "^/[a-z]+$"),
    _filter("seats", "between", [1, 5]),
    _filter("durationMs", "greater_or_equal", 3),
    _filter("value", "less_or_equal", 9),
)
PRO, DE = _filter("plan", "is", "pro"), _filter("country", "is", "DE")
WHO_DID = (
    Group("or", (DE, Group("and", (PRO, _filter("seats", "greater", 3))))),
    Did(SHOP, HOUR, (name_filter("event", "signup"), PRO)),
    Did(SHOP, MONTH, (name_filter("event", "order"),), times=3, negated=True),
)
SIZE = catalog.dimension("size")
QUERIES: dict[str, Query | Listing] = {
    "overview": Query(SHOP, MONTH, TOTALS, also=(BEFORE,)),
    "overview_of_an_hour": Query(SHOP, HOUR, TOTALS),
    "overview_filtered": Query(SHOP, MONTH, TOTALS, also=(BEFORE,), filters=(_filter("plan", "is", "pro"),)),
    "every_filter": Query(SHOP, HOUR, ("events",), filters=EVERY_TEST),
    "active_users": Query(SHOP, _day(30), ("users",), also=(_day(7), _day(1))),
    "count_of_a_type": Query(SHOP, MONTH, ("events",), filters=(type_filter("error"),)),
    "count_of_an_own_type": Query(SHOP, MONTH, ("events",), filters=(type_filter("Purchase"),)),
    "users_of_one_event": Query(SHOP, MONTH, ("users",), filters=(name_filter("event", "signup"),)),
    "by_type": Query(SHOP, MONTH, ("events",), dimensions=(catalog.TYPE,)),
    "error_groups": Query(
        SHOP,
        MONTH,
        ("last_seen", "events", "users"),
        dimensions=(catalog.dimension("fingerprint"),),
        filters=(_filter("fingerprint", "set"),),
        segment="errors",
        limit=1_000,
    ),
    "top_errors": Query(
        SHOP,
        MONTH,
        ("events", "users", "first_seen", "last_seen"),
        dimensions=(catalog.NAME,),
        segment="errors",
        limit=20,
    ),
    "series_by_day": Query(SHOP, MONTH, ("events",), grain="day", timezone="America/New_York"),
    "series_by_minute": Query(SHOP, HOUR, ("events",), grain="minute"),
    "series_of_users": Query(SHOP, MONTH, ("users",), grain="week", timezone="Asia/Kathmandu"),
    "series_of_users_by_utc_days": Query(SHOP, MONTH, ("users",), grain="day"),
    "series_by_name": Query(SHOP, MONTH, ("events",), grain="day", dimensions=(catalog.NAME,)),
    "series_by_property": Query(
        SHOP, MONTH, ("events",), grain="month", dimensions=(catalog.dimension("it's"),), limit=3
    ),
    "who_did": Query(SHOP, HOUR, ("events",), filters=WHO_DID),
    "trend_of_users": Query(SHOP, MONTH, ("users",), grain="day", totals=True),
    "trend_by_two": Query(
        SHOP,
        HOUR,
        ("users",),
        grain="minute",
        dimensions=(catalog.NAME, catalog.dimension("plan")),
        labels=(("signup", "pro"), ("visit", "(not set)")),
        totals=True,
    ),
    "trend_of_a_sum_by_two": Query(
        SHOP,
        HOUR,
        ("sum",),
        grain="hour",
        dimensions=(catalog.NAME, catalog.dimension("plan")),
        measured=SIZE,
        order="smallest",
        limit=2,
    ),
    "trend_of_weekly_users": Query(SHOP, _day(9), ("users",), grain="day", timezone="Asia/Kathmandu", window=7),
    "trend_of_a_property": Query(
        SHOP,
        HOUR,
        ("sum", "avg", "min", "max", "p95"),
        grain="hour",
        measured=SIZE,
        totals=True,
        without=(place(0, 1773151200000),),
    ),
    "trend_of_many_values": Query(
        SHOP, HOUR, ("p95",), measured=catalog.dimension("durationMs"), totals=True, rough=True
    ),
    "by_error_rate": Query(SHOP, HOUR, ("errors", "events"), dimensions=(catalog.NAME,), order="largest_quotient"),
    "by_smallest_sum": Query(SHOP, HOUR, ("sum",), dimensions=(catalog.NAME,), measured=SIZE, order="smallest"),
    "events": Listing(SHOP, MONTH, 50),
    "events_after_a_page": Listing(SHOP, MONTH, 50, (_filter("name", "is", "signup"),), (NOW, "order-77")),
}


def _text(query: Query | Listing) -> str:
    made: Statement = render_listing(query) if isinstance(query, Listing) else render(plan(query))
    shown = {name: rfc3339(value) if isinstance(value, datetime) else value for name, value in made.params.items()}
    values = "".join(f"-- {name} = {value}\n" for name, value in sorted(shown.items()))
    return f"{made.sql}\n\n{values}"


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_query_renders_as_it_stands_in_its_file(name: str) -> None:
    assert _text(QUERIES[name]) == (HERE / f"{name}.sql").read_text()


def test_every_file_belongs_to_a_query() -> None:
    assert {path.stem for path in HERE.glob("*.sql")} == set(QUERIES)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_scope_and_range_come_first_in_every_where(name: str) -> None:
    sql = _text(QUERIES[name])
    wheres = sql.split("WHERE ")[1:]
    assert len(wheres) == sql.count("FROM events")
    for where in wheres:
        project, since, until = (line.strip().removeprefix("AND ") for line in where.splitlines()[:3])
        assert project == "project_id = {project:UUID}"
        assert " >= {since_" in since
        assert " < {until_" in until


def test_what_cannot_be_summed_is_not_broken_down_over_time() -> None:
    query = Query(SHOP, MONTH, ("users",), grain="day", dimensions=(catalog.NAME,))
    with pytest.raises(ValueError, match="only counts"):
        render(plan(query))


def test_only_totals_are_asked_for_several_periods() -> None:
    assert BEFORE
    with pytest.raises(ValueError, match="several periods"):
        Query(SHOP, MONTH, ("events",), grain="day", also=(BEFORE,))


if __name__ == "__main__":
    for name, query in QUERIES.items():
        (HERE / f"{name}.sql").write_text(_text(query))
