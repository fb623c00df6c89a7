"""Invitations over HTTP: for the organisation that invites, and for whoever has the letter."""

from functools import partial

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.accounts import Actor, Homes, person
from pulseboard.audit import Caller
from pulseboard.db import Database, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.mail import Mailer
from pulseboard.orgs import invitations, queries
from pulseboard.orgs.models import Invitation
from pulseboard.orgs.paging import Cursor, Limit
from pulseboard.orgs.routes import org_out
from pulseboard.orgs.schemas import GuestIn, InvitationList, InvitationOut, OpenInvitationOut, OrgOut, TokenIn
from pulseboard.orgs.scope import org_for
from pulseboard.orgs.views import view_of

ORG = "/api/v1/orgs/{org_id:str}/invitations"
ONE = ORG + "/{invitation_id:str}"
OPEN = "/api/v1/invitations"

_public = partial(
    post,
    opt={"public": True, "limited_by_address": True, "problems": (404, 409)},
    tags=["invitations"],
    sync_to_thread=True,
)


@get(ORG, tags=["invitations"], sync_to_thread=True)
def list_invitations(
    org_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> InvitationList:
    """Who is invited and has not accepted, oldest first; those that are over too."""
    with db.read() as session:
        org_for(session, actor, org_id, "invitations.read")
        found = page(session, queries.invitations_of(org_id), Invitation.id, limit, cursor)
    items = [_out(invitation) for (invitation,) in found.rows]
    return InvitationList(items=items, total=found.total, next_cursor=found.next_cursor)


@post(ONE + "/resend", status_code=200, tags=["invitations"], sync_to_thread=True)
def resend_invitation(
    org_id: FromPath[str],
    invitation_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    mailer: Given[Mailer],
) -> InvitationOut:
    """Sends another letter; the link of the old one works no more."""
    with db.write() as session:
        return _out(
            invitations.resend(session, invitations.Post(caller, mailer, clock()), actor, org_id, invitation_id)
        )


@delete(ONE, tags=["invitations"], sync_to_thread=True)
def revoke_invitation(
    org_id: FromPath[str],
    invitation_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> None:
    """Takes an invitation back."""
    with db.write() as session:
        invitations.revoke(session, caller, actor, org_id, invitation_id, clock())


@_public(OPEN + "/look", status_code=200)
def look_at_invitation(data: JSONBody[TokenIn], db: Given[Database], clock: Given[Clock]) -> OpenInvitationOut:
    """What the holder of a letter is invited to."""
    with db.read() as session:
        invitation, org, user = invitations.look(session, data.token, clock())
    return OpenInvitationOut(
        email=invitation.email,
        org_name=org.name,
        role=invitation.role,  # type: ignore[arg-type]
        registered=user is not None,
    )


@post(OPEN + "/accept", status_code=200, opt={"problems": (404, 409)}, tags=["invitations"], sync_to_thread=True)
def accept_invitation(
    data: JSONBody[TokenIn], actor: Given[Actor], caller: Given[Caller], db: Given[Database], clock: Given[Clock]
) -> OrgOut:
    """Joins the organisation; for the person with the address to which the letter came."""
    with db.write() as session:
        org, role = invitations.accept(session, caller, person(actor), data.token, clock())
        return org_out(view_of(org), role)


@_public(OPEN + "/register")
def register_by_invitation(
    data: JSONBody[GuestIn], caller: Given[Caller], db: Given[Database], clock: Given[Clock], homes: Given[Homes]
) -> OrgOut:
    """Makes an account for the address to which the letter came, and joins; also where registration is closed.

    The new person signs in with their password afterwards.
    """
    org, role = invitations.register(db, clock, homes, caller, data.token, data.password, data.name)
    return org_out(view_of(org), role)


def _out(invitation: Invitation) -> InvitationOut:
    return InvitationOut(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,  # type: ignore[arg-type]
        invited_by=invitation.invited_by,
        created_at=rfc3339(invitation.created_at),
        sent_at=rfc3339(invitation.sent_at),
        expires_at=rfc3339(invitation.expires_at),
    )


routes = [
    list_invitations,
    resend_invitation,
    revoke_invitation,
    look_at_invitation,
    accept_invitation,
    register_by_invitation,
]
