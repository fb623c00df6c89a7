"""The ledger's port: what came, what of it was new, what was refused, by project, source and hour.

Quotas, statistics and the completeness of reads are the same numbers, so they are kept once. A source is a key's id, or
one of the words below for what comes without a key. Hours are since 1970, by the server's clock.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

WEEK = 7 * 24  # hours of a source's pauses that say what is usual for it
LATE = 3_600_000  # ms between when an event happened and when it came, from which on it counts as late
VISITORS = ""  # of a site
IMPORTS = "import"  # files that the operator read in
OWN = "own"  # what this server says of itself
UNSTORABLE = "unstorable"  # reason of events that were acknowledged and are kept as dead letters

Source = tuple[str, str]  # project, source
Word = Literal["name", "property"]


class Place(NamedTuple):
    """Whose count it is."""

    project_id: str
    source: str
    hour: int


class Tally(NamedTuple):
    """``accepted`` events were acknowledged, ``stored`` of them were new, ``late`` of those came late."""

    accepted: int
    stored: int
    late: int
    size: int  # bytes that came, unpacked


class Brought(NamedTuple):
    """What a batch brought: its sums, when each source's requests came (ms since 1970), and the words of its events.

    A name is ``(project, name, type)``, a shape the project and then the keys of one event's properties. ``reached``
    are the projects and UTC days (since 1970) of new events that came after their quarter of an hour was over.
    """

    sums: Mapping[Place, Tally]
    arrivals: Mapping[Source, Collection[int]]
    names: Collection[tuple[str, str, str]]
    shapes: Collection[tuple[str, ...]]
    reached: Collection[tuple[str, int]] = ()


class Reached(NamedTuple):
    """A UTC day (since 1970) that events of a project reached late, and the lease of the last batch that did."""

    project_id: str
    day: int
    lease: str


class Refusal(NamedTuple):
    """``detail`` says more about the reason, where there is more, such as an event's name."""

    project_id: str
    source: str
    hour: int
    reason: str
    detail: str = ""


class Taken(NamedTuple):
    """A line of a project's account: one source in one hour."""

    source: str
    hour: int
    accepted: int
    stored: int
    late: int
    size: int


class Refused(NamedTuple):
    """A line of what was refused: one source, hour and reason."""

    source: str
    hour: int
    reason: str
    detail: str
    events: int


class Seen(NamedTuple):
    """A source's arrivals in ms: the first and last moment since 1970, and the longest pause between two of them.

    The pause is of those that ended in the last ``WEEK`` hours up to the last arrival, that one included; None when
    nothing came but the first.
    """

    source: str
    first: int
    last: int
    pause: int | None


class Entry(NamedTuple):
    """A word of a project's events: a name with its type, or a property's key. Times are ms since 1970, to the hour."""

    word: str
    type: str
    first: int
    last: int


class Beyond(NamedTuple):
    """Words for which a project's catalogue had no room: about how many different ones, and some of them."""

    kind: Word
    about: int
    examples: tuple[str, ...]
    first: int
    last: int


class Catalog(NamedTuple):
    """The words of a project's events, in alphabetical order, and what there was no room for."""

    names: list[Entry]
    properties: list[Entry]
    beyond: list[Beyond]


class Ledger(Protocol):
    """Thread-safe."""

    def record(self, lease: str, batch: str, brought: Brought) -> Mapping[Place, Tally]:
        """Enters a batch of a lease, once, and gives the sums that hold: a batch that comes again after a crash changes
        nothing, also when it now looks like doubles of itself. Durable on return.

        Leases come one after the other; entering the next one says that the last was acknowledged.
        """

    def amend(self, lease: str, batch: str, sums: Mapping[Refusal, int]) -> None:
        """Enters what a batch of a lease changes about refused events, once; less than nothing takes some back."""

    def forget(self, batch: str) -> None:
        """Takes a batch out again that was set aside."""

    def refuse(self, sums: Mapping[Refusal, int]) -> None:
        """Adds up refused events."""

    def months(self, *, without_lease: str) -> dict[tuple[str, int], int]:
        """New events by project and month, without those of one lease."""

    def taken(self, project_ids: Sequence[str], first: int, end: int) -> list[Taken]:
        """The projects' lines of those hours, oldest first."""

    def total(self, project_id: str, first: int, end: int) -> Tally:
        """What the project's sources brought together in those hours."""

    def refused(self, project_id: str, first: int, end: int) -> list[Refused]:
        """The project's refusals of those hours, oldest first."""

    def seen(self, project_id: str) -> list[Seen]:
        """The project's sources, by when they first came."""

    def catalog(self, project_id: str) -> Catalog:
        """The words of the project's events."""

    def reached(self, project_id: str | None = None) -> list[Reached]:
        """The days, of one project or of all, that sums of days have not been mended for."""

    def reopen(self, project_id: str, days: Collection[int]) -> None:
        """Says that something else than arriving events changed the UTC days (since 1970) of a project."""

    def strike(self, mended: Collection[Reached]) -> None:
        """Strikes out days whose sums were made when the lease was acknowledged; what came since then stays."""

    def prune(self, now: int) -> None:
        """Forgets what is far older than the hour ``now``, a day at a time: a clock that is wrong for a while must not
        empty the ledger.
        """

    def leave(self, project_id: str) -> None:
        """Forgets a project that is no more."""

    def close(self) -> None: ...
