"""Writing an entry, and proving that none was changed or removed."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import event
from sqlalchemy.orm import Session

from pulseboard.audit import queries
from pulseboard.audit.models import AuditEntry
from pulseboard.kit.ids import new_id

PLATFORM = "platform"  # the chain of what belongs to no organisation
MOST_TEXT = 500  # characters of one value
MOST_DETAILS = 16_000  # characters of all values of an entry
AT_ONCE = 100  # entries in a statement: every engine has a most of what one may hold
STRETCH = 1_000  # entries that are verified at a time
_SECRET = re.compile(r"password|secret|token|hash|api_?key|totp|recovery|cookie", re.IGNORECASE)
_HIDDEN = "(hidden)"
_NEW = "audit"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who does something, and from where.

    ``kind`` is person, token (the same, by their program), key (a project's), platform (its admin key), console (the
    operator at the machine), system (a chore) or nobody. ``via`` is the superadmin who acts as this person.
    """

    kind: str = "nobody"
    id: str = ""
    via: str = ""
    address: str = ""
    user_agent: str = ""


SYSTEM = Caller("system")
CONSOLE = Caller("console")


@dataclass(frozen=True, slots=True)
class Target:
    """What something is done to: ``Target("project", id, name)``."""

    kind: str
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at a whole chain found. ``broken`` is the number of the first entry that is not as it was written."""

    chain: str
    entries: int
    hash: str
    broken: int | None = None
    reason: str = ""


def record(
    session: Session,
    caller: Caller,
    now: datetime,
    action: str,
    target: Target,
    *,
    org_id: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Writes down what is done, in the transaction that does it; all entries of one in one statement, at its end.

    ``action`` is a noun and a participle, such as ``key.made``. Without ``org_id`` the entry belongs to the platform.
    Of ``before`` and ``after`` only what differs is kept; when both are given and nothing does, nothing is written.
    Values whose names speak of secrets are hidden, and long texts cut.
    """
    kept_before, kept_after = _difference(before, after)
    if before is not None and after is not None and not kept_before and not kept_after:
        return
    columns: dict[str, object] = {
        "id": new_id(),
        "chain": org_id or PLATFORM,
        "at": now.astimezone(UTC),
        "actor_kind": caller.kind,
        "actor_id": caller.id,
        "via_id": caller.via,
        "action": action,
        "target_kind": target.kind,
        "target_id": _clean(target.id, 100),
        "target_name": _clean(target.name, 254),
        "details": _details(kept_before, kept_after),
        "address": _clean(caller.address, 45),
        "user_agent": _clean(caller.user_agent, 300),
    }
    if _NEW not in session.info:
        session.info[_NEW] = []
        event.listen(session, "before_commit", _write, once=True)
    session.info[_NEW].append((columns, _body(columns)))


def _write(session: Session) -> None:
    session.flush()
    new = session.info.pop(_NEW)
    for start in range(0, len(new), AT_ONCE):
        queries.append(session, new[start : start + AT_ONCE])


def verify(session: Session, chain: str) -> Verdict:
    """Walks a chain from its first entry to its end."""
    number, previous = 0, ""
    while True:
        found = queries.stretch(session, chain, number, STRETCH)
        for entry in found.entries:
            if entry.number != number + 1:
                return Verdict(chain, number, previous, number + 1, "is missing")
            if entry.hash != _hash(previous, entry):
                return Verdict(chain, number, previous, entry.number, "was changed, or what stood before it was")
            number, previous = entry.number, entry.hash
        session.expunge_all()
        if len(found.entries) < STRETCH:
            break
    if found.number > number:
        return Verdict(chain, number, previous, number + 1, "is missing at the end")
    if (found.number, found.hash) != (number, previous):
        return Verdict(chain, number, previous, number, "is not what the end of the chain says")
    return Verdict(chain, number, previous)


def _hash(previous: str, entry: AuditEntry) -> str:
    columns = {name: getattr(entry, name) for name in _HASHED}
    return hashlib.sha256(f"{previous}:{entry.number}:{_body(columns)}".encode()).hexdigest()


_HASHED = (
    "id",
    "chain",
    "at",
    "actor_kind",
    "actor_id",
    "via_id",
    "action",
    "target_kind",
    "target_id",
    "target_name",
    "details",
    "address",
    "user_agent",
)


def _body(columns: Mapping[str, object]) -> str:
    """What is hashed of an entry: its columns in a fixed order, the time in microseconds."""
    return msgspec.json.encode([_plain(columns[name]) for name in _HASHED]).decode()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _difference(
    before: Mapping[str, object] | None, after: Mapping[str, object] | None
) -> tuple[dict[str, object], dict[str, object]]:
    old, new = dict(before or {}), dict(after or {})
    if before is None or after is None:
        return old, new
    same = {name for name in old if name in new and old[name] == new[name]}
    return ({n: v for n, v in old.items() if n not in same}, {n: v for n, v in new.items() if n not in same})


def _details(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    details = {name: _shown(values) for name, values in (("before", before), ("after", after)) if values}
    text = msgspec.json.encode(details).decode()
    if len(text) <= MOST_DETAILS:
        return text
    return msgspec.json.encode({name: {"_": "too large to be kept"} for name in details}).decode()


def _shown(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    if isinstance(value, Mapping):
        return {
            str(name): _HIDDEN if inner and _SECRET.search(str(name)) else _shown(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(inner) for inner in value]
    if isinstance(value, datetime):
        return _plain(value)
    return _clean(value, MOST_TEXT) if isinstance(value, str) else value


def _clean(text: str, most: int) -> str:
    """What every database can hold: no NUL, no half of a character, and not too much."""
    text = text.replace("\0", "\\0").encode("utf-8", "replace").decode()
    return text if len(text) <= most else text[: most - 1] + "…"
