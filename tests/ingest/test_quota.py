"""The edge of a quota: what fits is kept, doubles are free, and nothing goes over."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.ingest.takes import AT, GRANT

from pulseboard.billing import Account, Meter
from pulseboard.errors import QuotaExceeded
from pulseboard.ingest import quota
from pulseboard.ingest.intake import Intake, sort_out
from pulseboard.ingest.parsed import Parsed
from pulseboard.ingest.raw import RawEvent
from pulseboard.kit.periods import hour_of, month_of
from pulseboard.ledger import Place, Tally
from pulseboard.spool.base import Record

LIMIT = 10
PLACE = Place("project", "key", hour_of(AT))


def account(used: int = 0) -> Account:
    meter = Meter({("project", month_of(AT)): used}, ())
    meter.share("owner", frozenset({"project"}), 0.0)
    return Account(meter, LIMIT, "owner")


def brought(owner: Account, ids: Sequence[str | None]) -> Intake:
    grant = replace(GRANT, terms=replace(GRANT.terms, allowance=owner))
    return sort_out(Parsed([RawEvent(name="e", id=each) for each in ids], many=True), grant, AT, 100, None)


def at_the_edge(intake: Intake, *, counted: Sequence[str] = (), pause: quota.Pause = asyncio.sleep) -> None:
    def known(project: str, ids: Sequence[str]) -> set[str]:
        assert project == "project"
        return set(ids) & set(counted)

    asyncio.run(quota.charge_at_the_edge(intake, known, pause))


def stored(owner: Account, intake: Intake, new: int) -> None:
    """The writer is done with what the intake brought: so many of its events were new."""
    owner.meter.settle([Record(1, 0, intake.parcel())], {PLACE: Tally(len(intake.events), new, 0, 0)})


def used(owner: Account) -> int:
    return owner.meter.used(owner.projects, month_of(AT))


def test_what_fits_is_charged_and_what_does_not_is_not() -> None:
    owner = account(7)
    assert quota.charge(brought(owner, [None] * 3))
    assert used(owner) == 10
    assert not quota.charge(brought(owner, [None]))
    assert used(owner) == 10


def test_a_batch_that_crosses_the_edge_is_taken_up_to_it_and_the_rest_is_listed() -> None:
    owner = account(7)
    intake = brought(owner, [None] * 5)
    at_the_edge(intake)
    assert (len(intake.events), intake.charged, used(owner)) == (3, 3, 10)
    assert [(each.index, each.type) for each in intake.rejected] == [(3, "quota-exceeded"), (4, "quota-exceeded")]


def test_when_nothing_fits_the_refusal_says_when_to_come_back() -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        at_the_edge(brought(account(10), [None]))
    assert refusal.value.status == 429
    assert refusal.value.retry_after == (21 * 24 + 12) * 3600 + 1  # noon of 10 March to 1 April


def test_doubles_are_free_even_when_everything_is_used_up() -> None:
    owner = account(10)
    intake = brought(owner, ["a", "b"])
    at_the_edge(intake, counted=["a", "b"])
    assert (len(intake.events), intake.charged, used(owner)) == (2, 0, 10)
    stored(owner, intake, new=0)
    assert used(owner) == 10


def test_doubles_within_a_batch_cost_once() -> None:
    owner = account(8)
    intake = brought(owner, ["a", "b", "a", "c", "b", "old"])
    at_the_edge(intake, counted=["old"])
    assert [event.id for event in intake.events] == ["a", "b", "a", "b", "old"]
    assert [each.index for each in intake.rejected] == [3]
    assert used(owner) == 10


def test_the_copies_of_an_event_that_does_not_fit_do_not_fit_either() -> None:
    owner = account(9)
    intake = brought(owner, ["a", "b", "a", "b", None, "old"])
    at_the_edge(intake, counted=["old"])
    assert [event.id for event in intake.events] == ["a", "a", "old"]
    assert sorted(each.index for each in intake.rejected) == [1, 3, 4]
    assert (intake.charged, used(owner)) == (1, 10)


def test_copies_alone_do_not_get_past_a_quota_that_is_used_up() -> None:
    owner = account(10)
    with pytest.raises(QuotaExceeded):
        at_the_edge(brought(owner, ["a", "a", "a"]))
    assert used(owner) == 10


def test_what_waits_and_turns_out_double_makes_room_for_who_is_patient() -> None:
    owner = account(0)
    first = brought(owner, ["a"] * 10)
    assert quota.charge(first)
    later = brought(owner, ["b"] + [None] * 8)

    async def meanwhile(_: float) -> None:
        if owner.waits(AT):
            stored(owner, first, new=1)

    at_the_edge(later, pause=meanwhile)
    assert (len(later.events), later.rejected, used(owner)) == (9, [], 10)


def test_nobody_waits_for_ever() -> None:
    owner = account(0)
    assert quota.charge(brought(owner, [None] * 10))
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    with pytest.raises(QuotaExceeded):
        at_the_edge(brought(owner, [None]), pause=pause)
    assert sum(pauses) == pytest.approx(quota.PATIENCE)


def test_what_did_not_get_into_the_spool_is_given_back() -> None:
    owner = account(0)
    intake = brought(owner, [None] * 4)
    assert quota.charge(intake)
    quota.give_back(intake)
    assert used(owner) == 0


def test_without_a_limit_nothing_is_charged() -> None:
    intake = sort_out(Parsed([RawEvent(name="e")]), GRANT, AT, 100, None)
    assert quota.charge(intake)
    assert intake.parcel().charged == 0
