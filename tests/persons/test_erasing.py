"""Erasing one person: nothing of them is left anywhere, nothing comes back, and nobody else is touched."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.persons.house import House, Shop
from tests.persons.test_persons import identify

from pulseboard.ingest.event import Event, encode
from pulseboard.spool.base import Parcel
from pulseboard.store import ProjectScope

TABLES = ("events", "persons", "person_merges", "sessions")


def erase(shop: Shop, id: str, **who: str) -> httpx.Response:
    return shop.house.call("DELETE", f"/api/v1{shop.persons}/{id}", **who)


def rows(shop: Shop, table: str) -> int:
    store = shop.house.parts.store
    more = " WHERE key != ''" if table in ("persons", "sessions") else ""
    return int(store.read(f"SELECT count() AS n FROM {table}{more}", {}, ProjectScope(shop.id))[0]["n"])


def everything(shop: Shop) -> dict[str, int]:
    return {table: rows(shop, table) for table in TABLES}


def history(shop: Shop) -> None:
    """Alice with an anonymous past and sessions of two kinds, and Bob who shares one of them."""
    shop.write(
        {"anonymousId": "browser", "ago": 50, "sessionId": "hers"},
        {"userId": "bob", "ago": 4, "sessionId": "shared"},
        {"userId": "alice", "ago": 4, "sessionId": "shared", "id": "own id"},
        identify("alice", "browser", 3),
        {"userId": "alice", "ago": 2},
        {"ago": 1},
    )


ALICE = {"events": 4, "sessions": 4, "ids": 2, "deadLetters": 0}
NOTHING = {"events": 0, "sessions": 0, "ids": 0, "deadLetters": 0}


@pytest.mark.parametrize("id", ["alice", "browser"])
def test_a_person_goes_with_their_past_and_others_stay(shop: Shop, id: str) -> None:
    history(shop)
    answer = erase(shop, id)
    assert (answer.status_code, answer.json()) == (200, ALICE)
    assert everything(shop) == {"events": 2, "persons": 1, "person_merges": 0, "sessions": 1}
    assert [item["id"] for item in shop.house.get(shop.persons)["items"]] == ["bob"]
    assert shop.house.call("GET", f"/api/v1{shop.persons}/{id}").status_code == 404
    overview = shop.house.get("/metrics/overview", projectId=shop.id, range="7d")
    assert (overview["totalEvents"], overview["uniqueUsers"]) == (2, 1)
    assert erase(shop, id).json() == NOTHING


def test_what_waits_in_the_queue_is_not_stored_and_what_comes_later_is(house: House, shop: Shop) -> None:
    history(shop)
    shop.send({"userId": "alice", "ago": 1}, {"anonymousId": "browser", "ago": 1}, {"userId": "bob", "ago": 1})
    erase(shop, "alice")
    shop.send({"userId": "alice", "ago": 30, "id": "own id"})  # a client that was offline
    house.parts.writer.drain()
    assert everything(shop) == {"events": 3, "persons": 1, "person_merges": 0, "sessions": 1}
    house.now += timedelta(minutes=5)
    shop.write({"userId": "alice"}, {"anonymousId": "browser"})
    assert everything(shop)["persons"] == 3
    assert house.call("GET", f"/api/v1{shop.persons}/alice").json()["events"] == 1


def test_somebody_of_whom_nothing_is_written_yet_is_erased_too(house: House, shop: Shop) -> None:
    shop.send({"userId": "alice", "ago": 1}, {"userId": "bob", "ago": 1})
    assert erase(shop, "alice").json() == NOTHING
    house.parts.writer.drain()
    assert everything(shop)["events"] == 1


def test_an_event_of_theirs_that_comes_again_after_a_restart_stays_away(house: House, shop: Shop) -> None:
    history(shop)
    erase(shop, "alice")
    house.restart()
    shop.write({"userId": "alice", "ago": 4, "id": "own id"})
    assert everything(shop)["events"] == 2


def test_numbers_of_the_erased_are_not_given_again(house: House, shop: Shop) -> None:
    shop.write({"userId": "bob", "ago": 2}, {"userId": "zoe", "ago": 1})
    erase(shop, "zoe")
    house.restart()
    shop.write({"userId": "carol", "ago": 1})
    found = house.parts.store.read("SELECT max(person) AS n FROM events", {}, ProjectScope(shop.id))
    assert found == [{"n": 3}]


def test_dead_letters_lose_the_persons_events_and_keep_others(house: House, shop: Shop) -> None:
    history(shop)
    at = int(house.now.timestamp() * 1000) - 60_000
    spool = house.parts.spool
    for users in (["alice"], ["alice", "bob"], ["bob"]):
        events = [Event(f"{user} {len(users)}", True, "CUSTOM", "x", at, user_id=user) for user in users]
        spool.put_now(Parcel(shop.id, at, len(users), encode(events)))
        lease = spool.lease(100, 0)
        assert lease is not None
        spool.bury(lease.records[0], "for a test")
        spool.ack(lease)
    assert erase(shop, "alice").json() == ALICE | {"deadLetters": 2}
    letters = spool.dead.page(10, project_id=shop.id)
    assert [letter.events for letter in letters] == [1, 1]
    bodies = [found[1] for letter in letters if (found := spool.dead.one(letter.id))]
    assert not any(b"alice" in body for body in bodies)


def test_the_touched_days_are_summed_up_again(house: House, shop: Shop) -> None:
    history(shop)
    house.parts.ledger.strike(house.parts.ledger.reached())
    erase(shop, "alice")
    day = int(house.now.timestamp()) // 86_400
    assert {each.day for each in house.parts.ledger.reached(shop.id)} == {day, day - 2}


def test_the_log_says_who_erased_and_not_whom(house: House, shop: Shop) -> None:
    history(shop)
    erase(shop, "alice")
    org = house.get(f"/projects/{shop.id}")["orgId"]
    entries = house.get(f"/orgs/{org}/audit-log")["items"]
    found = next(entry for entry in entries if entry["action"] == "person.erased")
    assert "alice" not in str(found["target"]) + str(found.get("after"))
    control = (house.folder / "control.db").read_bytes() + (house.folder / "control.db-wal").read_bytes()
    assert b"browser" not in control


def test_strangers_and_keys_erase_nobody(house: House, shop: Shop) -> None:
    history(shop)
    assert erase(shop, "alice", who="charlie").status_code == 404
    assert erase(shop, "alice", key=shop.key).status_code == 403
    assert erase(shop, "alice", key=house.project().key).status_code == 404
    assert everything(shop)["events"] == 6


class Killed(BaseException):
    """The process is gone: nothing catches it."""


@pytest.mark.parametrize("point", range(5))
def test_killed_anywhere_it_is_finished_by_the_job(
    house: House, shop: Shop, monkeypatch: pytest.MonkeyPatch, point: int
) -> None:
    history(shop)
    left = [point]
    command = type(house.parts.store).command

    def dying(*args: Any) -> None:  # noqa: ANN401
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        command(*args)

    with monkeypatch.context() as patched:
        patched.setattr(type(house.parts.store), "command", dying)
        if point < 4:
            with pytest.raises(Killed):
                erase(shop, "alice")
        else:
            erase(shop, "alice")
    house.restart()
    shop.write({"userId": "alice", "ago": 4, "id": "own id"})  # before the job had its turn
    house.parts.eraser().finish()
    assert everything(shop) == {"events": 2, "persons": 1, "person_merges": 0, "sessions": 1}
    assert house.parts.ledger.reached(shop.id)
    assert erase(shop, "alice").json() == NOTHING


@pytest.mark.parametrize("id", ["x" * 5000, "%F0%9F", "%ED%A0%80", "'", "nobody"])
def test_an_id_that_nobody_has_erases_nothing(shop: Shop, id: str) -> None:
    shop.write({"userId": "alice", "ago": 1})
    answer = erase(shop, id)
    assert (answer.status_code, answer.json()) == (200, NOTHING)
    assert everything(shop)["events"] == 1


@pytest.mark.parametrize("id", ["%00", "alice%00", "%00alice"])
def test_an_id_that_nobody_can_have_is_not_found_and_erases_nothing(shop: Shop, id: str) -> None:
    shop.write({"userId": "alice", "ago": 1})
    assert erase(shop, id).status_code == 404
    assert everything(shop)["events"] == 1


def test_an_id_may_look_like_an_encoded_nul(shop: Shop) -> None:
    shop.write({"userId": "50%00", "ago": 1})
    assert shop.house.get(f"{shop.persons}/50%2500")["id"] == "50%00"
    assert erase(shop, "50%2500").json() == NOTHING | {"events": 1, "sessions": 1, "ids": 1}
    assert everything(shop)["events"] == 0
