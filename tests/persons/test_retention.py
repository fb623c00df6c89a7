"""What a plan does not keep is out of every read at once, off the disk a day later, and does not come back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.persons.house import NOON, House, Shop, opened

from pulseboard.ingest.event import Event, encode
from pulseboard.orgs import Org
from pulseboard.spool.base import Parcel
from pulseboard.store import ProjectScope

DAY = 24  # hours


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house"), billing="builtin") as house:
        yield house


@pytest.fixture(autouse=True)
def _plans_are_looked_up_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulseboard.billing.retention.LIFE", -1.0)


@pytest.fixture
def shop(house: House) -> Shop:
    subscribe(house, "pro")
    return house.project()


def subscribe(house: House, plan: str) -> None:
    """Changes everybody's plan."""
    with house.parts.db.write() as session:
        session.execute(update(Org).where(Org.system.is_(False)).values(plan=plan))


def seen(shop: Shop) -> int:
    return int(shop.house.get("/metrics/overview", projectId=shop.id, range="60d")["totalEvents"])


def on_disk(shop: Shop) -> int:
    rows = shop.house.parts.store.read("SELECT count() AS n FROM events", {}, ProjectScope(shop.id))
    return int(rows[0]["n"])


def history(shop: Shop) -> None:
    """Somebody new today, and 3, 10 and 20 days ago."""
    shop.write(*({"userId": f"user {days}", "ago": days * DAY + 1, "type": "ERROR"} for days in (0, 3, 10, 20)))


def test_a_smaller_plan_hides_what_it_does_not_keep_and_a_larger_one_shows_it_again(shop: Shop) -> None:
    history(shop)
    assert seen(shop) == 4
    subscribe(shop.house, "free")
    assert seen(shop) == 2
    assert on_disk(shop) == 4
    subscribe(shop.house, "pro")
    assert seen(shop) == 4


def test_no_read_reaches_behind_the_plan(house: House, shop: Shop) -> None:
    history(shop)
    subscribe(shop.house, "free")
    range = {"from": "2026-01-01", "to": "2026-03-11"}
    days = range | {"projectId": shop.id}
    assert [item["id"] for item in house.get(shop.persons, **range)["items"]] == ["user 0", "user 3"]
    for path in ("/user 10", "/user 20"):
        assert house.call("GET", f"/api/v1{shop.persons}{path}").status_code == 404
        assert house.get(f"{shop.persons}{path}/events")["items"] == []
    assert len(house.get("/events", projectId=shop.id)["items"]) == 2
    week = house.get("/metrics/overview", projectId=shop.id, range="7d")
    assert (week["totalEvents"], week["previous"]["totalEvents"]) == (2, 0)
    assert house.get("/analytics/events/by-type", **days)["items"] == [{"type": "ERROR", "count": 2}]
    (group,) = house.get("/errors", **days)["items"][:1]
    assert group["firstSeenAt"] > "2026-03-03"
    body = {"projectId": shop.id, "from": "2026-01-01", "to": "2026-03-11", "series": [{"metric": "users"}]}
    answer = house.call("POST", "/api/v1/insights/trends", json=body)
    assert answer.json()["series"][0]["total"] == 2


def test_the_job_removes_it_for_good_and_late_events_do_not_bring_it_back(house: House, shop: Shop) -> None:
    history(shop)
    subscribe(shop.house, "free")
    house.parts.remover().remove()
    house.parts.remover().remove()
    assert (on_disk(shop), seen(shop)) == (2, 2)
    old = int((NOON - timedelta(days=9)).timestamp() * 1000)  # a dead letter that is sent again, or an import
    house.parts.spool.put_now(Parcel(shop.id, old, 1, encode([Event("old", True, "CUSTOM", "x", old)])))
    house.parts.writer.drain()
    assert on_disk(shop) == 2
    subscribe(shop.house, "pro")
    assert seen(shop) == 2


def test_days_go_on_being_hidden_after_the_job_ran(house: House, shop: Shop) -> None:
    history(shop)
    subscribe(shop.house, "free")
    house.parts.remover().remove()
    house.now += timedelta(minutes=10)
    assert seen(shop) == 2
    hidden = house.parts.retention.hidden_before(shop.id)
    assert hidden is None  # nothing is older any more, and reads pay nothing
    house.now += timedelta(days=5)
    assert house.parts.retention.hidden_before(shop.id) is not None
    rows = house.parts.reads.read("SELECT count() AS n FROM events", {}, ProjectScope(shop.id))
    assert rows == [{"n": 1}]
