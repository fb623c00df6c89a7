"""The catalogue of a project's words: names of events with their types, and keys of properties.

It is bounded whatever is sent. A project has room for so many words of a kind; of those past it only their number is
kept, in a bitmap: each word sets one bit, and the share of bits that stay empty tells how many different words there
were (linear counting, Whang, Vander-Zanden and Taylor, 1990). The table is the truth. What is held in memory only
spares the look-ups: which words were written down in this hour.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from itertools import islice
from math import log
from typing import NamedTuple

from msgspec import json

from pulseboard.kit.periods import DAY, HOUR
from pulseboard.ledger.base import Beyond, Brought, Catalog, Entry, Word

ROOM = 2_000  # words of a kind in a project; somebody has to find the right one in a list
LONGEST = 200  # characters of a property's key; a longer one cannot be asked for either
PER_BATCH = 20_000  # new words that a batch may bring; a batch with more leaves the rest for when they come again
REMEMBERED = 100_000  # words in memory, of all projects
BITS = 65_536  # about 2 % off at 100,000 words
EXAMPLES = 5
CROWDED = 30 * DAY  # ms after which a word that is not used any more makes room for others, where room is short

SCHEMA = """
CREATE TABLE IF NOT EXISTS words (
    project_id TEXT NOT NULL, kind TEXT NOT NULL, word TEXT NOT NULL, type TEXT NOT NULL, first INTEGER NOT NULL,
    last INTEGER NOT NULL, PRIMARY KEY (project_id, kind, word, type)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS beyond (
    project_id TEXT NOT NULL, kind TEXT NOT NULL, bits BLOB NOT NULL, examples TEXT NOT NULL, first INTEGER NOT NULL,
    last INTEGER NOT NULL, PRIMARY KEY (project_id, kind)
) WITHOUT ROWID;
"""
_AGAIN = "UPDATE words SET last = max(last, ?) WHERE project_id = ? AND kind = ? AND word = ? AND type = ?"
_NEW = "INSERT INTO words VALUES (?, ?, ?, ?, ?, ?)"
_HELD = "SELECT count(*) FROM words WHERE project_id = ? AND kind = ?"
_COUNTED = "SELECT bits, examples FROM beyond WHERE project_id = ? AND kind = ?"
_BEYOND = """
INSERT INTO beyond VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    bits = excluded.bits, examples = excluded.examples, last = max(last, excluded.last)
"""
_WORDS = "SELECT word, type, first, last FROM words WHERE project_id = ? AND kind = ? ORDER BY word, type"
_PAST = "SELECT kind, bits, examples, first, last FROM beyond WHERE project_id = ? ORDER BY kind"
_FORGET = (
    "DELETE FROM words WHERE last < :old",
    "DELETE FROM words WHERE last < :crowded AND project_id IN (SELECT project_id FROM beyond)",
    "DELETE FROM beyond WHERE last < :crowded",
)

_Bag = tuple[str, Word]  # project, kind
_Found = tuple[str, str]  # word, type


class News(NamedTuple):
    """What of a batch was not written down in this hour yet, and the marks by which that will be remembered."""

    words: dict[_Bag, list[_Found]]
    marks: list[int]


class Memory:
    """Which words were written down in the current hour; used under the ledger's lock.

    It holds hashes, of which a few bytes stand for words of any length.
    """

    def __init__(self) -> None:
        self._hour = 0
        self._marks: set[int] = set()

    def news(self, brought: Brought, hour: int) -> News:
        """The words of a batch that have to be looked up; most batches have none."""
        known = self._marks if hour == self._hour else set[int]()
        names = list(islice((name for name in brought.names if _mark(name) not in known), PER_BATCH))
        shapes = [shape for shape in brought.shapes if hash(shape) not in known]
        keys = _fresh_keys(shapes, known)
        words: dict[_Bag, list[_Found]] = {}
        for project, name, type_ in names:
            words.setdefault((project, "name"), []).append((name, type_))
        for project, key in keys:
            words.setdefault((project, "property"), []).append((key, ""))
        whole = shapes if len(keys) < PER_BATCH else ()
        return News(words, [*map(_mark, names), *map(hash, keys), *map(hash, whole)])

    def remember(self, news: News, hour: int) -> None:
        """Called once the words are on disk."""
        if hour != self._hour or len(self._marks) + len(news.marks) > REMEMBERED:
            self._marks.clear()
            self._hour = hour
        self._marks.update(islice(news.marks, REMEMBERED))


def _mark(name: tuple[str, str, str]) -> int:
    return hash((name,))  # another one than that of a shape with two keys


def _fresh_keys(shapes: Iterable[tuple[str, ...]], known: set[int]) -> set[tuple[str, str]]:
    fresh: set[tuple[str, str]] = set()
    for shape in shapes:
        pairs = ((shape[0], key) for key in islice(shape, 1, None) if len(key) <= LONGEST)
        fresh.update(islice((pair for pair in pairs if hash(pair) not in known), PER_BATCH - len(fresh)))
        if len(fresh) == PER_BATCH:
            break
    return fresh


def write(db: sqlite3.Connection, news: News, hour: int) -> None:
    """Writes the words of a batch of an ``hour`` down."""
    at = hour * HOUR
    for (project, kind), found in news.words.items():
        new = [each for each in found if not db.execute(_AGAIN, (at, project, kind, *each)).rowcount]
        if not new:
            continue
        room = max(0, ROOM - int(db.execute(_HELD, (project, kind)).fetchone()[0]))
        db.executemany(_NEW, [(project, kind, *each, at, at) for each in new[:room]])
        if past := new[room:]:
            _count_past(db, (project, kind), past, at)


def _count_past(db: sqlite3.Connection, bag: _Bag, past: list[_Found], at: int) -> None:
    row = db.execute(_COUNTED, bag).fetchone()
    bits, shown = (bytearray(row[0]), json.decode(row[1])) if row else (bytearray(BITS // 8), [])
    for word, type_ in past:
        bit = int.from_bytes(blake2b(f"{word}\0{type_}".encode(), digest_size=4).digest()) % BITS
        bits[bit >> 3] |= 1 << (bit & 7)
    examples = dict.fromkeys([word for word, _ in past[:EXAMPLES]] + shown)
    db.execute(_BEYOND, (*bag, bytes(bits), json.encode(list(examples)[:EXAMPLES]).decode(), at, at))


def read(db: sqlite3.Connection, project_id: str) -> Catalog:
    """The words of a project."""
    names, properties = (_entries(db.execute(_WORDS, (project_id, kind))) for kind in ("name", "property"))
    beyond = [
        Beyond(kind, about(bits), tuple(json.decode(examples)), first, last)
        for kind, bits, examples, first, last in db.execute(_PAST, (project_id,))
    ]
    return Catalog(names, properties, beyond)


def _entries(rows: Iterable[tuple[str, str, int, int]]) -> list[Entry]:
    return [Entry(*row) for row in rows]


def about(bits: bytes) -> int:
    """How many different words probably set these bits."""
    empty = BITS - int.from_bytes(bits).bit_count()
    return round(-BITS * log(max(empty, 1) / BITS))


def forget(db: sqlite3.Connection, now: int, old: int) -> None:
    """Forgets words that were not seen since ``old`` (ms), and earlier where a project has more than there is room for.

    ``now`` is in ms, too.
    """
    moments = {"old": old, "crowded": now - CROWDED}
    for statement in _FORGET:
        db.execute(statement, moments)
