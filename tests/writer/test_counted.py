"""What is remembered of counted ids goes by the time that passes, whatever the clock says."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.writer.pipeline import NOON, Pipeline, event

from pulseboard.writer.counted import Counted, Known, event_key

DAY = timedelta(days=1)
_batches = itertools.count(1)


class Watch:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def make(tmp_path: Path, watch: Watch) -> Iterator[Callable[..., Counted]]:
    made: list[Counted] = []

    def open_it(*, others: bool = False) -> Counted:
        for each in made:
            each.close()
        made.append(Counted(tmp_path / "counted.db", watch, others=lambda: others))
        return made[-1]

    yield open_it
    made[-1].close()


def counts(counted: Counted, name: str) -> bool:
    """Whether an id is new."""
    return not counted.claim([event_key("p", name)], next(_batches))


def pass_days(counted: Counted, watch: Watch, days: float, step: float = 1) -> None:
    for _ in range(int(days / step)):
        watch.now += step * DAY
        counts(counted, f"at {watch.now}")


def tables(counted: Counted) -> int:
    found: int = counted._db.execute("SELECT count(*) FROM sqlite_master WHERE name GLOB 'counted_*'").fetchone()[0]
    return found


def test_claims_are_kept_for_four_weeks_at_least_and_not_for_ever(make: Callable[..., Counted], watch: Watch) -> None:
    counted = make()
    pass_days(counted, watch, 20)
    assert counts(counted, "order")
    pass_days(counted, watch, 27)
    assert not counts(counted, "order")
    pass_days(counted, watch, 30)
    assert counts(counted, "order")
    assert tables(counted) == 2
    assert counted.remembers_since() > NOON.timestamp()


def test_what_is_forgotten_happened_before_what_is_remembered(make: Callable[..., Counted], watch: Watch) -> None:
    counted = make()
    claimed = []
    for day in range(200):
        watch.now += DAY
        counts(counted, f"day {day}")
        claimed.append((f"day {day}", (watch.now + DAY).timestamp()))  # an event may be a day ahead
    for name, happened in claimed:
        if happened >= counted.remembers_since():
            assert not counts(counted, name), name


@pytest.mark.parametrize("jump", [timedelta(days=days) for days in (60, 400, 27_000, -1, -60, -15_000)])
def test_a_clock_that_jumps_forgets_nothing(make: Callable[..., Counted], watch: Watch, jump: timedelta) -> None:
    counted = make()
    pass_days(counted, watch, 30)
    assert counts(counted, "order")
    for _ in range(5):
        watch.now += jump
        assert not counts(counted, "order")
        counted = make()
        assert not counts(counted, "order")
        watch.now -= jump
        pass_days(counted, watch, 1, step=0.1)
        assert not counts(counted, "order")


def test_a_clock_that_stays_wrong_forgets_by_the_time_that_passes(make: Callable[..., Counted], watch: Watch) -> None:
    counted = make()
    counts(counted, "order")
    watch.now += timedelta(days=20_000)
    pass_days(counted, watch, 27)
    assert not counts(counted, "order")
    watch.now -= timedelta(days=20_000)
    pass_days(counted, watch, 60)
    assert counts(counted, "order")


@given(steps=st.lists(st.tuples(st.floats(-100, 100), st.integers(0, 3)), max_size=40))
def test_no_series_of_jumps_makes_a_claim_live_shorter_than_four_weeks(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[float, int]]
) -> None:
    watch = Watch()
    counted = Counted(tmp_path_factory.mktemp("c") / "counted.db", watch)
    begun: dict[str, float] = {}
    passed = 0.0
    for number, (jump, days) in enumerate(steps):
        watch.now += timedelta(days=jump if abs(jump) > 7 else 0)  # what is shorter can be a pause
        name = f"id {number}"
        counts(counted, name)
        begun[name] = passed
        for _ in range(days * 4):
            watch.now += DAY / 4
            passed += 0.25
            counts(counted, f"{number} {passed}")
        assert all(not counts(counted, each) for each, since in begun.items() if passed - since < 28)
    counted.close()


def test_a_file_that_was_lost_remembers_only_from_then_on(make: Callable[..., Counted], watch: Watch) -> None:
    assert make(others=True).remembers_since() > NOON.timestamp()
    assert make(others=False).remembers_since() > NOON.timestamp()


def test_a_file_of_a_new_installation_knows_everything(make: Callable[..., Counted]) -> None:
    assert datetime.fromtimestamp(make().remembers_since(), UTC).year == 1970


def test_a_new_table_whose_making_is_cut_off_is_made_again(make: Callable[..., Counted], watch: Watch) -> None:
    counted = make()
    counts(counted, "order")
    pass_days(counted, watch, 27)
    watch.now += 2 * DAY
    counted._db.execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON epochs BEGIN SELECT RAISE(ABORT, 'cut'); END")
    with pytest.raises(Exception, match="cut"):
        counts(counted, "other")
    counted = make()
    assert counts(counted, "other")
    assert tables(counted) == 2
    assert not counts(counted, "order")


def test_the_doors_see_what_is_counted_in_every_table(
    make: Callable[..., Counted], watch: Watch, tmp_path: Path
) -> None:
    counted = make()
    counts(counted, "old")
    pass_days(counted, watch, 29)
    counts(counted, "new")
    known = Known(tmp_path / "counted.db")
    assert known("p", ["old", "new", "unknown"]) == {"old", "new"}
    known.close()


def test_doubles_are_noticed_although_the_memory_of_them_was_deleted(pipeline: Pipeline) -> None:
    pipeline.send(event("order-1"), event("order-2"))
    assert pipeline.writer.drain() == 2
    pipeline.close()
    (pipeline.folder / "counted.db").unlink()
    pipeline.restart()
    pipeline.send(event("order-1"), event("order-3"), event("order-2"))
    assert pipeline.writer.drain() == 1
    assert sorted(row["id"] for row in pipeline.rows()) == ["order-1", "order-2", "order-3"]


def test_an_id_without_a_time_that_comes_again_within_a_week_is_noticed_after_the_memory_was_deleted(
    pipeline: Pipeline,
) -> None:
    pipeline.send(event("order-1"))
    pipeline.writer.drain()
    pipeline.now += DAY / 2
    pipeline.close()
    (pipeline.folder / "counted.db").unlink()
    pipeline.restart()
    for days in (0, 1, 5, 6.4):
        pipeline.now = NOON + (0.5 + days) * DAY
        pipeline.send(event("order-1", minutes=60 * 24 * (0.5 + days)))
        assert pipeline.writer.drain() == 0
    assert len(pipeline.rows()) == 1


def test_an_old_event_is_looked_for_in_the_store_when_its_claim_was_forgotten(pipeline: Pipeline) -> None:
    old = event("log-line-1", minutes=-60 * 24 * 400)
    pipeline.send(old)
    assert pipeline.writer.drain() == 1
    for _ in range(80):
        pipeline.now += DAY
        pipeline.send(event(f"at {pipeline.now}", minutes=60 * 24))
        pipeline.writer.drain()
    assert not pipeline.counted.holds(event_key(pipeline.project, "log-line-1"))
    pipeline.send(old, event("log-line-2", minutes=-60 * 24 * 400))
    assert pipeline.writer.drain() == 1


def test_an_event_ahead_of_its_time_is_not_forgotten_before_it_is_looked_for(pipeline: Pipeline) -> None:
    ahead = event("order-1", minutes=60 * 23)
    pipeline.send(ahead)
    pipeline.writer.drain()
    for _ in range(80):
        pipeline.now += DAY
        pipeline.send(event(f"at {pipeline.now}", minutes=60 * 24 * 2))
        pipeline.writer.drain()
        pipeline.send(ahead)
        assert pipeline.writer.drain() == 0
