"""What the routes about everybody's organisations and people take and give."""

from typing import Annotated, Literal

from litestar.params import QueryParameter
from msgspec import UNSET, Meta, UnsetType

from pulseboard.kit.wire import In, Out, Timestamp

Search = Annotated[
    str, QueryParameter(name="search", max_length=200, description="A part of a name or address, or an id.")
]
OrgStatus = Literal["active", "disabled", "deleted"]
UserStatus = Literal["active", "disabled", "leaving"]
Plan = Literal["free", "pro", "business", "enterprise"]


class AdminOrgOut(Out):
    """``disabled`` takes no events and shows no project; ``system`` is Pulseboard's own."""

    id: str
    name: str
    status: OrgStatus
    plan: str
    personal: bool
    system: bool
    members: int
    projects: int
    created_at: Timestamp
    disabled_at: Timestamp | None
    deleted_at: Timestamp | None


class AdminOrgList(Out):
    items: list[AdminOrgOut]
    total: int | None
    next_cursor: str | None


class AdminOrgPatch(In):
    status: Literal["active", "disabled"] | UnsetType = UNSET
    plan: Plan | UnsetType = UNSET


class AdminUserOut(Out):
    id: str
    email: str
    name: str
    status: UserStatus
    superadmin: bool
    email_verified: bool
    orgs: int
    created_at: Timestamp
    last_seen_at: Annotated[Timestamp | None, Meta(description="When a session was last opened or renewed.")]


class AdminUserList(Out):
    items: list[AdminUserOut]
    total: int | None
    next_cursor: str | None


class AdminUserPatch(In):
    status: Literal["active", "disabled"] | UnsetType = UNSET
    superadmin: bool | UnsetType = UNSET
