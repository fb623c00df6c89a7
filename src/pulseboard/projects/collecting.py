"""What the writer has to know of a project, asked for once in a while."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from pulseboard.db import Database
from pulseboard.projects import queries
from pulseboard.projects.collection import Collection

LIFE = 2.0  # seconds until a changed rule counts for the writer, also when another process changed it
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Collected:
    """``domains`` are the project's own sites, without ``www.``."""

    collection: Collection
    domains: tuple[str, ...]


class Collecting:
    """``monotonic`` counts seconds and never jumps back."""

    def __init__(self, db: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._monotonic = monotonic
        self._known: dict[str, tuple[Collected, float]] = {}

    def of(self, project_id: str) -> Collected:
        """What the project collects; of one that is gone, what every project does at first.

        Raises:
            Unavailable: the database does not answer. What was known is not used instead: it may store too much.
        """
        now = self._monotonic()
        known = self._known.get(project_id)
        if known is not None and known[1] > now:
            return known[0]
        with self._db.read() as session:
            row = queries.collection_row(session, project_id)
        found = Collected(Collection(), ()) if row is None else Collected(row[0], _without_www(row[1]))
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[project_id] = (found, now + LIFE)
        return found


def _without_www(domains: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(domain.removeprefix("www.") for domain in domains)
