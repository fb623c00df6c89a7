"""Clients that never stop sending, through every door, and remember what they were promised."""

import http.client
import json
import random
import threading
from datetime import UTC, datetime
from typing import Any

from tests.crash.doors import LATEST, MANY, SINGLE, Door, Sent, Site

LARGEST_BATCH = 120  # events
REPEATS = 0.3  # share of events that were sent before
PERSONS = 400
NAP = 0.05  # seconds between two tries to connect while the server is down


class Client(threading.Thread):
    """Sends single events and batches, with and without own ids, shuffled in time and up to some days late.

    Events with an own id are sent again, whether they were acknowledged or not: through another door, days apart by
    their time, twice in one batch. Events without one are sent once: their sender would not know whether a second try
    doubles them.
    """

    def __init__(self, number: int, port: int, site: Site, seed: int) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self.sent: list[Sent] = []
        self.requests = 0
        self.broken = 0  # requests without an answer
        self.unavailable = 0  # requests that were answered with 503
        self._number = number
        self._port = port
        self._site = site
        self._random = random.Random(f"{seed}/{number}")
        self._own: list[Sent] = []
        self._stopping = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        while not self._stopping.is_set():
            dice = self._random
            door = dice.choice(SINGLE if dice.random() < 0.6 else MANY)
            count = 1 if door.many is None else dice.choice((1, 2, 10, LARGEST_BATCH))
            events = [self._choose() for _ in range(count)]
            answer = self._post(door, events)
            self.requests += 1
            if answer is None:
                continue
            for event in events:
                event.acknowledged = True
            if door.many is None and events[0].own_id is None:
                events[0].given_id = str(answer["id"])

    def _choose(self) -> Sent:
        dice = self._random
        if self._own and dice.random() < REPEATS:
            return dice.choice(self._own[-2_000:])
        tag = self._number * 1_000_000_000 + len(self.sent)
        event = Sent(tag, f"user-{dice.randrange(PERSONS)}", f"own-{tag}" if dice.random() < 0.5 else None)
        self.sent.append(event)
        if event.own_id is not None:
            self._own.append(event)
        return event

    def _post(self, door: Door, events: list[Sent]) -> dict[str, Any] | None:
        """The answer when it is 202 and takes everything; None when it did not come whole, or was a 503."""
        now = datetime.now(UTC)
        body = door.request(self._site, events, [now - LATEST * self._random.random() for _ in events])
        headers = {"content-type": "application/json"} | ({"x-api-key": self._site.key} if door.keyed else {})
        try:
            connection = self._connected()
            if connection is None:
                return None
            connection.request("POST", door.path, body, headers)
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.broken += 1
            self._connection = None
            return None
        if response.status == 503:
            self.unavailable += 1
            return None
        if response.status != 202 or (door.many is not None and answer["accepted"] != len(events)):
            raise AssertionError(f"{response.status} {answer} for {body[:500]!r}")
        return answer

    def _connected(self) -> http.client.HTTPConnection | None:
        """A connection, waiting for the server to come back; None when the client was told to stop."""
        while self._connection is None and not self._stopping.is_set():
            fresh = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                fresh.connect()
                self._connection = fresh
            except OSError:
                self._stopping.wait(NAP)
        return self._connection
