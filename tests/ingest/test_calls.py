"""``POST /api/v1/track``: answered API calls, one, a list, or a line each."""

from typing import Any

import pytest
from tests.ingest.takes import body, faults, take

from pulseboard.errors import Invalid
from pulseboard.ingest.doors import calls

CALL: dict[str, Any] = {
    "api_key": "sk_live_xxx",
    "endpoint": "/users/profile",
    "method": "GET",
    "status_code": 200,
    "response_time_ms": 145,
    "timestamp": "2026-03-10T10:30:00Z",
}


def test_a_call_becomes_a_request_event_with_its_key_apart() -> None:
    parsed = calls.parse(body(CALL | {"consumer": "acme", "id": "c-1"}))
    (event,), _ = take(parsed)
    assert (parsed.key, parsed.many) == ("sk_live_xxx", False)
    assert (event.type, event.name, event.user_id, event.id) == ("REQUEST", "REQUEST", "acme", "c-1")
    assert event.properties == {
        "endpoint": "/users/profile",
        "method": "GET",
        "status_code": 200,
        "response_time_ms": 145,
        "consumer": "acme",
    }


def test_the_key_may_stand_elsewhere_and_a_consumer_may_be_a_number() -> None:
    parsed = calls.parse(body({name: value for name, value in CALL.items() if name != "api_key"} | {"consumer": 7}))
    assert (parsed.key, take(parsed)[0][0].user_id) == ("", "7")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])
def test_every_method_of_http_is_taken_in_upper_or_lower_case(method: str) -> None:
    for written in (method, method.lower()):
        (event,), _ = take(calls.parse(body(CALL | {"method": written})))
        assert event.properties["method"] == method


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"method": "FETCH"}, "method"),
        ({"method": ""}, "method"),
        ({"status_code": 99}, "status_code"),
        ({"status_code": 600}, "status_code"),
        ({"status_code": "200"}, "status_code"),
        ({"status_code": True}, "status_code"),
        ({"response_time_ms": -0.1}, "response_time_ms"),
        ({"response_time_ms": 2**70}, "response_time_ms"),
        ({"response_time_ms": None}, "response_time_ms"),
        ({"endpoint": ""}, "endpoint"),
        ({"consumer": ""}, "consumer"),
        ({"api_key": 5}, "api_key"),
        ({"timestamp": "2026-03-10"}, "timestamp"),
        ({"endpiont": "/"}, "endpiont"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], path: str) -> None:
    assert faults(calls.parse, CALL | change) == [path]


def test_a_time_of_part_of_a_millisecond_is_kept() -> None:
    (event,), _ = take(calls.parse(body(CALL | {"response_time_ms": 0.25})))
    assert event.properties["response_time_ms"] == 0.25


def test_the_key_of_a_wrong_call_is_still_known_so_that_its_owner_learns_of_it() -> None:
    assert calls.parse(body({"api_key": "sk_live_xxx"})).key == "sk_live_xxx"


def test_a_list_is_answered_as_one_and_its_bad_calls_are_listed() -> None:
    parsed = calls.parse(b" \n" + body([CALL, {}, CALL | {"status_code": 700}, 5]))
    good, bad = take(parsed)
    assert (parsed.many, parsed.key, len(good)) == (True, "sk_live_xxx", 1)
    assert [refusal.index for refusal in bad] == [1, 2, 3]


def test_calls_of_one_request_go_to_one_project() -> None:
    keys = ["first", None, "second", "first", "", "second"]
    parsed = calls.parse(body([CALL | {"api_key": key} for key in keys]))
    _, bad = take(parsed)
    assert parsed.key == "first"
    assert [(refusal.index, refusal.errors[0].path) for refusal in bad] == [(2, "api_key"), (5, "api_key")]


def test_a_list_of_nothing_is_taken_and_one_of_too_much_is_not() -> None:
    assert take(calls.parse(b"[]")) == ([], [])
    with pytest.raises(Invalid) as refusal:
        calls.parse(body([CALL] * 5_001))
    assert [fault.path for fault in refusal.value.errors] == [""]


def test_lines_are_calls_too() -> None:
    parsed = calls.parse_lines(b"\n".join((body(CALL), b"", b"{", body(CALL | {"api_key": "other"}))))
    good, bad = take(parsed)
    assert (parsed.many, parsed.key, len(good)) == (True, "sk_live_xxx", 1)
    assert [(refusal.index, refusal.errors[0].path) for refusal in bad] == [(1, ""), (2, "api_key")]
