"""Fan-out of stored events to those who watch, and the counters of the last minutes. One hub per process."""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from pulseboard.kit.clock import Clock
from pulseboard.writer.columns import Row

MAX_WAITING = 500  # messages per watcher; who reads slower than events come loses the oldest
MINUTE = 60  # seconds that events are counted for
ACTIVE = 300  # seconds after which a person no longer counts as active

Message = dict[str, Any]


@dataclass(slots=True)
class _Pulse:
    """A project's last minutes."""

    per_second: Counter[int] = field(default_factory=Counter)
    last_seen: dict[int, float] = field(default_factory=dict)

    def forget(self, now: float) -> None:
        for second in [second for second in self.per_second if second < now - MINUTE]:
            del self.per_second[second]
        for person in [person for person, seen in self.last_seen.items() if seen < now - ACTIVE]:
            del self.last_seen[person]


class Watcher:
    """One open live view: an asyncio queue that the hub fills from the writer's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Row] = deque(maxlen=MAX_WAITING)
        self._arrived = asyncio.Event()

    def give(self, events: list[Row]) -> None:
        self._loop.call_soon_threadsafe(self._take, events)

    async def next(self, timeout: float) -> list[Row]:
        """What came since the last call; empty after ``timeout`` seconds without any."""
        try:
            async with asyncio.timeout(timeout):
                await self._arrived.wait()
        except TimeoutError:
            return []
        self._arrived.clear()
        events = list(self._waiting)
        self._waiting.clear()
        return events

    def forget(self, persons: Collection[int]) -> None:
        """Drops what waits of these persons."""
        self._loop.call_soon_threadsafe(self._drop, persons)

    def _drop(self, persons: Collection[int]) -> None:
        left = [row for row in self._waiting if row.person not in persons]
        self._waiting.clear()
        self._waiting.extend(left)

    def _take(self, events: list[Row]) -> None:
        self._waiting.extend(events)
        self._arrived.set()


class Hub:
    """Thread-safe: the writer publishes, the event loop watches."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._watchers: dict[str, set[Watcher]] = {}
        self._pulses: dict[str, _Pulse] = {}

    def publish(self, rows: Iterable[Row]) -> None:
        """Tells the watchers of each project what was stored just now."""
        now = self._clock().timestamp()
        by_project: dict[str, list[Row]] = {}
        for row in rows:
            by_project.setdefault(row.project_id, []).append(row)
        with self._lock:
            for project, mine in by_project.items():
                self._count(self._pulses.setdefault(project, _Pulse()), mine, now)
                for watcher in self._watchers.get(project, ()):
                    watcher.give(mine[-MAX_WAITING:])

    def watch(self, project_id: str) -> Watcher:
        watcher = Watcher(asyncio.get_running_loop())
        with self._lock:
            self._watchers.setdefault(project_id, set()).add(watcher)
        return watcher

    def leave(self, project_id: str, watcher: Watcher) -> None:
        with self._lock:
            watchers = self._watchers.get(project_id, set())
            watchers.discard(watcher)
            if not watchers:
                self._watchers.pop(project_id, None)

    def forget(self, project_id: str, persons: Collection[int]) -> None:
        """Persons of the project were erased."""
        with self._lock:
            for watcher in self._watchers.get(project_id, ()):
                watcher.forget(persons)
            if (pulse := self._pulses.get(project_id)) is not None:
                for person in persons:
                    pulse.last_seen.pop(person, None)

    def counters(self, project_id: str) -> Message:
        """Events of the last full second and of the last minute, and distinct persons of the last five minutes."""
        now = self._clock().timestamp()
        with self._lock:
            pulse = self._pulses.get(project_id) or _Pulse()
            pulse.forget(now)
            return {
                "type": "counters",
                "events": pulse.per_second[int(now) - 1],
                "eventsLastMinute": pulse.per_second.total(),
                "activeUsers": len(pulse.last_seen),
            }

    def tidy(self) -> None:
        """Forgets what lies too far back, also of projects that nobody watches; called every minute or so."""
        now = self._clock().timestamp()
        with self._lock:
            for project, pulse in list(self._pulses.items()):
                pulse.forget(now)
                if not pulse.per_second and not pulse.last_seen:
                    del self._pulses[project]

    def _count(self, pulse: _Pulse, rows: list[Row], now: float) -> None:
        pulse.per_second[int(now)] += len(rows)
        seen, since = pulse.last_seen, now - ACTIVE
        for row in rows:
            if row.person and row.timestamp > max(since, seen.get(row.person, since)):
                seen[row.person] = row.timestamp
