"""Goals over HTTP, from making them to what visitors did; and a crawler's visit, which counts for none of it."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from bench.served import Access, serving, set_up

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Access]]:
    with serving(tmp_path_factory.mktemp("goals") / "data") as server:
        access = set_up(server)
        with httpx.Client(base_url=server.url, headers=access.as_person, timeout=30, trust_env=False) as client:
            yield client, access


@pytest.fixture
def http(served: tuple[httpx.Client, Access]) -> httpx.Client:
    return served[0]


@pytest.fixture
def site(http: httpx.Client) -> str:
    made = http.post("/api/v1/websites", json={"name": "shop", "domain": "shop.example.com"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def goals_of(site: str, goal: str = "") -> str:
    return f"/api/v1/projects/{site}/goals" + (f"/{goal}" if goal else "")


def test_a_goal_from_making_to_deleting(http: httpx.Client, site: str) -> None:
    made = http.post(goals_of(site), json={"name": "Bought", "kind": "page", "match": "/thanks"})
    assert made.status_code == 201
    goal = made.json()
    assert goal == goal | {"name": "Bought", "kind": "page", "match": "/thanks"}
    assert http.get(goals_of(site, goal["id"])).json() == goal
    assert http.get(goals_of(site)).json() == {"items": [goal], "total": 1, "nextCursor": None}
    changed = http.patch(goals_of(site, goal["id"]), json={"match": "/thanks*", "name": "Paid"}).json()
    assert changed == goal | {"match": "/thanks*", "name": "Paid", "updatedAt": changed["updatedAt"]}
    assert http.delete(goals_of(site, goal["id"])).status_code == 204
    assert http.get(goals_of(site, goal["id"])).status_code == 404
    assert http.get(f"/api/v1/stats/{site}/goals").json()["items"] == []


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"kind": "click"}, "kind"),
        ({"kind": "page", "match": "thanks"}, "match"),
        ({"match": ""}, "match"),
        ({"match": "a\0b"}, "match"),
        ({"match": "x" * 501}, "match"),
        ({"name": " "}, "name"),
        ({"nmae": "x"}, "nmae"),
    ],
)
def test_a_bad_field_is_named_when_making_and_when_changing(
    http: httpx.Client, site: str, fields: dict[str, object], path: str
) -> None:
    good = {"name": "Signed up", "kind": "event", "match": "signup"}
    goal = http.post(goals_of(site), json=good).json()["id"]
    for answer in (
        http.post(goals_of(site), json=good | {"name": "x"} | fields),
        http.patch(goals_of(site, goal), json=fields),
    ):
        assert answer.status_code == 422
        assert [error["path"] for error in answer.json()["errors"]] == [path]


def test_one_name_has_one_goal_and_one_project_has_its_own(http: httpx.Client, site: str) -> None:
    goal = {"name": "Bought", "kind": "page", "match": "/thanks"}
    first = http.post(goals_of(site), json=goal).json()["id"]
    assert http.post(goals_of(site), json=goal).status_code == 409
    second = http.post(goals_of(site), json=goal | {"name": "Other"}).json()["id"]
    assert http.patch(goals_of(site, second), json={"name": "Bought"}).status_code == 409
    another = http.post("/api/v1/projects", json={"name": "another"}).json()["id"]
    assert http.get(goals_of(another, first)).status_code == 404
    assert http.post(goals_of(another), json=goal).status_code == 201


def visit(http: httpx.Client, site: str, path: str, session: str, agent: str = FIREFOX, **over: str) -> None:
    body = {"websiteId": site, "eventType": "page_view", "url": f"https://shop.example.com{path}", "sessionId": session}
    assert http.post("/track", json=body | over, headers={"user-agent": agent}).status_code == 202


def until(http: httpx.Client, path: str, key: str, value: object) -> dict[str, Any]:
    """The answer, once it shows what was sent."""
    deadline = time.monotonic() + 20
    while True:
        answer: dict[str, Any] = http.get(path).json()
        if answer.get(key) == value or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


def test_what_visitors_did_is_counted_and_what_crawlers_did_is_said(http: httpx.Client, site: str) -> None:
    wanted = {"Blog": ("page", "/blog/*"), "Signed up": ("event", "signup"), "Never": ("page", "/blog")}
    for name, (kind, match) in wanted.items():
        assert http.post(goals_of(site), json={"name": name, "kind": kind, "match": match}).status_code == 201
    visit(http, site, "/", "a", userId="ann")
    visit(http, site, "/blog/1?x=1", "a", userId="ann")
    visit(http, site, "/blog/2", "a", userId="ann")
    visit(http, site, "/", "b", userId="ben")
    visit(http, site, "/", "b", userId="ben", eventType="signup")
    visit(http, site, "/blog/1", "c", CRAWLER, userId="robot")
    overview = until(http, f"/stats/{site}/overview", "totalViews", 4)
    assert (overview["totalViews"], overview["uniqueVisitors"], overview["sessions"]) == (4, 2, 2)
    assert overview["bounceRate"] == 0
    assert until(http, f"/stats/{site}/overview?bots=only", "totalViews", 1)["totalViews"] == 1
    assert http.get(f"/stats/{site}/overview").json()["meta"]["botsLeftOut"] == 1
    answer = http.get(f"/stats/{site}/goals").json()
    assert answer["visitors"] == 2
    assert {item["name"]: (item["conversions"], item["visitors"], item["rate"]) for item in answer["items"]} == {
        "Blog": (2, 1, 0.5),
        "Signed up": (1, 1, 0.5),
        "Never": (0, 0, 0),
    }
    pages = http.get(f"/stats/{site}/top-pages").json()["items"]
    assert {item["url"]: item["views"] for item in pages} == {
        "shop.example.com/": 2,
        "shop.example.com/blog/1": 1,
        "shop.example.com/blog/2": 1,
    }
    versions = http.get(f"/stats/{site}/breakdown", params={"by": "browserVersion"}).json()["items"]
    assert [(item["within"], item["label"], item["views"]) for item in versions] == [(["Firefox"], "140", 4)]


def test_calls_are_counted_with_their_ids_folded_and_as_use_of_the_plan(
    served: tuple[httpx.Client, Access],
) -> None:
    client, access = served
    before = client.get("/api/v1/api-usage/overview", params={"projectId": access.project_id}).json()
    calls = [
        {"endpoint": f"/users/{n}", "method": "get", "status_code": 200, "response_time_ms": n, "consumer": "acme"}
        for n in (10, 20, 30)
    ]
    program = {"authorization": f"Bearer {access.key}"}
    assert client.post("/api/v1/track", json=calls, headers=program).status_code == 202
    path = f"/api/v1/api-usage/overview?projectId={access.project_id}"
    overview = until(client, path, "calls", 3)
    assert (overview["calls"], overview["avgResponseTimeMs"], overview["p50"]) == (3, 20, 20)
    assert overview["usage"]["used"] == before["usage"]["used"] + 3
    (endpoint,) = client.get("/api/v1/api-usage/endpoints", params={"projectId": access.project_id}).json()["items"]
    assert (endpoint["method"], endpoint["endpoint"], endpoint["calls"]) == ("GET", "/users/:id", 3)
    (consumer,) = client.get("/api/v1/api-usage/consumers", headers=program).json()["items"]
    assert (consumer["consumer"], consumer["calls"]) == ("acme", 3)
