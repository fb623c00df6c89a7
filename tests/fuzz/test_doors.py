"""Recordings of every door, spoiled in thousands of ways: refused or taken; no 5xx, no hang, nothing in part."""

import json
import random
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
from bench.ingestion import settle
from bench.served import Served, serving, set_up
from tests.fuzz.recordings import SITE, SPOILS, Recording, recordings

ROUNDS = 40  # of each recording spoiled in each way
SILENCE = 5.0  # seconds without an answer after which a client hangs up


@dataclass
class Target:
    """A server, the requests that it takes, and how many events it said it took."""

    served: Served
    project: str
    key: str
    good: list[Recording]
    accepted: Counter[str] = field(default_factory=Counter)

    def count(self) -> int:
        settle(self.served)
        answer = httpx.get(
            f"{self.served.url}/api/v1/analytics/events/count", headers={"x-api-key": self.key}, timeout=60
        )
        return int(answer.json()["count"])


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    env = {"PULSEBOARD_SELF_MONITOR": "off", "PULSEBOARD_RATE_LIMIT_ADDRESS": "1000000/minute"}
    with serving(tmp_path_factory.mktemp("doors") / "data", env) as served:
        access = set_up(served)
        changed = httpx.patch(
            f"{served.url}/api/v1/projects/{access.project_id}",
            json={"domains": [SITE]},
            headers=access.as_person,
            timeout=60,
        )
        assert changed.status_code == 200, changed.text
        yield Target(served, access.project_id, access.key, recordings(access.key, access.project_id))


def exchange(port: int, request: bytes) -> tuple[int, bytes] | None:
    """The status and body of the answer; None when the connection was closed without one, in time."""
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.settimeout(SILENCE)
        try:
            peer.sendall(request)
            return _read(peer, head_only=request.startswith(b"HEAD "))
        except TimeoutError:
            peer.shutdown(socket.SHUT_WR)  # the server waits for more of a request that says it is longer
            return _read(peer, head_only=False)
        except ConnectionError:
            return None


def _read(peer: socket.socket, *, head_only: bool) -> tuple[int, bytes] | None:
    answer = b""
    while True:
        head, end, body = answer.partition(b"\r\n\r\n")
        if end and head.startswith(b"HTTP/1.1 100"):
            answer = body
            continue
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        if end and (head_only or len(body) >= int(length or 0)):
            return int(head.split()[1]), body
        more = peer.recv(65_536)
        if not more:
            assert not answer, f"cut off: {answer[:200]!r}"
            return None
        answer += more


def accepted_by(request: Recording, status: int, body: bytes) -> int:
    """How many events the answer says were taken; also that it names what was not."""
    if status == 200 and request.method == "GET":
        return 1 if body.startswith(b"GIF89a") and request.target.startswith("/track.gif") else 0
    if status != 202:
        return 0
    said = json.loads(body)
    if "accepted" not in said:
        assert said["id"]
        return 1
    assert len({refusal["index"] for refusal in said["rejected"]}) == len(said["rejected"])
    assert all(refusal["errors"] and "path" in refusal["errors"][0] for refusal in said["rejected"])
    return int(said["accepted"])


def test_the_recordings_are_good(target: Target) -> None:
    for request in target.good:
        answer = exchange(target.served.port, request.raw())
        assert answer is not None and answer[0] in (200, 202), (request, answer)
        assert accepted_by(request, *answer) == request.events
        target.accepted["good"] += request.events
    assert target.count() == target.accepted.total()


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
def test_spoiled_recordings_are_refused_or_taken_and_what_is_taken_is_stored(target: Target, spoil: object) -> None:
    dice = random.Random(spoil.__name__)  # type: ignore[attr-defined]
    statuses: Counter[int | None] = Counter()
    before = target.count()
    taken = 0
    for good in target.good:
        for _ in range(ROUNDS):
            request = _with_a_fresh_id(spoil(good, dice), dice)  # type: ignore[operator]
            answer = exchange(target.served.port, request.raw())
            statuses[answer and answer[0]] += 1
            if answer is None:
                continue
            assert answer[0] < 500, (request, answer)
            if answer[0] >= 400 and answer[1] and not request.target.startswith("/track.gif"):
                assert b'"status"' in answer[1] or b"Invalid HTTP" in answer[1] or b"too large" in answer[1], answer
            taken += accepted_by(request, *answer)
    assert target.count() == before + taken
    assert len(statuses) > 1, statuses


def _with_a_fresh_id(request: Recording, dice: random.Random) -> Recording:
    """An id that comes twice counts once, and would spoil the sum."""
    return replace(request, body=request.body.replace(b'"id": "f-1"', b'"id": "%d"' % dice.getrandbits(60)))


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "99999999999999999999999", "", "5, 5", "+3", "0x10"])
def test_a_lying_length_is_refused(target: Target, length: str) -> None:
    head = f"POST /ingest/event HTTP/1.1\r\nhost: x\r\nx-api-key: {target.key}\r\ncontent-length: {length}\r\n\r\n"
    answer = exchange(target.served.port, head.encode() + b'{"name":"a"}')
    assert answer is None or 400 <= answer[0] < 500 or answer[0] == 202, answer


def test_the_server_is_as_it_was(target: Target) -> None:
    assert httpx.get(f"{target.served.url}/health/ready", timeout=10).status_code == 200
