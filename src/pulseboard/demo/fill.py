"""Fills an empty project with a believable month: visits, sign-ups, purchases, API calls, errors, and one incident."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pulseboard.demo.month import HOURS, apportion, half_group, incident_hour, weights
from pulseboard.errors import Conflict, Invalid
from pulseboard.kit.clock import Clock
from pulseboard.store import Store
from pulseboard.store.demo import DemoShape, count_events, demo_calls, demo_persons, demo_visits

FEWEST, MOST = 1_000, 100_000_000  # events
WEB_SHARE = 0.6  # of all events
EVENTS_PER_VISIT = 3.0  # on average


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, and when the planted incident began; it lasts two hours."""

    events: int
    start: datetime
    end: datetime
    incident: datetime


def fill(store: Store, project_id: str, events: int, seed: int, clock: Clock) -> Demo:
    """Makes ``events`` events of the 30 days that end with the last full hour. Equal seeds and hours give equal events.

    Raises:
        Invalid: too few or too many events.
        Conflict: the project is not empty; its people's numbers would be given twice.
    """
    if not FEWEST <= events <= MOST:
        raise Invalid.field("events", f"must be from {FEWEST:,} to {MOST:,}")
    if count_events(store, project_id):
        raise Conflict("This project has events already; a demo needs an empty one")
    end = clock().replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(hours=HOURS)
    busy = weights(start, seed)
    visits = apportion(round(events * WEB_SHARE / EVENTS_PER_VISIT), busy)
    shape = _shape(start, events, seed, max(visits))
    demo_visits(store, project_id, shape, visits)
    calls = events - count_events(store, project_id)
    demo_calls(store, project_id, shape, apportion(calls, busy))
    demo_persons(store, project_id)
    return Demo(events, start, end, start + timedelta(hours=shape.incident))


def _shape(start: datetime, events: int, seed: int, busiest: int) -> DemoShape:
    return DemoShape(
        seed=seed,
        start=start,
        incident=incident_hour(start),
        accounts=min(200, max(5, events // 20_000)),
        regulars=half_group(events // 400, busiest),
        guests=half_group(events // 15, busiest),
    )
