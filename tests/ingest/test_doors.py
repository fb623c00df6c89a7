"""The doors: bytes in, canonical events or named faults out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingest.takes import NOW, body, take_many, take_one

from pulseboard.errors import AppError, Invalid, Malformed
from pulseboard.ingest.doors import calls
from pulseboard.ingest.event import decode, encode
from pulseboard.ingest.parsed import Rejected
from pulseboard.kit.clock import rfc3339


def paths(raw: bytes) -> list[str]:
    """The paths of the faults that a body is refused for."""
    with pytest.raises(Invalid) as refusal:
        take_one(raw)
    return [fault.path for fault in refusal.value.errors]


def nested(levels: int) -> dict[str, Any]:
    return {"k": nested(levels - 1)} if levels > 1 else {}


def test_a_full_event_becomes_the_canonical_one() -> None:
    taken = take_one(
        body(
            {
                "name": "order_created", "type": "Order", "id": "o-1", "userId": 7, "anonymousId": "a",
                "sessionId": "s",
                "timestamp": "2026-03-10T13:00:00.250+02:00",
                "metadata": {"a": 1, "b": 1, "c": 1}, "payload": {"b": 2, "c": 2}, "properties": {"c": 3},
            }
        )
    )  # fmt: skip
    assert (taken.id, taken.own_id, taken.type, taken.name) == ("o-1", True, "Order", "order_created")
    assert (taken.user_id, taken.anonymous_id, taken.session_id) == ("7", "a", "s")
    assert taken.timestamp == int(datetime(2026, 3, 10, 11, tzinfo=UTC).timestamp() * 1000) + 250
    assert taken.properties == {"a": 1, "b": 2, "c": 3}


def test_what_is_left_out_is_filled_in() -> None:
    taken = take_one(b'{"name":"ping"}')
    assert (taken.type, taken.own_id, taken.timestamp) == ("CUSTOM", False, int(NOW.timestamp() * 1000))
    assert len(taken.id) == 36


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": 5}, ["name"]),
        ({"name": "x" * 201}, ["name"]),
        ({"nme": "x"}, ["name", "nme"]),
        ({"name": "a", "payload": []}, ["payload"]),
        ({"name": "a", "userId": 1.5, "sessionId": [], "x": 1}, ["userId", "sessionId", "x"]),
        ({"name": "a", "timestamp": "yesterday"}, ["timestamp"]),
        ({"name": "a", "timestamp": "2026-03-10T12:00:00"}, ["timestamp"]),
        ({"name": "a", "timestamp": 0}, ["timestamp"]),
        ({"name": "a", "timestamp": "1970-01-01T00:00:00Z"}, ["timestamp"]),
        ({"name": "a", "timestamp": "2099-01-01T00:00:00Z"}, ["timestamp"]),
        ({"name": "a\0"}, ["name"]),
        ({"name": "a", "properties": {"k\0": 1}}, ["properties.k\\0"]),
        ({"name": "a", "properties": {"k": ["fine", "\0"]}}, ["properties.k.1"]),
        ({"name": "\ud800"}, ["name"]),
        ({"name": "a", "payload": {"deep": {"x": "\udfff!"}}}, ["payload.deep.x"]),
        ({"name": "a", "properties": {"n": 2**63}}, ["properties.n"]),
        ({"name": "a", "properties": nested(9)}, ["properties"]),
        ({"name": "a", "metadata": {"t": "x" * 70_000}}, ["properties"]),
        ([1], [""]),
        ("text", [""]),
        (None, [""]),
    ],
)
def test_every_wrong_field_is_named(value: object, expected: list[str]) -> None:
    assert paths(body(value)) == expected


def test_numbers_that_no_column_holds_are_named() -> None:
    assert paths(b'{"name":"a","properties":{"x":1e999}}') == ["properties.x"]


def test_eight_levels_and_64_kib_are_still_taken() -> None:
    assert take_one(body({"name": "a", "properties": nested(8)})).properties == nested(8)
    text = "x" * (64 * 1024 - len('{"t":""}'))
    assert take_one(body({"name": "a", "properties": {"t": text}})).properties == {"t": text}


@pytest.mark.parametrize(
    "raw", [b"", b"{", b'{"name":', b'{"name":"a"}}', b"\xff", b"[" * 100_000, b'{"name":NaN}', b"\0"]
)
def test_what_is_no_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        take_one(raw)


def test_a_day_ahead_is_taken_and_a_second_more_is_not() -> None:
    edge = NOW + timedelta(days=1)
    assert take_one(body({"name": "a", "timestamp": rfc3339(edge)})).timestamp == edge.timestamp() * 1000
    assert paths(body({"name": "a", "timestamp": rfc3339(edge + timedelta(seconds=1))})) == ["timestamp"]


def test_a_batch_keeps_the_good_and_lists_the_bad() -> None:
    values = [{"name": "e0"}, {"name": ""}, {"nme": "x"}, 3, {"name": "\ud800"}, {"name": "e5"}]
    good, bad = take_many(body({"events": values}))
    assert [one.name for one in good] == ["e0", "e5"]
    assert [(one.index, one.errors[0].path) for one in bad] == [(1, "name"), (2, "name"), (3, ""), (4, "name")]


def test_an_old_event_in_a_good_batch_is_listed_too() -> None:
    good, bad = take_many(body({"events": [{"name": "a"}, {"name": "b", "timestamp": "1999-01-01T00:00:00Z"}]}))
    assert (len(good), [one.index for one in bad]) == (1, [1])


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([], ""),
        ({}, "events"),
        ({"events": {}}, "events"),
        ({"events": [], "more": 1}, "more"),
        ({"events": [{}] * 5_001}, "events"),
    ],
)
def test_what_is_no_batch_is_refused_whole(value: object, path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        take_many(body(value))
    assert [fault.path for fault in refusal.value.errors] == [path]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
fields = st.sampled_from(
    ["name", "type", "id", "userId", "timestamp", "properties", "metadata", "payload", "sessionId"]
)
almost = st.dictionaries(fields, anything | st.just("a") | st.just("2026-03-10T12:00:00Z"), max_size=6)


@given(st.one_of(st.binary(max_size=60), (almost | anything).map(body)))
def test_any_body_gives_an_event_that_survives_the_spool_or_a_refusal_that_can_be_sent(raw: bytes) -> None:
    try:
        taken = take_one(raw)
    except AppError as refusal:
        assert refusal.status in (400, 422)
        msgspec.json.encode([fault.path + fault.message for fault in refusal.errors])
    else:
        assert decode(encode([taken])) == [taken]


@given(st.lists(almost | anything, max_size=6))
def test_a_batch_takes_exactly_what_the_single_door_takes(values: list[object]) -> None:
    expected = []
    for index, value in enumerate(values):
        try:
            take_one(body(value))
        except (Invalid, Malformed):
            expected.append(index)
    try:
        good, bad = take_many(body({"events": values}))
    except Malformed:
        assert expected  # NaN and Infinity are no JSON, so there is nothing to take apart
    else:
        assert [one.index for one in bad] == expected
        assert len(good) + len(bad) == len(values)


def test_half_a_surrogate_pair_is_named_at_every_door_whatever_else_the_field_must_be() -> None:
    body = b'{"api_key":"\\ud800","endpoint":"/a","method":"\\udfff","status_code":200,"response_time_ms":1}'
    (refusal,) = calls.parse(body).raws
    assert isinstance(refusal, Rejected)
    assert {"api_key", "method"} >= {fault.path for fault in refusal.errors} >= {"method"}
