"""From the ledger's lines to sums: in all, by source, by reason, and bucket by bucket."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pulseboard.kit.periods import HOUR
from pulseboard.ledger import Refused, Taken

K = TypeVar("K", bound=Hashable)
Line = Taken | Refused
Lines = Sequence[Line]


@dataclass(slots=True)
class Counts:
    """What came and what was refused. ``size`` is in bytes."""

    accepted: int = 0
    stored: int = 0
    late: int = 0
    size: int = 0
    refused: int = 0

    def add(self, line: Line) -> None:
        """Adds a line of the ledger."""
        if isinstance(line, Refused):
            self.refused += line.events
            return
        self.accepted += line.accepted
        self.stored += line.stored
        self.late += line.late
        self.size += line.size


@dataclass(slots=True)
class Reason:
    """How many events were refused for a reason, and in which hour the last one was."""

    events: int = 0
    last_hour: int = 0


def grouped(lines: Lines, key: Callable[[Line], K]) -> dict[K, Counts]:
    """The lines summed up by what ``key`` says of them."""
    sums: dict[K, Counts] = {}
    for line in lines:
        sums.setdefault(key(line), Counts()).add(line)
    return sums


def in_all(lines: Lines) -> Counts:
    """All lines together."""
    return grouped(lines, lambda _: None).get(None, Counts())


def by_source(lines: Lines) -> dict[str, Counts]:
    """The lines of each source."""
    return grouped(lines, lambda line: line.source)


def by_bucket(lines: Lines, starts: Sequence[int]) -> list[Counts]:
    """The counts of the buckets that begin at ``starts`` (ms since 1970, ascending, at least one).

    An hour counts where it begins; one that begins before the first bucket, in the first.
    """
    sums = grouped(lines, lambda line: max(0, bisect_right(starts, line.hour * HOUR) - 1))
    return [sums.get(index, Counts()) for index in range(len(starts))]


def by_reason(lines: Iterable[Refused]) -> dict[tuple[str, str], Reason]:
    """Refusals by reason and detail, the most frequent first."""
    sums: dict[tuple[str, str], Reason] = {}
    for line in lines:
        found = sums.setdefault((line.reason, line.detail), Reason())
        found.events += line.events
        found.last_hour = max(found.last_hour, line.hour)
    return dict(sorted(sums.items(), key=lambda item: (-item[1].events, item[0])))
