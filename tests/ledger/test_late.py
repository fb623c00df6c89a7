"""Days that late events reached are noted with their batch, and struck out only when nothing came since."""

from pathlib import Path

from tests.ledger.accounts import ALICES, CHARLIES, brought

from pulseboard.ledger import Reached, SqliteLedger

MONDAY, TUESDAY = 20_532, 20_533


def test_a_day_is_noted_once_with_the_lease_that_reached_it_last(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought()._replace(reached={(ALICES, MONDAY), (CHARLIES, MONDAY)}))
    ledger.record("lease-2", "lease-2", brought()._replace(reached={(ALICES, MONDAY), (ALICES, TUESDAY)}))
    alices = [Reached(ALICES, MONDAY, "lease-2"), Reached(ALICES, TUESDAY, "lease-2")]
    assert ledger.reached(ALICES) == alices
    assert ledger.reached() == [*alices, Reached(CHARLIES, MONDAY, "lease-1")]


def test_what_came_while_a_day_was_mended_keeps_it_noted(ledger: SqliteLedger) -> None:
    ledger.record("lease-1", "lease-1", brought()._replace(reached={(ALICES, MONDAY), (ALICES, TUESDAY)}))
    mended = ledger.reached()
    ledger.record("lease-2", "lease-2", brought()._replace(reached={(ALICES, TUESDAY)}))
    ledger.strike(mended)
    assert ledger.reached() == [Reached(ALICES, TUESDAY, "lease-2")]


def test_a_note_outlives_the_process(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.db")
    ledger.record("lease-1", "lease-1", brought()._replace(reached={(ALICES, MONDAY)}))
    ledger.close()
    ledger = SqliteLedger(tmp_path / "ledger.db")
    assert ledger.reached(ALICES) == [Reached(ALICES, MONDAY, "lease-1")]
    ledger.close()


def test_days_that_were_changed_otherwise_are_noted_too_and_can_be_struck_out(ledger: SqliteLedger) -> None:
    ledger.reopen(ALICES, [MONDAY, TUESDAY])
    assert [each.day for each in ledger.reached(ALICES)] == [MONDAY, TUESDAY]
    ledger.strike(ledger.reached())
    assert ledger.reached() == []
