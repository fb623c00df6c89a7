"""Auth and set-up over HTTP."""

import hmac
from typing import Annotated, Any

from litestar import Request, Response, get, patch, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency as Given
from litestar.params import HeaderParameter, JSONBody
from msgspec import UNSET
from sqlalchemy.orm import Session

from pulseboard.accounts import addresses, cookies, impersonation, service, setup
from pulseboard.accounts.actor import Actor, person
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.keyring import ACCESS_LIFE, Keyring
from pulseboard.accounts.models import User
from pulseboard.accounts.schemas import (
    ImpersonationOut,
    LoginIn,
    OrgRef,
    ProfileIn,
    RefreshIn,
    RegisterIn,
    SetupIn,
    SetupOut,
    SignedInOut,
    TokenPairOut,
    TokenRefreshIn,
    TokensOut,
    UserOut,
)
from pulseboard.accounts.service import SignedIn
from pulseboard.accounts.sign_in import sign_in
from pulseboard.audit import Caller
from pulseboard.db import Database
from pulseboard.errors import Forbidden, Unauthenticated
from pulseboard.kit.clock import Clock
from pulseboard.settings import Settings

AnyRequest = Request[Any, Any, Any]
CsrfHeader = Annotated[str, HeaderParameter(name=cookies.CSRF_HEADER, max_length=200, required=False)]

# Read by the web room's guard: open to everybody, and counted by address because there is nobody yet to count by.
OPEN: dict[str, Any] = {"public": True, "limited_by_address": True}
LIFE = int(ACCESS_LIFE.total_seconds())


@post("/api/v1/auth/register", opt=OPEN | {"problems": (403, 409)}, tags=["auth"], sync_to_thread=True)
def register(data: JSONBody[RegisterIn], desk: Given[Desk], caller: Given[Caller]) -> Response[SignedInOut]:
    """Registers a person, signs them in, and sends a letter by which they confirm their e-mail address."""
    if desk.policy.registration != "open":
        raise Forbidden("Registration is by invitation here", type="registration-closed")
    made = service.add_person(
        desk.db,
        desk.clock,
        desk.homes,
        email=data.email,
        password=data.password,
        name=data.name,
        caller=caller,
        after=lambda session, user: addresses.ask_to_verify(desk, session, user),
    )
    return let_in(desk, made, 201)


@post("/api/v1/auth/login", opt=OPEN | {"problems": (401,)}, tags=["auth"], status_code=200, sync_to_thread=True)
def login(data: JSONBody[LoginIn], desk: Given[Desk], caller: Given[Caller]) -> Response[SignedInOut]:
    """Signs a person in: tokens in the body for programs, the same in cookies for the web app.

    Where the person has a second factor, a 401 of type `totp-required` asks for `totp`: a code of their authenticator
    app, or a recovery code. Who was deleting their account keeps it by signing in.
    """
    return let_in(desk, sign_in(desk, caller, data.email, data.password, data.totp), 200)


@post("/api/v1/auth/refresh", opt=OPEN | {"problems": (401, 403)}, tags=["auth"], status_code=200, sync_to_thread=True)
def refresh(
    request: AnyRequest,
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    keyring: Given[Keyring],
    data: JSONBody[RefreshIn | None] = None,
    csrf: CsrfHeader = "",
) -> Response[TokensOut]:
    """Trades a refresh token, from the body or else from the cookie, for a new pair. A spent one ends the session."""
    token = data.refresh_token if data else ""
    access, renewed, made = _renew(token, request.cookies.get(cookies.REFRESH, ""), csrf, db, clock, keyring)
    content = TokensOut(access_token=access, refresh_token=renewed if token else UNSET, expires_in=LIFE)
    return Response(content, cookies=cookies.session_cookies(access, renewed, made, secure=is_secure(settings)))


@post("/api/token/refresh", opt=OPEN | {"problems": (401, 403)}, tags=["auth"], status_code=200, sync_to_thread=True)
def refresh_token_pair(
    data: JSONBody[TokenRefreshIn],
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    keyring: Given[Keyring],
) -> Response[TokenPairOut]:
    """The same with `refresh` in and `access`, `refresh` out."""
    token = data.refresh or data.refresh_token
    access, renewed, made = _renew(token, "", "", db, clock, keyring)
    content = TokenPairOut(access_token=access, refresh_token=renewed, access=access, refresh=renewed, expires_in=LIFE)
    return Response(content, cookies=cookies.session_cookies(access, renewed, made, secure=is_secure(settings)))


