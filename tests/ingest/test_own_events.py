"""``POST /api/events/`` and ``POST /events``: an app's own events, by name or by type."""

from typing import Any

import pytest
from tests.ingest.takes import body, faults, take

from pulseboard.ingest.doors import bulk, custom, typed
from pulseboard.ingest.event import Event


def custom_event(value: dict[str, Any]) -> Event:
    (event,), _ = take(custom.parse(body(value)))
    return event


def test_a_custom_event_finds_its_user_and_session_among_its_properties() -> None:
    properties = {"user_id": 123, "session_id": "s-1", "anonymous_id": "a", "plan": "premium"}
    event = custom_event({"event": "user_signup", "timestamp": "2026-03-09T13:00:00Z", "properties": properties})
    assert (event.type, event.name) == ("CUSTOM", "user_signup")
    assert (event.user_id, event.session_id, event.anonymous_id) == ("123", "s-1", "a")
    assert event.properties == properties


def test_a_custom_event_needs_nothing_but_its_name() -> None:
    event = custom_event({"event": "ping", "properties": {"user_id": None}})
    assert (event.name, event.user_id, event.session_id) == ("ping", "", "")
    assert custom_event({"event": "ping"}).properties == {}


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({}, ["event"]),
        ({"event": ""}, ["event"]),
        ({"event": "a", "name": "b"}, ["name"]),
        ({"event": "a", "userId": "b"}, ["userId"]),
        ({"event": "a", "properties": {"user_id": True}}, ["properties.user_id"]),
        (
            {"event": "a", "properties": {"user_id": 1.5, "session_id": ""}},
            ["properties.user_id", "properties.session_id"],
        ),
        ({"event": "a", "properties": {"session_id": "x" * 201}}, ["properties.session_id"]),
        ({"event": "a", "properties": {"anonymous_id": []}}, ["properties.anonymous_id"]),
        ([], [""]),
    ],
)
def test_what_is_wrong_with_a_custom_event_is_named(value: object, paths: list[str]) -> None:
    assert faults(custom.parse, value) == paths


def test_a_typed_event_is_named_by_its_type_unless_it_has_a_name() -> None:
    (event,), _ = take(typed.parse(body({"type": "order", "userId": 4, "id": "o-1", "properties": {"value": 3}})))
    assert (event.type, event.name, event.user_id, event.id) == ("order", "order", "4", "o-1")
    (event,), _ = take(typed.parse(body({"type": "ERROR", "name": "payment_failed"})))
    assert (event.type, event.name) == ("ERROR", "payment_failed")


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({}, ["type"]),
        ({"name": "a"}, ["type"]),
        ({"type": "a", "name": ""}, ["name"]),
        ({"type": "a", "sessionId": "s"}, ["sessionId"]),
        ({"type": "a", "userId": [], "more": 1}, ["userId", "more"]),
    ],
)
def test_what_is_wrong_with_a_typed_event_is_named(value: object, paths: list[str]) -> None:
    assert faults(typed.parse, value) == paths


def test_bulk_keeps_the_good_and_lists_the_bad() -> None:
    good, bad = take(bulk.parse(body({"events": [{"type": "a"}, {"name": "b"}, {"type": "c"}]})))
    assert [event.name for event in good] == ["a", "c"]
    assert [(refusal.index, refusal.errors[0].path) for refusal in bad] == [(1, "type")]
    good, bad = take(bulk.parse_lines(b'{"type":"a"}\n{"name":"b"}\n'))
    assert ([event.name for event in good], [refusal.index for refusal in bad]) == (["a"], [1])
