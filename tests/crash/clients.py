"""Clients that never stop sending, and remember what they were promised."""

import http.client
import json
import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass

SINGLE, BATCH = "/ingest/event", "/ingest/batch"
LARGEST_BATCH = 120  # events
REPEATS = 0.15  # share of requests that bring events again
PERSONS = 400
NAP = 0.05  # seconds between two tries to connect while the server is down


@dataclass(slots=True)
class Sent:
    """One event: ``tag`` is unique and travels as its message. ``given_id`` is the id that the server answered."""

    tag: int
    user: str
    own_id: str | None
    acknowledged: bool = False
    given_id: str | None = None

    def body(self) -> dict[str, object]:
        event: dict[str, object] = {"name": "step", "userId": self.user, "properties": {"message": str(self.tag)}}
        return event if self.own_id is None else {**event, "id": self.own_id}


class Client(threading.Thread):
    """Sends single events and batches, with and without own ids.

    Events with an own id are sent again now and then, whether they were acknowledged or not. Events without one are
    sent once: their sender would not know whether a second try doubles them.
    """

    def __init__(self, number: int, port: int, key: str, seed: int) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self.sent: list[Sent] = []
        self.broken = 0  # requests without an answer
        self._number = number
        self._port = port
        self._headers = {"content-type": "application/json", "x-api-key": key}
        self._random = random.Random(f"{seed}/{number}")
        self._own: list[Sent] = []
        self._stopping = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        while not self._stopping.is_set():
            events = self._choose()
            single = len(events) == 1 and self._random.random() < 0.8
            answer = self._post(events, single=single)
            if answer is None:
                self.broken += 1
                continue
            for event in events:
                event.acknowledged = True
            if single and events[0].own_id is None:
                events[0].given_id = str(answer["id"])

    def _choose(self) -> list[Sent]:
        dice = self._random
        if self._own and dice.random() < REPEATS:
            again = dice.choices(self._own[-2_000:], k=dice.choice((1, 1, 5)))
            return again + self._make(dice.choice((0, 0, 3)))
        return self._make(1 if dice.random() < 0.6 else dice.randint(2, LARGEST_BATCH))

    def _make(self, count: int) -> list[Sent]:
        events = []
        for _ in range(count):
            tag = self._number * 1_000_000_000 + len(self.sent)
            own_id = f"own-{tag}" if self._random.random() < 0.5 else None
            event = Sent(tag, f"user-{self._random.randrange(PERSONS)}", own_id)
            self.sent.append(event)
            events.append(event)
            if own_id is not None:
                self._own.append(event)
        return events

    def _post(self, events: Iterable[Sent], *, single: bool) -> dict[str, object] | None:
        """The answer when it is 202 and takes everything; None when it did not come whole."""
        bodies = [event.body() for event in events]
        body = json.dumps(bodies[0] if single else {"events": bodies})
        try:
            connection = self._connected()
            if connection is None:
                return None
            connection.request("POST", SINGLE if single else BATCH, body, self._headers)
            response = connection.getresponse()
            answer: dict[str, object] = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            self._connection = None
            return None
        if response.status == 503:
            return None
        if response.status != 202 or (not single and answer["accepted"] != len(bodies)):
            raise AssertionError(f"{response.status} {answer} for {body[:500]}")
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
