"""Sessions: one request is one transaction, and what leaves the process leaves after the commit."""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from pulseboard.db import memory
from pulseboard.db.shared import SESSION_KEY, Hear, Shared
from pulseboard.errors import Unavailable
from pulseboard.kit.sqlite import is_damage

log = logging.getLogger(__name__)

BUSY_SECONDS = 5  # how long a writer waits for another process (a command beside the server)
CURE = "stop the server and put a copy of control.db back; it holds accounts, projects and keys, and no events"
_EFFECTS = "after_commit"

T = TypeVar("T")


def make_engine(url: str) -> Engine:
    """An engine whose SQLite connections use WAL, enforce foreign keys, and let us say where a transaction begins.

    Raises:
        Unavailable: it is PostgreSQL, and what talks to it is not installed.
    """
    try:
        engine = create_engine(_with_driver(url), pool_size=8, max_overflow=40, pool_timeout=BUSY_SECONDS)
    except ModuleNotFoundError as missing:
        raise Unavailable("PostgreSQL needs psycopg: pip install 'pulseboard[postgres]'") from missing
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _with_driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else url


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # else the driver decides when BEGIN is sent, and a writer cannot be IMMEDIATE
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("sha256_hex", 1, _sha256_hex, deterministic=True)  # others have it; the audit log asks


def _sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first: a reader that turns writer half-way would fail instead of waiting.
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Database:
    """The control plane's tables.

    ``url`` is SQLAlchemy's, for example ``sqlite:////var/lib/pulseboard/control.db``. With ``shared``, which is closed
    with it, other nodes over the same database learn at once what this one changes.
    """

    def __init__(self, url: str, shared: Shared | None = None) -> None:
        self.engine = make_engine(url)
        self._shared = shared
        self._memory = memory.Memory(self.engine, shared=shared)
        # SQLite has one writer: waiting in line here is fair, its own busy handler sleeps and guesses.
        self._line: AbstractContextManager[Any] = Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that changes nothing.

        Raises:
            Unavailable: the database does not answer.
        """
        info = {SESSION_KEY: self._shared}
        with _outages_named(), Session(self.engine, expire_on_commit=False, autoflush=False, info=info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back on any error; then the effects of ``after_commit`` run.

        Raises:
            Unavailable: the database does not answer, or its disk refuses.
        """
        bound = self.engine.execution_options(writes=True)
        with _outages_named(), self._line, Session(bound, expire_on_commit=False) as session:
            memory.begin(session)
            yield session
            session.flush()
            tables = memory.touched(session)
            self._memory.closing(tables)
            session.commit()
        self._memory.changed(tables)
        _run_effects(session)

    def recall(self, name: Hashable, tables: Collection[str], look_up: Callable[[Session], T]) -> T:
        """What ``look_up`` reads from ``tables``, at most a second old and never older than this process's last write.

        With ``shared``, never older than any node's last write of which Redis was told.

        Raises:
            Unavailable: the database does not answer.
        """

        def ask() -> T:
            with self.read() as session:
                return look_up(session)

        return self._memory.recall(name, tables, ask)

    def announce(self, **what: str) -> None:
        """Tells the other nodes, if there is a way to."""
        if self._shared is not None:
            self._shared.announce(**what)

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Calls ``hear`` with what nodes announce; gives what ends that."""
        return self._shared.listen(hear) if self._shared is not None else lambda: None

    def close(self) -> None:
        """Closes every pooled connection."""
        self.engine.dispose()
        if self._shared is not None:
            self._shared.close()


def after_commit(session: Session, effect: Callable[[], None]) -> None:
    """Runs ``effect`` once the session's transaction is on disk, and never if it is rolled back."""
    session.info.setdefault(_EFFECTS, []).append(effect)


def _run_effects(session: Session) -> None:
    for effect in session.info.pop(_EFFECTS, ()):
        try:
            effect()
        except Exception:  # the fact is committed: a failing effect must not make the caller believe it is not
            log.exception("an after-commit effect failed")


@contextmanager
def _outages_named() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, TimeoutError) as broken:
        log.error("the control database refused: %s", broken)
        raise Unavailable("The database does not answer right now") from broken
    except DatabaseError as broken:
        if broken.orig is None or not is_damage(broken.orig):
            raise
        log.error("the control database is damaged: %s; %s", broken, CURE)
        raise Unavailable("The database does not answer right now") from broken
