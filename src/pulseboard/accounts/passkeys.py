"""Passkeys (WebAuthn): a device's key stands for the person, and for password and code together."""

import json
import secrets
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import Challenge, Passkey, User
from pulseboard.accounts.reauth import reauthenticate, tell
from pulseboard.accounts.service import SignedIn
from pulseboard.accounts.sign_in import enter
from pulseboard.audit import Caller
from pulseboard.db import page
from pulseboard.errors import Conflict, Invalid, NotFound, Unauthenticated
from pulseboard.kit.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

REGISTER = "passkey-register"
SIGN_IN = "passkey-sign-in"
LASTS = timedelta(minutes=5)
MOST = 20  # passkeys of one person
REFUSED = "This passkey cannot be used here"


def begin(desk: Desk, actor: Actor, password: str) -> tuple[str, dict[str, Any]]:
    """The challenge's id, and what a page hands to ``navigator.credentials.create``.

    Raises:
        Conflict: the person has ``MOST`` already.
        Invalid, Forbidden, TooManyRequests: as ``reauth.reauthenticate``.
    """
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    user = reauthenticate(desk, actor, password)
    with desk.db.write() as session:
        theirs = [row[0] for row in page(session, queries.passkeys_of(user.id), Passkey.id, MOST, None).rows]
        if len(theirs) >= MOST:
            raise Conflict(f"At most {MOST} passkeys; remove one first")
        options = generate_registration_options(
            rp_id=_host(desk),
            rp_name="Pulseboard",
            user_id=user.id.encode(),
            user_name=user.email,
            user_display_name=user.name or user.email,
            # Discoverable, so that signing in asks for no address; verified, so that it stands for two factors.
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=_bytes(key.credential_id)) for key in theirs],
        )
        challenge_id = _note(desk, session, REGISTER, options.challenge, user.id)
    return challenge_id, json.loads(options_to_json(options))


def add(
    desk: Desk, caller: Caller, actor: Actor, challenge_id: str, name: str, credential: Mapping[str, Any]
) -> Passkey:
    """Keeps the key that the device made.

    Raises:
        Invalid: the challenge is over, used or somebody else's, or the device's answer does not fit it.
        Conflict: this key is registered already.
    """
    from webauthn import verify_registration_response

    user_id = signed_in(actor).user_id
    challenge = _take(desk, REGISTER, challenge_id, user_id)
    with _hostile():
        made = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=_host(desk),
            expected_origin=desk.settings.server.base_url,
            require_user_verification=True,
        )
    passkey = Passkey(
        id=new_id(),
        user_id=user_id,
        name=name,
        credential_id=_text(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(credential),
        created_at=desk.clock(),
        last_used_at=None,
    )
    with desk.db.write() as session:
        session.add(passkey)
        try:
            session.flush()
        except IntegrityError as taken:
            raise Conflict("This passkey is registered already") from taken
        user = session.get_one(User, user_id)
        tell(desk, session, caller, user, "passkey.added", "A passkey was added to your account")
    return passkey


def rename(desk: Desk, actor: Actor, passkey_id: str, name: str) -> Passkey:
    """
    Raises:
        NotFound: the person has none of that id.
    """
    with desk.db.write() as session:
        passkey = _own(session, signed_in(actor).user_id, passkey_id)
        passkey.name = name
        return passkey


def remove(desk: Desk, caller: Caller, actor: Actor, passkey_id: str) -> None:
    """
    Raises:
        NotFound: the person has none of that id.
        Conflict: it is the only way in that they have.
    """
    user_id = signed_in(actor).user_id
    with desk.db.write() as session:
        passkey, user = _own(session, user_id, passkey_id), session.get_one(User, user_id)
        others = page(session, queries.passkeys_of(user_id), Passkey.id, 2, None).total or 0
        if not user.password_hash and others < 2 and not queries.identities_of(session, user_id):
            raise Conflict("This is your only way to sign in; set a password first")
        session.delete(passkey)
        tell(desk, session, caller, user, "passkey.removed", "A passkey was removed from your account")


def begin_sign_in(desk: Desk) -> tuple[str, dict[str, Any]]:
    """The challenge's id, and what a page hands to ``navigator.credentials.get``; the same for everybody."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    options = generate_authentication_options(
        rp_id=_host(desk), user_verification=structs.UserVerificationRequirement.REQUIRED
    )
    with desk.db.write() as session:
        challenge_id = _note(desk, session, SIGN_IN, options.challenge, None)
    return challenge_id, json.loads(options_to_json(options))


def sign_in(desk: Desk, caller: Caller, challenge_id: str, credential: Mapping[str, Any]) -> SignedIn:
    """Opens a session for the person whose device has signed the challenge.

    Raises:
        Unauthenticated: the same words for an unknown key, a wrong signature, an old challenge, a disabled account,
            and where nobody may sign in so.
    """
    from webauthn import verify_authentication_response

    try:
        challenge = _take(desk, SIGN_IN, challenge_id, None)
        passkey = _known(desk, credential)
        with _hostile():
            shown = verify_authentication_response(
                credential=dict(credential),
                expected_challenge=challenge,
                expected_rp_id=_host(desk),
                expected_origin=desk.settings.server.base_url,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
    except (Invalid, NotFound) as wrong:
        raise Unauthenticated(REFUSED) from wrong
    with desk.db.write() as session:
        used = session.get(Passkey, passkey.id)
        if used is None or not desk.policy.passkey_sign_in:
            raise Unauthenticated(REFUSED)
        used.sign_count, used.last_used_at = shown.new_sign_count, desk.clock()
    return enter(desk, caller, passkey.user_id, "passkey")


def _known(desk: Desk, credential: Mapping[str, Any]) -> Passkey:
    with desk.db.read() as session:
        found = queries.passkey_by_credential(session, str(credential.get("id")))
    response = credential.get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    if found is None or (handle and handle != _text(found.user_id.encode())):
        raise NotFound(REFUSED)
    return found


def _own(session: Session, user_id: str, passkey_id: str) -> Passkey:
    passkey = queries.passkey_of(session, user_id, passkey_id)
    if passkey is None:
        raise NotFound("There is no such passkey")
    return passkey


def _note(desk: Desk, session: Session, purpose: str, challenge: bytes, user_id: str | None) -> str:
    id_ = secrets.token_urlsafe(24)
    ends = desk.clock() + LASTS
    session.add(Challenge(id=id_, purpose=purpose, user_id=user_id, content=_text(challenge), expires_at=ends))
    return id_


def _take(desk: Desk, purpose: str, challenge_id: str, user_id: str | None) -> bytes:
    with desk.db.write() as session:
        found = queries.take_challenge(session, challenge_id, purpose, desk.clock())
    if found is None or found.user_id != user_id:
        raise Invalid.field("challengeId", "is over, used, or was never given; start again")
    return _bytes(found.content)


@contextmanager
def _hostile() -> "Iterator[None]":
    try:
        yield
    except Exception as wrong:  # parsers of CBOR, COSE and X.509 fail in many ways over what a stranger has made up
        raise Invalid.field("credential", "is not the answer of a device to this challenge") from wrong


def _transports(credential: Mapping[str, Any]) -> str:
    response = credential.get("response")
    found = response.get("transports") if isinstance(response, dict) else None
    known = ("usb", "nfc", "ble", "smart-card", "hybrid", "internal")
    return " ".join(name for name in known if isinstance(found, list) and name in found)


def _host(desk: Desk) -> str:
    return urlsplit(desk.settings.server.base_url).hostname or ""


def _text(raw: bytes) -> str:
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(raw)


def _bytes(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(text)
