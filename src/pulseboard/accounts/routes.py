"""Auth and set-up over HTTP."""

import hmac
from typing import Annotated, Any

from litestar import Request, Response, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import HeaderParameter, JSONBody
from msgspec import UNSET

from pulseboard.accounts import cookies, service, setup
from pulseboard.accounts.actor import Actor, person
from pulseboard.accounts.keyring import ACCESS_LIFE, Keyring
from pulseboard.accounts.models import User
from pulseboard.accounts.schemas import (
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
from pulseboard.accounts.service import Homes, SignedIn
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
def register(
    data: JSONBody[RegisterIn],
    request: AnyRequest,
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    keyring: Given[Keyring],
    homes: Given[Homes],
) -> Response[SignedInOut]:
    """Registers a person and signs them in; makes their personal organisation."""
    if settings.access.registration != "open":
        raise Forbidden("Registration is by invitation here", type="registration-closed")
    signed_in = service.add_person(
        db, clock, homes, email=data.email, password=data.password, name=data.name, user_agent=_agent(request)
    )
    return _signed_in(signed_in, 201, clock, settings, keyring)


@post("/api/v1/auth/login", opt=OPEN | {"problems": (401,)}, tags=["auth"], status_code=200, sync_to_thread=True)
def login(
    data: JSONBody[LoginIn],
    request: AnyRequest,
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    keyring: Given[Keyring],
    homes: Given[Homes],
) -> Response[SignedInOut]:
    """Signs a person in: tokens in the body for programs, the same in cookies for the web app."""
    signed_in = service.sign_in(db, clock, homes, data.email, data.password, _agent(request))
    return _signed_in(signed_in, 200, clock, settings, keyring)


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
    return Response(content, cookies=cookies.session_cookies(access, renewed, made, secure=_secure(settings)))


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
    return Response(content, cookies=cookies.session_cookies(access, renewed, made, secure=_secure(settings)))


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
    return Response(None, status_code=204, cookies=cookies.ended_cookies(secure=_secure(settings)))


@get("/api/v1/auth/me", tags=["auth"], sync_to_thread=True)
def me(actor: Given[Actor], db: Given[Database], homes: Given[Homes]) -> UserOut:
    """The signed-in person and their organisations."""
    with db.read() as session:
        user = session.get_one(User, person(actor).user_id)
        return _user_out(user, homes.of(session, user.id))


@patch("/api/v1/auth/me", tags=["auth"], sync_to_thread=True)
def update_me(data: JSONBody[ProfileIn], actor: Given[Actor], db: Given[Database], homes: Given[Homes]) -> UserOut:
    """Changes the signed-in person's name."""
    with db.write() as session:
        user = session.get_one(User, person(actor).user_id)
        if isinstance(data.name, str):
            user.name = data.name.strip()
        return _user_out(user, homes.of(session, user.id))


@get("/api/v1/setup", opt={"public": True}, tags=["setup"], sync_to_thread=True)
def get_setup(db: Given[Database], settings: Given[Settings]) -> SetupOut:
    """Whether this installation still waits for its first superadmin, and who may register."""
    return SetupOut(needed=setup.setup_needed(db), registration=settings.access.registration)


@post("/api/v1/setup", opt=OPEN | {"problems": (403, 409)}, tags=["setup"], sync_to_thread=True)
def set_up(
    data: JSONBody[SetupIn],
    request: AnyRequest,
    db: Given[Database],
    clock: Given[Clock],
    settings: Given[Settings],
    keyring: Given[Keyring],
    homes: Given[Homes],
) -> Response[SignedInOut]:
    """Makes the platform's superadmin, once, for the holder of the token that the server printed."""
    signed_in = service.add_person(
        db,
        clock,
        homes,
        email=data.email,
        password=data.password,
        name=data.name,
        superadmin=True,
        user_agent=_agent(request),
        before=lambda session: setup.claim(session, settings.server.data_dir, data.token),
    )
    return _signed_in(signed_in, 201, clock, settings, keyring)


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


def _signed_in(
    signed_in: SignedIn, status: int, clock: Clock, settings: Settings, keyring: Keyring
) -> Response[SignedInOut]:
    session_id = signed_in.session_id
    access = keyring.access_token(signed_in.user.id, session_id, clock())
    renewable = keyring.refresh_token(session_id, 0)
    content = SignedInOut(
        user=_user_out(signed_in.user, signed_in.orgs), access_token=access, refresh_token=renewable, expires_in=LIFE
    )
    made = cookies.session_cookies(access, renewable, keyring.csrf_token(session_id), secure=_secure(settings))
    return Response(content, status_code=status, cookies=made)


def _user_out(user: User, orgs: list[OrgRef]) -> UserOut:
    return UserOut(
        id=user.id,
        email=user.email,
        name=user.name,
        email_verified=user.email_verified,
        roles=["user", "superadmin"] if user.superadmin else ["user"],
        status=user.status,
        orgs=orgs,
    )


def _secure(settings: Settings) -> bool:
    return settings.server.base_url.startswith("https:")


def _agent(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


routes = [register, login, refresh, refresh_token_pair, logout, me, update_me, get_setup, set_up]
