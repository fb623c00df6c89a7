"""What came is entered once, whatever dies in between; what was refused adds up; both are forgotten in time."""

import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.ledger.accounts import ALICES, AT, CHARLIES, KEY, NOON, Account, brought, tally

from pulseboard.kit.periods import DAY, HOUR
from pulseboard.ledger import Brought, Place, Refusal, SqliteLedger, Taken, Tally
from pulseboard.ledger.sqlite import KEPT_DAYS

ALWAYS = (0, 10**6)


def test_a_batch_that_comes_again_changes_nothing(ledger: SqliteLedger) -> None:
    for _ in range(3):
        ledger.record("lease-1", "lease-1", brought(counts=tally(5, 3, 1, 700)))
    assert ledger.taken([ALICES], *ALWAYS) == [Taken(KEY, NOON, 5, 3, 1, 700)]
    assert ledger.total(ALICES, *ALWAYS) == (5, 3, 1, 700)


def test_a_batch_that_comes_again_after_a_restart_changes_nothing(tmp_path: Path) -> None:
    for _ in range(3):
        ledger = SqliteLedger(tmp_path / "ledger.db")
        ledger.record("lease-1", "lease-1", brought())
        assert ledger.total(ALICES, *ALWAYS).accepted == 1
        ledger.close()


def test_the_next_lease_adds_to_the_last_one(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought())
    ledger.record("lease-2", "lease-2", brought())
    ledger.record("lease-3", "lease-3", brought(at=AT + HOUR))
    assert [(line.hour, line.accepted) for line in ledger.taken([ALICES], *ALWAYS)] == [(NOON, 2), (NOON + 1, 1)]


