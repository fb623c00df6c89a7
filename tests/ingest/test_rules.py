"""What a schema or a key's origins say of a request."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.ingest.takes import AT, GRANT

from pulseboard.errors import Forbidden, Invalid
from pulseboard.ingest.drops import Drops
from pulseboard.ingest.gate import check_blocks, check_origin
from pulseboard.ingest.intake import count_faults, count_refusal, sort_out
from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.raw import RawEvent
from pulseboard.ledger import Refusal
from pulseboard.projects import Collection
from pulseboard.projects.blocks import blocks_of
from pulseboard.projects.event_schemas.rules import compile_rule

SCHEMA = {"required": ["plan"], "properties": {"plan": {"enum": ["free", "pro"]}}}
STRICT = replace(GRANT, rules={"signup": compile_rule(SCHEMA, "reject")})
LENIENT = replace(GRANT, rules={"signup": compile_rule(SCHEMA, "warn")})
GOOD = RawEvent(name="signup", properties={"plan": "pro"})
BAD = RawEvent(name="signup", metadata={"plan": "gold"})
OTHER = RawEvent(name="logout", properties={"plan": "gold"})


def counted(count: Callable[[Drops], None]) -> dict[tuple[str, str], int]:
    """What is written down of faults, by reason and detail."""
    sums: dict[Refusal, int] = {}
    drops = Drops(sums.update)
    count(drops)
    drops.flush()
    return {(each.reason, each.detail): events for each, events in sums.items()}


def test_a_strict_schema_refuses_what_does_not_fit_and_names_the_place() -> None:
    with pytest.raises(Invalid) as refusal:
        sort_out(Parsed([BAD]), STRICT, AT, 10, None)
    assert (refusal.value.status, refusal.value.type) == (422, "schema-violation")
    assert [fault.path for fault in refusal.value.errors] == ["properties.plan"]
    assert counted(lambda drops: count_refusal(drops, STRICT, refusal.value, AT)) == {("schema-violation", "signup"): 1}


def test_in_a_batch_only_what_does_not_fit_is_refused() -> None:
    intake = sort_out(Parsed([GOOD, BAD, OTHER], many=True), STRICT, AT, 10, None)
    assert [event.name for event in intake.events] == ["signup", "logout"]
    assert [(each.index, each.type) for each in intake.rejected] == [(1, "schema-violation")]
    assert counted(lambda drops: count_faults(drops, intake)) == {("schema-violation", "signup"): 1}


def test_a_lenient_schema_takes_everything_and_counts() -> None:
    intake = sort_out(Parsed([GOOD, BAD, OTHER, BAD], many=True), LENIENT, AT, 10, None)
    assert (len(intake.events), intake.rejected) == (4, [])
    assert counted(lambda drops: count_faults(drops, intake)) == {("schema-warning", "signup"): 2}


def test_a_key_for_one_page_is_refused_from_another() -> None:
    bound = replace(GRANT, origins=("https://shop.example.com",))
    check_origin(bound, {b"origin": b"https://shop.example.com"})
    check_origin(bound, {})  # no page sent this; a program can say what it likes anyway
    check_origin(GRANT, {b"origin": b"https://evil.example.net"})
    for origin in (b"https://evil.example.net", b"null", b"\xff", b"https://shop.example.com.evil.net"):
        with pytest.raises(Forbidden):
            check_origin(bound, {b"origin": origin})


def test_blocked_addresses_and_agents_are_refused() -> None:
    collection = Collection(blocked_addresses=("192.0.2.0/24", "2001:db8::1"), blocked_agents=("BadBot",))
    blocking = replace(GRANT, blocks=blocks_of(collection))
    check_blocks(blocking, "198.51.100.1", {b"user-agent": b"Mozilla/5.0"})
    check_blocks(blocking, "no address", {})
    for address, agent in (
        ("192.0.2.77", b""),
        ("::ffff:192.0.2.77", b""),
        ("2001:db8::1", b""),
        ("198.51.100.1", b"Mozilla/5.0 (compatible; badbot/2.1)"),
    ):
        with pytest.raises(Forbidden) as refusal:
            check_blocks(blocking, address, {b"user-agent": agent})
        assert refusal.value.type == "blocked"
