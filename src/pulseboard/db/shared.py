"""A Redis beside the database, for several nodes over it: what one of them read, and at once what another has changed.

Redis holds no right by itself. It keeps a random *version* of each table and *entries*, what a node read, sealed with
the installation's secret together with the versions of the tables that it came from. An entry counts as long as its
seal fits the versions of this moment, and for ``LIFE`` at most. So whoever writes into that Redis can invent nothing,
and hold up a change by ``LIFE``.

- A reader asks for the versions, then the database, then stores: what changed meanwhile has other versions.
- A writer closes the versions of its tables before it commits, for nobody to use or store, and drops them before it
  answers; the next reader draws new ones. Being random, none comes back when Redis is emptied or set back.
- Where Redis does not answer, nothing is remembered and the database is asked. A writer that cannot reach it while
  others can leaves them what they read less than ``LIFE`` ago.
"""

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

LIFE = 1.0  # seconds: what revoking promises, should the word of it be lost
PATIENCE = 0.2  # seconds that an answer may take; the database would have given several
AGAIN = 1.0  # seconds until a Redis that did not answer is asked again
CLOSED = 10.0  # seconds that a table stays closed if its writer dies: longer than a commit and what was read before it
POLL = 0.25  # seconds within which the listening thread notices that it should end
SESSION_KEY = "shared"
_NO_VERSION = b""  # of a closed table

T = TypeVar("T")
Hear = Callable[[Mapping[str, str] | None], None]  # what was announced; None: anything may have been, unheard


@dataclass(frozen=True, slots=True)
class Seen:
    """What Redis knew before the database is asked: the tables' versions, and the answer if it has one.

    ``until`` is when an answer that is read now is over, in milliseconds since 1970.
    """

    versions: tuple[bytes, ...]
    answer: bytes | None
    until: int


class Shared:
    """``secret`` seals entries and tells installations apart that share a Redis. Thread-safe, and never raises.

    ``clock`` gives seconds since 1970; ``monotonic`` counts seconds and never jumps back.
    """

    def __init__(
        self,
        redis: "Redis",
        secret: bytes,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._secret = hashlib.blake2b(secret, digest_size=32).digest()
        self._prefix = f"pulseboard:{hashlib.blake2b(secret, digest_size=8, person=b'prefix').hexdigest()}:"
        self._clock = clock
        self._monotonic = monotonic
        self._silent_until = 0.0
        self._silent = False

    def versions(self, tables: Collection[str]) -> tuple[bytes, ...] | None:
        """The versions of tables; None while one of them is being changed, or when Redis does not answer."""
        seen = self.look(tables)
        return None if seen is None else seen.versions

    def look(self, tables: Collection[str], *names: str) -> Seen | None:
        """The versions of tables, and what is known under a name; None as in ``versions``."""
        keys = [self._version_of(table) for table in tables]
        found = self._ask(lambda redis: _read(redis, keys, [self._entry_of(name) for name in names]))
        if found is None:
            return None
        versions = tuple(each for each in found[: len(keys)] if isinstance(each, bytes) and each != _NO_VERSION)
        if len(versions) < len(keys):
            return None
        now = int(self._clock() * 1000)
        answer = self._opened(names[0], versions, found[-1], now) if names and found[-1] else None
        return Seen(versions, answer, now + int(LIFE * 1000))

    def keep(self, name: str, seen: Seen, answer: bytes) -> None:
        """Stores what was read after ``look``."""
        entry = msgspec.msgpack.encode((seen.until, self._seal(name, seen.versions, seen.until, answer), answer))
        self._ask(lambda redis: redis.set(self._entry_of(name), entry, px=int(LIFE * 1000)))

    def closing(self, tables: Collection[str]) -> None:
        """To be called before a commit that changes tables."""
        if tables:
            self._ask(lambda redis: _close(redis, [self._version_of(table) for table in tables]))

    def changed(self, tables: Collection[str]) -> None:
        """To be called after it, and before anybody is told that it succeeded."""
        if tables:
            # Taking away is what a Redis without room still does; and asked even if it did not answer just now, because
            # it may answer the others.
            self._ask(lambda redis: redis.delete(*map(self._version_of, tables)), anyway=True)

    def announce(self, **what: str) -> None:
        """Tells every node that listens, this one too."""
        self._ask(lambda redis: redis.publish(self._prefix + "news", msgspec.json.encode(what)), anyway=True)

    def listen(self, hear: Hear) -> Callable[[], None]:
        """Calls ``hear`` in a thread of its own with what is announced; gives what ends it."""
        over = threading.Event()
        thread = threading.Thread(target=self._listen, args=(hear, over), name="redis", daemon=True)
        thread.start()

        def stop() -> None:
            over.set()
            thread.join()

        return stop

    def close(self) -> None:
        """Closes the connections."""
        self._redis.close()

    def _listen(self, hear: Hear, over: threading.Event) -> None:
        while not over.is_set():
            # Whatever happens to the connection: a lost word is made up for by hearing None on the next one.
            with suppress(Exception):
                for told in _told(self._redis, self._prefix + "news", over):
                    hear(told)
            over.wait(AGAIN)

    def _ask(self, what: Callable[["Redis"], T], *, anyway: bool = False) -> T | None:
        if self._monotonic() < self._silent_until and not anyway:
            return None
        for _ in range(1 + anyway):  # once more, because it may be only this connection that is broken
            try:
                answer = what(self._redis)
            except Exception as failed:  # something else may listen there and make the client raise anything
                self._give_up(failed)
                continue
            if self._silent:
                log.warning("Redis answers again")
            self._silent = False
            return answer
        return None

    def _give_up(self, failed: Exception) -> None:
        self._silent_until = self._monotonic() + AGAIN
        if not self._silent:
            log.warning("Redis does not answer, so every look-up goes to the database: %s", failed)
        self._silent = True
        with suppress(Exception):
            self._redis.connection_pool.disconnect(inuse_connections=False)

    def _seal(self, name: str, versions: tuple[bytes, ...], until: int, answer: bytes) -> bytes:
        sealed = msgspec.msgpack.encode((name, versions, until, answer))
        return hashlib.blake2b(sealed, digest_size=16, key=self._secret).digest()

    def _opened(self, name: str, versions: tuple[bytes, ...], entry: bytes, now: int) -> bytes | None:
        try:
            until, seal, answer = msgspec.msgpack.decode(entry, type=tuple[int, bytes, bytes])
        except msgspec.MsgspecError:
            return None
        fits = secrets.compare_digest(seal, self._seal(name, versions, until, answer))
        return answer if fits and now < until <= now + LIFE * 1000 else None

    def _version_of(self, table: str) -> str:
        return f"{self._prefix}version:{table}"

    def _entry_of(self, name: str) -> str:
        return f"{self._prefix}entry:{name}"


def open_shared(url: str, secret: bytes) -> Shared | None:
    """What is shared at ``url``, ``redis://...``; None without one. Nothing is asked yet."""
    if not url:
        return None
    return Shared(_client(url), secret)


def redis_version(url: str) -> str:
    """What answers at the URL.

    Raises:
        ConnectionError: nothing does, or not as Redis would; says why.
    """
    try:
        with _client(url) as redis:
            told = redis.info("server")
            return f"{told.get('server_name', 'redis')} {told.get('valkey_version', told['redis_version'])}"
    except Exception as failed:
        raise ConnectionError(str(failed)) from failed


def _client(url: str) -> "Redis":
    # Here, because whoever sets no URL need not wait for it.
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        url,
        protocol=2,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=5,  # so that the listening thread notices a server that is gone
    )


