"""Cursors of lists of persons."""

from pulseboard.errors import Invalid

MOST = 2**32  # persons are numbered in 32 bits; nobody comes after the last


def read_cursor(cursor: str | None) -> int:
    """The number of the last person on the page before; 0 on the first.

    Raises:
        Invalid: it is none of ours.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= len(str(MOST)) and int(cursor) < MOST - 1):
        raise Invalid.field("cursor", "is not a cursor of this list")
    return int(cursor)
