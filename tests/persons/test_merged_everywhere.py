"""Somebody with an anonymous past is one person in every read, and merging later changes what was answered before."""

from typing import Any

from tests.persons.house import Shop
from tests.persons.test_persons import identify

from pulseboard.insights import Query
from pulseboard.insights.merged import merged
from pulseboard.insights.plan import plan
from pulseboard.insights.query import Period
from pulseboard.insights.render import render
from pulseboard.store import ProjectScope

HER = {"properties": {"url": "https://shop.example/"}}


def post(shop: Shop, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
    asked = {"projectId": shop.id, "range": "7d"} | body
    answer = shop.house.call("POST", "/api/v1/insights" + path, json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def users_everywhere(shop: Shop) -> dict[str, int]:
    """How many users each read counts."""
    get = shop.house.get
    of = {"projectId": shop.id, "range": "7d"}
    steps = [{"event": "visit"}, {"event": "buy"}]
    did = [{"did": {"event": "buy"}}]
    paths = post(shop, "/paths", steps="events", within="user")
    return {
        "overview": get("/metrics/overview", **of)["uniqueUsers"],
        "event": get("/metrics", event="visit", **of)["uniqueUsers"],
        "summary": get("/dashboard/summary", **of)["wau"],
        "errors": get("/errors", **of)["items"][0]["users"],
        "site": get(f"/stats/{shop.id}/overview", range="7d")["uniqueVisitors"],
        "trend": post(shop, "/trends", series=[{"metric": "users"}])["series"][0]["total"],
        "funnel": post(shop, "/funnel", steps=steps, window="7d")["steps"][1]["users"],
        "retention": sum(each["size"] for each in post(shop, "/retention", period="day")["cohorts"]),
        "did": post(shop, "/trends", series=[{"metric": "users"}], filters=did)["series"][0]["total"],
        "persons": get(shop.persons, range="7d")["total"],
        "paths": sum(node["count"] for node in paths["nodes"] if node["level"] == 0),
        "summaries": get("/summaries", projectId=shop.id, metric="unique_users", periodType="monthly")["items"][-1][
            "value"
        ],
    }


def test_everywhere_two_become_one_when_it_is_known(shop: Shop) -> None:
    shop.write(
        {"anonymousId": "browser", "ago": 30, "type": "PAGE_VIEW", **HER},
        {"anonymousId": "browser", "ago": 29, "type": "ERROR", "name": "oops"},
        {"userId": "alice", "ago": 3, "type": "PAGE_VIEW", **HER},
        {"userId": "alice", "ago": 3, "type": "ERROR", "name": "oops"},
        {"userId": "alice", "ago": 2, "name": "buy"},
    )
    before = users_everywhere(shop)
    assert {
        name: before[name] for name in ("overview", "errors", "site", "trend", "persons", "summaries")
    } == dict.fromkeys(("overview", "errors", "site", "trend", "persons", "summaries"), 2)
    shop.write(identify("alice", "browser", 1))
    assert users_everywhere(shop) == dict.fromkeys(before, 1)


def test_what_is_kept_by_day_is_read_as_it_is_kept_also_with_merges(shop: Shop) -> None:
    day = shop.house.now.replace(hour=0)
    whole = render(plan(Query(ProjectScope(shop.id), Period(day.replace(day=1), day), ("users",))))
    series = render(plan(Query(ProjectScope(shop.id), Period(day.replace(day=1), day), ("users",), grain="day")))
    for statement in (whole, series):
        assert "transform(person" not in merged(statement.sql)
        assert "bitmapTransform" in merged(statement.sql)
