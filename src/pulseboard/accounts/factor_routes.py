"""Authenticator apps, recovery codes and passkeys over HTTP."""

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.accounts import codes, passkeys, queries, throttle
from pulseboard.accounts.account_schemas import (
    ChallengeOut,
    CodeIn,
    Cursor,
    IdentityOut,
    Limit,
    PasskeyIn,
    PasskeyList,
    PasskeyOut,
    PasskeyPatch,
    PasskeySignInIn,
    RecoveryCodesOut,
    SecurityOut,
    ShowCodeIn,
    ShowIn,
    TotpOut,
)
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import Passkey, User
from pulseboard.accounts.reauth import reauthenticate, tell
from pulseboard.accounts.routes import OPEN, let_in
from pulseboard.accounts.schemas import SignedInOut
from pulseboard.audit import Caller
from pulseboard.db import page
from pulseboard.errors import Invalid
from pulseboard.kit.clock import rfc3339

KEYS = "/api/v1/auth/passkeys"
ONE = KEYS + "/{passkey_id:str}"


@get("/api/v1/auth/security", tags=["auth"], sync_to_thread=True)
def get_security(desk: Given[Desk], actor: Given[Actor]) -> SecurityOut:
    """By what the signed-in person can show that it is them."""
    user_id = signed_in(actor).user_id
    with desk.db.read() as session:
        has_password, totp, left = queries.shown_by(session, user_id)
        identities = queries.identities_of(session, user_id)
        return SecurityOut(
            has_password=has_password,
            totp=totp,
            recovery_codes_left=left,
            identities=[
                IdentityOut(row.id, row.issuer, row.email, rfc3339(row.created_at), rfc3339(row.last_used_at))
                for row in identities
            ],
        )


@post("/api/v1/auth/totp", opt={"problems": (409,), "secrets": ("secret", "uri")}, tags=["auth"], sync_to_thread=True)
def begin_totp(data: JSONBody[ShowIn], desk: Given[Desk], actor: Given[Actor]) -> TotpOut:
    """Gives the secret for an authenticator app; it counts once a code of it is confirmed."""
    user = reauthenticate(desk, actor, data.password)
    with desk.db.write() as session:
        secret, uri = codes.begin(session, desk.keyring, user.id, user.email, desk.clock())
    return TotpOut(secret, uri)


@post("/api/v1/auth/totp/confirm", opt={"problems": (409,)}, tags=["auth"], status_code=200, sync_to_thread=True)
def confirm_totp(
    data: JSONBody[CodeIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]
) -> RecoveryCodesOut:
    """Makes the app count by a first code of it, and gives the recovery codes."""
    user_id = signed_in(actor).user_id
    _count(desk, user_id)
    with desk.db.write() as session:
        fresh = codes.confirm(session, desk.keyring, user_id, data.code, desk.clock())
        user = session.get_one(User, user_id)
        tell(desk, session, caller, user, "totp.added", "An authenticator app was added to your account")
        throttle.clear(session, throttle.key_of("code", user_id))
    return RecoveryCodesOut(fresh)


@post("/api/v1/auth/totp/recovery-codes", tags=["auth"], status_code=200, sync_to_thread=True)
def renew_recovery_codes(
    data: JSONBody[ShowCodeIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]
) -> RecoveryCodesOut:
    """Gives new recovery codes in place of the old ones, for the password and a code."""
    user = _with_code(desk, actor, data)
    with desk.db.write() as session:
        fresh = codes.fresh_recovery_codes(session, desk.keyring, user.id)
        tell(desk, session, caller, user, "totp.codes-renewed", "New recovery codes were made for your account")
    return RecoveryCodesOut(fresh)


