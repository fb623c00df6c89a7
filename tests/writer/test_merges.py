"""``IDENTIFY`` says which user an anonymous past belongs to: once, for good, whatever is killed in between."""

from typing import Any

import pytest
from tests.writer.pipeline import Pipeline, event

from pulseboard.ingest.event import Event
from pulseboard.store import Merges, PlatformScope

DAY = 24 * 60  # minutes


def identify(user: str, anonymous: str, *, minutes: float = 0, id: str = "") -> Event:
    return event(id, type="IDENTIFY", name="identify", user_id=user, anonymous_id=anonymous, minutes=minutes)


def merges(pipeline: Pipeline) -> list[tuple[str, str]]:
    """(anonymous, user) by their keys, one for each row of the table."""
    sql = "SELECT {columns} FROM {table} WHERE project_id = {{p:UUID}}"
    params, scope = {"p": pipeline.project}, PlatformScope()
    persons = pipeline.store.read(sql.format(columns="key, number", table="persons"), params, scope)
    keys: dict[int, str] = {row["number"]: row["key"] for row in persons}
    rows: list[dict[str, Any]] = pipeline.store.read(
        sql.format(columns="gone, into", table="person_merges"), params, scope
    )
    return sorted((keys[row["gone"]], keys[row["into"]]) for row in rows)


def test_an_anonymous_past_goes_to_the_user_who_it_was(pipeline: Pipeline) -> None:
    pipeline.send(event(anonymous_id="browser"), identify("alice", "browser", minutes=1))
    pipeline.writer.drain()
    assert merges(pipeline) == [("a:browser", "u:alice")]


def test_only_identify_with_both_ids_merges(pipeline: Pipeline) -> None:
    pipeline.send(
        event(user_id="alice", anonymous_id="browser"),
        identify("alice", "", minutes=1),
        identify("", "browser", minutes=2),
    )
    pipeline.writer.drain()
    assert merges(pipeline) == []


def test_the_first_user_keeps_the_past_also_after_a_restart(pipeline: Pipeline) -> None:
    pipeline.send(identify("alice", "browser"), identify("bob", "browser", minutes=1))
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(identify("charlie", "browser", minutes=2), identify("bob", "phone", minutes=3))
    pipeline.writer.drain()
    assert merges(pipeline) == [("a:browser", "u:alice"), ("a:phone", "u:bob")]


def test_a_user_may_have_had_many_pasts(pipeline: Pipeline) -> None:
    pipeline.send(*(identify("alice", f"browser {n}", minutes=n) for n in range(3)))
    pipeline.writer.drain()
    assert merges(pipeline) == [(f"a:browser {n}", "u:alice") for n in range(3)]


def test_the_same_identify_again_is_one_row(pipeline: Pipeline) -> None:
    for _ in range(3):
        pipeline.send(identify("alice", "browser", id="once"))
        pipeline.send(identify("alice", "browser", minutes=1))
        pipeline.writer.drain()
    assert merges(pipeline) == [("a:browser", "u:alice")]


@pytest.mark.parametrize("point", ["insert", "ack"])
def test_killed_between_the_merge_and_the_end_of_its_batch_it_is_there_once(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    pipeline.send(event(anonymous_id="browser"), identify("alice", "browser", minutes=1, id="own"))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        if point == "insert":
            real = pipeline.store.insert
            patched.setattr(pipeline.store, "insert", lambda t, r: killed() if t == "events" else real(t, r))
        else:
            patched.setattr(pipeline.spool, "ack", killed)
        pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.writer.drain()
    assert merges(pipeline) == [("a:browser", "u:alice")]
    assert len(pipeline.rows()) == 2
    assert Merges(pipeline.store).any(pipeline.project)


def test_the_days_of_the_past_are_summed_up_again(pipeline: Pipeline) -> None:
    pipeline.send(event(anonymous_id="browser", minutes=-3 * DAY), event(anonymous_id="other", minutes=-5 * DAY))
    pipeline.writer.drain()
    pipeline.ledger.strike(pipeline.ledger.reached())
    pipeline.send(identify("alice", "browser"))
    pipeline.writer.drain()
    noon = int(pipeline.now.timestamp()) // 86_400
    assert [each.day for each in pipeline.ledger.reached(pipeline.project)] == [noon - 3]
