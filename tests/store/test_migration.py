"""A data folder of an earlier version gets the later columns, and keeps its rows and what is kept of them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pulseboard.store import PlatformScope
from pulseboard.store.chdb import open_chdb
from pulseboard.store.events import keep_sums
from pulseboard.store.files import schema_steps

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
PROJECT = "01970000-0000-7000-8000-00000000000a"
ALL = PlatformScope()


def row(id: str, **columns: object) -> bytes:
    moment = NOON.timestamp()
    told = {"project_id": PROJECT, "id": id, "name": "visit", "timestamp": moment, "received_at": moment, "person": 1}
    return json.dumps(told | columns).encode()


def test_a_folder_from_before_the_enrichment_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = schema_steps()
    with monkeypatch.context() as patched:
        patched.setattr("pulseboard.store.chdb.schema_steps", lambda: steps[:3])
        before = open_chdb(tmp_path, lambda: NOON)
        before.insert("events", row("old", url="https://shop.example/a", browser="Firefox"))
        keep_sums(before)
        before.close()
    store = open_chdb(tmp_path, lambda: NOON)
    store.insert("events", row("new", channel="Direct", bot=1, host="shop.example", browser_version="140"))
    found = "SELECT id, url, host, channel, click_id, browser, browser_version, os_version, bot FROM events ORDER BY id"
    assert [tuple(each.values()) for each in store.read(found, {}, ALL)] == [
        ("new", "", "shop.example", "Direct", "", "", "140", "", 1),
        ("old", "https://shop.example/a", "", "", "", "Firefox", "", "", 0),
    ]
    keep_sums(store)
    days = (
        "SELECT count() AS events, groupBitmapIf(person, person != 0) AS people FROM events GROUP BY toDate(timestamp)"
    )
    assert store.read(days, {}, ALL) == [{"events": 2, "people": 1}]
    store.close()
    again = open_chdb(tmp_path, lambda: NOON)
    try:
        assert len(again.read(found, {}, ALL)) == 2
    finally:
        again.close()


def test_what_is_kept_tells_bots_apart_also_in_a_folder_from_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = schema_steps()
    with monkeypatch.context() as patched:
        patched.setattr("pulseboard.store.chdb.schema_steps", lambda: steps[:6])
        before = open_chdb(tmp_path, lambda: NOON)
        before.insert("events", row("view", kind="PAGE_VIEW"))
        before.insert("events", row("crawled", kind="PAGE_VIEW", bot=1, person=2))
        keep_sums(before)
        before.close()
    store = open_chdb(tmp_path, lambda: NOON)
    try:
        people = (
            "SELECT count() AS events, finalizeAggregation(groupBitmapIfState(person, person != 0)) AS people "
            "FROM events WHERE kind = 'PAGE_VIEW' AND bot = 0 AND toDate(timestamp) = '2026-03-10'"
        )
        assert store.read(people, {}, ALL) == [{"events": 1, "people": 1}]
        used = "\n".join(each["explain"] for each in store.read(f"EXPLAIN projections = 1 {people}", {}, ALL))
        assert "ReadFromMergeTree (by_day)" in used
    finally:
        store.close()
