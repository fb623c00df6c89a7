"""What letters' links carry: long random words, kept as hashes, good for one purpose, one time and a while."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.models import AccountToken
from pulseboard.errors import Invalid
from pulseboard.kit.ids import new_id

QUIET = timedelta(minutes=2)  # who asks again within it gets no second letter: nobody floods somebody's mailbox


@dataclass(frozen=True, slots=True)
class Purpose:
    """``lasts`` is how long the link works, ``said`` the same in words."""

    name: str
    lasts: timedelta
    said: str


VERIFY = Purpose("verify-email", timedelta(days=3), "3 days")
RESET = Purpose("reset-password", timedelta(hours=1), "1 hour")
OLD_EMAIL = Purpose("confirm-old-email", timedelta(days=1), "1 day")
NEW_EMAIL = Purpose("confirm-new-email", timedelta(days=1), "1 day")


def hash_of(token: str) -> str:
    """What is stored of a token; it is random and long, so a fast hash tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(session: Session, user_id: str, purpose: Purpose, email: str, now: datetime) -> str:
    """A token for the person; their earlier ones for the same purpose stop working."""
    queries.drop_links(session, user_id, purpose.name)
    token = secrets.token_urlsafe(32)
    session.add(
        AccountToken(
            id=new_id(),
            user_id=user_id,
            purpose=purpose.name,
            email=email,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=now + purpose.lasts,
        )
    )
    return token


def issued_lately(session: Session, user_id: str, purpose: Purpose, now: datetime) -> bool:
    """Whether the person was sent such a link a moment ago."""
    return queries.link_since(session, user_id, purpose.name, now - QUIET)


def spend(session: Session, token: str, purposes: tuple[Purpose, ...], now: datetime) -> AccountToken:
    """Uses the token up.

    Raises:
        Invalid: it is unknown, for something else, used or over; which of these is nobody's business.
    """
    spent = queries.spend_link(session, hash_of(token), [purpose.name for purpose in purposes], now)
    if spent is None:
        raise refusal()
    return spent


def refusal() -> Invalid:
    """Why a token is not taken."""
    return Invalid.field("token", "is not valid: it was used, is over, or never was one; ask for a new letter")
