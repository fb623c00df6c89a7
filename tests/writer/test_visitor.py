"""Visitors without cookies: the same for a UTC day, across restarts; another one in each project and the next day."""

from datetime import timedelta
from pathlib import Path

from tests.writer.pipeline import NOON, Pipeline, event

from pulseboard.ingest.event import Event
from pulseboard.kit.ids import new_id
from pulseboard.projects import Collected, Collection
from pulseboard.writer.enrich.salts import DAY, GRACE, Salts

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
MIDNIGHT = NOON + timedelta(hours=12)


def view(address: str = "81.2.69.142", user_agent: str = FIREFOX, **more: object) -> Event:
    return event(type="PAGE_VIEW", address=address, user_agent=user_agent, web=True, **more)


def visitors(pipeline: Pipeline, project: str = "") -> list[str]:
    return [row["anonymous_id"] for row in pipeline.rows("anonymous_id", project)]


def persons(pipeline: Pipeline) -> list[int]:
    return [row["person"] for row in pipeline.rows("person")]


def test_a_visitor_is_an_address_with_a_browser_and_a_person_with_sessions(pipeline: Pipeline) -> None:
    pipeline.send(view(), view(minutes=1), view("81.2.69.143", minutes=2), view(user_agent=CHROME, minutes=3))
    pipeline.writer.drain()
    first, again, neighbour, other = persons(pipeline)
    assert first == again
    assert len({first, neighbour, other}) == 3
    assert len({row["session"] for row in pipeline.rows("session")} - {0}) == 3


def test_the_visitor_is_the_same_after_a_restart_on_the_same_day_and_another_in_another_project(
    pipeline: Pipeline,
) -> None:
    other = new_id()
    pipeline.send(view())
    pipeline.writer.drain()
    pipeline.close()
    pipeline.restart()
    pipeline.send(view(minutes=1))
    pipeline.send(view(), project=other)
    pipeline.writer.drain()
    assert persons(pipeline) == [1, 1]
    assert visitors(pipeline)[0] != visitors(pipeline, other)[0]


def test_who_says_who_they_are_gets_no_hash(pipeline: Pipeline) -> None:
    pipeline.send(view(user_id="bob"), view(anonymous_id="cookie", minutes=1), view("", minutes=2))
    pipeline.send(event(address="81.2.69.142", user_agent=FIREFOX, minutes=3))  # a server's event
    pipeline.writer.drain()
    assert visitors(pipeline) == ["", "cookie", "", ""]


def test_an_event_of_before_midnight_is_yesterdays_visitor_however_late_it_is_written(pipeline: Pipeline) -> None:
    pipeline.now = MIDNIGHT - timedelta(seconds=1)
    pipeline.send(view())
    pipeline.now = MIDNIGHT + timedelta(seconds=1)
    pipeline.send(view(minutes=1))
    pipeline.writer.drain()
    pipeline.now = MIDNIGHT - timedelta(seconds=1)
    pipeline.send(view(minutes=2))
    pipeline.writer.drain()
    first, next_day, late = persons(pipeline)
    assert first == late != next_day


def test_no_address_is_stored_unless_the_project_asks_for_it(pipeline: Pipeline) -> None:
    pipeline.send(view())
    pipeline.writer.drain()
    assert "81.2.69.142" not in repr(pipeline.rows("*")) + repr(pipeline.told)
    pipeline.collected = Collected(Collection(keep_address=True), ())
    pipeline.send(view(minutes=1), view(minutes=2, properties={"ip": "8.8.8.8"}))
    pipeline.writer.drain()
    kept = "JSONExtractString(properties, 'ip') AS ip"
    assert [row["ip"] for row in pipeline.rows(kept)] == ["", "81.2.69.142", "8.8.8.8"]


def test_a_salt_is_forgotten_when_its_day_is_written_and_its_bytes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "salts.db"
    salts = Salts(path)
    noon = int(NOON.timestamp() * 1000)
    yesterday, today = salts.of(noon - DAY), salts.of(noon)
    salts.forget(NOON)
    assert yesterday not in path.read_bytes()
    assert salts.of(noon) == today
    assert salts.of(noon - DAY) != yesterday
    salts.close()


def test_a_salt_stays_as_long_as_an_event_of_its_day_may_be_on_its_way(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts.db")
    late = int(MIDNIGHT.timestamp() * 1000) - 1
    salt = salts.of(late)
    for written in (NOON, MIDNIGHT, MIDNIGHT + GRACE - timedelta(milliseconds=1)):
        salts.forget(written)
        assert salts.of(late) == salt
    salts.forget(MIDNIGHT + GRACE)
    assert salts.of(late) != salt
    salts.close()


def test_only_the_owner_of_the_folder_can_read_the_salts(tmp_path: Path) -> None:
    salts = Salts(tmp_path / "salts.db")
    salts.of(0)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    salts.close()
