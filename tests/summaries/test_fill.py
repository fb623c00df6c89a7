"""When sums are made, and what becomes of them when clocks, zones and projects change."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.summaries.world import World

from pulseboard.db import Database, migrate
from pulseboard.errors import Unavailable
from pulseboard.orgs import make_org
from pulseboard.projects.service import insert_project
from pulseboard.store import Param, ProjectScope, Row, Scope
from pulseboard.summaries.figures import Of, of_project
from pulseboard.summaries.periods import PeriodType, to_be_filled
from pulseboard.summaries.read import Reader

DAY = timedelta(days=1)


def filled(type: PeriodType, zone: str, now: str, through: str = "") -> str:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    seen = datetime.fromisoformat(through or now).replace(tzinfo=ZoneInfo(zone))
    return to_be_filled(type, ZoneInfo(zone), moment.astimezone(UTC), seen.astimezone(UTC)).isoformat()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"])
def test_sums_are_made_at_one_on_friday_at_one_and_on_the_first_at_midnight(zone: str) -> None:
    assert filled("daily", zone, "2026-03-11T00:59:59") == "2026-03-10"
    assert filled("daily", zone, "2026-03-11T01:00") == "2026-03-11"
    assert filled("weekly", zone, "2026-03-13T00:59:59") == "2026-03-02"
    assert filled("weekly", zone, "2026-03-13T01:00") == "2026-03-09"
    assert filled("monthly", zone, "2026-03-31T23:59:59") == "2026-03-01"
    assert filled("monthly", zone, "2026-04-01T00:00") == "2026-04-01"


def test_where_the_clock_skips_one_oclock_its_change_is_the_time() -> None:
    before, change = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)
    london = ZoneInfo("Europe/London")
    assert to_be_filled("daily", london, before, before) == date(2026, 3, 28)
    assert to_be_filled("daily", london, change, change) == date(2026, 3, 29)


def test_a_sum_waits_until_everything_of_its_last_quarter_is_stored() -> None:
    assert filled("daily", "UTC", "2026-03-11T01:00", "2026-03-10T23:59") == "2026-03-10"
    assert filled("daily", "UTC", "2026-03-11T01:00", "2026-03-11T00:00") == "2026-03-11"
    assert filled("daily", "UTC", "2026-03-15T01:00", "2026-03-11T00:00") == "2026-03-11"


def daily(world: World) -> Of:
    return of_project(world.project, "daily")


def count(world: World, *, now: datetime | None = None) -> dict[date, int]:
    """What a reader gets of the last three days."""
    reader = Reader(world.kept, world.store, world.pipeline.ledger, now or world.now, world.watermark(), world.since)
    today = world.now.astimezone(ZoneInfo(world.zone)).date()
    days = [today - n * DAY for n in (2, 1, 0)]
    return reader.values(daily(world), "event_count", days).values


def kept(world: World) -> dict[date, int]:
    return world.kept.read(daily(world), "event_count", date.min, date.max)


def test_what_is_kept_is_what_is_read_until_a_late_event_reaches_it(world: World) -> None:
    world.send(DAY)
    world.write()
    world.keep()
    yesterday = (world.now - DAY).date()
    world.kept.put(daily(world), yesterday, yesterday, {"event_count": {yesterday: 70}})
    assert count(world)[yesterday] == 70
    world.send(DAY)
    world.write()
    assert count(world)[yesterday] == 2
    world.keep()
    assert (count(world)[yesterday], kept(world)[yesterday]) == (2, 2)


def test_a_sum_that_is_made_while_a_late_event_is_on_its_way_in_leaves_the_day_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send(DAY)
    world.write()
    world.keep()
    insert = world.store.insert

    def keep_first(table: str, rows: bytes) -> int:
        world.keep()  # the ledger has the note, the store does not have the event
        return insert(table, rows)

    world.send(DAY)
    with monkeypatch.context() as patch:
        patch.setattr(world.store, "insert", keep_first)
        world.write()
    yesterday = (world.now - DAY).date()
    assert count(world)[yesterday] == 2
    world.keep()
    assert (count(world)[yesterday], kept(world)[yesterday], world.differences()) == (2, 2, [])


def test_a_day_that_ends_within_an_hour_is_reopened_by_what_comes_in_that_hour(world: World) -> None:
    world.begin("Asia/Kathmandu", datetime(2026, 3, 9, 18, 10, tzinfo=UTC))  # five to midnight
    world.send(timedelta(0))
    world.write()
    world.pass_time(timedelta(minutes=70))
    world.keep()
    assert kept(world) == {date(2026, 3, 9): 1}
    world.pass_time(timedelta(minutes=15))
    world.send(timedelta(minutes=85))
    world.write()
    assert count(world)[date(2026, 3, 9)] == 2
    world.keep()
    assert kept(world)[date(2026, 3, 9)] == 2


def test_a_clock_that_ran_ahead_leaves_no_sums_that_are_made_too_early(world: World) -> None:
    world.send(timedelta(0))
    world.write()
    world.pass_time(5 * DAY)
    world.keep()
    world.pass_time(-5 * DAY)
    world.keep()
    world.send(timedelta(0))
    world.write()
    world.pass_time(DAY)
    world.keep()
    assert world.differences() == []
    assert kept(world)[(world.now - DAY).date()] == 2


def test_another_time_zone_cuts_all_sums_anew(world: World) -> None:
    world.send(DAY + timedelta(hours=11, minutes=30))  # half past midnight in London, evening in New York
    world.write()
    world.keep()
    world.project = world.project.__class__(
        world.project.id, world.project.org_id, "shop", "America/New_York", "prod", (), system=False
    )
    before = (world.now - 2 * DAY).date()
    assert count(world)[before] == 1
    world.keep()
    assert kept(world) == {before: 1}


def test_while_the_event_store_is_away_the_last_refreshed_figures_are_given(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> list[object]:
        raise Unavailable("The event store does not answer")

    world.send(DAY)
    world.send(timedelta(0))
    world.write()
    with monkeypatch.context() as patch, pytest.raises(Unavailable):
        patch.setattr(world.store, "read", away)
        count(world)
    world.keep()
    refreshed = world.now
    world.pass_time(timedelta(minutes=20))
    monkeypatch.setattr(world.store, "read", away)
    reader = Reader(world.kept, world.store, world.pipeline.ledger, world.now, world.watermark(), None)
    days = [(world.now - DAY).date(), world.now.date()]
    answer = reader.values(daily(world), "event_count", days)
    assert (answer.values, answer.through) == (dict.fromkeys(days, 1), refreshed)


def test_the_running_day_is_refreshed_once_an_hour_and_only_when_something_came(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = world.now.date()
    for ago, expected in ((0, 1), (20, 1), (60, 2)):
        world.pass_time(timedelta(minutes=ago))
        world.send(timedelta(0))
        world.write()
        world.keep()
        assert kept(world)[today] == expected + (ago == 60)
    world.pass_time(timedelta(hours=1))
    world.keep()  # of the hour that it came in, something may have come after the last refresh
    world.pass_time(timedelta(hours=1))
    monkeypatch.setattr(world.store, "read", lambda *_: pytest.fail("nothing came, so there is nothing to read"))
    world.keep()


def test_what_the_plan_does_not_keep_is_neither_given_nor_made_less(world: World) -> None:
    for ago in (1, 5):
        world.send(ago * DAY)
    world.write()
    world.pass_time(30 * DAY)
    world.keep()
    month, of = world.first.date().replace(day=1), of_project(world.project, "monthly")
    assert world.kept.read(of, "event_count", month, month) == {month: 2}
    gone = world.now - 33 * DAY
    rows = "DELETE FROM events WHERE project_id = {p:UUID} AND timestamp < {t:DateTime64(3, 'UTC')}"
    world.store.command(rows, {"p": world.project.id, "t": gone})
    world.since = gone.date()
    reader = Reader(world.kept, world.store, world.pipeline.ledger, world.now, world.watermark(), world.since)
    assert reader.values(of, "event_count", [month]).values == {month: 1}
    world.pipeline.ledger.reopen(world.project.id, [int((world.now - 31 * DAY).timestamp()) // 86_400])
    world.keep()
    assert world.kept.read(of, "event_count", month, month) == {month: 2}


def test_all_living_projects_are_kept_and_deleted_ones_forgotten(world: World, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(url)
    db = Database(url)
    with db.write() as session:
        org = make_org(session, "Acme", world.now)
        session.flush()
        project = insert_project(session, org.id, "shop", world.now)
    world.project = world.project.__class__(project.id, org.id, "shop", "UTC", "prod", (), system=False)
    world.send(DAY)
    world.write()
    keeper = world.keeper()
    keeper = keeper.__class__(
        world.kept,
        world.store,
        world.pipeline.ledger,
        db,
        lambda: world.now,
        world.watermark,
        lambda: "",
        lambda _: None,
    )
    keeper.keep()
    assert (world.kept.projects() >= {project.id}, kept(world)) == (True, {(world.now - DAY).date(): 1})
    assert world.pipeline.ledger.reached() == []
    with db.write() as session:
        session.add(project)
        project.deleted_at = world.now
    keeper.keep()
    assert (world.kept.projects(), kept(world)) == (set(), {})
    db.close()


def test_one_projects_trouble_holds_up_no_other_and_its_notes_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send(DAY)
    world.write()
    poor = world.project
    world.begin("UTC", world.now)
    world.send(DAY)
    world.write()
    read = world.store.read

    def refuse(sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        if scope == ProjectScope(poor.id):
            raise Unavailable("too much")
        return read(sql, params, scope)

    with monkeypatch.context() as patch, pytest.raises(Unavailable, match="1 of 2"):
        patch.setattr(world.store, "read", refuse)
        world.keeper().keep_these([poor, world.project])
    assert kept(world) == {(world.now - DAY).date(): 1}
    assert [each.project_id for each in world.pipeline.ledger.reached()] == [poor.id]
