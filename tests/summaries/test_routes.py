"""Summaries over HTTP: pages of periods in order, the running one included, and refusals that name the parameter."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient
from tests.summaries.world import World

from pulseboard.summaries import routes
from pulseboard.web import problem_response

DAY = timedelta(days=1)
Ask = Callable[..., Any]


def giving(value: object) -> Callable[[], object]:
    def give() -> object:
        return value

    return give


@pytest.fixture
def ask(world: World) -> Iterator[Ask]:
    """The answer's status and body."""
    values: dict[str, Any] = {
        "figures": world.kept,
        "store": world.store,
        "ledger": world.pipeline.ledger,
        "clock": lambda: world.now,
        "watermark": world.watermark,
        "kept_since": lambda _: None,
    }
    given = {name: Provide(giving(value), sync_to_thread=False) for name, value in values.items()}
    given["project"] = Provide(lambda: world.project, sync_to_thread=False)
    app = Litestar(routes, dependencies=given, exception_handlers={Exception: problem_response})
    with TestClient(app) as client:

        def get(**params: str) -> Any:  # noqa: ANN401
            asked = {"metric": "event_count", "periodType": "daily"} | params
            answer = client.get("/api/v1/summaries", params=asked)
            return answer.status_code, answer.json()

        yield get


def test_days_come_in_order_with_the_running_one_and_zeros_between(world: World, ask: Ask) -> None:
    for ago in (0, 2, 2):
        world.send(ago * DAY, user="ann", session="s1", page=ago == 2)
    world.write()
    for _ in range(2):  # out of the events, then out of what is kept
        status, body = ask(startDate="2026-03-08")
        assert status == 200
        assert [(item["periodStart"], item["periodEnd"], item["value"]) for item in body["items"]] == [
            ("2026-03-08T00:00:00.000Z", "2026-03-09T00:00:00.000Z", 2),
            ("2026-03-09T00:00:00.000Z", "2026-03-10T00:00:00.000Z", 0),
            ("2026-03-10T00:00:00.000Z", "2026-03-11T00:00:00.000Z", 1),
        ]
        assert {(item["metric"], item["periodType"]) for item in body["items"]} == {("event_count", "daily")}
        assert (body["total"], body["nextCursor"]) == (3, None)
        assert (body["meta"]["completeThrough"], body["meta"]["late"]) == ("2026-03-10T12:00:00.000Z", 2)
        assert sum(item["value"] for item in ask(startDate="2026-03-08", metric="page_views")[1]["items"]) == 2
        assert ask(periodType="weekly", metric="unique_users", startDate="2026-03-02")[1]["items"][-1]["value"] == 1
        world.keep()


def test_a_week_begins_on_monday_and_counts_from_its_first_day_on(ask: Ask) -> None:
    _, body = ask(periodType="weekly", startDate="2026-02-24")
    assert [item["periodStart"][:10] for item in body["items"]] == ["2026-03-02", "2026-03-09"]
    _, body = ask(periodType="monthly", startDate="2026-02-01")
    assert [item["periodEnd"][:10] for item in body["items"]] == ["2026-03-01", "2026-04-01"]


def test_pages_follow_one_another_to_the_end(ask: Ask) -> None:
    days, cursor = [], {}
    for size in (7, 7, 6):
        _, body = ask(startDate="2026-02-19", limit="7", **cursor)
        assert (len(body["items"]), body["total"]) == (size, 20)
        days += [item["periodStart"] for item in body["items"]]
        cursor = {"cursor": body["nextCursor"] or ""}
    assert (len(set(days)), days, cursor) == (20, sorted(days), {"cursor": ""})


def test_what_does_not_say_when_goes_back_a_while_and_what_begins_tomorrow_is_empty(ask: Ask) -> None:
    assert [ask(periodType=type)[1]["total"] for type in ("daily", "weekly", "monthly")] == [31, 26, 24]
    assert ask(startDate="2026-03-11")[1]["items"] == []
    assert ask(startDate="1970-01-01", limit="1000")[0] == 200


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metric", "events"),
        ("metric", ""),
        ("periodType", "hourly"),
        ("startDate", "yesterday"),
        ("startDate", "2026-02-30"),
        ("startDate", "1969-12-31"),
        ("startDate", "2026-03-01T00:00:00Z"),
        ("startDate", ""),
        ("cursor", "next"),
        ("limit", "0"),
        ("limit", "1001"),
    ],
)
def test_what_is_wrong_is_named(ask: Ask, path: str, value: str) -> None:
    status, body = ask(**{path: value})
    assert (status, [error["path"] for error in body["errors"]]) == (422, [path])


def test_a_missing_metric_or_type_is_named(world: World, ask: Ask) -> None:
    del world
    for path in ("metric", "periodType"):
        status, body = ask(**{path: None})
        assert (status, [error["path"] for error in body["errors"]]) == (422, [path])
