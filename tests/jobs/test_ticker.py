"""Chores run again and again, whatever one of them does."""

from threading import Event

from pulseboard.jobs.ticker import Ticker


def test_a_failing_chore_stops_neither_itself_nor_the_others() -> None:
    failed, done = [0], Event()

    def fail() -> None:
        failed[0] += 1
        raise RuntimeError("no")

    ticker = Ticker({"bad": fail, "good": lambda: done.set() if failed[0] > 2 else None}, 0.01, last=False)
    ticker.start()
    assert done.wait(5)
    ticker.stop()


def test_what_is_only_in_memory_is_written_once_more_at_the_end() -> None:
    runs: list[str] = []
    for last in (True, False):
        ticker = Ticker({"write": lambda: runs.append("x")}, 60, last=last)
        ticker.start()
        ticker.stop()
    assert runs == ["x"]
