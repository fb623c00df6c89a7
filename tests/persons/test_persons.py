"""The list of persons, and one person's profile and events, over HTTP."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from tests.persons.house import NOON, House, Shop

from pulseboard.kit.clock import rfc3339


def at(ago: float) -> str:
    return rfc3339(NOON - timedelta(hours=ago))


def identify(user: str, anonymous: str, ago: float = 0, **properties: object) -> dict[str, Any]:
    return {
        "type": "IDENTIFY",
        "name": "identify",
        "userId": user,
        "anonymousId": anonymous,
        "ago": ago,
        "properties": properties,
    }


def test_a_person_is_listed_once_with_the_past_from_before_it_was_known_who_they_are(shop: Shop) -> None:
    shop.write({"anonymousId": "browser", "ago": 50}, {"userId": "bob", "ago": 3}, {"ago": 1})
    shop.write(identify("alice", "browser", 2), {"userId": "alice", "ago": 1})
    answer = shop.house.get(shop.persons)
    assert answer["total"] == 2
    assert answer["items"][0] == {
        "id": "alice",
        "userId": "alice",
        "anonymousId": "browser",
        "firstSeenAt": at(50),
        "lastSeenAt": at(1),
        "events": 3,
        "sessions": 3,
    }
    assert answer["items"][1]["id"] == "bob"


def test_pages_of_persons_meet_without_a_gap_also_where_many_were_seen_at_once(shop: Shop) -> None:
    shop.write(*({"userId": f"user {n}", "ago": 1 + n // 3} for n in range(8)))
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = shop.house.get(shop.persons, limit=3, **cursor)
        assert page["total"] == 8
        found += [item["id"] for item in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert sorted(found) == [f"user {n}" for n in range(8)]
    assert len(found) == 8


def test_a_search_finds_a_part_of_any_id_whatever_its_case(shop: Shop) -> None:
    shop.write(
        {"anonymousId": "Browser-7", "ago": 2}, {"userId": "bob's \\ %", "ago": 1}, {"userId": "carol", "ago": 0.5}
    )
    shop.write(identify("alice", "Browser-7", 0.1))
    searched = {
        word: [item["id"] for item in shop.house.get(shop.persons, search=word)["items"]]
        for word in ("browser", "ALI", "'s \\ %", "o", "nobody")
    }
    assert searched == {
        "browser": ["alice"],
        "ALI": ["alice"],
        "'s \\ %": ["bob's \\ %"],
        "o": ["alice", "carol", "bob's \\ %"],
        "nobody": [],
    }


def test_a_profile_says_who_somebody_is_by_any_of_their_ids(shop: Shop) -> None:
    shop.write({"anonymousId": "browser", "ago": 50, "properties": {"country": "DE", "city": "Berlin"}})
    shop.write(
        identify("alice", "browser", 3, plan="free"),
        identify("alice", "phone", 2, plan="pro", browser="Firefox", os="iOS"),
        {"userId": "alice", "ago": 1, "type": "ERROR", "properties": {"plan": "later"}},
    )
    profile = shop.house.get(f"{shop.persons}/alice")
    assert profile == {
        "id": "alice",
        "userId": "alice",
        "anonymousIds": ["browser", "phone"],
        "firstSeenAt": at(50),
        "lastSeenAt": at(1),
        "events": 4,
        "sessions": profile["sessions"],
        "errors": 1,
        "place": {"country": "DE", "region": "", "city": "Berlin"},
        "device": {"browser": "Firefox", "os": "iOS", "device": ""},
        "properties": {"plan": "pro", "browser": "Firefox", "os": "iOS"},
    }
    assert shop.house.get(f"{shop.persons}/phone") == profile


def test_a_timeline_goes_page_by_page_into_the_anonymous_past(shop: Shop) -> None:
    shop.write(*({"anonymousId": "browser", "ago": 10 + n, "name": f"past {n}"} for n in range(3)))
    shop.write({"userId": "bob"}, identify("alice", "browser", 2), {"userId": "alice", "ago": 1, "name": "now"})
    first = shop.house.get(f"{shop.persons}/alice/events", limit=3)
    assert [item["name"] for item in first["items"]] == ["now", "identify", "past 0"]
    rest = shop.house.get(f"{shop.persons}/alice/events", limit=3, cursor=first["nextCursor"])
    assert [item["name"] for item in rest["items"]] == ["past 1", "past 2"]
    assert rest["nextCursor"] is None
    assert [item["name"] for item in shop.house.get(f"{shop.persons}/alice/events", name="now")["items"]] == ["now"]


@pytest.mark.parametrize("id", ["a b", "ü@example.com", "auth0|7", "50%", "it's; DROP TABLE", "a/b", "a%2Fb"])
def test_any_id_can_stand_in_a_path(shop: Shop, id: str) -> None:
    shop.write({"userId": id})
    encoded = quote(quote(id, safe="") if "/" in id else id, safe="")
    assert shop.house.get(f"{shop.persons}/{encoded}")["userId"] == id
    assert len(shop.house.get(f"{shop.persons}/{encoded}/events")["items"]) == 1


@pytest.mark.parametrize("path", ["", "/alice", "/alice/events"])
def test_strangers_find_neither_the_project_nor_its_persons(house: House, shop: Shop, path: str) -> None:
    shop.write({"userId": "alice"})
    assert house.call("GET", f"/api/v1{shop.persons}{path}", who="charlie").status_code == 404
    other = house.project()
    assert house.call("GET", f"/api/v1{shop.persons}{path}", key=other.key).status_code == 404
    assert house.get(other.persons)["items"] == []


@pytest.mark.parametrize("path", ["/nobody", "/nobody/events", "/%00", "/" + "x" * 5000, "/%F0%9F"])
def test_nobody_is_not_found(shop: Shop, path: str) -> None:
    assert shop.house.call("GET", f"/api/v1{shop.persons}{path}").status_code == 404


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=LTEuMQ==", "cursor=MS4tMQ==", "limit=0", "limit=x", f"search={'x' * 201}", "range=x"]
)
def test_a_parameter_that_means_nothing_is_named(shop: Shop, query: str) -> None:
    answer = shop.house.call("GET", f"/api/v1{shop.persons}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"] == query.split("=")[0]
