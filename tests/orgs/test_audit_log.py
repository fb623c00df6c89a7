"""The audit log as an organisation's admins see it."""

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import text
from tests.accounts.world import World
from tests.control.cast import ADMIN_KEY, Person
from tests.control.databases import SQLITE


def log(person: Person, org: str, **params: str | int) -> list[dict[str, Any]]:
    answer = person.get(f"/api/v1/orgs/{org}/audit-log", **params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def actions(person: Person, org: str, **params: str | int) -> list[str]:
    return [entry["action"] for entry in log(person, org, **params)][::-1]


def test_every_change_of_an_organisation_is_told(alice: Person, bob: Person, acme: str) -> None:
    url = f"/api/v1/orgs/{acme}"
    alice.patch(url, {"name": "Acme 2"})
    alice.patch(url, {"name": "Acme 2"})
    member = alice.post(f"{url}/members", {"email": bob.email, "role": "viewer"}).json()["id"]
    alice.patch(f"{url}/members/{member}", {"role": "admin"})
    bob.post(f"{url}/leave")
    made = alice.post(f"{url}/members", {"email": "new@example.com", "role": "viewer"}).json()["id"]
    alice.delete(f"{url}/invitations/{made}")
    alice.delete(url)
    alice.post(f"{url}/restore")
    assert actions(alice, acme) == [
        "org.made",
        "org.changed",
        "member.added",
        "member.changed",
        "member.left",
        "invitation.sent",
        "invitation.revoked",
        "org.deleted",
        "org.restored",
    ]


def test_an_entry_says_who_did_what_to_what_and_from_where(alice: Person, bob: Person, acme: str) -> None:
    member = alice.post(f"/api/v1/orgs/{acme}/members", {"email": bob.email, "role": "viewer"}).json()["id"]
    alice.patch(f"/api/v1/orgs/{acme}/members/{member}", {"role": "admin"})
    (entry, *_) = log(alice, acme)
    assert entry["actor"] == {
        "type": "person",
        "id": alice.tokens["user"]["id"],
        "email": alice.email,
        "name": "alice",
        "via": None,
    }
    assert (entry["action"], entry["target"]["type"], entry["target"]["name"]) == (
        "member.changed",
        "person",
        bob.email,
    )
    assert entry["metadata"] == {"before": {"role": "viewer"}, "after": {"role": "admin"}}
    assert entry["ip"] == "127.0.0.1" and entry["userAgent"].startswith("python-httpx")


def test_the_log_comes_in_pages_and_is_searched(world: World, alice: Person, bob: Person, acme: str) -> None:
    for number in range(5):
        world.wait(seconds=1)
        alice.patch(f"/api/v1/orgs/{acme}", {"name": f"Acme {number}"})
    first = alice.get(f"/api/v1/orgs/{acme}/audit-log", limit=4).json()
    rest = alice.get(f"/api/v1/orgs/{acme}/audit-log", limit=4, cursor=first["nextCursor"]).json()
    assert [e["number"] for e in first["items"] + rest["items"]] == [6, 5, 4, 3, 2, 1]
    assert first["total"] == 6 and rest["nextCursor"] is None
    assert actions(alice, acme, action="org.made") == ["org.made"]
    assert len(log(alice, acme, action="org")) == 6 and log(alice, acme, action="o") == []
    assert len(log(alice, acme, actor=alice.tokens["user"]["id"])) == 6 and log(alice, acme, actor=bob.home) == []
    assert len(log(alice, acme, **{"from": first["items"][3]["time"]})) == 4
    assert len(log(alice, acme, to=first["items"][3]["time"])) == 2
    assert len(log(alice, acme, target=acme)) == 6


@pytest.mark.parametrize(
    ("params", "path"),
    [({"from": "x"}, "from"), ({"to": "9999-99-99"}, "to"), ({"cursor": "x"}, "cursor"), ({"cursor": "²"}, "cursor"),
     ({"cursor": "-1"}, "cursor"), ({"limit": 0}, "limit"), ({"who": "x"}, "who"), ({"action": "x" * 61}, "action"),
     ({"from": "0001-01-01T00:00:00+14:00"}, "from")],
)  # fmt: skip
def test_a_wrong_parameter_is_named(alice: Person, acme: str, params: dict[str, str | int], path: str) -> None:
    answer = alice.get(f"/api/v1/orgs/{acme}/audit-log", **params)
    assert answer.status_code == 422 and answer.json()["errors"][0]["path"] == path


def test_the_log_leaves_as_lines_and_as_a_table_that_no_spreadsheet_computes(alice: Person, acme: str) -> None:
    alice.patch(f"/api/v1/orgs/{acme}", {"name": '=HYPERLINK("http://x")'})
    alice.delete(f"/api/v1/orgs/{acme}")
    alice.post(f"/api/v1/orgs/{acme}/restore")
    url = f"/api/v1/orgs/{acme}/audit-log/export"
    lines = [json.loads(line) for line in alice.get(url).text.splitlines()]
    assert lines == [json.loads(json.dumps(entry)) for entry in log(alice, acme)]
    answer = alice.get(url, format="csv", action="org")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["number"] for row in table] == ["4", "3", "2", "1"]
    assert table[0]["targetName"] == '\'=HYPERLINK("http://x")' and table[0]["actorEmail"] == alice.email
    assert actions(alice, acme)[-2:] == ["audit.exported", "audit.exported"]


@pytest.mark.skipif(not SQLITE, reason="tests/audit touches it in both")
def test_what_was_touched_is_named(world: World, alice: Person, acme: str) -> None:
    alice.patch(f"/api/v1/orgs/{acme}", {"name": "Acme 2"})
    alice.patch(f"/api/v1/orgs/{acme}", {"name": "Acme 3"})
    url = f"/api/v1/orgs/{acme}/audit-log/verify"
    whole = alice.get(url).json()
    assert (whole["whole"], whole["entries"], whole["broken"]) == (True, 3, None)
    assert whole["hash"] == log(alice, acme)[0]["hash"]
    with world.app.db.write() as session:
        kept = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'audit_entries_unchanged'"))
        session.execute(text("DROP TRIGGER audit_entries_unchanged"))
        session.execute(
            text("UPDATE audit_entries SET address = '' WHERE chain = :chain AND number = 2"), {"chain": acme}
        )
        session.execute(text(str(kept)))
    broken = alice.get(url).json()
    assert (broken["whole"], broken["broken"]) == (False, 2) and "changed" in broken["reason"]


def test_one_organisation_sees_nothing_of_another(alice: Person, charlie: Person, acme: str) -> None:
    theirs = charlie.post("/api/v1/orgs", {"name": "Other"}).json()["id"]
    assert [entry["target"]["id"] for entry in log(charlie, theirs)] == [theirs]
    assert charlie.get(f"/api/v1/orgs/{acme}/audit-log").status_code == 404


def test_a_tenant_made_by_the_platform_begins_its_log(world: World) -> None:
    made = world.app.http.post("/tenants", json={"name": "T"}, headers={"x-api-key": ADMIN_KEY}).json()
    with world.app.db.read() as session:
        rows = session.execute(
            text("SELECT action, actor_kind FROM audit_entries WHERE chain = :c ORDER BY number"), {"c": made["id"]}
        ).all()
    assert [tuple(row) for row in rows] == [
        ("org.made", "platform"),
        ("project.made", "platform"),
        ("key.made", "platform"),
    ]
