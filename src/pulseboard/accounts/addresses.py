"""People's e-mail addresses: confirming one, and moving to another."""

import unicodedata

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.accounts import links, queries
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.links import NEW_EMAIL, OLD_EMAIL, RESET, VERIFY
from pulseboard.accounts.models import ACTIVE, User
from pulseboard.accounts.reauth import reauthenticate
from pulseboard.accounts.service import of_person, target_of
from pulseboard.audit import Caller, record
from pulseboard.errors import Conflict, Invalid
from pulseboard.kit.emails import email_key, is_email
from pulseboard.mail.letters import CONFIRM_NEW_EMAIL, CONFIRM_OLD_EMAIL, EMAIL_CHANGED, VERIFY_EMAIL


def ask_to_verify(desk: Desk, session: Session, user: User) -> None:
    """Sends the letter by which a new person confirms their address."""
    now = desk.clock()
    token = links.issue(session, user.id, VERIFY, user.email, now)
    until = now + VERIFY.lasts
    desk.mailer.post(
        session, user.email, VERIFY_EMAIL, path="/app/verify-email", token=token, until=until, lasts=VERIFY.said
    )


def ask_again(desk: Desk, actor: Actor) -> None:
    """Sends it once more, unless the address is confirmed or the last one has just left."""
    with desk.db.write() as session:
        user = session.get_one(User, signed_in(actor).user_id)
        if not user.email_verified and not links.issued_lately(session, user.id, VERIFY, desk.clock()):
            ask_to_verify(desk, session, user)


def verify(desk: Desk, caller: Caller, token: str) -> None:
    """Confirms the address to which the token was sent.

    Raises:
        Invalid: the token is no good (any more), or the person has moved to another address since.
    """
    now = desk.clock()
    with desk.db.write() as session:
        link = links.spend(session, token, (VERIFY,), now)
        user = session.get_one(User, link.user_id)
        if user.email != link.email:
            raise links.refusal()
        user.email_verified = True
        record(session, of_person(caller, user.id), now, "email.verified", target_of(user))


def ask_to_move(desk: Desk, caller: Caller, actor: Actor, email: str, password: str) -> None:
    """Sends letters to both addresses; the account moves once both are confirmed.

    An address that never was confirmed need not confirm that it is left: it may be a slip of the pen. Whether somebody
    else has the new address shows to nobody: then no letter goes there, and nothing ever moves.

    Raises:
        Invalid: the address is none, or theirs already, or the password is wrong.
        Forbidden, TooManyRequests: as ``reauth.reauthenticate``.
    """
    email = unicodedata.normalize("NFC", email.strip())
    if not is_email(email):
        raise Invalid.field("email", "is not an e-mail address")
    user_id = reauthenticate(desk, actor, password).id
    now = desk.clock()
    with desk.db.write() as session:
        user = session.get_one(User, user_id)
        if email == user.email:
            raise Invalid.field("email", "is your address already")
        queries.forget_links(session, user.id, NEW_EMAIL.name, OLD_EMAIL.name)
        record(session, caller, now, "email.change-asked", target_of(user), after={"email": email})
        holder = queries.user_by_email_key(session, email_key(email))
        if holder is None or holder.id == user.id:
            _write_to_new(desk, session, user, email)
        if user.email_verified:
            _write_to_old(desk, session, user, email)


def _write_to_new(desk: Desk, session: Session, user: User, email: str) -> None:
    now = desk.clock()
    token = links.issue(session, user.id, NEW_EMAIL, email, now)
    until, path = now + NEW_EMAIL.lasts, "/app/confirm-email"
    desk.mailer.post(session, email, CONFIRM_NEW_EMAIL, path=path, token=token, until=until, lasts=NEW_EMAIL.said)


def _write_to_old(desk: Desk, session: Session, user: User, email: str) -> None:
    now = desk.clock()
    token = links.issue(session, user.id, OLD_EMAIL, email, now)
    until, path = now + OLD_EMAIL.lasts, "/app/confirm-email"
    desk.mailer.post(
        session, user.email, CONFIRM_OLD_EMAIL, path=path, token=token, until=until, email=email, lasts=OLD_EMAIL.said
    )


def confirm_move(desk: Desk, caller: Caller, token: str) -> bool:
    """Notes one end's word; True when the account has moved, False while the other end is waited for.

    Raises:
        Invalid: the token is no good (any more).
        Conflict: somebody else has taken the new address in between.
    """
    now = desk.clock()
    with desk.db.write() as session:
        link = links.spend(session, token, (OLD_EMAIL, NEW_EMAIL), now)
        session.flush()
        user = session.get_one(User, link.user_id)
        if user.status != ACTIVE:
            raise links.refusal()
        new = queries.used_link(session, user.id, NEW_EMAIL.name, link.email, now)
        old = queries.used_link(session, user.id, OLD_EMAIL.name, link.email, now)
        if not new or (user.email_verified and not old):
            return False
        _move(desk, session, caller, user, link.email)
        return True


def _move(desk: Desk, session: Session, caller: Caller, user: User, email: str) -> None:
    left = user.email
    user.email, user.email_key, user.email_verified = email, email_key(email), True
    try:
        session.flush()
    except IntegrityError as taken:
        raise Conflict("Somebody else has this e-mail address by now") from taken
    # What was sent to the address that is left must open nothing any more.
    queries.forget_links(session, user.id, NEW_EMAIL.name, OLD_EMAIL.name, VERIFY.name, RESET.name)
    record(
        session,
        of_person(caller, user.id),
        desk.clock(),
        "email.changed",
        target_of(user),
        before={"email": left},
        after={"email": email},
    )
    desk.mailer.post(session, left, EMAIL_CHANGED, email=email)
