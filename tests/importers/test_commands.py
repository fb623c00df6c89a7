"""The commands as a person runs them, and what the API says afterwards."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from bench.served import Access, set_up, start
from rich.console import Console
from tests.importers.oracle import Counted, count

from pulseboard.errors import Conflict, NotFound
from pulseboard.offline import import_access_log, make_demo
from pulseboard.settings import Server, Settings

LOG = Path(__file__).with_name("access.log")
RANGE = {"from": "1990-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
DAY = {"from": "2019-03-03T00:00:00Z", "to": "2019-03-04T00:00:00Z"}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PULSEBOARD_")}
    command = [str(Path(sys.executable).with_name("pulseboard")), *words, "--data-dir", str(folder)]
    return subprocess.run(command, env=environ | {"COLUMNS": "120"}, capture_output=True, text=True, check=False)


def settings(folder: Path) -> Settings:
    return Settings(server=Server(data_dir=folder))


class World:
    """A data folder that was set up, filled by commands while no server ran, and is served again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.served = start(folder)
        self.alice: Access = set_up(self.served)
        project = self.alice.project_id
        self.while_served = run(folder, "import", "access-log", str(LOG), "--project", project)
        self.served.stop()
        self.first = run(folder, "import", "access-log", str(LOG), "--project", project)
        self.demo = run(folder, "demo", "--events", "5000")
        self.second = io.StringIO()
        import_access_log(settings(folder), LOG, project, Console(file=self.second, width=120))
        self.served = start(folder)

    def get(self, path: str, **params: str) -> Any:  # noqa: ANN401
        asked = {"projectId": self.alice.project_id, **RANGE, **params}
        answer = httpx.get(self.served.url + "/api/v1" + path, params=asked, headers=self.alice.as_person, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("commands") / "data")
    yield world
    world.served.stop()


@pytest.fixture(scope="module")
def oracle() -> Counted:
    return count(LOG, now=datetime.now(UTC))


def test_the_api_shows_the_requests_and_distinct_addresses_of_the_log(world: World, oracle: Counted) -> None:
    overview = world.get("/metrics/overview")
    assert (overview["totalEvents"], overview["uniqueUsers"]) == (oracle.requests, len(oracle.addresses))
    assert overview["errors"] == oracle.classes[5]
    assert overview["errorRate"] == pytest.approx(oracle.classes[5] / oracle.requests)


def test_the_api_shows_the_status_classes_of_the_log(world: World, oracle: Counted) -> None:
    for status in (2, 3, 4, 5):
        above = {"property": "statusCode", "operator": "greater", "value": status * 100 - 1}
        below = {"property": "statusCode", "operator": "less", "value": status * 100 + 100}
        overview = world.get("/metrics/overview", filters=json.dumps([above, below]))
        assert overview["totalEvents"] == oracle.classes[status]


def test_the_api_shows_the_top_paths_of_the_log(world: World, oracle: Counted) -> None:
    series = world.get("/metrics/events/timeseries", interval="month", breakdown="path")["series"]
    shown = {line["label"]: line["total"] for line in series}
    for path, hits in oracle.paths.most_common(4):
        assert shown[path] == hits


def test_the_api_shows_the_hours_of_the_log(world: World, oracle: Counted) -> None:
    points = world.get("/metrics/events/timeseries", interval="hour", **DAY)["series"][0]["points"]
    shown = {round(datetime.fromisoformat(point["t"]).timestamp()): point["value"] for point in points}
    assert len(shown) == 24
    assert shown == {hour: oracle.hours[hour] for hour in shown}
    assert sum(shown.values()) > 25


def test_the_command_says_what_it_read_and_a_second_run_adds_nothing(world: World) -> None:
    told = [line.split() for line in world.first.stdout.splitlines()]
    assert ["new", "35"] in told and ["lines", "refused", "7"] in told
    again = [line.split() for line in world.second.getvalue().splitlines()]
    assert ["new", "0"] in again and ["there", "before", "35"] in again


def test_a_running_server_is_named_as_the_reason_and_nothing_is_imported(world: World) -> None:
    assert world.while_served.returncode == 1
    assert "in use by process" in world.while_served.stderr
    assert "Traceback" not in world.while_served.stderr


def test_the_demo_is_a_project_of_the_first_person(world: World) -> None:
    assert world.demo.returncode == 0, world.demo.stderr
    assert "5,000 events" in world.demo.stdout
    items = httpx.get(world.served.url + "/api/v1/projects", headers=world.alice.as_person).json()["items"]
    found = [item["id"] for item in items if item["name"] == "Demo"]
    assert len(found) == 1
    shown = httpx.get(
        world.served.url + "/api/v1/metrics/overview",
        params={"projectId": found[0], "range": "30d"},
        headers=world.alice.as_person,
    ).json()
    assert shown["totalEvents"] > 4_500  # a range of 30 days that ends now leaves out the first hour or so
    assert shown["uniqueUsers"] > 100


def test_what_cannot_be_done_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    folder = settings(tmp_path / "data")
    with pytest.raises(NotFound, match=r"There is no project \[bold\]none"):
        import_access_log(folder, LOG, "[bold]none", Console(quiet=True))
    with pytest.raises(FileNotFoundError, match=r"none\.log"):
        import_access_log(folder, tmp_path / "none.log", "any", Console(quiet=True))
    with pytest.raises(Conflict, match="run pulseboard serve"):
        make_demo(folder, 1_000, 1, None, Console(quiet=True))
