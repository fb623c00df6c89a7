"""From a log file to canonical events: batches, ids that come out the same again, and a count of all lines."""

import gzip
import hmac
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from pulseboard.importers.access_log import MAX_LINE, Refused, Request, parse
from pulseboard.ingest.event import Event
from pulseboard.kit.clock import Clock

BATCH = 20_000  # events, as many as the writer takes at once
REMEMBERED = 500_000  # lines that are looked back on for a repetition, at least
MAX_AHEAD = timedelta(days=1)
LIBRARY = "access-log"

Put = Callable[[list[Event]], int]
"""Makes a batch durable and counted, and says how many of its events were new."""


@dataclass(slots=True)
class Summary:
    """What a file held. ``refused`` counts lines by reason; ``new`` are the events that were not there before."""

    lines: int = 0
    requests: int = 0
    new: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    visitors: set[str] = field(default_factory=set)
    first: int | None = None  # ms since 1970
    last: int | None = None  # ms since 1970
    broken: str = ""  # why the file could not be read to its end


class Source:
    """Lines of a plain or gzipped file, and how many of the file's bytes were read for them."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        self._stream: Any = gzip.GzipFile(fileobj=raw) if self._zipped else raw
        self.broken = ""

    def lines(self) -> Iterator[bytes]:
        """Each line without its end; one that is too long is cut after ``MAX_LINE`` bytes and one more."""
        try:
            while line := self._stream.readline(MAX_LINE + 1):
                end = line
                while not end.endswith(b"\n") and (end := self._stream.readline(MAX_LINE)):
                    pass
                yield line.rstrip(b"\r\n")
        except (EOFError, OSError, zlib.error):
            if not self._zipped:
                raise
            self.broken = "the compressed data is damaged or cut off"

    def position(self) -> int:
        return self._raw.tell()


class _Ids:
    """Names each line by its text and by how often that very text stood above it.

    So a second import of the file, or of the file after it has grown, gives the same ids. Only so many lines are
    remembered: equal lines carry the same second and stand near one another. Without the key the ids would give away
    the addresses: all else of a line is stored, and there are only so many addresses to try.
    """

    def __init__(self, key: bytes, project_id: str) -> None:
        self._key = hmac.digest(key, project_id.encode(), "sha256")
        self._recent: dict[bytes, int] = {}
        self._older: dict[bytes, int] = {}

    def of(self, line: bytes) -> str:
        digest = blake2b(line, digest_size=16, key=self._key).digest()
        seen = self._recent.get(digest, self._older.get(digest, 0))
        self._recent[digest] = seen + 1
        if len(self._recent) >= REMEMBERED:
            self._older, self._recent = self._recent, {}
        return digest.hex() if not seen else f"{digest.hex()}-{seen}"


def import_access_log(
    path: Path, project_id: str, *, key: bytes, clock: Clock, put: Put, progress: Callable[[int], None]
) -> Summary:
    """Puts every request of the log at ``path`` into the project, at the log's own times.

    Each distinct address is one visitor, known by a hash with ``key``; the address itself is not kept. ``progress`` is
    told how many of the file's bytes are done.

    Raises:
        OSError: the file cannot be opened or read.
        AppError: what ``put`` raises. What was put until then stays, and is not doubled by a second import.
    """
    summary = Summary()
    with path.open("rb") as raw:
        source = Source(raw)
        batch: list[Event] = []
        for event in _events(source.lines(), project_id, key, clock, summary):
            batch.append(event)
            if len(batch) == BATCH:
                summary.new += put(batch)
                batch = []
                progress(source.position())
        if batch:
            summary.new += put(batch)
        progress(source.position())
        summary.broken = source.broken
    return summary


def _events(lines: Iterator[bytes], project_id: str, key: bytes, clock: Clock, summary: Summary) -> Iterator[Event]:
    ids = _Ids(key, project_id)
    latest = int((clock() + MAX_AHEAD).timestamp() * 1000)
    for line in lines:
        summary.lines += 1
        try:
            request = _checked(line, latest)
        except Refused as why:
            summary.refused[str(why)] += 1
            continue
        event = _event(request, ids.of(line), visitor(key, project_id, request.address))
        _count(summary, request, event)
        yield event


def _checked(line: bytes, latest: int) -> Request:
    if len(line) > MAX_LINE:
        raise Refused(f"longer than {MAX_LINE // 1024} KiB")
    request = parse(line)
    if request.timestamp > latest:
        raise Refused("time is more than a day ahead")
    return request


def visitor(key: bytes, project_id: str, address: str) -> str:
    """The anonymous id of an address: equal within a project, and of no use to who has not got the key."""
    return hmac.digest(key, f"{project_id}\0{address}".encode(), "sha256").hex()[:32]


def _event(request: Request, event_id: str, anonymous_id: str) -> Event:
    properties: dict[str, Any] = {
        "method": request.method,
        "path": request.path,
        "endpoint": request.path,
        "url": request.target,
        "statusCode": request.status,
        "bytes": request.size,
        "protocol": request.protocol,
        "referrer": request.referrer,
        "userAgent": request.agent,
        "remoteUser": request.user,
        "request": "" if request.method else request.raw,
    }
    told = {name: value for name, value in properties.items() if value}
    return Event(
        event_id,
        True,
        "REQUEST",
        "REQUEST",
        request.timestamp,
        anonymous_id=anonymous_id,
        library=LIBRARY,
        properties=told,
    )


def _count(summary: Summary, request: Request, event: Event) -> None:
    summary.requests += 1
    summary.classes[f"{request.status // 100}xx" if request.status else "none"] += 1
    summary.visitors.add(event.anonymous_id)
    summary.first = min(request.timestamp, request.timestamp if summary.first is None else summary.first)
    summary.last = max(request.timestamp, request.timestamp if summary.last is None else summary.last)
