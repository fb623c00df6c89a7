"""Persons get dense numbers; sessions end after 30 minutes of silence."""

from tests.writer.pipeline import Pipeline, event

from pulseboard.kit.ids import new_id


def test_persons_are_numbered_from_one_and_keep_their_number(pipeline: Pipeline) -> None:
    pipeline.send(event(user_id="alice"), event(user_id="bob", minutes=1), event(minutes=2))
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(event(user_id="charlie", minutes=3), event(user_id="alice", minutes=4))
    pipeline.writer.drain()
    assert [row["person"] for row in pipeline.rows("person")] == [1, 2, 0, 3, 1]


def test_each_project_numbers_its_own_persons(pipeline: Pipeline) -> None:
    other = new_id()
    pipeline.send(event(user_id="alice"))
    pipeline.send(event(user_id="bob"), project=other)
    pipeline.writer.drain()
    assert [row["person"] for row in pipeline.rows("person", other)] == [1]


def test_a_user_and_an_anonymous_visitor_of_the_same_name_are_two_persons(pipeline: Pipeline) -> None:
    pipeline.send(
        event(user_id="7"), event(anonymous_id="7", minutes=1), event(user_id="7", anonymous_id="9", minutes=2)
    )
    pipeline.writer.drain()
    assert [row["person"] for row in pipeline.rows("person")] == [2, 1, 2]


def sessions(pipeline: Pipeline) -> list[int]:
    """Sessions in order of time, as 0, 1, 2 ... by first appearance."""
    found = [row["session"] for row in pipeline.rows("session")]
    order = list(dict.fromkeys(found))
    return [order.index(session) for session in found]


def test_half_an_hour_of_silence_ends_a_session(pipeline: Pipeline) -> None:
    for minute in (0, 30, 60.1, 61):
        pipeline.send(event(user_id="alice", minutes=minute))
        pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0, 1, 1]


def test_a_session_goes_on_after_a_restart(pipeline: Pipeline) -> None:
    pipeline.send(event(user_id="alice"))
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(event(user_id="alice", minutes=20), event(user_id="alice", minutes=51))
    pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0, 1]


def test_an_unsorted_batch_makes_no_extra_sessions(pipeline: Pipeline) -> None:
    pipeline.send(*(event(user_id="alice", minutes=minute) for minute in (40, 0, 20)))
    pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0, 0]


def test_a_late_event_joins_the_session_it_belongs_to_even_after_a_restart(pipeline: Pipeline) -> None:
    pipeline.send(event(user_id="alice", minutes=-600), event(user_id="alice"))
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(event(user_id="alice", minutes=1))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=-590))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=2))
    pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0, 1, 1, 1]


def test_many_old_sessions_of_one_person_do_not_hide_the_running_one(pipeline: Pipeline) -> None:
    pipeline.send(event(user_id="alice"))
    pipeline.send(*(event(user_id="alice", minutes=-100 * n) for n in range(1, 20)))
    pipeline.writer.drain()
    pipeline.send(event(user_id="alice", minutes=5), event(user_id="alice", minutes=-1895))
    pipeline.writer.drain()
    assert len(set(sessions(pipeline))) == 20


def test_a_given_session_id_wins_and_needs_no_person(pipeline: Pipeline) -> None:
    pipeline.send(
        event(session_id="s1"),
        event(user_id="alice", session_id="s1", minutes=300),
        event(user_id="alice", minutes=301),
    )
    pipeline.writer.drain()
    assert sessions(pipeline) == [0, 0, 1]


def test_an_event_of_nobody_has_no_session(pipeline: Pipeline) -> None:
    pipeline.send(event())
    pipeline.writer.drain()
    assert pipeline.rows("session") == [{"session": 0}]


def numbers(pipeline: Pipeline) -> list[int]:
    return [row["session"] for row in pipeline.rows("session")]


def test_sessions_are_numbered_densely_named_or_not_and_go_on_after_a_restart(pipeline: Pipeline) -> None:
    pipeline.send(event(user_id="alice"), event(session_id="s1", minutes=1), event(user_id="bob", minutes=2))
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(
        event(user_id="bob", minutes=40), event(session_id="s1", minutes=41), event(session_id="s2", minutes=42)
    )
    pipeline.writer.drain()
    found = numbers(pipeline)
    assert sorted(set(found)) == [1, 2, 3, 4, 5]
    assert found[1] == found[4]


def test_a_named_session_that_was_numbered_before_a_crash_keeps_its_number(pipeline: Pipeline) -> None:
    pipeline.send(event(session_id="s1"))
    lease = pipeline.spool.lease(100, 0)
    assert lease is not None
    pipeline.steps.rows(lease.records, lease.token)  # numbered, and then killed
    pipeline.close()
    pipeline.restart()
    pipeline.send(event(session_id="s2", minutes=1), event(session_id="s1", minutes=2))
    pipeline.writer.drain()
    assert numbers(pipeline) == [1, 2, 1]
