"""Chores at intervals, in a thread: writing down counts that were kept in memory, looking after the store."""

import threading
from collections.abc import Callable, Mapping

import structlog

log = structlog.get_logger(__name__)

Chore = Callable[[], None]


class Ticker:
    """Runs named chores every ``seconds``; one that fails is logged and tried again at the next tick.

    ``last`` says whether they run once more at the end, as chores must that write down what is only in memory.
    """

    def __init__(self, chores: Mapping[str, Chore], seconds: float, *, last: bool) -> None:
        self._chores = chores
        self._seconds = seconds
        self._last = last
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stops after the running chore."""
        self._stopping.set()
        self._thread.join()
        if self._last:
            self._tick()

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            self._tick()

    def _tick(self) -> None:
        for name, chore in self._chores.items():
            try:
                chore()
            except Exception:
                log.exception("chore failed", chore=name)