def test_records_of_one_lease_that_go_in_alone_add_up(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1/1.0", brought())
    ledger.record("lease-1", "lease-1/2.0", brought())
    ledger.record("lease-1", "lease-1/1.0", brought())
    assert ledger.total(ALICES, *ALWAYS).accepted == 2


def test_a_batch_that_was_set_aside_is_taken_out_again(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought(counts=tally(9, 9)))
    ledger.forget("lease-1")
    ledger.record("lease-1", "lease-1/1.0", brought())
    assert ledger.total(ALICES, *ALWAYS).accepted == 1


def test_a_month_is_counted_without_the_lease_that_is_not_acknowledged(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought(counts=tally(5, 4)))
    ledger.record("lease-2", "lease-2", brought(CHARLIES, counts=tally(7, 7)))
    ledger.record("lease-2", "lease-2/9.0", brought(counts=tally(2, 2)))
    assert ledger.months(without_lease="lease-2") == {(ALICES, 202603): 4}
    assert ledger.months(without_lease="") == {(ALICES, 202603): 6, (CHARLIES, 202603): 7}


def test_the_sums_that_hold_are_those_that_were_entered_first(ledger: SqliteLedger) -> None:
    first = brought(counts=tally(5, 4))
    assert ledger.record("lease-1", "lease-1", first) == first.sums
    assert ledger.record("lease-1", "lease-1", brought(counts=tally(5, 0))) == first.sums


def test_what_a_batch_changes_about_refused_events_is_entered_once(ledger: SqliteLedger) -> None:
    refusal = Refusal(ALICES, KEY, NOON, "unstorable")
    ledger.refuse({refusal: 2})
    for _ in range(2):
        ledger.amend("lease-1", "lease-1/1.0", {refusal: 7})
    assert [line.events for line in ledger.refused(ALICES, *ALWAYS)] == [9]
    for _ in range(2):
        ledger.amend("lease-2", "lease-2/1.0", {refusal: -7})
    assert [line.events for line in ledger.refused(ALICES, *ALWAYS)] == [2]
    ledger.record("lease-3", "lease-3", brought())
    assert [line.events for line in ledger.refused(ALICES, *ALWAYS)] == [2]
    ledger.amend("lease-4", "lease-4/1.0", {refusal: -2})
    assert ledger.refused(ALICES, *ALWAYS) == []


def test_what_a_batch_that_was_set_aside_changed_is_taken_out_again(ledger: SqliteLedger) -> None:
    ledger.amend("lease-1", "lease-1", {Refusal(ALICES, KEY, NOON, "unstorable"): 7})
    ledger.forget("lease-1")
    assert ledger.refused(ALICES, *ALWAYS) == []


def test_a_clock_that_is_years_ahead_for_a_while_does_not_empty_the_ledger(ledger: SqliteLedger) -> None:
    for day in range(10):
        ledger.record(f"lease-{day}", f"lease-{day}", brought(at=AT + day * DAY))
    for _ in range(3):
        ledger.prune(NOON + 24 * 5_000)
    assert ledger.total(ALICES, *ALWAYS).accepted == 7


def test_hours_are_from_the_first_to_before_the_end(ledger: SqliteLedger) -> None:
    for number in range(4):
        ledger.record(f"lease-{number}", f"lease-{number}", brought(at=AT + number * HOUR))
    assert [line.hour for line in ledger.taken([ALICES], NOON + 1, NOON + 3)] == [NOON + 1, NOON + 2]
    assert ledger.total(ALICES, NOON + 1, NOON + 3).accepted == 2
    assert ledger.total(ALICES, NOON + 9, NOON + 10) == (0, 0, 0, 0)


def test_projects_share_a_list_only_when_asked_for_together(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought(ALICES))
    ledger.record("lease-2", "lease-2", brought(CHARLIES, counts=tally(3, 3)))
    assert [line.accepted for line in ledger.taken([ALICES], *ALWAYS)] == [1]
    assert [line.accepted for line in ledger.taken([ALICES, CHARLIES], *ALWAYS)] == [4]
    assert ledger.taken([], *ALWAYS) == []


def test_refusals_add_up_by_source_hour_reason_and_detail(ledger: SqliteLedger) -> None:
    invalid = Refusal(ALICES, KEY, NOON, "invalid")
    schema = Refusal(ALICES, "", NOON + 1, "schema", "signup")
    ledger.refuse({invalid: 2, schema: 1, Refusal(CHARLIES, KEY, NOON, "invalid"): 50})
    ledger.refuse({invalid: 3})
    assert ledger.refused(ALICES, *ALWAYS) == [(KEY, NOON, "invalid", "", 5), ("", NOON + 1, "schema", "signup", 1)]
    assert ledger.refused(ALICES, NOON + 1, NOON + 2) == [("", NOON + 1, "schema", "signup", 1)]


def test_what_is_older_than_a_year_and_a_month_is_forgotten(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought(source="old"))
    ledger.record("lease-2", "lease-2", brought(source="new", at=AT + DAY))
    ledger.record("lease-3", "lease-3", brought(CHARLIES))
    ledger.refuse({Refusal(ALICES, KEY, NOON, "invalid"): 1, Refusal(ALICES, KEY, NOON + 24, "invalid"): 1})
    ledger.prune(NOON + 24 * KEPT_DAYS)
    assert ledger.total(ALICES, *ALWAYS).accepted == 2
    ledger.prune(NOON + 24 * (KEPT_DAYS + 1))
    assert [line.source for line in ledger.taken([ALICES], *ALWAYS)] == ["new"]
    assert ledger.total(ALICES, *ALWAYS).accepted == 1
    assert [line.hour for line in ledger.refused(ALICES, *ALWAYS)] == [NOON + 24]
    assert [seen.source for seen in ledger.seen(ALICES)] == ["new"]


def test_a_batch_that_cannot_be_written_leaves_nothing_and_can_come_again(ledger: SqliteLedger) -> None:
    broken = Brought({Place(ALICES, KEY, NOON): tally()}, {(ALICES, KEY): {"no moment"}}, (), ())  # type: ignore[dict-item]
    with pytest.raises((sqlite3.Error, TypeError)):
        ledger.record("lease-1", "lease-1", broken)
    assert ledger.total(ALICES, *ALWAYS).accepted == 0
    ledger.record("lease-1", "lease-1", brought(names=(("visit", "CUSTOM"),)))
    assert ledger.total(ALICES, *ALWAYS).accepted == 1
    assert [entry.word for entry in ledger.catalog(ALICES).names] == ["visit"]


def test_readers_and_the_writer_share_the_ledger(ledger: SqliteLedger) -> None:
    def write() -> None:
        for number in range(200):
            ledger.record(f"lease-{number}", f"lease-{number}", brought())
            ledger.refuse({Refusal(ALICES, KEY, NOON, "invalid"): 1})

    writer = threading.Thread(target=write)
    writer.start()
    counts = [ledger.total(ALICES, *ALWAYS).accepted for _ in range(200)]
    writer.join()
    assert counts == sorted(counts)
    assert ledger.total(ALICES, *ALWAYS).accepted == 200
    assert ledger.refused(ALICES, *ALWAYS)[0].events == 200


projects = st.sampled_from([ALICES, CHARLIES])
sources = st.sampled_from([KEY, "other", ""])
moments = st.integers(AT - 40 * HOUR, AT + 40 * HOUR)
amounts = st.builds(Tally, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 999))


