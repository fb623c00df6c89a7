"""A client that remembers what it was promised, and looks whether the promise was kept."""

import itertools
import time
from collections.abc import Callable

import httpx
from bench.served import Access, Served

PATIENCE = 60  # seconds; the writer may wait five between two tries
_numbers = itertools.count()


class Sender:
    """Sends single events with ids of their own; ``accepted`` are those that were answered with 202."""

    def __init__(self, served: Served, access: Access) -> None:
        self.served = served
        self.access = access
        self.accepted: list[str] = []
        self.refused: list[str] = []

    def send(self, count: int = 1, *, size: int = 100) -> set[int]:
        """The statuses of ``count`` requests; a refusal must say when to come again."""
        seen = set()
        with httpx.Client(base_url=self.served.url, headers=self.access.as_program, timeout=60) as http:
            for _ in range(count):
                name = f"id-{next(_numbers)}"
                body = {"name": "step", "id": name, "properties": {"filler": "x" * size}}
                answer = http.post("/ingest/event", json=body)
                seen.add(answer.status_code)
                if answer.status_code == 202:
                    self.accepted.append(name)
                else:
                    assert answer.status_code == 503, answer.text
                    assert int(answer.headers["retry-after"]) > 0
                    assert answer.headers["content-type"] == "application/problem+json"
                    self.refused.append(name)
        return seen

    def send_until(self, status: int, *, size: int = 20_000, most: int = 2_000) -> None:
        for _ in range(most):
            if self.send(size=size) == {status}:
                return
        raise AssertionError(f"no {status} in {most} requests")

    def get(self, path: str, **params: str) -> httpx.Response:
        return httpx.get(self.served.url + path, params=params, headers=self.access.as_person, timeout=60)

    def stored(self) -> int:
        return int(self.get("/analytics/events/count", projectId=self.access.project_id).json()["count"])

    def check(self) -> None:
        """Every promised event is stored; of the others at most those that were sent."""
        eventually(lambda: self.stored() >= len(self.accepted) and self.waiting() == 0)
        assert len(self.accepted) <= self.stored() <= len(self.accepted) + len(self.refused)
        counts = self.get(f"/api/v1/projects/{self.access.project_id}/ingestion").json()
        assert counts["totals"]["stored"] == self.stored(), counts["totals"]

    def waiting(self) -> int:
        return int(self.get("/ingest/backlog").json()["events"])


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it does not recover"
        time.sleep(0.2)
