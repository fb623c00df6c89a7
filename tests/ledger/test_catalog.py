"""The catalogue knows every word while there is room, and stays small when there is none."""

from pathlib import Path

import pytest
from tests.ledger.accounts import ALICES, AT, CHARLIES, KEY, NOON, brought, tally

from pulseboard.kit.periods import DAY, HOUR
from pulseboard.ledger import ROOM, Brought, Place, SqliteLedger
from pulseboard.ledger.catalog import LONGEST, PER_BATCH, REMEMBERED, about
from pulseboard.ledger.sqlite import KEPT_DAYS

VISIT = ("visit", "CUSTOM")


def many(count: int, word: str = "order-{}", *, first: int = 0, at: int = AT, kind: str = "names") -> Brought:
    """A batch with so many different words."""
    words = [word.format(first + number) for number in range(count)]
    names = {(ALICES, each, "CUSTOM") for each in words} if kind == "names" else set()
    shapes = {(ALICES, each) for each in words} if kind == "keys" else set()
    return Brought({Place(ALICES, KEY, at // HOUR): tally(count)}, {(ALICES, KEY): {at}}, names, shapes)


def test_names_come_with_their_types_and_keys_without_their_values(ledger: SqliteLedger) -> None:
    ledger.record("1", "1", brought(names=(VISIT, ("buy", "CUSTOM"), ("buy", "ERROR")), keys=("plan", "price")))
    ledger.record("2", "2", brought(CHARLIES, names=(("his", "CUSTOM"),), keys=("hers",)))
    found = ledger.catalog(ALICES)
    assert found.names == [("buy", "CUSTOM", AT, AT), ("buy", "ERROR", AT, AT), ("visit", "CUSTOM", AT, AT)]
    assert found.properties == [("plan", "", AT, AT), ("price", "", AT, AT)]
    assert found.beyond == []


def test_a_word_is_known_by_the_hours_of_its_first_and_last_use(ledger: SqliteLedger) -> None:
    for number, at in enumerate((AT + 5, AT + 90, AT + HOUR + 7, AT + 9 * HOUR - 1)):
        ledger.record(str(number), str(number), brought(at=at, names=(VISIT,), keys=("plan",)))
    assert ledger.catalog(ALICES).names == [(*VISIT, AT, AT + 8 * HOUR)]
    assert ledger.catalog(ALICES).properties == [("plan", "", AT, AT + 8 * HOUR)]


def test_words_are_known_after_a_restart(tmp_path: Path) -> None:
    for number in range(3):
        ledger = SqliteLedger(tmp_path / "ledger.db")
        ledger.record(str(number), str(number), brought(at=AT + number * HOUR, names=(VISIT,)))
        assert ledger.catalog(ALICES).names == [(*VISIT, AT, AT + number * HOUR)]
        ledger.close()


def test_a_key_of_two_events_is_one_word_and_a_name_is_no_key(ledger: SqliteLedger) -> None:
    shapes = {(ALICES, "a", "b"), (ALICES, "b", "c"), (ALICES, "a"), (ALICES,)}
    names = {(ALICES, "a", "b")}
    for number in range(2):
        ledger.record(str(number), str(number), Brought({}, {(ALICES, KEY): {AT}}, names, shapes))
    assert [entry.word for entry in ledger.catalog(ALICES).properties] == ["a", "b", "c"]
    assert [entry[:2] for entry in ledger.catalog(ALICES).names] == [("a", "b")]


def test_a_key_that_nobody_can_ask_for_is_left_out(ledger: SqliteLedger) -> None:
    ledger.record("1", "1", brought(keys=("k" * LONGEST, "k" * (LONGEST + 1))))
    assert [len(entry.word) for entry in ledger.catalog(ALICES).properties] == [LONGEST]


@pytest.mark.parametrize("kind", ["names", "keys"])
def test_past_the_room_words_are_counted_and_not_kept(ledger: SqliteLedger, kind: str) -> None:
    for number in range(6):
        ledger.record(str(number), str(number), many(2_000, first=2_000 * number, kind=kind, at=AT + number * HOUR))
    found = ledger.catalog(ALICES)
    assert len(found.names if kind == "names" else found.properties) == ROOM
    (beyond,) = found.beyond
    assert beyond.kind == ("name" if kind == "names" else "property")
    assert beyond.about == pytest.approx(10_000, rel=0.02)
    assert len(beyond.examples) == 5
    assert all(example.startswith("order-") for example in beyond.examples)
    assert (beyond.first, beyond.last) == (AT + HOUR, AT + 5 * HOUR)
    assert ledger.catalog(CHARLIES) == ([], [], [])


def test_the_same_words_again_count_no_further(ledger: SqliteLedger) -> None:
    for number in range(8):
        ledger.record(str(number), str(number), many(4_000, at=AT + number * HOUR))
    assert ledger.catalog(ALICES).beyond[0].about == pytest.approx(2_000, rel=0.02)


def test_the_newest_words_without_room_are_the_examples_and_older_ones_beside_them(ledger: SqliteLedger) -> None:
    ledger.record("1", "1", many(ROOM + 9))
    first = ledger.catalog(ALICES).beyond[0].examples
    ledger.record("2", "2", brought(names=(("late one", "CUSTOM"),), at=AT + HOUR))
    assert ledger.catalog(ALICES).beyond[0].examples == ("late one", *first[:4])


def test_known_words_stay_known_when_there_is_no_room(ledger: SqliteLedger) -> None:
    ledger.record("1", "1", brought(names=(VISIT,)))
    ledger.record("2", "2", many(5_000))
    ledger.record("3", "3", brought(names=(VISIT,), at=AT + 3 * HOUR))
    entry = next(entry for entry in ledger.catalog(ALICES).names if entry.word == "visit")
    assert entry.last == AT + 3 * HOUR


def test_a_flood_of_keys_in_one_batch_is_looked_at_in_part(ledger: SqliteLedger) -> None:
    flood = Brought({}, {(ALICES, KEY): {AT}}, (), {(ALICES, *(f"k{n}" for n in range(3 * PER_BATCH)))})
    ledger.record("1", "1", flood)
    found = ledger.catalog(ALICES)
    assert len(found.properties) == ROOM
    assert found.beyond[0].about == pytest.approx(PER_BATCH - ROOM, rel=0.02)


def test_the_memory_of_words_is_bounded(ledger: SqliteLedger) -> None:
    for number in range(0, 3 * REMEMBERED, PER_BATCH):
        ledger.record(str(number), str(number), many(PER_BATCH, first=number))
    assert len(ledger._memory._marks) <= REMEMBERED


def test_where_room_is_short_a_word_that_is_not_used_any_more_makes_room(ledger: SqliteLedger) -> None:
    ledger.record("1", "1", many(ROOM + 10))
    ledger.record("2", "2", brought(CHARLIES, names=(VISIT,)))
    ledger.prune(NOON + 31 * 24)
    assert ledger.catalog(ALICES) == ([], [], [])
    ledger.record("3", "3", brought(names=(VISIT,), at=AT + 31 * DAY))
    assert [entry.word for entry in ledger.catalog(ALICES).names] == ["visit"]
    assert [entry.word for entry in ledger.catalog(CHARLIES).names] == ["visit"]


def test_elsewhere_words_are_forgotten_after_a_year_and_a_month(ledger: SqliteLedger) -> None:
    ledger.record("1", "1", brought(names=(VISIT,), keys=("plan",)))
    ledger.prune(NOON + 24 * KEPT_DAYS)
    assert len(ledger.catalog(ALICES).names) == 1
    ledger.prune(NOON + 24 * (KEPT_DAYS + 1))
    assert ledger.catalog(ALICES) == ([], [], [])


def test_an_empty_bitmap_means_nothing_and_a_full_one_very_many() -> None:
    assert about(bytes(8192)) == 0
    assert about(b"\xff" * 8192) > 700_000