def remembered(
    session: Session, name: str, tables: Collection[str], kind: type[T], ask: Callable[[], T | None]
) -> T | None:
    """The answer of ``ask``, which reads ``tables`` and nothing else through the session, or what another request read.

    ``name`` says what is asked, and of whom; an answer is a ``kind`` that msgspec can write down. A session that writes
    or has read something always asks: it sees the database as it was when it began.
    """
    shared: Shared | None = session.info.get(SESSION_KEY)
    if shared is None or session.in_transaction():
        return ask()
    seen = shared.look(tables, name)
    if seen is not None and seen.answer is not None:
        with suppress(msgspec.MsgspecError):  # written by another release
            return msgspec.json.decode(seen.answer, type=kind)
    answer = ask()
    if seen is not None and answer is not None:
        shared.keep(name, seen, msgspec.json.encode(answer))
    return answer


def _read(redis: "Redis", versions: list[str], entries: list[str]) -> list[Any]:
    """The versions, drawn where there is none, and the entries."""
    found = redis.mget(versions + entries)
    missing = [key for key, value in zip(versions, found, strict=False) if value is None]
    if not missing:
        return found
    drawn = redis.pipeline(transaction=False)
    for key in missing:
        drawn.set(key, secrets.token_bytes(16), nx=True)
    drawn.mget(versions + entries)
    return list(drawn.execute()[-1])


def _close(redis: "Redis", versions: list[str]) -> None:
    closing = redis.pipeline(transaction=False)
    for key in versions:
        closing.set(key, _NO_VERSION, px=int(CLOSED * 1000))
    closing.execute()


def _told(redis: "Redis", channel: str, over: threading.Event) -> Iterator[Mapping[str, str] | None]:
    """What is said in the channel; at first None, as after a gap."""
    with redis.pubsub() as heard:  # type: ignore[no-untyped-call]
        heard.subscribe(channel)
        while not over.is_set():
            message = heard.get_message(timeout=POLL)
            if message is not None:
                yield _words(message["data"])


def _words(data: object) -> Mapping[str, str] | None:
    if not isinstance(data, bytes):
        return None
    try:
        return msgspec.json.decode(data, type=dict[str, str])
    except msgspec.MsgspecError:
        return None
