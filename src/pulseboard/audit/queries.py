"""The statements about the audit log. There is none that changes or removes an entry, and triggers refuse both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, insert, literal, select
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


def append(session: Session, columns: dict[str, object], body: str) -> None:
    """Adds an entry to the end of its chain, in one statement.

    The lock on the chain's end lasts until the commit, so that two writers never continue the same entry. SQLite has
    one writer and needs none. The trigger that keeps the end runs with the insert.
    """
    end = select(AuditHead.number, AuditHead.hash).where(AuditHead.chain == columns["chain"])
    head = end.with_for_update().cte("head")
    number = func.coalesce(select(head.c.number).scalar_subquery(), 0) + 1
    before = func.coalesce(select(head.c.hash).scalar_subquery(), "")
    values = {AuditEntry.__table__.c[name]: literal(value, _type(name)) for name, value in columns.items()}
    hashed = Sha256Hex(before + ":" + cast(number, String) + ":" + literal(body, String))
    names = [*(column.name for column in values), "number", "hash"]
    session.execute(insert(AuditEntry).from_select(names, select(*values.values(), number, hashed)))


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


def stretch(session: Session, chain: str, after: int, most: int) -> Sequence[AuditEntry]:
    """The next entries of a chain in their order."""
    wanted = select(AuditEntry).where(AuditEntry.chain == chain, AuditEntry.number > after)
    return session.scalars(wanted.order_by(AuditEntry.number).limit(most)).all()


def head(session: Session, chain: str) -> tuple[int, str]:
    """``(number, hash)`` of the newest entry; zero and empty when there is none."""
    row = session.execute(select(AuditHead.number, AuditHead.hash).where(AuditHead.chain == chain)).one_or_none()
    return (row[0], row[1]) if row else (0, "")


def chains(session: Session) -> list[str]:
    """Every chain that has ever had an entry, also one whose end was removed."""
    ended = select(AuditHead.chain)
    return sorted(set(session.scalars(ended.union(select(AuditEntry.chain)))))
