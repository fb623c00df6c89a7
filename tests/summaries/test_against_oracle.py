"""Summaries are what a plain count over all stored events gives, whatever came late and whenever the job was killed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insights.checking import EXAMPLES
from tests.summaries.oracle import METRICS, TYPES, summaries
from tests.summaries.world import World

# A zone, and a moment near which its clock is changed, its midnight skipped, or a whole day.
CHANGES = (
    ("UTC", datetime(2026, 2, 27, 22, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 3, 27, 23, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2025, 10, 25, 20, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 3, 1, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 1, 30, 17, 50, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 3, 14, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 29, 8, tzinfo=UTC)),
)
# Who has no session of a name gets one that ends by silence, which is another matter's test.
people = st.sampled_from([("", ""), ("", "s1"), ("ann", "s1"), ("ann", "s2"), ("ben", "s2"), ("cleo", "s3")])
agos = st.one_of(
    st.just(timedelta()),
    st.timedeltas(timedelta(0), timedelta(minutes=90)),
    st.integers(0, 96).map(lambda n: n * timedelta(minutes=15)),
    st.timedeltas(timedelta(hours=-20), timedelta(days=40)),
)
steps = st.one_of(
    st.tuples(st.just("send"), st.lists(st.tuples(agos, st.booleans(), people), min_size=1, max_size=6)),
    st.tuples(st.just("pass"), st.sampled_from([5, 15, 60, 60 * 6, 60 * 24, 60 * 24 * 9])),
    st.sampled_from([("keep", None), ("write", None), ("fail to write", None)]),
    st.tuples(st.just("die"), st.integers(0, 14)),
)
# A course asks the store some hundred times, which is as much as all examples of another test.
COURSES = EXAMPLES if EXAMPLES >= 100 else EXAMPLES // 4


def do(world: World, step: tuple[str, object]) -> None:
    match step:
        case ("send", list(events)):
            for ago, page, (user, session) in events:
                world.send(ago, page=page, user=user, session=session)
        case ("pass", int(minutes)):
            world.pass_time(timedelta(minutes=minutes))
        case ("die", int(writes)):
            world.keep_and_die(writes)
        case ("write", _):
            world.write()
        case ("fail to write", _):
            world.fail_to_write()
        case _:
            world.keep()


def check(world: World) -> None:
    """A reader gets the truth now, what is kept is the truth too, and keeping again changes neither."""
    for (metric, type), values in world.read().items():
        expected = summaries(world.stored, metric, type, ZoneInfo(world.zone), world.wanted(type))
        assert values == expected, (metric, type)


@settings(
    deadline=None,
    max_examples=COURSES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sampled_from(CHANGES), st.lists(steps, min_size=2, max_size=12))
def test_a_reader_gets_the_plain_count(
    world: World, change: tuple[str, datetime], course: list[tuple[str, object]]
) -> None:
    world.write()
    world.begin(*change)
    for step in course:
        do(world, step)
    check(world)
    world.write()
    world.keep()
    assert world.differences() == []
    check(world)
    world.keep()
    assert world.differences() == []
    assert set(world.read()) == {(metric, type) for metric in METRICS for type in TYPES}
