"""Who changes what guards an account shows once more that it is them: a session may be somebody's who found it open."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pulseboard.accounts import throttle
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import LoginSession, User
from pulseboard.accounts.passwords import matches
from pulseboard.audit import Caller, Target, record
from pulseboard.errors import Forbidden, Invalid
from pulseboard.mail.letters import SECURITY_NOTICE

FRESH = timedelta(minutes=10)


def reauthenticate(desk: Desk, actor: Actor, password: str, path: str = "password") -> User:
    """The person, when the password is theirs; who has none must have signed in within ``FRESH``.

    Raises:
        Forbidden: a program asks, or (type ``sign-in-again``) the session is too old to show who it is.
        Invalid: the password is wrong, naming ``path``.
        TooManyRequests: too many wrong ones.
    """
    user_id = signed_in(actor).user_id
    key = throttle.key_of("reauthenticate", user_id)
    with desk.db.write() as session:
        user = session.get_one(User, user_id)
        if not user.password_hash:
            opened = session.get_one(LoginSession, actor.session_id).created_at
            if desk.clock() - opened > FRESH:
                raise Forbidden("Sign in again first, for you have no password to show", type="sign-in-again")
            return user
        throttle.enter(session, key, desk.clock())
    if not matches(password, user.password_hash):
        raise Invalid.field(path, "is wrong")
    with desk.db.write() as session:
        throttle.clear(session, key)
    return user


def tell(desk: Desk, session: Session, caller: Caller, user: User, action: str, what: str) -> None:
    """Writes a change of what guards the account into the audit log, and a letter to its person."""
    now = desk.clock()
    record(session, caller, now, action, Target("person", user.id, user.email))
    desk.mailer.post(session, user.email, SECURITY_NOTICE, what=what, when=said(now))


def said(moment: datetime) -> str:
    """A moment as letters write it."""
    return f"{moment:%d %B %Y, %H:%M} UTC"
