"""The log: in the same transaction as what it tells, only ever longer, and broken where somebody touched it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.control.databases import database_in

from pulseboard import audit
from pulseboard.audit import AuditEntry, AuditFilter, Caller, Target, queries, service
from pulseboard.db import Database, migrate

NOW = datetime(2026, 1, 15, 10, 30, 0, 123456, tzinfo=UTC)
ALICE = Caller("person", "alice", address="203.0.113.7", user_agent="Firefox")
ORG = "01920000-0000-7000-8000-000000000000"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    url = database_in(tmp_path)
    migrate(url)
    made = Database(url)
    yield made
    made.close()


def note(db: Database, action: str = "key.made", org: str = ORG, at: datetime = NOW, **values: object) -> None:
    with db.write() as session:
        audit.record(session, ALICE, at, action, Target("key", "k1", "backend"), org_id=org, **values)  # type: ignore[arg-type]


def log(db: Database, wanted: AuditFilter | None = None, org: str = ORG) -> list[AuditEntry]:
    with db.read() as session:
        return list(session.scalars(audit.entries(org, wanted or AuditFilter())))


def verdict(db: Database, chain: str = ORG) -> audit.Verdict:
    with db.read() as session:
        return audit.verify(session, chain)


def tamper(db: Database, *statements: str) -> None:
    """What somebody may do who has the file: the triggers stop nobody who can drop them."""
    with db.write() as session:
        of = " ON audit_entries" if session.get_bind().dialect.name == "postgresql" else ""
        for trigger in ("audit_entries_kept", "audit_entries_unchanged"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{of}"))
        for statement in statements:
            session.execute(text(statement))


def test_an_entry_tells_who_did_what_and_costs_one_statement(db: Database) -> None:
    note(db, before={"label": "old", "scope": "ingest"}, after={"label": "new", "scope": "ingest"})
    (entry,) = log(db)
    assert (entry.number, entry.actor_kind, entry.actor_id, entry.action) == (1, "person", "alice", "key.made")
    assert (entry.at, entry.address, entry.user_agent) == (NOW, "203.0.113.7", "Firefox")
    assert json.loads(entry.details) == {"before": {"label": "old"}, "after": {"label": "new"}}, (
        "what is the same is not"
    )


def test_a_change_that_changes_nothing_is_not_written_down(db: Database) -> None:
    note(db, before={"label": "x"}, after={"label": "x"})
    assert log(db) == []


def test_what_is_rolled_back_is_not_in_the_log(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        audit.record(session, ALICE, NOW, "org.made", Target("org", ORG), org_id=ORG)
        raise ZeroDivisionError
    assert log(db) == [] and verdict(db).broken is None


def test_every_organisation_has_a_chain_of_its_own_and_so_has_the_platform(db: Database) -> None:
    note(db)
    note(db, org="")
    note(db)
    assert [entry.number for entry in log(db)] == [2, 1]
    assert [entry.number for entry in log(db, org=audit.PLATFORM)] == [1]
    with db.read() as session:
        assert audit.chains(session) == [ORG, audit.PLATFORM]


def test_a_long_chain_of_any_values_is_whole(db: Database) -> None:
    shifted = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    for number, name in enumerate(["🦊", "مرحبا", "\u202e", "a\0b", "\ud800", "x" * 10_000, '";--', ""] * 3):
        with db.write() as session:
            audit.record(session, ALICE, shifted, "project.made", Target("project", str(number), name), org_id=ORG)
    found = verdict(db)
    assert (found.entries, found.broken, found.hash) == (24, None, log(db)[0].hash)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_entries SET action = 'key.seen' WHERE number = 3", 3),
        ("UPDATE audit_entries SET actor_id = 'bob' WHERE number = 1", 1),
        ("UPDATE audit_entries SET at = '2026-01-15 10:30:00.123457' WHERE number = 2", 2),
        ("UPDATE audit_entries SET hash = 'x' WHERE number = 4", 4),
        ("DELETE FROM audit_entries WHERE number = 1", 1),
        ("DELETE FROM audit_entries WHERE number = 3", 3),
        ("DELETE FROM audit_entries WHERE number = 5", 5),
        ("DELETE FROM audit_entries", 1),
        ("UPDATE audit_heads SET number = 4", 5),
        ("UPDATE audit_heads SET hash = 'x'", 5),
        ("DELETE FROM audit_heads", 5),
    ],
)
def test_what_was_changed_or_removed_shows_with_the_first_such_entry(db: Database, statement: str, broken: int) -> None:
    for _ in range(5):
        note(db)
    assert verdict(db).broken is None
    tamper(db, statement)
    assert verdict(db).broken == broken


def test_two_entries_that_changed_places_show(db: Database) -> None:
    for _ in range(4):
        note(db)
    tamper(
        db,
        "UPDATE audit_entries SET number = 99 WHERE number = 2",
        "UPDATE audit_entries SET number = 2 WHERE number = 3",
        "UPDATE audit_entries SET number = 3 WHERE number = 99",
    )
    assert verdict(db).broken == 2


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_or_remove_an_entry(db: Database, statement: str) -> None:
    note(db)
    with pytest.raises(IntegrityError, match="audit log"), db.write() as session:
        session.execute(text(statement))
    assert verdict(db).entries == 1


def test_many_writers_at_once_make_one_whole_chain(db: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: note(db, org=""), range(80)))
    assert (verdict(db, audit.PLATFORM).entries, verdict(db, audit.PLATFORM).broken) == (80, None)


def test_no_secret_gets_into_the_log(db: Database) -> None:
    note(db, after={"label": "x", "keyHash": "s1", "password": "s2", "more": {"apiKey": "s3", "refresh_token": "s4"}})
    details = log(db)[0].details
    assert not any(secret in details for secret in ("s1", "s2", "s3", "s4")) and '"label":"x"' in details


def test_what_is_too_long_is_cut(db: Database) -> None:
    note(db, after={"text": "x" * 10_000})
    assert len(log(db)[0].details) < 600
    note(db, after={str(number): "x" * 400 for number in range(100)})
    assert len(log(db)[0].details) < 100


def test_the_log_is_searched_by_who_what_and_when(db: Database) -> None:
    for day, action in enumerate(["key.made", "key.revoked", "keys", "project.made"]):
        note(db, action, at=NOW + timedelta(days=day))
    assert [e.action for e in log(db, AuditFilter(action="key"))] == ["key.revoked", "key.made"]
    assert [e.action for e in log(db, AuditFilter(action="key.made"))] == ["key.made"]
    assert log(db, AuditFilter(action="k%")) == []
    assert len(log(db, AuditFilter(since=NOW + timedelta(days=1), until=NOW + timedelta(days=3)))) == 2
    assert len(log(db, AuditFilter(actor_id="alice"))) == 4 and log(db, AuditFilter(actor_id="bob")) == []
    assert len(log(db, AuditFilter(target_id="k1"))) == 4 and log(db, AuditFilter(target_id="k2")) == []


def test_a_chain_that_is_longer_than_a_stretch_is_walked_to_its_end(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STRETCH", 3)
    for _ in range(10):
        note(db)
    assert (verdict(db).entries, verdict(db).broken) == (10, None)
    tamper(db, "DELETE FROM audit_entries WHERE number = 8")
    assert verdict(db).broken == 8


def test_entries_that_are_written_meanwhile_are_no_damage(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "STRETCH", 2)
    for _ in range(4):
        note(db)
    read, stretch = [0], queries.stretch

    def busy(session: Session, *wanted: Any) -> queries.Stretch:  # noqa: ANN401
        read[0] += 1
        found = stretch(session, *wanted)
        if read[0] <= 2:
            session.rollback()  # what another engine shows to a reader that has begun already
            with ThreadPoolExecutor(1) as pool:
                pool.submit(note, db).result()
        return found

    monkeypatch.setattr(queries, "stretch", busy)
    assert (verdict(db).entries, verdict(db).broken) == (6, None)


def test_the_entries_of_a_change_are_written_at_its_end_in_order(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 3)
    note(db, org="org-1")
    orgs = ["", "org-1", "org-2", "org-1", "org-3", "org-1", "org-1"]
    with db.write() as session:
        for number, org in enumerate(orgs):
            audit.record(session, ALICE, NOW, "person.seen", Target("person", str(number)), org_id=org)
    assert [entry.target_id for entry in log(db, org="org-1")] == ["6", "5", "3", "1", "k1"]
    chains = (audit.PLATFORM, "org-1", "org-2", "org-3")
    assert [(verdict(db, org).entries, verdict(db, org).broken) for org in chains] == [(n, None) for n in (1, 5, 1, 1)]
