"""Signing in at another server: the way there and back, and which account somebody from there gets."""

import hmac
import json
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from pulseboard.accounts import queries, service
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.elsewhere import Distrusted, Somebody, sign_in_address, who_signed_in
from pulseboard.accounts.links import hash_of
from pulseboard.accounts.models import Challenge, Identity, User
from pulseboard.accounts.reauth import tell
from pulseboard.accounts.service import SignedIn, of_person
from pulseboard.accounts.sign_in import enter
from pulseboard.audit import Caller
from pulseboard.errors import AppError, Unavailable
from pulseboard.kit.emails import email_key, is_email
from pulseboard.kit.ids import new_id

log = structlog.get_logger(__name__)

PURPOSE = "oidc"
LASTS = timedelta(minutes=10)
CALLBACK = "/api/v1/auth/oidc/callback"
HOME = "/app/"
# One slash and never two, no backslash, no dots that climb: a browser cannot read it as another place than ours.
_OURS = re.compile(r"/app(/[\w~-]+)*/?(\?[\w~.=&%+-]*)?", re.ASCII)


class Turned(Exception):
    """Somebody is sent back to the sign-in page; ``problem`` is a word that it knows."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Departure:
    """``cookie`` binds the way back to this browser: else a link could sign somebody in as its sender."""

    address: str
    cookie: str


def safe_next(wanted: str) -> str:
    """Where to go after signing in: a page of the dashboard, whatever was asked for."""
    return wanted if _OURS.fullmatch(wanted) else HOME


def depart(desk: Desk, wanted: str) -> Departure:
    """The way to the other server.

    Raises:
        Unavailable: none is configured.
        Turned: it does not answer.
    """
    settings, now = desk.settings.oidc, desk.clock()
    if not desk.oidc_enabled:
        raise Unavailable("Signing in elsewhere is not configured")
    state, nonce, verifier, cookie = (secrets.token_urlsafe(32) for _ in range(4))
    try:
        about = desk.elsewhere.about(settings, now)
    except Distrusted as wrong:
        log.error("the server that people sign in at", error=str(wrong))
        raise Turned("oidc-unavailable") from wrong
    content = {"nonce": nonce, "verifier": verifier, "cookie": hash_of(cookie), "next": safe_next(wanted)}
    with desk.db.write() as session:
        session.add(Challenge(id=hash_of(state), purpose=PURPOSE, content=json.dumps(content), expires_at=now + LASTS))
    return Departure(sign_in_address(about, settings, _callback(desk), state, nonce, verifier), cookie)


def come_back(desk: Desk, caller: Caller, said: dict[str, str], cookie: str) -> tuple[SignedIn, str]:
    """The session of who comes back, and where they wanted to go. ``said`` are the parameters of the way back.

    Raises:
        Unavailable: no other server is configured.
        Turned: the way back is not that of this browser, the other server is not believed, or has nobody for us.
    """
    settings, now = desk.settings.oidc, desk.clock()
    if not desk.oidc_enabled:
        raise Unavailable("Signing in elsewhere is not configured")
    with desk.db.write() as session:
        found = queries.take_challenge(session, hash_of(said.get("state", "")), PURPOSE, now)
    begun = json.loads(found.content) if found else {}
    if not begun or not hmac.compare_digest(begun["cookie"], hash_of(cookie)):
        raise Turned("oidc-stale")
    if "code" not in said:
        raise Turned("oidc-refused")
    try:
        _check_issuer(desk, said)
        who = who_signed_in(
            desk.elsewhere, settings, now, _callback(desk), said["code"], begun["verifier"], begun["nonce"]
        )
    except Distrusted as wrong:
        log.error("the server that people sign in at", error=str(wrong))
        raise Turned("oidc-failed") from wrong
    return _let_in(desk, caller, who), safe_next(begun["next"])


def _check_issuer(desk: Desk, said: dict[str, str]) -> None:
    """RFC 9207: an answer that another server mixed in names that server, or nobody."""
    settings = desk.settings.oidc
    about = desk.elsewhere.about(settings, desk.clock())
    expected = about.get("authorization_response_iss_parameter_supported") is True
    if said.get("iss", "" if expected else settings.issuer) != settings.issuer:
        raise Distrusted(f"the answer is from {said.get('iss')!r}")


def _let_in(desk: Desk, caller: Caller, who: Somebody) -> SignedIn:
    try:
        with desk.db.write() as session:
            known = queries.identity(session, desk.settings.oidc.issuer, who.subject)
            if known is not None:
                known.last_used_at = desk.clock()
            user_id = known.user_id if known else _link(desk, session, caller, who)
        if user_id is None:
            return _new(desk, caller, who)
        return enter(desk, caller, user_id, "oidc")
    except AppError as refused:
        raise Turned("oidc-refused") from refused


def _link(desk: Desk, session: Session, caller: Caller, who: Somebody) -> str | None:
    """The account that has this address, now also for who signs in there; None when nobody has it.

    Both must have confirmed it: the other server, or its users could call themselves anybody; and the account here,
    or somebody could register with an address that is not theirs and wait for its owner to come in.

    Raises:
        Turned: one of them has not.
    """
    email = unicodedata.normalize("NFC", who.email.strip())
    if not is_email(email):
        raise Turned("oidc-email")
    user = queries.user_by_email_key(session, email_key(email))
    if user is None:
        return None
    if not user.email_verified:
        raise Turned("oidc-unverified")
    _keep(desk, session, user, who)
    tell(
        desk, session, of_person(caller, user.id), user, "identity.linked", "Your account can be entered from elsewhere"
    )
    return user.id


def _keep(desk: Desk, session: Session, user: User, who: Somebody) -> None:
    issuer, now = desk.settings.oidc.issuer, desk.clock()
    session.add(
        Identity(
            id=new_id(),
            user_id=user.id,
            issuer=issuer,
            subject=who.subject,
            email=who.email,
            created_at=now,
            last_used_at=now,
        )
    )


def _new(desk: Desk, caller: Caller, who: Somebody) -> SignedIn:
    """
    Raises:
        Turned: people come by invitation here.
    """
    if desk.policy.registration != "open":
        raise Turned("oidc-unknown")

    def welcome(session: Session, user: User) -> None:
        user.email_verified = True
        _keep(desk, session, user, who)

    return service.add_person(
        desk.db,
        desk.clock,
        desk.homes,
        email=who.email,
        password=None,
        name=who.name[:200].replace("\0", ""),
        caller=caller,
        after=welcome,
    )


def _callback(desk: Desk) -> str:
    return desk.settings.server.base_url + CALLBACK