@post("/api/v1/auth/logout", tags=["auth"], status_code=204, sync_to_thread=True)
def logout(
    actor: Given[Actor],
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    keyring: Given[Keyring],
    data: JSONBody[RefreshIn | None] = None,
) -> Response[None]:
    """Ends the session of the credentials, and that of the refresh token in the body if one is there."""
    ended = {person(actor).session_id}
    if data and data.refresh_token:
        ended.add(keyring.read_refresh_token(data.refresh_token).session_id)
    service.sign_out(db, clock, ended)
    return Response(None, status_code=204, cookies=cookies.ended_cookies(secure=is_secure(settings)))


@get("/api/v1/auth/me", tags=["auth"], sync_to_thread=True)
def me(actor: Given[Actor], desk: Given[Desk]) -> UserOut:
    """The signed-in person and their organisations."""
    with desk.db.read() as session:
        return _me(desk, session, person(actor))


@patch("/api/v1/auth/me", tags=["auth"], sync_to_thread=True)
def update_me(data: JSONBody[ProfileIn], actor: Given[Actor], desk: Given[Desk]) -> UserOut:
    """Changes the signed-in person's name."""
    with desk.db.write() as session:
        if isinstance(data.name, str):
            session.get_one(User, person(actor).user_id).name = data.name.strip()
        return _me(desk, session, person(actor))


@get("/api/v1/setup", opt={"public": True}, tags=["setup"], sync_to_thread=True)
def get_setup(desk: Given[Desk]) -> SetupOut:
    """Whether this installation still waits for its first superadmin, and who may register."""
    return SetupOut(needed=setup.setup_needed(desk.db), registration=desk.policy.registration)


@post("/api/v1/setup", opt=OPEN | {"problems": (403, 409)}, tags=["setup"], sync_to_thread=True)
def set_up(data: JSONBody[SetupIn], desk: Given[Desk], caller: Given[Caller]) -> Response[SignedInOut]:
    """Makes the platform's superadmin, once, for the holder of the token that the server printed."""
    made = service.add_person(
        desk.db,
        desk.clock,
        desk.homes,
        email=data.email,
        password=data.password,
        name=data.name,
        superadmin=True,
        caller=caller,
        before=lambda session: setup.claim(session, desk.settings.server.data_dir, data.token),
    )
    return let_in(desk, made, 201)


def _renew(token: str, cookie: str, csrf: str, db: Database, clock: Clock, keyring: Keyring) -> tuple[str, str, str]:
    """``(access, refresh, csrf)`` tokens; a token in the body beats the cookie."""
    if not token and not cookie:
        raise Unauthenticated("A refresh token is needed")
    if not token:
        expected = keyring.csrf_token(keyring.read_refresh_token(cookie).session_id)
        if not hmac.compare_digest(expected.encode(), csrf.encode()):
            raise Forbidden("The x-csrf-token header does not match", type="csrf")
    access, renewed, session_id = service.renew(db, clock, keyring, token or cookie)
    return access, renewed, keyring.csrf_token(session_id)


def let_in(desk: Desk, entered: SignedIn, status: int) -> Response[SignedInOut]:
    """What every way of signing in answers: the person, and both tokens, in the body and in cookies."""
    access, renewable, made = session_of(desk, entered)
    content = SignedInOut(
        user=_user_out(desk, entered.user, entered.orgs),
        access_token=access,
        refresh_token=renewable,
        expires_in=LIFE,
    )
    return Response(content, status_code=status, cookies=made)


def session_of(desk: Desk, entered: SignedIn) -> tuple[str, str, list[Cookie]]:
    """``(access token, refresh token, cookies)`` of a new session."""
    session_id, keyring = entered.session_id, desk.keyring
    access = keyring.access_token(entered.user.id, session_id, desk.clock())
    renewable = keyring.refresh_token(session_id, 0)
    secure = is_secure(desk.settings)
    return access, renewable, cookies.session_cookies(access, renewable, keyring.csrf_token(session_id), secure=secure)


def _me(desk: Desk, session: Session, actor: Actor) -> UserOut:
    user = session.get_one(User, actor.user_id)
    acting = ImpersonationOut(*impersonation.told(session, actor)) if actor.via_id else None
    return _user_out(desk, user, desk.homes.of(session, user.id), acting)


def _user_out(desk: Desk, user: User, orgs: list[OrgRef], acting: ImpersonationOut | None = None) -> UserOut:
    return UserOut(
        id=user.id,
        email=user.email,
        name=user.name,
        email_verified=user.email_verified,
        roles=["user", "superadmin"] if user.superadmin else ["user"],
        status=user.status,
        orgs=orgs,
        banner=desk.policy.banner,
        impersonation=acting,
    )


def is_secure(settings: Settings) -> bool:
    """Whether cookies may travel encrypted only."""
    return settings.server.base_url.startswith("https:")


routes = [register, login, refresh, refresh_token_pair, logout, me, update_me, get_setup, set_up]
