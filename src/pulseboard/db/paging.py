"""Lists by cursor: rows in the order they were made, and the total in the same statement."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from pulseboard.errors import Invalid
from pulseboard.kit.ids import is_uuid

Listing: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; ``total`` counts all pages and is None when an empty later page could not tell."""

    rows: list[Any]
    total: int | None
    next_cursor: str | None


def page(session: Session, listing: Listing, key: InstrumentedAttribute[str], limit: int, cursor: str | None) -> Page:
    """One page of ``listing``, ordered by ``key``: a UUIDv7 column, so the order is that of making.

    Raises:
        Invalid: the cursor is none of ours.
    """
    if cursor is not None and not is_uuid(cursor):
        raise Invalid.field("cursor", "is not a cursor of this list")
    total = select(func.count()).select_from(listing.subquery()).scalar_subquery()
    wanted = listing.add_columns(total, key).order_by(key).limit(limit + 1)
    found = session.execute(wanted if cursor is None else wanted.where(key > cursor)).all()
    rows = [row[:-2] for row in found[:limit]]
    empty_total = 0 if cursor is None else None
    return Page(
        rows=rows,
        total=found[0][-2] if found else empty_total,
        next_cursor=found[limit - 1][-1] if len(found) > limit else None,
    )
