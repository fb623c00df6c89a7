"""Reads in which everybody is the person who they turned out to be (``store/merges.py``).

The renderers know nothing of merges: a statement of a project that has some is rewritten on its way to the engine, at
the few words of the catalog by which it can name a person. Sets that the engine keeps by day stay as they are kept and
change where they become a number, once a row of the answer; single rows change one by one.
"""

import re
from collections.abc import Mapping

from pulseboard.insights.catalog import FROM_TO, MERGES_OF, METRICS, PERSON, PERSONS
from pulseboard.store import Merges, Param, ProjectScope, Row, Scope, Store, Through

_USERS = METRICS["users"]


def _number_of(state: str) -> str:
    """How many persons a set has, of the engine's type for sets that were gathered under a condition."""
    plain = f"CAST({state} AS AggregateFunction(groupBitmap, UInt32))"
    return f"bitmapCardinality(bitmapTransform({plain}, {FROM_TO}))"


_WORDS = {
    PERSONS: f"bitmapTransform({PERSONS}, {FROM_TO})",
    _USERS.partial: _USERS.partial,
    _USERS.whole: _number_of(_USERS.partial),
    _USERS.gathered: _USERS.gathered,
    _USERS.merged: _number_of(_USERS.gathered),
}
_NAMED = re.compile("|".join([*map(re.escape, _WORDS), rf"(?<![{{\w.]){PERSON}\b(?!:)"]))
_ROW = f"transform({PERSON}, {FROM_TO}, {PERSON})"


def merged(sql: str) -> str:
    """The statement in which a row's person is the one who it turned out to be."""
    return _NAMED.sub(lambda found: _WORDS.get(found[0], _ROW), sql)


class MergedReads(Through):
    """A store as ``store.base.Store`` for who asks about persons; all else goes through as it is."""

    def __init__(self, store: Store, merges: Merges) -> None:
        super().__init__(store)
        self.merges = merges

    def read(self, sql: str, params: Mapping[str, Param], scope: Scope) -> list[Row]:
        if isinstance(scope, ProjectScope) and self.merges.any(scope.project_id):
            return self._store.read(merged(sql), {**params, MERGES_OF: scope.project_id}, scope)
        return self._store.read(sql, params, scope)
