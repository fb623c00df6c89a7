"""Where small requests become durable before they stand in the spool's table: one write, and nothing else.

Two files of a fixed size, written before they are used, so that an append changes no metadata and its one ``write``
(``O_DSYNC``) is all that the disk has to do. One file takes what comes; when the spool has moved that into its table,
with the number of the last frame in the same transaction, the files change places and the old bytes are written over.

A frame is a head (mark, number, moment, events, length, sum of the body, sum of the head) and a body. Numbers grow by
one, so what an earlier turn left behind a file's last frame is no part of it. The mark is the file's own, by chance,
and stands at its beginning too: nobody can send an event that is taken for a frame. A frame that the power cut off was
never acknowledged; one with a sound frame behind it was, and goes on as what it is: damaged.
"""

import os
import struct
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import structlog

from pulseboard.spool.base import Parcel

log = structlog.get_logger(__name__)

SIZE = 8 * 1024 * 1024  # bytes of a file: a second of the most requests that one loop can take
_MARK = 8  # bytes
_HEAD = struct.Struct(f"<{_MARK}sQQIII")
_SUM = struct.Struct("<I")
_BEFORE_BODY = _HEAD.size + _SUM.size
_PIECE = 4096  # bytes


class Frame(NamedTuple):
    """What was written together. ``received_at`` is in ms since 1970, ``sum`` the CRC-32 of the body as it was."""

    number: int
    received_at: int
    events: int
    sum: int
    body: bytes


class Pending(NamedTuple):
    """What is in the journal and not in the table: ``frames`` of ``size`` bytes in all, up to the number ``last``."""

    last: int
    frames: int
    size: int
    parcels: list[Parcel]


class Journal:
    """Appending is for one thread at a time, and so is moving; the two may go on side by side."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        """The files are ``path`` with ``.0`` and ``.1`` behind it; they are made by ``prepare``."""
        self._paths = (Path(f"{path}.0"), Path(f"{path}.1"))
        self._size = size
        self._files: list[tuple[int, bytes]] = []  # handle and mark
        self._lock = threading.Lock()
        self._active = 0
        self._at = _MARK
        self._number = 0  # of the last frame
        self._first = 1  # of the active file
        self._parcels: list[Parcel] = []
        self._moving: Pending | None = None
        self.oldest: int | None = None  # when the oldest of what is not moved came (ms since 1970)

    @property
    def ready(self) -> bool:
        return bool(self._files)

    def recover(self, moved: int) -> list[Frame]:
        """What a process before this one wrote and did not move: the frames after ``moved``, in order."""
        frames = sorted(frame for path in self._paths for frame in _frames(path) if frame.number > moved)
        self._number = frames[-1].number if frames else moved
        self._first = self._number + 1
        return frames

    def exists(self) -> bool:
        return all(path.exists() for path in self._paths)

    def prepare(self) -> None:
        """Makes the files, or opens those that are there; for a thread that may wait for the disk.

        Raises:
            OSError: the disk refuses.
        """
        made = [_make(path, self._size) for path in self._paths]
        _sync(self._paths[0].parent)
        self._files = made

    def append(self, parcels: list[Parcel], received_at: int, body: bytes, events: int) -> bool:
        """Writes one frame, durable on return; False when the file is full.

        Raises:
            OSError: the disk refuses. Nothing of the frame counts.
        """
        with self._lock:
            size = _BEFORE_BODY + len(body)
            if self._at + size > self._size:
                return False
            if self.oldest is None:  # before it is durable: whoever sees it nowhere else must see it here
                self.oldest = received_at
            self._write(self._number + 1, received_at, events, body)
            self._number, self._at = self._number + 1, self._at + size
            self._parcels += parcels
        return True

    def held(self) -> list[Pending]:
        """All that is not moved yet, oldest first."""
        with self._lock:
            moving = [] if self._moving is None else [self._moving]
            return [*moving, self._written()] if self._parcels else moving

    def pending(self) -> Pending | None:
        """What is to be moved now; the same again until it is said to be ``moved``."""
        with self._lock:
            if self._moving is None and self._parcels:
                self._moving = self._written()
                self._parcels, self._active, self._at = [], 1 - self._active, _MARK
                self._first = self._number + 1
            return self._moving

    def moved(self) -> None:
        """What was pending stands in the table; its file may be written over."""
        with self._lock:
            self._moving = None
            self.oldest = self._parcels[0].received_at if self._parcels else None

    def _written(self) -> Pending:
        """What the active file holds."""
        frames = self._number + 1 - self._first
        return Pending(self._number, frames, self._at - _MARK - frames * _BEFORE_BODY, self._parcels)

    def _write(self, number: int, received_at: int, events: int, body: bytes) -> None:
        file, mark = self._files[self._active]
        head = _HEAD.pack(mark, number, received_at, events, len(body), _sum_of(body))
        frame = b"".join((head, _SUM.pack(zlib.crc32(head)), body))
        if os.pwrite(file, frame, self._at) != len(frame):
            raise OSError("the disk took a part of a frame")

    def close(self) -> None:
        files, self._files = self._files, []
        for file, _ in files:
            os.close(file)


def _sum_of(body: bytes) -> int:
    """The CRC-32, in pieces: for longer ones zlib lets go of the interpreter, and a busy loop is slow to return it."""
    found = 0
    for at in range(0, len(body), _PIECE):
        found = zlib.crc32(body[at : at + _PIECE], found)
    return found


def _frames(path: Path) -> Iterator[Frame]:
    """The frames of one file, each with the number after the one before."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    held: Frame | None = None  # a frame whose body is not what was written: torn, unless another one follows
    for frame in _found(data):
        if held is not None:
            yield held
        held = frame if zlib.crc32(frame.body) != frame.sum else None
        if held is None:
            yield frame


def _found(data: bytes) -> Iterator[Frame]:
    """The frames whose heads are sound, whatever became of their bodies."""
    mark, at, last = _mark_of(data), _MARK, 0
    while mark and (at := data.find(mark, at)) >= 0:
        body = at + _BEFORE_BODY
        head, check = data[at : at + _HEAD.size], data[at + _HEAD.size : body]
        if check != _SUM.pack(zlib.crc32(head)):
            at += 1
            continue
        _, number, received_at, events, length, sum_ = _HEAD.unpack(head)
        if number <= last:
            return  # an earlier turn's
        if last and number != last + 1:
            log.error("frames of the event queue's journal are lost", frames=number - last - 1)
        yield Frame(number, received_at, events, sum_, data[body : body + length])
        at, last = body + length, number


def _mark_of(data: bytes) -> bytes:
    """The file's mark; it stands at the first frame too, should the beginning have turned."""
    mark, again = data[:_MARK], data[_MARK : 2 * _MARK]
    return again if any(again) and again != mark and data.count(again) > data.count(mark) else mark


def _make(path: Path, size: int) -> tuple[int, bytes]:
    """The file, opened for durable writes, with all of its bytes written once, and its mark."""
    if not path.exists() or path.stat().st_size != size:
        with path.open("wb") as new:
            new.write(os.urandom(_MARK) + bytes(size - _MARK))
            new.flush()
            os.fsync(new.fileno())
    file = os.open(path, os.O_RDWR | os.O_DSYNC)
    return file, os.pread(file, _MARK, 0)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
