"""Sessions, decided on arrival: the client's own, else 30 minutes of silence per person (docs/decisions/0006)."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pulseboard.store import Store, recent_sessions
from pulseboard.writer.numbers import Numbers

SILENCE = 30 * 60 * 1000  # milliseconds
MAX_PERSONS = 200_000  # whose last sessions stay in memory
MAX_SPANS = 8  # sessions remembered per person; older ones are read from the store again
_FOREVER = 4_102_444_800_000  # ms; the year 2100, past anything that a door lets in

Owner = tuple[str, int]  # project, person number


@dataclass(slots=True)
class _Span:
    session: int
    first: int  # ms
    last: int  # ms


@dataclass(slots=True)
class _Known:
    """A person's sessions; every one that reaches past ``since`` (ms) is in ``spans``."""

    since: float
    spans: list[_Span] = field(default_factory=list)


class Sessions:
    """The last sessions of the persons seen lately; ``numbers`` gives the next one its number."""

    def __init__(self, store: Store, numbers: Numbers) -> None:
        self._store = store
        self._numbers = numbers
        self._known: OrderedDict[Owner, _Known] = OrderedDict()

    def prepare(self, moments: dict[Owner, tuple[int, int]], new: set[Owner]) -> None:
        """Makes sure that the sessions around the first and last moment (ms) of each person are known."""
        for owner in new:
            self._known[owner] = _Known(float("-inf"))
        for owner in moments.keys() & self._known.keys():
            _trim(self._known[owner])
        unseen = {owner: span for owner, span in moments.items() if owner not in self._known}
        late = {
            owner: span
            for owner, span in moments.items()
            if owner not in unseen and span[0] - SILENCE < self._known[owner].since
        }
        for project, persons in _by_project(unseen):
            start = min(first for first, _ in persons.values()) - SILENCE
            self._read(project, list(persons), start, _FOREVER)
        for project, persons in _by_project(late):
            start = min(first for first, _ in persons.values()) - SILENCE
            self._read(project, list(persons), start, max(last for _, last in persons.values()) + SILENCE)
        for owner in moments:
            self._known.move_to_end(owner)  # whoever is needed now is not among the forgotten
        while len(self._known) > max(MAX_PERSONS, len(moments)):
            self._known.popitem(last=False)

    def assign(self, owner: Owner, moment: int) -> int:
        """The session of an event of a prepared person at ``moment`` (ms)."""
        known = self._known[owner]
        for span in reversed(known.spans):
            if span.first - SILENCE <= moment <= span.last + SILENCE:
                span.first = min(span.first, moment)
                span.last = max(span.last, moment)
                return span.session
        session = self._numbers.next(owner[0])
        known.spans.append(_Span(session, moment, moment))
        return session

    def forget(self, owners: Iterable[Owner]) -> None:
        """Forgets persons."""
        for owner in owners:
            self._known.pop(owner, None)

    def _read(self, project: str, persons: list[int], start: int, end: int) -> None:
        found = recent_sessions(self._store, project, persons, _moment(start), _moment(end))
        for person in persons:  # only now: persons whose sessions could not be read stay unknown
            self._known.setdefault((project, person), _Known(start))
        for row in found:
            _add(self._known[project, row.person].spans, _Span(row.session, row.first_ms, row.last_ms))


def _add(spans: list[_Span], found: _Span) -> None:
    """What was read may be a part of a session of which another part is known."""
    for span in spans:
        if span.session == found.session:
            span.first, span.last = min(span.first, found.first), max(span.last, found.last)
            return
    spans.append(found)


def _trim(known: _Known) -> None:
    """Forgets old sessions: between batches only, for within one the next event may belong to the oldest."""
    if len(known.spans) > MAX_SPANS:
        known.spans.sort(key=lambda span: span.last)
        known.since = max(known.since, known.spans[-MAX_SPANS - 1].last + 1)
        del known.spans[:-MAX_SPANS]


Moments = dict[int, tuple[int, int]]


def _by_project(moments: dict[Owner, tuple[int, int]]) -> list[tuple[str, Moments]]:
    grouped: dict[str, Moments] = {}
    for (project, person), span in moments.items():
        grouped.setdefault(project, {})[person] = span
    return list(grouped.items())


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
