"""What happens to a leased batch before it is stored: ordered, named steps over its rows."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from pulseboard.ingest.event import Event, decode
from pulseboard.kit.periods import hour_of
from pulseboard.ledger import LATE, Brought, Place, Source, Tally
from pulseboard.spool.base import Record
from pulseboard.store import Merge, Merges, Store, persons_days
from pulseboard.store.events import known_ids
from pulseboard.writer.columns import Row
from pulseboard.writer.counted import AGAIN, Counted, batch_number, event_key
from pulseboard.writer.erased import Erased
from pulseboard.writer.numbers import PERSONS, SESSIONS, Key, Numbers, person_key
from pulseboard.writer.sessions import Owner, Sessions

Step = Callable[[list[Row]], list[Row]]
MakeRows = Callable[[str, int, Sequence[Event]], list[Row]]
Sums = dict[Place, Tally]
_IDS_PER_QUERY = 5_000
_LATE = (LATE - 0.5) / 1000  # seconds; both times are whole milliseconds, and their difference is not quite
_QUARTER, _DAY = 900, 86_400  # seconds
_APART = "apart"  # stands where a project's id does, and is none


@dataclass(slots=True)
class Decoded:
    """The rows of ``records`` in order; ``ends`` says where each record's end, ``own`` which have a client's id."""

    records: Sequence[Record]
    rows: list[Row]
    ends: list[int]
    own: set[int]


class Steps:
    """The steps and what they remember between batches. Used by the one writer thread only.

    ``make_rows`` makes the rows of a project's events that were received at a moment (ms).
    """

    def __init__(
        self,
        store: Store,
        counted: Counted,
        make_rows: MakeRows,
        merges: Merges | None = None,
        erased: Erased | None = None,
    ) -> None:
        self._store = store
        self._erased = erased or Erased(b"")
        self._merges = Merges(store) if merges is None else merges
        self._counted = counted
        self._make_rows = make_rows
        self._persons = Numbers(store, PERSONS)
        self._session_numbers = Numbers(store, SESSIONS)
        self._sessions = Sessions(store, self._session_numbers)

    def rows(self, records: Sequence[Record], token: str) -> tuple[list[Row], Brought]:
        """The rows of a batch that are to be stored (decoded, counted once, with persons and sessions), and its sums.

        What erased persons did is left out as if it had come before.

        Raises:
            msgspec.DecodeError, UnicodeDecodeError: a record is not what a door wrote.
            Unavailable: the store did not answer.
        """
        decoded = _decoded(records, self._make_rows)
        gone = self._erased.among(decoded.rows)
        decoded.own -= gone
        doubles = self._doubles(decoded, token) | gone
        rows = [row for index, row in enumerate(decoded.rows) if index not in doubles] if doubles else decoded.rows
        new = self._number_persons(rows)
        reached = _reached(rows) | self._days_before(self._merges.new(self._identified(rows)), new)
        return self._assign_sessions(rows, new), _brought(decoded, rows, doubles, reached)

    def merge(self, rows: list[Row]) -> None:
        """Notes whose anonymous past the rows tell; the same rows again change nothing.

        Raises:
            Unavailable: the store did not answer.
        """
        self._merges.add(self._merges.new(self._identified(rows)))

    def forget_ids(self, project: str, ids: Sequence[str]) -> None:
        """Forgets that a project's events were counted: they are about to go."""
        self._counted.forget(event_key(project, id) for id in ids)

    def forget_persons(self, project: str, persons: Sequence[int]) -> None:
        """Forgets what is held in memory of persons whose rows went."""
        self._persons.forget(project)
        self._session_numbers.forget(project)
        self._sessions.forget((project, person) for person in persons)
        self._merges.reload()

    def release(self, records: Sequence[Record], token: str) -> None:
        """Forgets what a batch counted, because it was set aside."""
        self._counted.release(_own_keys(records), batch_number(token))

    def set_apart(self, records: Sequence[Record], token: str) -> None:
        """Notes for good that a batch goes in by its halves, and forgets what it counted as a whole.

        Without the note, a batch that is tried again could pass as a whole, because what its bad record claimed is
        taken out as counted; then what went in by a half would go in twice.
        """
        self._counted.release(_own_keys(records), batch_number(token), note=event_key(_APART, token))

    def is_apart(self, token: str) -> bool:
        """Whether the batch was set apart before."""
        return self._counted.holds(event_key(_APART, token))

    def _doubles(self, decoded: Decoded, token: str) -> set[int]:
        """Which rows' ids were counted before; ids that we made ourselves cannot come twice."""
        first: dict[bytes, int] = {}
        doubles: set[int] = set()
        for index in sorted(decoded.own):
            row = decoded.rows[index]
            key = event_key(row.project_id, row.id)
            if first.setdefault(key, index) != index:
                doubles.add(index)
        if not first:
            return doubles
        taken = self._counted.claim(list(first), batch_number(token))
        old = self._stored_long_ago([decoded.rows[index] for index in first.values()])
        doubles.update(first[key] for key in taken)
        doubles.update(index for index in first.values() if id(decoded.rows[index]) in old)
        return doubles

    def _stored_long_ago(self, rows: list[Row]) -> set[int]:
        """Events from before the time that claims are kept for are looked for in the store, by id and time."""
        dated, undated = self._counted.remembers_since(), self._counted.remembers_arrivals_since()
        old: dict[str, list[tuple[float, Row]]] = {}
        for row in rows:
            if row.timestamp < dated:
                old.setdefault(row.project_id, []).append((row.timestamp, row))
            if row.timestamp == row.received_at and row.timestamp < undated:
                old.setdefault(row.project_id, []).append((row.timestamp - AGAIN, row))
        gone: set[int] = set()
        for project, mine in old.items():
            mine.sort(key=lambda each: each[0])
            for start in range(0, len(mine), _IDS_PER_QUERY):
                gone |= self._stored_already(project, mine[start : start + _IDS_PER_QUERY])
        return gone

    def missing(self, rows: list[Row]) -> list[Row]:
        """Those of a batch's rows that are not in the store: it was begun before, and may have got anywhere."""
        days: dict[tuple[str, int], list[tuple[float, Row]]] = {}
        for row in rows:  # a day at a time, for a batch may span years
            days.setdefault((row.project_id, int(row.timestamp // 86_400)), []).append((row.timestamp, row))
        there: set[int] = set()
        for (project, _), mine in days.items():
            mine.sort(key=lambda each: each[0])
            for start in range(0, len(mine), _IDS_PER_QUERY):
                there |= self._stored_already(project, mine[start : start + _IDS_PER_QUERY])
        return [row for row in rows if id(row) not in there]

    def _stored_already(self, project: str, looked_for: list[tuple[float, Row]]) -> set[int]:
        """Which of the rows are stored between the first moment that one is looked for at and the last one's time."""
        rows = [row for _, row in looked_for]
        last = max(row.timestamp for row in rows)
        stored = known_ids(self._store, project, [row.id for row in rows], _moment(looked_for[0][0]), _moment(last))
        return {id(row) for row in rows if row.id in stored}

    def _number_persons(self, rows: list[Row]) -> set[Owner]:
        """Gives every row its person's number; returns the persons never seen before."""
        keys = [(row.project_id, person_key(row.user_id, row.anonymous_id)) for row in rows]
        past = [_past(row) for row in _telling(rows)]
        numbers, new = self._persons.of({key for key in (*keys, *past) if key[1]})
        for row, key in zip(rows, keys, strict=True):
            row.person = numbers.get(key, 0)
        return {(project, numbers[project, key]) for project, key in new}

    def _identified(self, rows: list[Row]) -> list[Merge]:
        """Who the rows say was who, the rows' persons being numbered."""
        telling = _telling(rows)
        if not telling:
            return []
        numbers, _ = self._persons.of({_past(row) for row in telling})
        return [Merge(row.project_id, numbers[_past(row)], row.person) for row in telling]

    def _days_before(self, merges: list[Merge], new: set[Owner]) -> set[tuple[str, int]]:
        """The projects and days that had another number of persons before the merges."""
        found: set[tuple[str, int]] = set()
        for project in {each.project_id for each in merges}:
            gone = [each.gone for each in merges if each.project_id == project and (project, each.gone) not in new]
            found |= {(project, day) for day in persons_days(self._store, project, gone)}
        return found

    def _assign_sessions(self, rows: list[Row], new: set[Owner]) -> list[Row]:
        """Gives every row its session. In order of time, so that a batch that is not sorted makes no extra sessions."""
        self._number_given([row for row in rows if row.session_id])
        silent = [(round(row.timestamp * 1000), row) for row in rows if row.person and not row.session_id]
        silent.sort(key=lambda each: each[0])
        moments: dict[Owner, tuple[int, int]] = {}
        for at, row in silent:
            owner = (row.project_id, row.person)
            moments[owner] = (moments[owner][0] if owner in moments else at, at)
        self._sessions.prepare(moments, new)
        for at, row in silent:
            row.session = self._sessions.assign((row.project_id, row.person), at)
        return rows

    def _number_given(self, rows: list[Row]) -> None:
        numbers, _ = self._session_numbers.of({(row.project_id, row.session_id) for row in rows})
        for row in rows:
            row.session = numbers[row.project_id, row.session_id]


def _telling(rows: list[Row]) -> list[Row]:
    """The rows that say which user an anonymous person is. Other events only carry both ids: a browser that two people
    share would make one of them."""
    return [row for row in rows if row.kind == "IDENTIFY" and row.user_id and row.anonymous_id]


def _past(row: Row) -> Key:
    return row.project_id, person_key("", row.anonymous_id)


def _own_keys(records: Sequence[Record]) -> Iterator[bytes]:
    for record in records:
        try:
            events = decode(record.parcel.body)
        except (msgspec.DecodeError, UnicodeDecodeError):  # then nothing of it was counted
            continue
        yield from (event_key(record.parcel.project_id, event.id) for event in events if event.own_id)


def _decoded(records: Sequence[Record], make_rows: MakeRows) -> Decoded:
    decoded = Decoded(records, [], [], set())
    for record in records:
        parcel = record.parcel
        events = decode(parcel.body)
        for index, event in enumerate(events, len(decoded.rows)):
            if event.own_id:
                decoded.own.add(index)
        decoded.rows += make_rows(parcel.project_id, parcel.received_at, events)
        decoded.ends.append(len(decoded.rows))
    return decoded


def _brought(decoded: Decoded, rows: list[Row], doubles: set[int], reached: set[tuple[str, int]]) -> Brought:
    arrivals: dict[Source, set[int]] = {}
    for record in decoded.records:
        parcel = record.parcel
        arrivals.setdefault((parcel.project_id, parcel.source), set()).add(parcel.received_at)
    names = {(row.project_id, row.name, row.type) for row in rows}
    shapes = {(row.project_id, *row.properties) for row in rows}
    return Brought(_sums(decoded, doubles), arrivals, names, shapes, reached)


def _reached(rows: list[Row]) -> set[tuple[str, int]]:
    """The projects and days of rows that came after their quarter of an hour was over."""
    # A sum of days is made when everything is in that came up to a quarter's end, as all time zones' days end with one.
    return {
        (row.project_id, int(row.timestamp // _DAY))
        for row in rows
        if row.timestamp // _QUARTER < row.received_at // _QUARTER
    }


def _sums(decoded: Decoded, doubles: set[int]) -> Sums:
    """What the batch brought, by project, source and hour."""
    gone = [0] * len(decoded.records)
    late = [0] * len(decoded.records)
    for index in doubles:
        gone[bisect_right(decoded.ends, index)] += 1
    for index, row in enumerate(decoded.rows):
        if row.received_at - row.timestamp >= _LATE and index not in doubles:
            late[bisect_right(decoded.ends, index)] += 1
    found: dict[tuple[str, str, int], list[int]] = {}
    begin = 0
    for number, (record, end) in enumerate(zip(decoded.records, decoded.ends, strict=True)):
        parcel, count = record.parcel, end - begin
        place = parcel.project_id, parcel.source, hour_of(parcel.received_at)
        sums = found.get(place) or found.setdefault(place, [0, 0, 0, 0])
        sums[0] += count
        sums[1] += count - gone[number]
        sums[2] += late[number]
        sums[3] += parcel.size
        begin = end
    return {Place(*place): Tally(*sums) for place, sums in found.items()}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds * 1000) / 1000, UTC)
