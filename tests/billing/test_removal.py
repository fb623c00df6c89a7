"""What was deleted is gone from the disk once nobody can bring it back, and nothing else is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.persons.house import House, Shop, opened

from pulseboard.errors import Unavailable
from pulseboard.ledger.sqlite import _TABLES
from pulseboard.store import PlatformScope, Row, Through

TABLES = ("events", "sessions", "persons", "person_merges")
LONG = timedelta(days=30, minutes=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path / "data") as house:
        yield house


def furnished(house: House, project: str) -> Shop:
    """A project in which everything has happened, and something could not be stored."""
    path = f"/api/v1/projects/{project}/api-keys"
    shop = Shop(house, project, house.call("POST", path, json={"label": "k", "scope": "secret"}).json()["key"])
    shop.write(
        {"anonymousId": "visitor", "sessionId": "s1", "ago": 1},
        {"userId": "alice", "anonymousId": "visitor", "sessionId": "s1", "type": "IDENTIFY", "name": "identify"},
        {"userId": "bob", "type": "ERROR", "name": "error", "properties": {"message": "broken"}},
    )
    shop.send({"userId": "dora"})
    lease = house.parts.spool.lease(10, 0)
    assert lease is not None
    house.parts.spool.bury(lease.records[0], "for a test")
    house.parts.spool.ack(lease)
    return shop


def made(house: House, name: str, org: str = "") -> Shop:
    body = {"name": name} | ({"orgId": org} if org else {})
    return furnished(house, house.call("POST", "/api/v1/projects", json=body).json()["id"])


def left(house: House, shop: Shop) -> dict[str, int]:
    """How many rows there are of the project, wherever it is known; nothing where there is none."""
    read, dead = house.parts.store.read, house.parts.spool.dead
    of = {"p": shop.id}
    found = {
        table: int(read(f"SELECT count() AS n FROM {table} WHERE project_id = {{p:UUID}}", of, PlatformScope())[0]["n"])
        for table in TABLES
    }
    with house.parts.ledger._look() as db:  # type: ignore[attr-defined]
        ask = "SELECT count(*) FROM {} WHERE project_id = ?"
        found["ledger"] = sum(db.execute(ask.format(table), (shop.id,)).fetchone()[0] for table in _TABLES)
    found["letters"] = dead.count(shop.id)
    with house.parts.db.read() as session:
        for table in ("projects WHERE id", "api_keys WHERE project_id"):
            found[table] = session.scalar(text(f"SELECT count(*) FROM {table} = :p"), of) or 0
    return {name: rows for name, rows in found.items() if rows}


def test_what_was_deleted_goes_with_all_its_events_and_nothing_else_does(house: House) -> None:
    acme = house.call("POST", "/api/v1/orgs", json={"name": "Acme"}).json()["id"]
    of_acme, alone, kept = made(house, "of Acme", acme), made(house, "alone"), made(house, "kept")
    before = {shop.id: left(house, shop) for shop in (of_acme, alone, kept)}
    assert all(found.keys() >= {*TABLES, "ledger", "letters"} for found in before.values())
    house.call("DELETE", f"/api/v1/orgs/{acme}")
    house.call("DELETE", f"/api/v1/projects/{alone.id}")
    house.now += LONG - timedelta(minutes=2)
    house.parts.leavings().remove()
    assert {shop.id: left(house, shop) for shop in (of_acme, alone, kept)} == before  # could still come back
    house.now += timedelta(minutes=3)
    house.parts.leavings().remove()
    assert {shop.id: left(house, shop) for shop in (of_acme, alone)} == {of_acme.id: {}, alone.id: {}}
    assert left(house, kept) == before[kept.id]
    with house.parts.db.read() as session:
        actions = session.scalars(text("SELECT action FROM audit_entries WHERE action LIKE '%.removed'")).all()
    assert sorted(actions) == ["org.removed", "project.removed", "project.removed"]


class Failing(Through):
    """A store that refuses every change after the first two."""

    commands = 0

    def command(self, sql: str, params: Any = None) -> None:  # noqa: ANN401
        self.commands += 1
        if self.commands > 2:
            raise Unavailable("a power cut")
        super().command(sql, params)

    def read(self, *asked: Any) -> list[Row]:  # noqa: ANN401
        return self._store.read(*asked)


def test_what_was_cut_off_is_finished_by_the_next_run(house: House) -> None:
    shop = made(house, "alone")
    house.call("DELETE", f"/api/v1/projects/{shop.id}")
    house.now += LONG
    leavings = house.parts.leavings()
    with pytest.raises(Unavailable):
        replace(leavings, store=Failing(house.parts.store)).remove()
    assert "events" not in left(house, shop)
    assert left(house, shop)["projects WHERE id"] == 1  # what is left is remembered
    leavings.remove()
    assert left(house, shop) == {}
