"""Who may do what: one table, asked by every guard, shown in docs/roles.md, and walked route by route by a test."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "admin", "member", "viewer"]
Scope = Literal["read", "write", "admin"]

RANK: dict[str, int] = {"viewer": 1, "member": 2, "admin": 3, "owner": 4}
SCOPES: tuple[Scope, ...] = ("read", "write", "admin")  # of a personal access token; each holds the ones before it


@dataclass(frozen=True, slots=True)
class Permission:
    """``role`` is the lowest that may. ``scope`` is what a personal access token needs besides its person's role.

    ``key`` says whether a project's secret key may do it to its own project.
    """

    role: Role
    scope: Scope
    about: str
    key: bool = False


PERMISSIONS: dict[str, Permission] = {
    "org.read": Permission("viewer", "read", "See an organisation and what it uses of its plan"),
    "org.change": Permission("admin", "admin", "Rename an organisation"),
    "org.delete": Permission("owner", "admin", "Delete an organisation"),
    "org.restore": Permission("owner", "admin", "Bring a deleted organisation back"),
    "org.transfer": Permission("owner", "admin", "Hand an organisation over to another member"),
    "org.leave": Permission("viewer", "admin", "Leave an organisation"),
    "audit.read": Permission("admin", "admin", "Read, export and verify the audit log"),
    "members.read": Permission("viewer", "read", "See who belongs to an organisation"),
    "members.change": Permission("admin", "admin", "Add, invite and remove members, and change their roles"),
    "members.change-owner": Permission("owner", "admin", "Make and unmake owners"),
    "project.read": Permission("viewer", "read", "See a project and everything that is counted in it", key=True),
    "project.make": Permission("admin", "admin", "Make a project or a website"),
    "project.change": Permission("admin", "admin", "Change a project and what it collects"),
    "project.delete": Permission("admin", "admin", "Delete a project or a website"),
    "project-roles.read": Permission("admin", "read", "See who has another role in a project"),
    "project-roles.change": Permission("admin", "admin", "Give a member another role in a project"),
    "ingestion.read": Permission(
        "viewer", "read", "See what came and what was refused", key=True
    ),
    "dead-letters.handle": Permission("admin", "admin", "Look at dead letters, send them again, throw them away"),
    # Who writes the code that sends an event says what it looks like; a member's code can lose it just as well.
    "schemas.read": Permission("viewer", "read", "See the schemas of events", key=True),
    "schemas.change": Permission("member", "write", "Change the schemas of events"),
    "keys.read": Permission("admin", "admin", "See a project's keys"),
    "keys.change": Permission("admin", "admin", "Make, change, rotate and remove a project's keys"),
    "insights.read": Permission("viewer", "read", "See saved insights, boards, segments, goals and errors", key=True),
    "insights.change": Permission("member", "write", "Change saved insights, boards, segments, goals and errors"),
    "alerts.read": Permission("viewer", "read", "See alerts and what they told", key=True),
    "alerts.change": Permission("member", "write", "Change alerts"),
    "billing.read": Permission("viewer", "read", "See an organisation's plan and its bills"),
    "billing.change": Permission("owner", "admin", "Buy, change and end a plan"),
}


def at_least(role: str | None, wanted: Role) -> bool:
    """Whether ``role`` is ``wanted`` or above."""
    return role is not None and RANK[role] >= RANK[wanted]


def holds(scope: str, wanted: Scope) -> bool:
    """Whether a token's scope includes ``wanted``."""
    return scope in SCOPES and SCOPES.index(scope) >= SCOPES.index(wanted)
