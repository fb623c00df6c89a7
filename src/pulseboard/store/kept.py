"""Answers that are kept while nothing new was stored for their project, and given to all who ask the same at once."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field

from pulseboard.store.base import Param, ProjectScope, Row, Scope, Store
from pulseboard.store.reading import Cost, Reading, Stopped, current
from pulseboard.store.through import Through

SECONDS = 60.0  # an answer is kept
ANSWERS = 512
LARGEST = 2_000  # rows of an answer that is kept


class Versions:
    """How often each project's data changed: an answer is as good as the data that it was made of. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._projects: Counter[str] = Counter()
        self._all = 0

    def of(self, project_id: str) -> tuple[int, int]:
        return self._all, self._projects[project_id]

    def changed(self, projects: Iterable[str]) -> None:
        """Data of these projects can be read that could not be read before, or can no more."""
        with self._lock:
            self._projects.update(projects)

    def all_changed(self) -> None:
        with self._lock:
            self._all += 1


@dataclass(frozen=True, slots=True)
class _Key:
    scope: ProjectScope
    sql: str
    params: str


@dataclass(slots=True)
class _Answer:
    """``rows`` are there when it is done; ``version`` was read before the engine was asked."""

    version: tuple[int, int]
    asked_at: float
    rows: Future[list[Row]] = field(default_factory=Future)


class KeptReads(Through):
    """A ``Store`` whose reads of one project are kept; everything else goes through.

    Whoever asks what another request is asking at this moment waits for its answer. When that request is given up, one
    of those who wait asks again.
    """

    def __init__(self, store: Store, versions: Versions, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(store)
        self._versions = versions
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()

    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        if not isinstance(scope, ProjectScope):
            return self._store.read(sql, params, scope)
        key = _Key(scope, sql, repr(sorted(params.items())))
        while True:
            answer, mine = self._find(key)
            if mine:
                return self._ask(key, answer, params)
            try:
                rows = answer.rows.result()
            except Stopped:
                continue
            _note(current(), sql, params)
            return [dict(row) for row in rows]

    def _find(self, key: _Key) -> tuple[_Answer, bool]:
        """The answer to a question, and whether it is for the caller to give."""
        now, version = self._clock(), self._versions.of(key.scope.project_id)
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None and answer.version == version and now - answer.asked_at < SECONDS:
                self._answers.move_to_end(key)
                return answer, False
            answer = self._answers[key] = _Answer(version, now)
            self._answers.move_to_end(key)
            if len(self._answers) > ANSWERS:
                self._answers.popitem(last=False)
            return answer, True

    def _ask(self, key: _Key, answer: _Answer, params: Mapping[str, Param]) -> list[Row]:
        try:
            rows = self._store.read(key.sql, params, key.scope)
        except BaseException as wrong:
            self._forget(key, answer)
            answer.rows.set_exception(wrong)
            raise
        if len(rows) > LARGEST:
            self._forget(key, answer)
        answer.rows.set_result(rows)
        return [dict(row) for row in rows]

    def _forget(self, key: _Key, answer: _Answer) -> None:
        with self._lock:
            if self._answers.get(key) is answer:
                del self._answers[key]


def _note(reading: Reading | None, sql: str, params: Mapping[str, Param]) -> None:
    if reading is not None:
        reading.costs.append(Cost(sql, params, kept=True))