@post("/api/v1/auth/totp/remove", tags=["auth"], status_code=204, sync_to_thread=True)
def remove_totp(data: JSONBody[ShowCodeIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Removes the authenticator app and the recovery codes, for the password and a code."""
    user = _with_code(desk, actor, data)
    with desk.db.write() as session:
        codes.remove(session, user.id)
        tell(desk, session, caller, user, "totp.removed", "The authenticator app was removed from your account")


def _with_code(desk: Desk, actor: Actor, data: ShowCodeIn) -> User:
    """
    Raises:
        Invalid: the password or the code is wrong.
    """
    user = reauthenticate(desk, actor, data.password)
    _count(desk, user.id)
    with desk.db.write() as session:
        right = codes.spend(session, desk.keyring, user.id, data.code, desk.clock())
        if right:
            throttle.clear(session, throttle.key_of("code", user.id))
    if not right:
        raise Invalid.field("code", "is wrong or was used already")
    return user


def _count(desk: Desk, user_id: str) -> None:
    with desk.db.write() as session:
        throttle.enter(session, throttle.key_of("code", user_id), desk.clock())


@post(KEYS + "/options", opt={"problems": (409,)}, tags=["auth"], status_code=200, sync_to_thread=True)
def begin_passkey(data: JSONBody[ShowIn], desk: Given[Desk], actor: Given[Actor]) -> ChallengeOut:
    """Begins to register a passkey."""
    return ChallengeOut(*passkeys.begin(desk, actor, data.password))


@post(KEYS, opt={"problems": (409,)}, tags=["auth"], sync_to_thread=True)
def add_passkey(data: JSONBody[PasskeyIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> PasskeyOut:
    """Registers the passkey that the browser has made."""
    return _out(passkeys.add(desk, caller, actor, data.challenge_id, data.name.strip(), data.credential))


@get(KEYS, tags=["auth"], sync_to_thread=True)
def list_passkeys(desk: Given[Desk], actor: Given[Actor], limit: Limit = 50, cursor: Cursor = None) -> PasskeyList:
    """The person's passkeys, oldest first."""
    with desk.db.read() as session:
        found = page(session, queries.passkeys_of(signed_in(actor).user_id), Passkey.id, limit, cursor)
    return PasskeyList([_out(row[0]) for row in found.rows], found.total, found.next_cursor)


@patch(ONE, tags=["auth"], sync_to_thread=True)
def rename_passkey(
    passkey_id: FromPath[str], data: JSONBody[PasskeyPatch], desk: Given[Desk], actor: Given[Actor]
) -> PasskeyOut:
    """Gives a passkey another name."""
    return _out(passkeys.rename(desk, actor, passkey_id, data.name.strip()))


@delete(ONE, opt={"problems": (409,)}, tags=["auth"], sync_to_thread=True)
def remove_passkey(passkey_id: FromPath[str], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Removes a passkey."""
    passkeys.remove(desk, caller, actor, passkey_id)


@post("/api/v1/auth/passkey-sign-in/options", opt=OPEN, tags=["auth"], status_code=200, sync_to_thread=True)
def begin_passkey_sign_in(desk: Given[Desk]) -> ChallengeOut:
    """Begins to sign in with a passkey; asks for no address."""
    return ChallengeOut(*passkeys.begin_sign_in(desk))


@post(
    "/api/v1/auth/passkey-sign-in", opt=OPEN | {"problems": (401,)}, tags=["auth"], status_code=200, sync_to_thread=True
)
def sign_in_with_passkey(
    data: JSONBody[PasskeySignInIn], desk: Given[Desk], caller: Given[Caller]
) -> Response[SignedInOut]:
    """Signs in with what the browser has signed; password and code are not asked for."""
    return let_in(desk, passkeys.sign_in(desk, caller, data.challenge_id, data.credential), 200)


def _out(passkey: Passkey) -> PasskeyOut:
    used = passkey.last_used_at
    return PasskeyOut(passkey.id, passkey.name, rfc3339(passkey.created_at), rfc3339(used) if used else None)


routes = [
    get_security,
    begin_totp,
    confirm_totp,
    renew_recovery_codes,
    remove_totp,
    begin_passkey,
    add_passkey,
    list_passkeys,
    rename_passkey,
    remove_passkey,
    begin_passkey_sign_in,
    sign_in_with_passkey,
]
