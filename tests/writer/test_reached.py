"""The ledger learns which days a batch reached after they were over."""

from datetime import timedelta

from tests.writer.pipeline import NOON, Pipeline, event

DAY = int(NOON.timestamp()) // 86_400


def days(pipeline: Pipeline) -> list[int]:
    return [each.day for each in pipeline.ledger.reached(pipeline.project)]


def test_events_of_the_running_quarter_reach_no_day_late(pipeline: Pipeline) -> None:
    pipeline.now = NOON + timedelta(minutes=14, seconds=59)
    pipeline.send(event(), event(minutes=14), event(minutes=24 * 60))
    pipeline.writer.drain()
    assert days(pipeline) == []


def test_events_of_a_quarter_that_is_over_do(pipeline: Pipeline) -> None:
    pipeline.send(event(minutes=-0.01), event(minutes=-3 * 24 * 60))
    pipeline.writer.drain()
    assert days(pipeline) == [DAY - 3, DAY]


def test_a_late_double_changes_no_day(pipeline: Pipeline) -> None:
    pipeline.send(event("a"))
    pipeline.writer.drain()
    pipeline.now += timedelta(hours=3)
    pipeline.send(event("a"))
    pipeline.writer.drain()
    assert days(pipeline) == []
