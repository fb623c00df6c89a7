"""Answers are kept while nothing new is stored, given to all who ask at once, and stopped when nobody waits."""

import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime

import pytest

from pulseboard.errors import Unavailable
from pulseboard.store import KeptReads, Param, ProjectScope, Row, Scope, Stopped, Store, Through, Versions, reading
from pulseboard.store.chdb import Budget, ChdbStore, open_chdb

ALICES = ProjectScope("01970000-0000-7000-8000-00000000000a")
CHARLIES = ProjectScope("01970000-0000-7000-8000-00000000000c")
ROWS = "SELECT number FROM numbers({n:UInt32})"
SLOW = "SELECT count(), sum(sipHash64(number)) FROM numbers(100000000000)"


class Counting(Through):
    """The store, and how often it was asked."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.asked = 0

    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        self.asked += 1
        return self._store.read(sql, params, scope)


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbStore]:
    opened = open_chdb(tmp_path_factory.mktemp("kept"), lambda: datetime.now(UTC), Budget(seconds=60))
    yield opened
    opened.close()


@pytest.fixture
def counting(store: ChdbStore) -> Counting:
    return Counting(store)


def test_a_question_is_asked_again_when_its_projects_data_changed_or_a_minute_is_over(counting: Counting) -> None:
    versions, clock = Versions(), Time()
    kept = KeptReads(counting, versions, clock)

    def asked() -> int:
        before = counting.asked
        assert kept.read(ROWS, {"n": 2}, ALICES) == [{"number": 0}, {"number": 1}]
        return counting.asked - before

    assert [asked(), asked()] == [1, 0]
    versions.changed([CHARLIES.project_id])
    assert asked() == 0
    versions.changed([ALICES.project_id])
    assert [asked(), asked()] == [1, 0]
    versions.all_changed()
    assert [asked(), asked()] == [1, 0]
    clock.now = 61
    assert asked() == 1


def test_what_differs_in_anything_is_another_question(counting: Counting) -> None:
    kept = KeptReads(counting, Versions())
    for params, scope, rows in (({"n": 1}, ALICES, 1), ({"n": 2}, ALICES, 2), ({"n": 2}, CHARLIES, 2)):
        assert len(kept.read(ROWS, params, scope)) == rows
    assert counting.asked == 3


def test_whoever_changes_an_answer_changes_their_own(counting: Counting) -> None:
    kept = KeptReads(counting, Versions())
    for _ in range(3):
        rows = kept.read(ROWS, {"n": 1}, ALICES)
        assert rows == [{"number": 0}]
        rows[0]["number"] = 7
        rows.append({})


def test_many_who_ask_at_once_ask_the_engine_once(counting: Counting) -> None:
    kept = KeptReads(counting, Versions())
    slow = "SELECT sleep(0.5)"
    with ThreadPoolExecutor(8) as crowd:
        answers = [crowd.submit(kept.read, slow, {}, ALICES) for _ in range(8)]
        assert {len(answer.result()) for answer in answers} == {1}
    assert counting.asked == 1


def test_an_error_is_told_to_all_who_wait_and_is_not_kept(counting: Counting) -> None:
    kept = KeptReads(counting, Versions())
    wrong = "SELECT throwIf(sleep(0.3) = 0)"
    with ThreadPoolExecutor(4) as crowd:
        for answer in [crowd.submit(kept.read, wrong, {}, ALICES) for _ in range(4)]:
            with pytest.raises(Unavailable):
                answer.result()
    with pytest.raises(Unavailable):
        kept.read(wrong, {}, ALICES)
    assert counting.asked == 2


def test_a_read_that_nobody_waits_for_ends_and_is_not_begun(store: ChdbStore) -> None:
    with reading() as own, ThreadPoolExecutor(1) as thread:
        answer = thread.submit(copy_context().run, store.read, SLOW, {}, ALICES)
        time.sleep(0.3)
        own.stopped = True
        store.stop(own.comment)
        with pytest.raises(Stopped):
            answer.result(30)
        with pytest.raises(Stopped):
            store.read(ROWS, {"n": 1}, ALICES)
    with reading():
        assert store.read(ROWS, {"n": 1}, ALICES) == [{"number": 0}]


def test_who_waits_with_somebody_who_goes_away_gets_the_answer(counting: Counting) -> None:
    kept = KeptReads(counting, Versions())
    question = "SELECT count(), sum(sipHash64(number)) AS s FROM numbers(300000000)"

    def leave() -> None:
        with reading() as own:

            def hang_up() -> None:
                own.stopped = True
                kept.stop(own.comment)

            threading.Timer(0.2, hang_up).start()
            with pytest.raises(Stopped):
                kept.read(question, {}, ALICES)

    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(leave)
        time.sleep(0.1)
        second = crowd.submit(kept.read, question, {}, ALICES)
        first.result(30)
        assert len(second.result(60)) == 1
    assert counting.asked == 2


def test_a_reading_knows_what_its_reads_took(store: ChdbStore) -> None:
    kept = KeptReads(store, Versions())
    with reading() as own:
        for _ in range(2):
            kept.read(ROWS, {"n": 1_000}, ALICES)
    assert [(cost.rows, cost.kept) for cost in own.costs] == [(1_000, False), (0, True)]
    assert own.costs[0].seconds > 0
    assert own.costs[0].sql == ROWS
