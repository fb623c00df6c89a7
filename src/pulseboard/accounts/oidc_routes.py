"""Signing in elsewhere, over HTTP: two addresses that a browser visits, and what the sign-in page asks."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter

from pulseboard.accounts import oidc, queries
from pulseboard.accounts.account_schemas import MethodsOut
from pulseboard.accounts.actor import Actor, signed_in
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import Passkey, User
from pulseboard.accounts.reauth import tell
from pulseboard.accounts.routes import OPEN, is_secure, session_of
from pulseboard.audit import Caller
from pulseboard.db import page
from pulseboard.errors import Conflict, NotFound

COOKIE = "pb_oidc"
PATH = "/api/v1/auth/oidc"
SIGN_IN_PAGE = "/app/login"
Next = Annotated[str, QueryParameter(name="next", max_length=1000, description="A page of the dashboard, `/app/...`.")]


@get("/api/v1/auth/methods", opt={"public": True, "problems": (503,)}, tags=["auth"], sync_to_thread=True)
def get_methods(desk: Given[Desk]) -> MethodsOut:
    """How people sign in here."""
    policy = desk.policy
    return MethodsOut(
        registration=policy.registration,
        password=policy.password_sign_in,
        passkey=policy.passkey_sign_in,
        oidc_name=desk.settings.oidc.name if desk.oidc_enabled else None,
    )


@get(PATH + "/start", opt=OPEN, tags=["auth"], status_code=302, include_in_schema=False, sync_to_thread=True)
def start_oidc(desk: Given[Desk], next_page: Next = "") -> Response[None]:
    """Sends the browser to the server where people sign in."""
    try:
        departure = oidc.depart(desk, next_page)
    except oidc.Turned as turned:
        return _to_sign_in(desk, turned.problem)
    return _redirect(departure.address, [_cookie(desk, departure.cookie, int(oidc.LASTS.total_seconds()))])


@get(
    PATH + "/callback",
    opt=OPEN | {"any_query": True},
    tags=["auth"],
    status_code=302,
    include_in_schema=False,
    sync_to_thread=True,
)
def finish_oidc(request: Request[Any, Any, Any], desk: Given[Desk], caller: Given[Caller]) -> Response[None]:
    """Where the browser comes back: signs it in, and sends it on to the dashboard."""
    try:
        entered, wanted = oidc.come_back(desk, caller, dict(request.query_params), request.cookies.get(COOKIE, ""))
    except oidc.Turned as turned:
        return _to_sign_in(desk, turned.problem)
    return _redirect(wanted, [*session_of(desk, entered)[2], _cookie(desk, "", 0)])


@delete("/api/v1/auth/identities/{identity_id:str}", opt={"problems": (409,)}, tags=["auth"], sync_to_thread=True)
def remove_identity(identity_id: FromPath[str], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Takes away that the account can be entered from elsewhere."""
    user_id = signed_in(actor).user_id
    with desk.db.write() as session:
        if not queries.drop_identity(session, user_id, identity_id):
            raise NotFound("There is no such sign-in")
        user = session.get_one(User, user_id)
        others = page(session, queries.passkeys_of(user_id), Passkey.id, 1, None).total
        if not user.password_hash and not others and not queries.identities_of(session, user_id):
            raise Conflict("This is your only way to sign in; set a password first")
        tell(desk, session, caller, user, "identity.removed", "Your account can no longer be entered from elsewhere")


def _to_sign_in(desk: Desk, problem: str) -> Response[None]:
    return _redirect(f"{SIGN_IN_PAGE}?problem={problem}", [_cookie(desk, "", 0)])


def _redirect(address: str, made: list[Cookie]) -> Response[None]:
    return Response(None, status_code=302, headers={"location": address}, cookies=made)


def _cookie(desk: Desk, value: str, seconds: int) -> Cookie:
    # Lax: the way back begins at another site, and must bring the cookie along.
    secure = is_secure(desk.settings)
    return Cookie(key=COOKIE, value=value, path=PATH, max_age=seconds, secure=secure, httponly=True, samesite="lax")


routes = [get_methods, start_oidc, finish_oidc, remove_identity]
