"""A real server in a process of its own, for whoever wants to load it, question it or kill it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PATIENCE = 60  # seconds for a start on a busy machine; also for a stop that drains
ALICE = {"email": "alice@example.com", "password": "correct horse battery", "name": "Alice"}
UNLIMITED = "100000000/minute"


@dataclass(frozen=True)
class Served:
    """A running server; ``started_in`` is the seconds from the command to the first good ``/health/ready``."""

    process: subprocess.Popen[bytes]
    port: int
    folder: Path
    started_in: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """Ends the process as a power cut would: it cannot notice."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Asks the process to end, waits until it has written what it accepted, and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@dataclass(frozen=True)
class Access:
    """``token`` is Alice's (superadmin, owner of the project); ``key`` is the project's secret key."""

    token: str
    project_id: str
    key: str

    @property
    def as_person(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    @property
    def as_program(self) -> dict[str, str]:
        return {"x-api-key": self.key}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def launch(folder: Path, port: int, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Starts the process and does not wait for it; its log is ``<folder>.log``.

    Compiled modules are kept, also where the environment says not to: a start would take twice as long as it does.
    """
    command = [str(Path(sys.executable).with_name("pulseboard")), "serve", "--data-dir", str(folder)]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PULSEBOARD_", "PYTHONDONT"))},
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / f"pulseboard-pycache-{os.getuid()}"),
        "PULSEBOARD_RATE_LIMIT_INGEST": UNLIMITED,
        "PULSEBOARD_RATE_LIMIT_READ": UNLIMITED,
        "PULSEBOARD_RATE_LIMIT_AUTH": UNLIMITED,
        **(env or {}),
    }
    with log_of(folder).open("ab") as out:
        return subprocess.Popen([*command, "--port", str(port)], env=environ, stdout=out, stderr=out)


def start(folder: Path, port: int | None = None, env: Mapping[str, str] | None = None) -> Served:
    """Starts a server over ``folder`` and waits until it says that it is ready.

    Raises:
        RuntimeError: it ended, or did not get ready in time; the message has the end of its log.
    """
    port = port or free_port()
    began = time.perf_counter()
    process = launch(folder, port, env)
    if not _until_ready(process, port):
        process.kill()
        raise RuntimeError(f"the server does not start:\n{log_of(folder).read_text(errors='replace')[-3000:]}")
    return Served(process, port, folder, time.perf_counter() - began)


def log_of(folder: Path) -> Path:
    """Where the server over ``folder`` writes what it says."""
    return folder.with_name(folder.name + ".log")


@contextmanager
def serving(folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A server for the length of the block."""
    served = start(folder, env=env)
    try:
        yield served
    finally:
        served.stop()


def set_up(served: Served) -> Access:
    """Makes Alice the owner, and a project with a secret key."""
    with httpx.Client(base_url=served.url, timeout=PATIENCE) as client:
        claim = {**ALICE, "token": (served.folder / "setup-token").read_text("ascii").strip()}
        token = _json(client.post("/api/v1/setup", json=claim))["accessToken"]
        client.headers["authorization"] = f"Bearer {token}"
        project = _json(client.post("/api/v1/projects", json={"name": "Load"}))["id"]
        key = _json(client.post(f"/api/v1/projects/{project}/api-keys", json={"label": "load", "scope": "secret"}))
        return Access(token, project, key["key"])


def sign_in(served: Served) -> dict[str, str]:
    """Alice's headers, good for a quarter of an hour."""
    login = {name: ALICE[name] for name in ("email", "password")}
    token = _json(httpx.post(f"{served.url}/api/v1/auth/login", json=login, timeout=PATIENCE))["accessToken"]
    return {"authorization": f"Bearer {token}"}


def _json(answer: httpx.Response) -> dict[str, str]:
    answer.raise_for_status()
    body: dict[str, str] = answer.json()
    return body


def _until_ready(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=5).status_code == 200:
                return True
        except httpx.TransportError:
            time.sleep(0.02)
    return False
