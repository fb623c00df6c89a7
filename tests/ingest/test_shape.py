"""What all doors share: any body is read or refused, lists take what single events take, and cost what they may."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ingest.takes import body, take

from pulseboard.errors import AppError, Invalid, Malformed
from pulseboard.ingest.doors import DOORS, Door, Parse, batch, bulk, calls, event, typed
from pulseboard.ingest.event import decode, encode
from pulseboard.ingest.faults import A_TIME, MAX_PATH
from pulseboard.ingest.shape import MAX_EVENTS, MAX_FAULTS, MAX_ONE

every_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.paths[0])
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(
    [
        *("name", "type", "id", "userId", "anonymousId", "sessionId", "timestamp", "metadata", "payload", "properties"),
        *("endpoint", "method", "status_code", "response_time_ms", "consumer", "api_key"),
        *("websiteId", "eventType", "url", "referrer", "event", "events"),
    ]
)
likely = st.sampled_from(["a", 200, "GET", "2026-03-10T12:00:00Z", "https://shop.example.com/", {}, {"user_id": 1}])
almost = st.dictionaries(names, likely | anything, max_size=9)
whatever = st.binary(max_size=60) | (almost | anything | st.lists(almost | anything, max_size=3)).map(body)

# Where the same events may come one at a time, in a list, and a line each.
LISTS: list[tuple[Parse, Callable[[list[object]], bytes], Parse, Parse]] = [
    (event.parse, lambda values: body({"events": values}), batch.parse, batch.parse_lines),
    (typed.parse, lambda values: body({"events": values}), bulk.parse, bulk.parse_lines),
    (calls.parse, body, calls.parse, calls.parse_lines),
]


@every_door
@given(raw=whatever)
def test_any_body_gives_events_that_survive_the_spool_or_a_refusal_that_can_be_sent(door: Door, raw: bytes) -> None:
    for read in filter(None, (door.parse, door.lines)):
        try:
            taken, refused = take(read(raw))
        except AppError as refusal:
            assert refusal.status in (400, 422)
            json.dumps([(fault.path, fault.message) for fault in refusal.errors]).encode("ascii")
            [f"{fault.path}{fault.message}".encode() for fault in refusal.errors]
        else:
            assert decode(encode(taken)) == taken
            assert all(fault.message for refusal in refused for fault in refusal.errors)


@pytest.mark.parametrize(("one", "write", "many", "lines"), LISTS, ids=["batch", "bulk", "track"])
@given(values=st.lists(almost | anything, max_size=5))
def test_a_list_takes_exactly_what_the_single_door_takes(
    one: Parse, write: Callable[[list[object]], bytes], many: Parse, lines: Parse, values: list[object]
) -> None:
    values = [{key: inner for key, inner in value.items() if key != "api_key"} if isinstance(value, dict) else value
              for value in values if not isinstance(value, list)]  # fmt: skip
    expected = [index for index, value in enumerate(values) if not _taken(one, value)]
    _, refused = take(lines(b"\n".join(body(value) for value in values)))
    assert [refusal.index for refusal in refused] == expected
    try:
        _, refused = take(many(write(values)))
    except Malformed:
        assert expected  # NaN and Infinity are no JSON, so there is nothing to take apart
    else:
        assert [refusal.index for refusal in refused] == expected


def _taken(parse: Parse, value: object) -> bool:
    try:
        take(parse(body(value)))
    except (Invalid, Malformed):
        return False
    return True


def test_lines_end_as_they_like_and_blank_ones_do_not_count() -> None:
    good, bad = take(batch.parse_lines(b'\r\n {"name":"a"}\r\n\n\t\n{"name":"b"} \n{"name":}\n\xff\n{"name":"c"}'))
    assert [taken.name for taken in good] == ["a", "b", "c"]
    assert [(refusal.index, refusal.errors[0].path) for refusal in bad] == [(2, ""), (3, "")]


def test_as_many_lines_as_events_are_taken_at_once() -> None:
    line = b'{"name":"a"}\n\n'
    assert len(take(batch.parse_lines(line * MAX_EVENTS))[0]) == MAX_EVENTS
    with pytest.raises(Invalid):
        batch.parse_lines(line * (MAX_EVENTS + 1))


def test_a_batch_of_many_small_objects_is_taken_too() -> None:
    crowded = {"name": "a", "properties": {"list": [{}] * 300}}
    good, bad = take(batch.parse(body({"events": [crowded] * 200 + [{}]})))
    assert (len(good), [refusal.index for refusal in bad]) == (200, [200])
    assert good[0].properties == crowded["properties"]


def test_one_of_many_that_is_larger_than_any_event_is_listed() -> None:
    good, bad = take(
        batch.parse(body({"events": [{"name": "a"}, {"name": "b", "properties": {"t": "x" * MAX_ONE}}, 5]}))
    )
    assert (len(good), [refusal.index for refusal in bad]) == (1, [1, 2])


@pytest.mark.parametrize(
    "raw",
    [
        b'{"events":[{"name":"a"},]}',
        b'{"events":[{"name":"\\ud800"}],}',
        b'{"events":[{"name":"\\ud800"} {"name":"a"}]}',
        b'{"events":[{"name":"\\ud800"}]]}',
        b'{"events":[{"name":"\\ud800"},NaN]}',
        b'{"events":[{"name":"\xff"}]}',
        b'{"events":[5,' + b"[" * 100_000 + b"]}",
        b'{"events":[5',
        b'[{"name":"a"}',
    ],
)
def test_a_list_that_is_no_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        batch.parse(raw)
    with pytest.raises(Malformed):
        calls.parse(raw)


def test_half_a_surrogate_pair_spoils_its_own_event_alone() -> None:
    for raw in (b'{"events" : [ {"name":"a"} , {"name":"\\ud800"} ] }', b'{"\\u0065vents":[{"name":"a"},{"name":""}]}'):
        good, bad = take(batch.parse(raw))
        assert ([taken.name for taken in good], [refusal.index for refusal in bad]) == (["a"], [1])


HOSTILE = {
    "zeros": lambda size: b'{"events":[' + b"0," * (size // 2) + b"0]}",
    "empty objects": lambda size: b'{"events":[' + b"{}," * (size // 3) + b"{}]}",
    "tiny events": lambda size: b'{"events":[' + b'{"name":"a"},' * (size // 13) + b"5]}",
    "half a pair": lambda size: b'{"events":["\\ud800",' + b"{}," * (size // 3) + b"{}]}",
    "blank lines": lambda size: b"\n" * size,
    "lines": lambda size: b"{}\n" * (size // 3),
}
READ = """
import resource, sys
from pulseboard.errors import AppError
from pulseboard.ingest.doors import batch
body = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    (batch.parse_lines if sys.argv[1] == "lines" else batch.parse)(body)
except AppError as refusal:
    assert refusal.status in (400, 422)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_list_costs_little_memory(kind: str) -> None:
    size = 5 * 1024 * 1024
    reader = "lines" if "lines" in kind else "list"
    done = subprocess.run(
        [sys.executable, "-c", READ, reader], input=HOSTILE[kind](size), capture_output=True, check=True
    )
    assert int(done.stdout) * (1 if sys.platform == "darwin" else 1024) < 6 * size


