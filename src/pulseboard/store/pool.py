"""Connections: few at a time, each bound for life to one scope.

A read's scope and ``readonly`` are set before the first statement and cannot be changed after it, so no statement,
however composed, can widen what it sees. Opening one costs about a millisecond; idle ones wait for their scope.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from pulseboard.errors import Unavailable
from pulseboard.store.base import Scope
from pulseboard.store.driver import Connection


class Pool:
    """At most ``size`` statements run at once and at most ``idle`` connections wait; ``patience`` is in seconds."""

    def __init__(
        self, connect: Callable[[Scope], Connection], *, size: int = 4, idle: int = 32, patience: float = 10.0
    ) -> None:
        self._connect = connect
        self._turns = BoundedSemaphore(size)
        self._size, self._idle_limit, self._patience = size, idle, patience
        self._idle: OrderedDict[int, tuple[Scope, Connection]] = OrderedDict()
        self._lock = Lock()
        self._closed = False

    @contextmanager
    def lease(self, scope: Scope) -> Iterator[Connection]:
        """A connection of that scope, for one thread.

        Raises:
            Unavailable: all are busy for longer than ``patience``, or the store is closed.
        """
        if not self._turns.acquire(timeout=self._patience):
            raise Unavailable("The event store is busy")
        try:
            connection = self._take(scope)
            try:
                yield connection
            finally:
                self._give_back(scope, connection)
        finally:
            self._turns.release()

    def close(self) -> None:
        """Waits for running statements, then closes every connection."""
        with self._lock:
            self._closed = True
        for _ in range(self._size):
            self._turns.acquire()
        for _, connection in self._idle.values():
            connection.close()
        self._idle.clear()
        for _ in range(self._size):
            self._turns.release()

    def _take(self, scope: Scope) -> Connection:
        with self._lock:
            if self._closed:
                raise Unavailable("The event store is closed")
            for key, (owner, connection) in reversed(self._idle.items()):
                if owner == scope:
                    del self._idle[key]
                    return connection
        return self._connect(scope)

    def _give_back(self, scope: Scope, connection: Connection) -> None:
        with self._lock:
            self._idle[id(connection)] = (scope, connection)
            surplus = self._idle.popitem(last=False)[1][1] if len(self._idle) > self._idle_limit else None
        if surplus is not None:
            surplus.close()
