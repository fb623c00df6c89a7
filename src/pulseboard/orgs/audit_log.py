"""An organisation's audit log as its admins read it: pages, files, and the proof that it is whole."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from pulseboard.audit import AuditEntry, AuditFilter
from pulseboard.db import Database
from pulseboard.errors import Invalid
from pulseboard.kit.clock import rfc3339
from pulseboard.orgs import queries
from pulseboard.orgs.schemas import AuditActorOut, AuditEntryOut, AuditList, AuditTargetOut

AT_ONCE = 1_000  # entries that an export reads at a time
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_COLUMNS = (
    "number",
    "time",
    "actorType",
    "actorId",
    "actorEmail",
    "via",
    "action",
    "targetType",
    "targetId",
    "targetName",
    "metadata",
    "ip",
    "userAgent",
    "hash",
)


def log_page(session: Session, org_id: str, wanted: AuditFilter, limit: int, cursor: str | None) -> AuditList:
    """One page, newest first. ``total`` is None where something is filtered: counting would read the whole log.

    Raises:
        Invalid: the cursor is none of ours.
    """
    below = _number(cursor)
    rows = session.execute(queries.audit_log(org_id, wanted, below=below).limit(limit + 1)).all()
    items = [entry_out(*row[:3]) for row in rows[:limit]]
    total = rows[0][3] if rows else 0 if below is None else None
    return AuditList(
        items=items,
        total=None if wanted.narrow else total,
        next_cursor=str(items[-1].number) if len(rows) > limit else None,
    )


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 16):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return int(cursor)


def parse_moment(path: str, text: str | None) -> datetime | None:
    """An RFC 3339 time; one without an offset is taken as UTC.

    Raises:
        Invalid: it is none.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid.field(path, "is no time such as 2026-01-15T10:30:00Z") from None


def exported(db: Database, org_id: str, wanted: AuditFilter, *, as_csv: bool) -> Iterator[bytes]:
    """The log as lines of JSON, or as CSV whose cells no spreadsheet takes for formulas; newest first."""
    below: int | None = None
    if as_csv:
        yield _csv_line(_COLUMNS)
    while True:
        with db.read() as session:
            rows = session.execute(queries.audit_log(org_id, wanted, below=below).limit(AT_ONCE)).all()
        entries = [entry_out(*row[:3]) for row in rows]
        yield b"".join(map(_csv_entry if as_csv else _json_entry, entries))
        if len(entries) < AT_ONCE:
            return
        below = entries[-1].number


def _json_entry(entry: AuditEntryOut) -> bytes:
    return msgspec.json.encode(entry) + b"\n"


def _csv_entry(entry: AuditEntryOut) -> bytes:
    return _csv_line(
        (
            entry.number,
            entry.time,
            entry.actor.type,
            entry.actor.id,
            entry.actor.email,
            entry.actor.via,
            entry.action,
            entry.target.type,
            entry.target.id,
            entry.target.name,
            msgspec.json.encode(entry.metadata).decode(),
            entry.ip,
            entry.user_agent,
            entry.hash,
        )
    )


def _csv_line(cells: tuple[Any, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def entry_out(entry: AuditEntry, email: str | None, name: str | None) -> AuditEntryOut:
    """The row as an answer."""
    return AuditEntryOut(
        id=entry.id,
        number=entry.number,
        time=rfc3339(entry.at),
        actor=AuditActorOut(entry.actor_kind, entry.actor_id or None, email, name or None, entry.via_id or None),
        action=entry.action,
        target=AuditTargetOut(entry.target_kind, entry.target_id, entry.target_name),
        metadata=msgspec.json.decode(entry.details),
        ip=entry.address or None,
        user_agent=entry.user_agent or None,
        hash=entry.hash,
    )