KEY = "k" * 150
DEEP = f'{{"{KEY}":' * 60 + "[" + ",".join(["1e999"] * 20_000) + "]" + "}" * 60
FAULTY = {
    "a fault in every item of a list under long keys": f'{{"name":"a","more":{DEEP}}}',
    "thousands of unknown keys": '{"name":"a",' + ",".join(f'"{n}":1' for n in range(10_000)) + "}",
    "a key of great length": '{"name":"a","' + "k" * 100_000 + '":1}',
    "a word that is none of those known": '{"endpoint":"/","method":"' + "G" * 100_000 + '"}',
}


@pytest.mark.parametrize("single", FAULTY.values(), ids=FAULTY)
def test_a_refusal_is_no_larger_than_what_it_refuses(single: str) -> None:
    for parse in (event.parse, calls.parse):
        with pytest.raises(Invalid) as refusal:
            take(parse(single.encode()))
        assert 1 <= len(refusal.value.errors) <= MAX_FAULTS
        assert sum(len(fault.path) + len(fault.message) for fault in refusal.value.errors) < 6_000


def test_of_each_of_many_only_the_first_faults_are_told() -> None:
    one = {"name": 1, "a": 1, "b": 1, "c": 1, "d": 1, "e": 1}
    _, (refused,) = take(batch.parse(body({"events": [one]})))
    assert [fault.path for fault in refused.errors] == ["name", "a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "The body is empty"),
        (b'{"name": "a",}', "The body is not valid JSON; look at line 1, byte 14"),
        (b"{\n  \"name\": 'a'\n}", "The body is not valid JSON; look at line 2, byte 11"),
        (b'\xef\xbb\xbf{"name": "a"}', "The body is not valid JSON: it begins with a byte order mark"),
    ],
)
def test_what_is_no_json_says_where_to_look(raw: bytes, said: str) -> None:
    for parse in (event.parse, batch.parse):
        with pytest.raises(Malformed) as refusal:
            parse(raw)
        assert refusal.value.detail == said


@pytest.mark.parametrize(
    ("event_", "said"),
    [
        ({"name": "a", "price": 3}, "price: is not a known field; what is your own goes into properties"),
        ({"name": "a", "userId": 1.5}, "userId: Expected a whole number or text or null, got a number"),
        ({"name": "a", "timestamp": 1_795_276_000}, f"timestamp: {A_TIME}"),
        ({"name": "a", "timestamp": "2026-03-10T12:00:00"}, f"timestamp: {A_TIME}"),
        ({"nam": "a"}, "name: is required; nam: is not a known field; what is your own goes into properties"),
        ([], "must be an object"),
    ],
)
def test_the_sentence_alone_is_enough_to_mend_an_event(event_: object, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        take(event.parse(body(event_)))
    assert refusal.value.detail == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"name": "a"}, "events: is required, a list of events"),
        ([{"name": "a"}], 'must be an object with a list of events: {"events": [...]}'),
        ({"events": {}}, "events: must be a list"),
        ({"events": [], "more": 1}, "more: is not a known field"),
    ],
)
def test_the_sentence_alone_is_enough_to_mend_a_batch(value: object, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        batch.parse(body(value))
    assert refusal.value.detail == said


def test_an_unknown_key_beside_the_events_is_not_repeated_at_full_length() -> None:
    with pytest.raises(Invalid) as refusal:
        batch.parse(body({"events": [], "k" * 100_000: 1}))
    assert len(refusal.value.errors[0].path) == MAX_PATH


@pytest.mark.parametrize("door", [door for door in DOORS if door.plain], ids=lambda door: door.paths[0])
@given(events=st.lists(almost, max_size=3))
def test_a_plain_batch_is_the_same_batch_and_any_other_is_left_alone(door: Door, events: list[object]) -> None:
    assert door.plain is not None
    good = {"type": "a", "name": "a"}
    raw = body({"events": [good, good]})
    assert door.plain(raw) == door.parse(raw)
    found = door.plain(body({"events": [good, *events]}))
    if found is not None:
        assert found == door.parse(body({"events": [good, *events]}))
    assert door.plain(body({"events": [good, {"nam": "a"}]})) is None
