"""``kill -9`` at any moment loses no acknowledged event and counts none twice; ``make crash`` tries longer."""

import os
import secrets
from pathlib import Path

import pytest
from tests.crash.doors import Sent
from tests.crash.kills import Report, compare_numbers, judge, run


def row(tag: int, id: str, user: str = "user-1", person: int = 1) -> dict[str, object]:
    return {"tag": tag, "id": id, "user_id": user, "person": person}


@pytest.mark.crash
def test_a_server_that_is_killed_under_load_keeps_every_acknowledged_event_once(tmp_path: Path) -> None:
    seed = int(os.environ.get("CRASH_SEED", secrets.randbelow(2**32)))
    report = run(tmp_path / "data", kills=4, seed=seed)
    print(report)
    assert report.kept, str(report)
    assert report.acknowledged > 100, str(report)
    assert report.broken > 0, str(report)


def test_the_judge_finds_a_lost_event() -> None:
    report = Report(0)
    judge(report, [Sent(1, "user-1", "a", acknowledged=True), Sent(2, "user-1", "b", acknowledged=True)], [row(1, "a")])
    assert [event.tag for event in report.lost] == [2]
    assert not report.kept


def test_the_judge_finds_a_doubled_event_and_one_that_nobody_sent() -> None:
    report = Report(0)
    judge(report, [Sent(1, "user-1", None)], [row(1, "a"), row(1, "b"), row(3, "c")])
    assert (report.doubled, report.unknown) == ([1], [3])


def test_the_judge_finds_an_event_under_another_id_than_the_answered_one() -> None:
    report = Report(0)
    judge(report, [Sent(1, "user-1", None, acknowledged=True, given_id="a")], [row(1, "b")])
    assert [event.tag for event in report.misnamed] == [1]


def test_the_judge_finds_a_person_with_two_numbers_and_a_number_of_two_persons() -> None:
    sent = [Sent(tag, "", None, acknowledged=True) for tag in (1, 2, 3)]
    report = Report(0)
    judge(report, sent, [row(1, "a", "user-1", 1), row(2, "b", "user-1", 2), row(3, "c", "user-2", 2)])
    assert report.split == ["user-1", "number 2"]


def test_an_event_that_was_not_acknowledged_may_be_missing() -> None:
    report = Report(0)
    judge(report, [Sent(1, "user-1", "a")], [])
    assert report.kept


@pytest.mark.parametrize("wrong", ["dashboard", "quota", "account", "account's difference", "dead letters"])
def test_a_number_that_differs_from_what_is_stored_breaks_the_promise(wrong: str) -> None:
    names = ("dashboard", "quota", "account", "account's difference")
    told = dict.fromkeys(names, 7) | {"doubles": 3, "dead letters": 0}
    report = Report(0, stored=7)
    compare_numbers(report, told)
    assert report.kept
    compare_numbers(report, told | {wrong: 6})
    assert len(report.numbers) == 1
    assert not report.kept
