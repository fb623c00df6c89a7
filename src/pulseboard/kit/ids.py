"""Identifiers: UUIDv7 (RFC 9562), so that ids made later sort later."""

import uuid_utils


def new_id() -> str:
    """A fresh UUIDv7 as 36 lower-case characters."""
    return str(uuid_utils.uuid7())


def is_uuid(text: str) -> bool:
    """Whether ``text`` is a UUID in its usual 36-character form."""
    if len(text) != 36:
        return False
    try:
        return str(uuid_utils.UUID(text)) == text.lower()
    except ValueError:
        return False
