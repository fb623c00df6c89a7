"""What the organisation routes take and give."""

from typing import Annotated, Any

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
    disabled_at: Annotated[
        Timestamp | None, Meta(description="By whoever runs the installation: its projects and keys rest.")
    ]
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
    """``status`` is the person's, or `invited`: then ``id`` is the invitation's, and nobody has a ``userId`` yet."""

    id: str
    user_id: str | None
    email: str
    name: str
    role: Role
    status: str
    created_at: Timestamp


class MemberList(Out):
    items: list[MemberOut]
    total: int | None
    next_cursor: str | None


class TransferIn(In):
    member_id: Annotated[str, Meta(max_length=36, description="Who becomes the owner.")]


class InvitationOut(Out):
    id: str
    email: str
    role: Role
    invited_by: Annotated[str, Meta(description="Id of the person who invited.")]
    created_at: Timestamp
    sent_at: Timestamp
    expires_at: Timestamp


class InvitationList(Out):
    items: list[InvitationOut]
    total: int | None
    next_cursor: str | None


Token = Annotated[str, Meta(min_length=1, max_length=200, description="From the link of the letter.")]


class TokenIn(In):
    token: Token


class GuestIn(In):
    token: Token
    password: Annotated[
        str, Meta(min_length=1, max_length=1000, description="10 or more characters, not a common one.")
    ]
    name: Annotated[str, Meta(max_length=200)] = ""


class OpenInvitationOut(Out):
    email: str
    org_name: str
    role: Role
    registered: Annotated[bool, Meta(description="Whether this address has an account, which then has to sign in.")]


class AuditActorOut(Out):
    """``type`` is person, key, platform (its admin key), console (the operator), system or nobody."""

    type: str
    id: str | None
    email: str | None
    name: str | None
    via: Annotated[str | None, Meta(description="Id of the superadmin who acted as this person.")]


class AuditTargetOut(Out):
    type: str
    id: str
    name: str


class AuditEntryOut(Out):
    id: str
    number: Annotated[int, Meta(description="Counts from 1 without gaps.")]
    time: Timestamp
    actor: AuditActorOut
    action: str
    target: AuditTargetOut
    metadata: Annotated[dict[str, Any], Meta(description="What was `before` and is `after`, as far as it changed.")]
    ip: str | None
    user_agent: str | None
    hash: Annotated[str, Meta(description="Over this entry and the hash of the one before.")]


class AuditList(Out):
    items: list[AuditEntryOut]
    total: int | None
    next_cursor: str | None


class AuditVerdictOut(Out):
    """``broken`` is the number of the first entry that is missing or not as it was written."""

    whole: bool
    entries: int
    hash: Annotated[str, Meta(description="Of the last good entry; noted elsewhere, it proves the log up to there.")]
    broken: int | None
    reason: str | None