class Life(RuleBasedStateMachine):
    """A ledger that is written, killed and asked in any order, beside an account that never forgets."""

    @initialize(folder=st.uuids())
    def begin(self, folder: object) -> None:
        self.path = Path(self.base) / f"{folder}.db"  # type: ignore[attr-defined]
        self.path.unlink(missing_ok=True)
        self.account = Account()
        self.ledger = SqliteLedger(self.path)
        self.lease = 0
        self.open: dict[str, Brought] = {}

    @rule(project=projects, source=sources, at=moments, counts=amounts)
    def bring(self, project: str, source: str, at: int, counts: Tally) -> None:
        """A record of the lease."""
        batch = f"{self.lease}/{len(self.open)}"
        self.open[batch] = brought(project, source, at=at, counts=counts)
        self._record(batch)

    @rule()
    def come_again(self) -> None:
        """The whole lease, as after a crash between the ledger and the acknowledgement."""
        for batch in self.open:
            self._record(batch)

    @rule()
    def acknowledge(self) -> None:
        self.lease += 1
        self.open = {}

    @rule()
    def set_aside(self) -> None:
        if self.open:
            batch, _ = self.open.popitem()
            self.ledger.forget(batch)
            del self.account.batches[batch]

    @rule()
    def die(self) -> None:
        self.ledger.close()
        self.ledger = SqliteLedger(self.path)

    @invariant()
    def the_ledger_says_what_the_account_says(self) -> None:
        if not hasattr(self, "ledger"):
            return
        for project in (ALICES, CHARLIES):
            for first, end in (ALWAYS, (NOON - 1, NOON + 1), (NOON - 30, NOON + 20), (NOON - 36, NOON + 12)):
                wanted = self.account.lines(project, first, end)
                found = {
                    (line.hour, line.source): Tally(*line[2:]) for line in self.ledger.taken([project], first, end)
                }
                assert found == wanted
                totals = [sum(column) for column in zip(*wanted.values(), strict=True)] or [0] * 4
                assert list(self.ledger.total(project, first, end)) == totals
            for seen in self.ledger.seen(project):
                assert seen[1:] == self.account.seen(project, seen.source)

    def _record(self, batch: str) -> None:
        self.ledger.record(str(self.lease), batch, self.open[batch])
        self.account.record(batch, self.open[batch])

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()


def test_any_life_of_a_ledger_agrees_with_a_plain_account(tmp_path: Path) -> None:
    Life.base = str(tmp_path)  # type: ignore[attr-defined]
    Life.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
    case = Life.TestCase()
    case.runTest()


def test_a_line_whose_number_turned_into_something_else_hides_no_other(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.db")
    for number, project in enumerate((ALICES, CHARLIES)):
        ledger.record(f"lease-{number}", f"lease-{number}", brought(project, counts=tally(5, 4)))
    ledger.record("lease-3", "lease-3", brought(ALICES, at=AT + HOUR))
    for table in ("taken", "days"):
        ledger._writes.execute(f"UPDATE {table} SET stored = x'ff' WHERE project_id = ?", (ALICES,))
    ledger._writes.commit()
    assert ledger.total(CHARLIES, *ALWAYS).stored == 4
    assert [line.stored for line in ledger.taken([ALICES], *ALWAYS)] == [0, 1]
    assert ledger.months(without_lease="")[CHARLIES, 202603] == 4
    ledger.record("lease-4", "lease-4", brought(ALICES))
    assert ledger.total(ALICES, *ALWAYS).accepted >= 6
    ledger.close()
