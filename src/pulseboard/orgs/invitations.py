"""Invitations by e-mail: whoever has the letter and the address to which it came belongs to the organisation."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard import audit
from pulseboard.accounts import Actor, Homes, User, add_person, email_key, person, verified
from pulseboard.audit import Caller, Target
from pulseboard.db import Database
from pulseboard.errors import Conflict, Invalid, NotFound, TooManyRequests
from pulseboard.kit.clock import Clock
from pulseboard.kit.emails import is_email
from pulseboard.kit.ids import is_uuid, new_id
from pulseboard.mail import INVITATION, Mailer
from pulseboard.orgs import members, queries
from pulseboard.orgs.models import Invitation, Membership, Org
from pulseboard.orgs.permissions import Role
from pulseboard.orgs.scope import check, check_enabled, no_org

LIFE = timedelta(days=7)
MOST = 200  # open ones of an organisation: letters to strangers are not ours to send without end
PAUSE = timedelta(minutes=1)  # between two letters of one invitation
PAGE = "/app/invitation"


@dataclass(frozen=True, slots=True)
class Post:
    """What writing an invitation needs."""

    caller: Caller
    mailer: Mailer
    now: datetime


def add_or_invite(
    session: Session, post: Post, actor: Actor, org_id: str, email: str, role: Role
) -> tuple[Membership, User] | Invitation:
    """Adds a person who is known here, and invites one who is not.

    Raises:
        NotFound, Forbidden: as ``members.guest``; who is not verified invites nobody.
        Conflict: they are a member already, or invited, or the organisation has invited too many.
        Invalid: this is no e-mail address.
    """
    email = unicodedata.normalize("NFC", email.strip())
    found = members.guest(session, actor, org_id, email, role)
    if found.user is not None:
        return members.add_member(session, post.caller, found.org, found.user, role, post.now), found.user
    if not is_email(email):
        raise Invalid.field("email", "is not an e-mail address")
    verified(actor)
    if found.is_invited:
        raise Conflict("This address is invited already; the invitation can be sent again")
    if found.invitations >= MOST:
        raise Conflict(f"At most {MOST} invitations are open at once")
    token = _new_token()
    invitation = Invitation(
        id=new_id(),
        org_id=found.org.id,
        email=email,
        email_key=email_key(email),
        role=role,
        token_hash=hash_of(token),
        invited_by=actor.user_id,
        created_at=post.now,
        sent_at=post.now,
        expires_at=post.now + LIFE,
    )
    session.add(invitation)
    _send(session, post, found.inviter, found.org, invitation, token)
    _record(session, post.caller, post.now, "invitation.sent", invitation)
    return invitation


def resend(session: Session, post: Post, actor: Actor, org_id: str, invitation_id: str) -> Invitation:
    """Sends another letter, with another token and a new week; the old letter's works no more.

    Raises:
        NotFound, Forbidden: as for a new one.
        TooManyRequests: the last letter left less than ``PAUSE`` ago.
    """
    org, inviter, invitation = _one(session, actor, org_id, invitation_id)
    verified(actor)
    if post.now - invitation.sent_at < PAUSE:
        raise TooManyRequests("The last letter has only just left", retry_after=int(PAUSE.total_seconds()))
    token = _new_token()
    invitation.token_hash, invitation.sent_at, invitation.expires_at = hash_of(token), post.now, post.now + LIFE
    _send(session, post, inviter, org, invitation, token)
    _record(session, post.caller, post.now, "invitation.sent-again", invitation)
    return invitation


def revoke(session: Session, caller: Caller, actor: Actor, org_id: str, invitation_id: str, now: datetime) -> None:
    """Takes an invitation back; its letter works no more.

    Raises:
        NotFound, Forbidden: as ``scope.org_for``, or there is no such invitation.
    """
    _, _, invitation = _one(session, actor, org_id, invitation_id)
    session.delete(invitation)
    _record(session, caller, now, "invitation.revoked", invitation)


def look(session: Session, token: str, now: datetime) -> tuple[Invitation, Org, User | None]:
    """The invitation of a token, its organisation, and the person who has its address already.

    Raises:
        NotFound: the token is unknown, spent, over or taken back.
    """
    found = queries.open_invitation(session, hash_of(token), now)
    if found is None:
        raise no_invitation()
    return found


def accept(session: Session, caller: Caller, actor: Actor, token: str, now: datetime) -> tuple[Org, Role]:
    """Makes the invited person a member, once: the organisation and their role in it.

    Raises:
        NotFound: the token is unknown, spent, over or taken back, or the invitation is somebody else's.
        Conflict: they are a member already.
    """
    invitation, org, user = look(session, token, now)
    if user is None or user.id != person(actor).user_id:
        raise no_invitation()
    return org, join(session, caller, invitation, user, now)


def join(session: Session, caller: Caller, invitation: Invitation, user: User, now: datetime) -> Role:
    """Spends the invitation for a person with its address, and gives their role.

    Whoever has the letter's token and an account with the letter's address reads that address, so it is confirmed.

    Raises:
        NotFound: somebody else was faster.
        Conflict: they are a member already.
    """
    if not queries.spend_invitation(session, invitation):
        raise no_invitation()
    user.email_verified = True
    session.add(
        Membership(id=new_id(), org_id=invitation.org_id, user_id=user.id, role=invitation.role, created_at=now)
    )
    try:
        session.flush()
    except IntegrityError as twice:
        raise Conflict("You are a member already") from twice
    _record(session, caller, now, "invitation.accepted", invitation)
    return cast(Role, invitation.role)


def register(
    db: Database, clock: Clock, homes: Homes, caller: Caller, token: str, password: str, name: str
) -> tuple[Org, Role]:
    """Makes a person of the invited address and lets them join.

    Raises:
        NotFound: as ``look``.
        Conflict: the address has an account, which has to sign in and accept.
        Invalid: the password is easy to guess.
    """
    with db.read() as session:
        invitation, org, user = look(session, token, clock())
    if user is not None:
        raise Conflict("This address has an account; sign in and accept the invitation")

    def enter(session: Session, user: User) -> None:
        join(session, replace(caller, kind="person", id=user.id), invitation, user, clock())

    add_person(db, clock, homes, email=invitation.email, password=password, name=name, caller=caller, after=enter)
    return org, cast(Role, invitation.role)


def no_invitation() -> NotFound:
    """The same for every reason."""
    return NotFound("There is no such invitation for you; it may be over, taken back, or for another address")


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def _one(session: Session, actor: Actor, org_id: str, invitation_id: str) -> tuple[Org, User | None, Invitation]:
    valid = is_uuid(org_id) and is_uuid(invitation_id)
    found = queries.org_and_invitation(session, actor, org_id, invitation_id) if valid else None
    if found is None or found.org.deleted_at:
        raise no_org()
    check(actor, found.role, "members.change")
    check_enabled(found.org, "members.change")
    if found.invitation is None:
        raise NotFound("There is no such invitation")
    if found.invitation.role == "owner":
        check(actor, found.role, "members.change-owner")
    return found.org, found.inviter, found.invitation


def _send(session: Session, post: Post, inviter: User | None, org: Org, invitation: Invitation, token: str) -> None:
    post.mailer.post(
        session,
        invitation.email,
        INVITATION,
        path=PAGE,
        token=token,
        until=invitation.expires_at,
        inviter=inviter.name or inviter.email if inviter else "Somebody",
        inviter_email=inviter.email if inviter else "",
        org=org.name,
        role=invitation.role,
        lasts=f"{LIFE.days} days",
    )


def _record(session: Session, caller: Caller, now: datetime, action: str, invitation: Invitation) -> None:
    target = Target("invitation", invitation.id, invitation.email)
    after = {"role": invitation.role}
    audit.record(session, caller, now, action, target, org_id=invitation.org_id, after=after)
