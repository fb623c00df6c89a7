"""Who may do what: one table, read by every check."""

from typing import Literal

Role = Literal["owner", "admin", "member", "viewer"]

RANK: dict[str, int] = {"viewer": 1, "member": 2, "admin": 3, "owner": 4}

# What is done -> the lowest role that may do it.
NEEDS: dict[str, Role] = {
    "org.read": "viewer",
    "org.change": "admin",
    "org.delete": "owner",
    "org.restore": "owner",
    "members.read": "viewer",
    "members.change": "admin",
    "members.change-owner": "owner",
    "project.read": "viewer",
    "ingestion.read": "viewer",
    "dead-letters.handle": "admin",
    "project.make": "admin",
    "project.change": "admin",
    "project.delete": "admin",
    # Who writes the code that sends an event says what it looks like; a member's code can lose it just as well.
    "schemas.read": "viewer",
    "schemas.change": "member",
    "keys.read": "admin",
    "keys.change": "admin",
}


def at_least(role: str | None, wanted: Role) -> bool:
    """Whether ``role`` is ``wanted`` or above."""
    return role is not None and RANK[role] >= RANK[wanted]
