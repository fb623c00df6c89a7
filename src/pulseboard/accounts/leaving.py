"""Deleting an account: at first only on paper, so that a thief or a bad day cannot end one for good."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import ACTIVE, LEAVING, User
from pulseboard.accounts.service import of_person, target_of
from pulseboard.audit import SYSTEM, Caller, record
from pulseboard.errors import Conflict
from pulseboard.mail.letters import ACCOUNT_DELETION

log = structlog.get_logger(__name__)

GRACE = timedelta(days=14)


def leave(desk: Desk, caller: Caller, user_id: str) -> datetime:
    """Closes the account, and says when it will be gone for good; signing in before that opens it again.

    Raises:
        Conflict: an organisation would be left without an owner, or the platform without a superadmin.
    """
    now = desk.clock()
    with desk.db.write() as session:
        user = session.get_one(User, user_id)
        if user.superadmin and queries.superadmins(session) == 1:
            raise Conflict("You are the only superadmin; make somebody else one first")
        desk.homes.check_leaving(session, user.id)
        user.status, user.leaves_at = LEAVING, now + GRACE
        queries.revoke_sessions(session, user.id, now)
        record(session, caller, now, "person.leaves", target_of(user))
        day = f"{user.leaves_at:%d %B %Y}"
        desk.mailer.post(session, user.email, ACCOUNT_DELETION, path="/app/login", when=day)
        return user.leaves_at


def come_back(session: Session, user: User, caller: Caller, now: datetime) -> None:
    """Opens the account of somebody who was leaving; does nothing for everybody else."""
    if user.status == LEAVING:
        user.status, user.leaves_at = ACTIVE, None
        record(session, of_person(caller, user.id), now, "person.came-back", target_of(user))


def finish(desk: Desk) -> None:
    """Deletes the accounts whose time is over, each in a transaction of its own."""
    now = desk.clock()
    with desk.db.read() as session:
        ids = queries.left_before(session, now)
    for user_id in ids:
        with desk.db.write() as session:
            user = session.get(User, user_id)
            if user is None or user.status != LEAVING:  # came back in between
                continue
            try:
                desk.homes.check_leaving(session, user.id)
            except Conflict:
                log.warning("a person who left owns an organisation alone", person=user_id)
                continue
            desk.homes.close(session, user.id, now)
            record(session, SYSTEM, now, "person.deleted", target_of(user))
            session.delete(user)
