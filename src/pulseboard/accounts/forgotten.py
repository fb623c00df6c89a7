"""Passwords: forgotten, set anew, changed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pulseboard.accounts import links, queries, throttle
from pulseboard.accounts.actor import Actor
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.links import NEW_EMAIL, OLD_EMAIL, RESET
from pulseboard.accounts.models import ACTIVE, LEAVING, Challenge, User
from pulseboard.accounts.passwords import check_password, hash_password
from pulseboard.accounts.reauth import reauthenticate, said
from pulseboard.accounts.service import of_person, target_of
from pulseboard.audit import Caller, record
from pulseboard.kit.emails import email_key
from pulseboard.kit.ids import new_id
from pulseboard.mail.letters import PASSWORD_CHANGED, RESET_PASSWORD

ASKED = "forgotten"
WAITS = timedelta(hours=1)
AT_ONCE = 50


def ask(desk: Desk, email: str) -> None:
    """Notes the wish; whether anybody has the address is looked up later, so that no answer can tell by its time."""
    with desk.db.write() as session:
        session.add(
            Challenge(id=new_id(), purpose=ASKED, content=email_key(email.strip()), expires_at=desk.clock() + WAITS)
        )


def answer_asked(desk: Desk) -> None:
    """Writes the letters that were asked for."""
    with desk.db.read() as session:
        if not queries.challenges_of(session, ASKED, 1):
            return
    with desk.db.write() as session:
        for wish in queries.challenges_of(session, ASKED, AT_ONCE):
            session.delete(wish)
            _answer(desk, session, wish.content)


def _answer(desk: Desk, session: Session, known_as: str) -> None:
    now = desk.clock()
    user = queries.user_by_email_key(session, known_as)
    if user is None or user.status not in (ACTIVE, LEAVING) or links.issued_lately(session, user.id, RESET, now):
        return
    token = links.issue(session, user.id, RESET, user.email, now)
    session.flush()
    until, path = now + RESET.lasts, "/app/reset-password"
    desk.mailer.post(session, user.email, RESET_PASSWORD, path=path, token=token, until=until, lasts=RESET.said)


def reset(desk: Desk, caller: Caller, token: str, password: str) -> None:
    """Sets the password of the person to whom the token was sent, and ends whatever a thief may hold of them.

    Raises:
        Invalid: the token is no good (any more), or the password is easy to guess.
    """
    with desk.db.read() as session:
        link = queries.open_link(session, links.hash_of(token), RESET.name, desk.clock())
    if link is None:
        raise links.refusal()
    check_password(password, link.email)
    hashed = hash_password(password)
    now = desk.clock()
    with desk.db.write() as session:
        link = links.spend(session, token, (RESET,), now)
        user = session.get_one(User, link.user_id)
        queries.drop_personal_tokens(session, user.id)
        if not user.email_verified:
            # Somebody else may have registered with this address and left a way in of their own.
            queries.drop_factors(session, user.id)
            user.email_verified = True  # the link came to no other address
        caller = of_person(caller, user.id)
        record(session, caller, now, "password.reset", target_of(user))
        _set(desk, session, user, hashed, now)


def change(desk: Desk, caller: Caller, actor: Actor, current: str, password: str) -> None:
    """Sets another password, and ends the person's other sessions.

    Raises:
        Invalid: the current one is wrong, or the new one is easy to guess.
        Forbidden, TooManyRequests: as ``reauth.reauthenticate``.
    """
    user = reauthenticate(desk, actor, current, "currentPassword")
    check_password(password, user.email)
    hashed = hash_password(password)
    now = desk.clock()
    with desk.db.write() as session:
        user = session.get_one(User, user.id)
        record(session, caller, now, "password.changed", target_of(user))
        _set(desk, session, user, hashed, now, keep=actor.session_id)


def _set(desk: Desk, session: Session, user: User, hashed: str, now: datetime, *, keep: str = "") -> None:
    user.password_hash = hashed
    queries.revoke_sessions(session, user.id, now, but=keep)
    queries.forget_links(session, user.id, RESET.name, OLD_EMAIL.name, NEW_EMAIL.name)
    throttle.clear(session, throttle.key_of("reauthenticate", user.id))
    desk.mailer.post(session, user.email, PASSWORD_CHANGED, when=said(now))
