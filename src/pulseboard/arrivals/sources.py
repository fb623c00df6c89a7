"""Who sends to a project: its keys, its site's visitors, and what the operator brings; with what is known of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pulseboard.arrivals.counts import Counts
from pulseboard.arrivals.silence import silent_since
from pulseboard.ledger import IMPORTS, OWN, VISITORS, Seen
from pulseboard.projects import KeyView

Kind = Literal["key", "visitors", "import", "own"]
Status = Literal["active", "revoked", "expired", "deleted"]
_KINDS: dict[str, Kind] = {VISITORS: "visitors", IMPORTS: "import", OWN: "own"}


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source. ``key`` is None for what is none, and for a key that was deleted. Moments are ms since 1970."""

    source: str
    kind: Kind
    status: Status
    key: KeyView | None
    counts: Counts
    seen: Seen | None
    silent_since: int | None


def sources(
    keys: Iterable[KeyView], seen: Iterable[Seen], counts: Mapping[str, Counts], *, now: int, up_since: int
) -> list[SourceView]:
    """Every key there is, and whatever else came or was refused; who sent most comes first.

    What may not send any more is not silent, and neither is what nobody expects to come by itself: see
    ``silence.silent_since`` for the rest.
    """
    known = {key.id: key for key in keys}
    last = {each.source: each for each in seen}
    alone = [source for source in last if source in _KINDS]
    found = [
        _view(source, known.get(source), counts.get(source, Counts()), last.get(source), now, up_since)
        for source in {**known, **counts, **dict.fromkeys(alone)}
    ]
    return sorted(found, key=lambda view: (-view.counts.accepted, -view.counts.refused, view.source))


def _view(source: str, key: KeyView | None, counts: Counts, seen: Seen | None, now: int, up_since: int) -> SourceView:
    kind = _KINDS.get(source, "key")
    status = _status(kind, key, now)
    expected = status == "active" and kind in ("key", "visitors")
    silent = silent_since(seen, now, up_since) if seen is not None and expected else None
    return SourceView(source, kind, status, key, counts, seen, silent)


def _status(kind: Kind, key: KeyView | None, now: int) -> Status:
    if kind != "key":
        return "active"
    if key is None:
        return "deleted"
    if not key.active:
        return "revoked"
    return "active" if key.expires_at is None or key.expires_at.timestamp() * 1000 > now else "expired"
