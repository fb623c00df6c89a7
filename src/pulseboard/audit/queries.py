"""The statements about the audit log. There is none that changes or removes an entry, and triggers refuse both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, String, and_, cast, func, insert, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from pulseboard.audit.models import AuditEntry, AuditHead
from pulseboard.db import Listing


class Sha256Hex(GenericFunction[str]):
    """SHA-256 of a text's UTF-8, in hexadecimal; SQLite has it from ``db.database``."""

    type = String()
    name = "sha256_hex"
    inherit_cache = True


@compiles(Sha256Hex, "postgresql")
def _in_postgresql(element: Sha256Hex, compiler: SQLCompiler, **kwargs: Any) -> str:  # noqa: ANN401
    return f"encode(sha256(convert_to({compiler.process(element.clauses, **kwargs)}, 'UTF8')), 'hex')"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for; None and empty mean anything.

    ``action`` also finds what is below it: ``key`` finds ``key.made``. ``until`` is exclusive.
    """

    actor_id: str = ""
    action: str = ""
    target_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def narrow(self) -> bool:
        """Whether it leaves anything out."""
        return self != AuditFilter()


def append(session: Session, new: Sequence[tuple[dict[str, object], str]]) -> None:
    """Adds entries, ``(columns, what is hashed of them)``, to the ends of their chains; in one statement.

    The locks on the chains' ends last until the commit, so that two writers never continue the same entry; taken in
    one order, so that they never wait for each other. SQLite has one writer and needs none. The trigger that keeps
    the ends runs with the insert.
    """
    ends = select(AuditHead).where(AuditHead.chain.in_({columns["chain"] for columns, _ in new}))
    heads = ends.order_by(AuditHead.chain).with_for_update().cte("heads")
    known: dict[object, _End] = {}
    rows = []
    for columns, body in new:
        before = known.get(columns["chain"]) or _end_of(heads, columns["chain"])
        end = known[columns["chain"]] = _next(before, body)
        values = (literal(value, _type(name)) for name, value in columns.items())
        rows.append(select(*values, end.number, end.hash))
    session.execute(insert(AuditEntry).from_select([*new[0][0], "number", "hash"], union_all(*rows)))


class _End(NamedTuple):
    """The newest entry of a chain, as expressions."""

    number: ColumnElement[int]
    hash: ColumnElement[str]


def _end_of(heads: CTE, chain: object) -> _End:
    of_chain = heads.c.chain == chain
    number = select(heads.c.number).where(of_chain).scalar_subquery()
    return _End(func.coalesce(number, 0), func.coalesce(select(heads.c.hash).where(of_chain).scalar_subquery(), ""))


def _next(before: _End, body: str) -> _End:
    number = before.number + 1
    return _End(number, Sha256Hex(before.hash + ":" + cast(number, String) + ":" + literal(body, String)))


def _type(name: str) -> Any:  # noqa: ANN401 -- a column's own type, whatever it is
    return AuditEntry.__table__.c[name].type


def entries(chain: str, wanted: AuditFilter, *, below: int | None = None) -> Listing:
    """Entries of a chain, newest first; ``below`` a number."""
    listing = select(AuditEntry).where(AuditEntry.chain == chain, *_conditions(wanted))
    if below is not None:
        listing = listing.where(AuditEntry.number < below)
    return listing.order_by(AuditEntry.number.desc())


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor_id:
        found.append(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action:
        below = AuditEntry.action.startswith(f"{wanted.action}.", autoescape=True)
        found.append((AuditEntry.action == wanted.action) | below)
    if wanted.target_id:
        found.append(AuditEntry.target_id == wanted.target_id)
    if wanted.since is not None:
        found.append(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(AuditEntry.at < wanted.until)
    return found


def newest(chain: str) -> ColumnElement[int]:
    """How many entries a chain has, as a column."""
    return func.coalesce(select(AuditHead.number).where(AuditHead.chain == chain).scalar_subquery(), 0)


class Stretch(NamedTuple):
    """Entries of a chain in their order, and its end as it was when they were read: zero and empty without any."""

    entries: list[AuditEntry]
    number: int
    hash: str


def stretch(session: Session, chain: str, after: int, most: int) -> Stretch:
    """The next entries of a chain; in one statement with its end, or a new entry would look like a missing one."""
    following = and_(AuditEntry.chain == chain, AuditEntry.number > after)
    found = session.execute(
        select(AuditEntry, AuditHead.number, AuditHead.hash)
        .select_from(select(literal(1)).subquery("always"))
        .outerjoin(AuditHead, AuditHead.chain == chain)
        .outerjoin(AuditEntry, following)
        .order_by(AuditEntry.number)
        .limit(most)
    ).all()
    entries = [row[0] for row in found if row[0] is not None]
    return Stretch(entries, found[0][1] or 0, found[0][2] or "")


def chains(session: Session) -> list[str]:
    """Every chain that has ever had an entry, also one whose end was removed."""
    ended = select(AuditHead.chain).where(AuditHead.number > 0)
    return sorted(set(session.scalars(ended.union(select(AuditEntry.chain)))))
