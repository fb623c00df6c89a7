"""Who may do what: one table, asked by every guard, shown in docs/roles.md, and walked route by route by a test."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "admin", "member", "viewer"]

RANK: dict[str, int] = {"viewer": 1, "member": 2, "admin": 3, "owner": 4}


@dataclass(frozen=True, slots=True)
class Permission:
    """``role`` is the lowest that may; ``key`` says whether a project's secret key may, too, in its own project."""

    role: Role
    about: str
    key: bool = False


PERMISSIONS: dict[str, Permission] = {
    "org.read": Permission("viewer", "See an organisation and what it uses of its plan"),
    "org.change": Permission("admin", "Rename an organisation"),
    "org.delete": Permission("owner", "Delete an organisation"),
    "org.restore": Permission("owner", "Bring a deleted organisation back"),
    "org.transfer": Permission("owner", "Hand an organisation over to another member"),
    "org.leave": Permission("viewer", "Leave an organisation"),
    "audit.read": Permission("admin", "Read, export and verify the audit log"),
    "members.read": Permission("viewer", "See who belongs to an organisation"),
    "members.change": Permission("admin", "Add, invite and remove members, and change their roles"),
    "invitations.read": Permission("admin", "See who is invited"),
    "members.change-owner": Permission("owner", "Make and unmake owners"),
    "project.read": Permission("viewer", "See a project and everything that is counted in it", key=True),
    "project.make": Permission("admin", "Make a project or a website"),
    "project.change": Permission("admin", "Change a project and what it collects"),
    "project.delete": Permission("admin", "Delete a project or a website"),
    "project-roles.read": Permission("admin", "See who has another role in a project"),
    "project-roles.change": Permission("admin", "Give a member another role in a project"),
    "ingestion.read": Permission("viewer", "See what came and what was refused", key=True),
    "persons.erase": Permission("admin", "Erase a person with everything that is known of them"),
    "dead-letters.handle": Permission("admin", "Look at dead letters, send them again, throw them away"),
    # Who writes the code that sends an event says what it looks like; a member's code can lose it just as well.
    "schemas.read": Permission("viewer", "See the schemas of events", key=True),
    "schemas.change": Permission("member", "Change the schemas of events"),
    "keys.read": Permission("admin", "See a project's keys"),
    "keys.change": Permission("admin", "Make, change, rotate and remove a project's keys"),
    "insights.read": Permission("viewer", "See saved insights, boards, segments, goals and errors", key=True),
    "insights.change": Permission("member", "Change saved insights, boards, segments, goals and errors"),
    "alerts.read": Permission("viewer", "See alerts and what they told", key=True),
    "alerts.change": Permission("member", "Change alerts"),
    "billing.read": Permission("viewer", "See an organisation's plan and its bills"),
    "billing.change": Permission("owner", "Buy, change and end a plan"),
}


def at_least(role: str | None, wanted: Role) -> bool:
    """Whether ``role`` is ``wanted`` or above."""
    return role is not None and RANK[role] >= RANK[wanted]
