"""A superadmin acts as somebody: a short session of that person, which ends by itself and which their log tells of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.actor import Actor, person, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.keyring import ACCESS_LIFE
from pulseboard.accounts.models import ACTIVE, LoginSession, User
from pulseboard.accounts.schemas import OrgRef
from pulseboard.accounts.service import open_session, target_of
from pulseboard.audit import Caller, record
from pulseboard.errors import Conflict, Forbidden, NotFound
from pulseboard.kit.clock import rfc3339


@dataclass(frozen=True, slots=True)
class Begun:
    """``access`` is the session's only token: there is none to renew it."""

    user: User
    access: str
    ends_at: datetime


def begin(desk: Desk, caller: Caller, actor: Actor, user_id: str, reason: str) -> Begun:
    """Opens a session of the person, for as long as one access token lives.

    Raises:
        Forbidden: the actor is no superadmin with a session of their own, or the person is a superadmin, too.
        NotFound: there is no such person.
        Conflict: the account is disabled, or its person is leaving.
    """
    if not signed_in(actor).superadmin:
        raise Forbidden("This is for the owner of the installation")
    now = desk.clock()
    with desk.db.write() as session:
        user, led_to = desk.homes.with_person(session, user_id)
        if user is None:
            raise NotFound("There is no such person")
        if user.superadmin:
            raise Forbidden("Nobody acts as a superadmin")
        if user.status != ACTIVE:
            raise Conflict("Nobody can be signed in to this account")
        opened = open_session(session, user.id, caller, now)
        opened.expires_at = now + ACCESS_LIFE
        opened.via_session_id = actor.session_id
        _tell(session, caller, user, led_to, now, "impersonation.begun", {"reason": reason})
    return Begun(user, desk.keyring.access_token(user.id, opened.id, now), opened.expires_at)


def end(desk: Desk, caller: Caller, actor: Actor) -> None:
    """Ends it before its time.

    Raises:
        Forbidden: an API key asks.
        Conflict: nobody acts as somebody else.
    """
    if not person(actor).via_id:
        raise Conflict("You act as nobody else")
    with desk.db.write() as session:
        now = desk.clock()
        queries.revoke_session(session, actor.session_id, now)
        user, led_to = desk.homes.with_person(session, actor.user_id)
        if user is not None:
            as_themselves = replace(caller, id=actor.via_id, via="")
            _tell(session, as_themselves, user, led_to, now, "impersonation.ended", {})


def told(session: Session, actor: Actor) -> tuple[str, str]:
    """The superadmin's e-mail address, and when it ends."""
    superadmin = session.get_one(User, actor.via_id)
    return superadmin.email, rfc3339(session.get_one(LoginSession, actor.session_id).expires_at)


def _tell(
    session: Session,
    caller: Caller,
    user: User,
    led_to: Iterable[OrgRef],
    now: datetime,
    action: str,
    after: dict[str, object],
) -> None:
    """In the platform's log, and in that of each organisation into which the person leads."""
    for org_id in ("", *(org.id for org in led_to)):
        record(session, caller, now, action, target_of(user), org_id=org_id, after=after)
