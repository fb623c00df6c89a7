"""A plan's thousand events at a real server: many connections, doubles, kills, and exactly a thousand are stored."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from bench.served import Served, start

from pulseboard.kit.periods import month_end

ENV = {"PULSEBOARD_BILLING": "builtin", "PULSEBOARD_REGISTRATION": "open", "PULSEBOARD_SELF_MONITOR": "off"}
PASSWORD = "a horse that staples 9 batteries"
LIMIT = 1_000  # of the Free plan
CONNECTIONS = 32
DOUBLES = 0.3
NAP = 0.05  # seconds between two tries while the server is down


class Crowd:
    """Connections that send single events and batches, a third of them again, until nothing more is taken."""

    def __init__(self, served: Served, seed: int) -> None:
        self.served = served
        self.seed = seed
        self.lock = threading.Lock()
        self.sent: list[str] = []
        self.accepted: set[str] = set()
        self.refused: set[str] = set()
        self.stop = threading.Event()
        with httpx.Client(base_url=served.url, timeout=60) as http:
            person = {"email": "a@example.com", "password": PASSWORD, "name": "Alice"}
            tokens = http.post("/api/v1/auth/register", json=person).json()
            self.bearer = {"authorization": f"Bearer {tokens['accessToken']}"}
            http.cookies.clear()
            self.org = tokens["user"]["orgs"][0]["id"]
            self.project = http.post("/api/v1/projects", json={"name": "shop"}, headers=self.bearer).json()["id"]
            keys = f"/api/v1/projects/{self.project}/api-keys"
            made = http.post(keys, json={"label": "shop", "scope": "secret"}, headers=self.bearer).json()
            self.key = {"x-api-key": made["key"]}

    def run(self, number: int) -> None:
        dice = random.Random(f"{self.seed}/{number}")
        quiet = 0
        with httpx.Client(base_url=self.served.url, headers=self.key, timeout=60) as http:
            while quiet < 5 and not self.stop.is_set():
                ids = self._choose(dice)
                try:
                    answer = self._post(http, ids, single=len(ids) == 1 and dice.random() < 0.7)
                except httpx.TransportError:
                    time.sleep(NAP)
                    continue
                quiet = quiet + 1 if answer.status_code == 429 else 0

    def _choose(self, dice: random.Random) -> list[str]:
        with self.lock:
            ids = []
            for _ in range(dice.choice((1, 1, 1, 7, 20))):
                again = self.sent and dice.random() < DOUBLES
                ids.append(dice.choice(self.sent[-300:]) if again else f"id-{len(self.sent)}")
                self.sent.append(ids[-1])
        return ids

    def _post(self, http: httpx.Client, ids: list[str], *, single: bool) -> httpx.Response:
        events = [{"name": "step", "id": id} for id in ids]
        body = events[0] if single else {"events": events}
        answer = http.post("/ingest/event" if single else "/ingest/batch", json=body)
        if answer.status_code == 202:
            gone = {} if single else {each["index"]: each for each in answer.json()["rejected"]}
            assert {each["type"] for each in gone.values()} <= {"quota-exceeded"}
            with self.lock:
                self.accepted |= {id for index, id in enumerate(ids) if index not in gone}
                self.refused |= {id for index, id in enumerate(ids) if index in gone}
        else:
            self._check_refusal(answer)
            with self.lock:
                self.refused |= set(ids)
        return answer

    def _check_refusal(self, answer: httpx.Response) -> None:
        assert (answer.status_code, answer.json()["type"]) == (429, "quota-exceeded"), answer.text
        now = datetime.now(UTC)
        assert abs(int(answer.headers["retry-after"]) - (month_end(now) - now).total_seconds()) < 60

    def usage(self) -> tuple[int, int]:
        """What the quota says is used, and what the dashboard counts."""
        with httpx.Client(base_url=self.served.url, timeout=60) as http:
            used = http.get("/api/v1/billing/usage", params={"orgId": self.org}, headers=self.bearer).json()["used"]
            count = http.get("/analytics/events/count", headers=self.key).json()["count"]
        return used, count


def settle(crowd: Crowd) -> None:
    deadline = time.monotonic() + 60
    while httpx.get(f"{crowd.served.url}/health/ready").json()["waitingEvents"] and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.mark.parametrize("kills", [0, 2])
def test_exactly_the_plans_events_are_stored(tmp_path: Path, kills: int) -> None:
    served = start(tmp_path / "data", env=ENV)
    try:
        crowd = Crowd(served, seed=random.randrange(2**32))
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            running = [pool.submit(crowd.run, number) for number in range(CONNECTIONS)]
            for _ in range(kills):
                time.sleep(0.7)
                served.kill()
                served = crowd.served = start(tmp_path / "data", served.port, ENV)
            for each in running:
                each.result(120)
        settle(crowd)
        print(f"seed {crowd.seed}, {len(crowd.sent)} sent, {len(crowd.accepted)} ids taken")
        assert crowd.usage() == (LIMIT, LIMIT)
        assert len(crowd.accepted) <= LIMIT
        if not kills:
            assert len(crowd.accepted) == LIMIT
        assert crowd.refused - crowd.accepted
        again = httpx.post(f"{served.url}/ingest/event", json={"name": "step", "id": "id-0"}, headers=crowd.key)
        assert again.status_code == 202  # a double costs nothing
        settle(crowd)
        assert crowd.usage() == (LIMIT, LIMIT)
    finally:
        served.kill()
