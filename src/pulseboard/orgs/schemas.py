"""What the organisation routes take and give."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from pulseboard.kit.wire import In, Out, Timestamp
from pulseboard.orgs.permissions import Role

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


class OrgIn(In):
    name: Name


class OrgPatch(In):
    name: Name | UnsetType = UNSET


class OrgOut(Out):
    id: str
    name: str
    role: Role
    personal: bool
    created_at: Timestamp
    deleted_at: Timestamp | None


class OrgList(Out):
    items: list[OrgOut]
    total: int | None
    next_cursor: str | None


class MemberIn(In):
    email: Annotated[str, Meta(min_length=3, max_length=254)]
    role: Role


class MemberPatch(In):
    role: Role


class MemberOut(Out):
    id: str
    user_id: str
    email: str
    name: str
    role: Role
    status: str
    created_at: Timestamp


class MemberList(Out):
    items: list[MemberOut]
    total: int | None
    next_cursor: str | None
