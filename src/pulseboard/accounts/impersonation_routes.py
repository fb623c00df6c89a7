"""Acting as somebody, over HTTP."""

from typing import Annotated

from litestar import Response, delete, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from pulseboard.accounts import cookies, impersonation
from pulseboard.accounts.actor import Actor
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.routes import LIFE, is_secure
from pulseboard.accounts.schemas import TokensOut
from pulseboard.audit import Caller
from pulseboard.kit.clock import rfc3339
from pulseboard.kit.wire import In, Timestamp


class ImpersonateIn(In):
    reason: Annotated[
        str, Meta(min_length=1, max_length=200, pattern=r"\S", description="What the logs will say it was for.")
    ]


class ImpersonatedOut(TokensOut, kw_only=True):
    """The token ends with the session and cannot be renewed."""

    user_id: str
    ends_at: Timestamp


@post(
    "/api/v1/admin/users/{user_id:str}/impersonate",
    opt={"problems": (404, 409), "idempotent": False},  # what opens an account is not kept
    tags=["admin"],
    sync_to_thread=True,
)
def impersonate(
    user_id: FromPath[str],
    data: JSONBody[ImpersonateIn],
    desk: Given[Desk],
    actor: Given[Actor],
    caller: Given[Caller],
) -> Response[ImpersonatedOut]:
    """Acts as a person for 15 minutes; for superadmins. Their organisations' audit logs say so.

    In the web app only the access cookie changes: once it is over, a refresh makes the browser the superadmin's again.
    """
    begun = impersonation.begin(desk, caller, actor, user_id, data.reason.strip())
    content = ImpersonatedOut(
        access_token=begun.access, expires_in=LIFE, user_id=begun.user.id, ends_at=rfc3339(begun.ends_at)
    )
    return Response(
        content, status_code=201, cookies=[cookies.access_cookie(begun.access, secure=is_secure(desk.settings))]
    )


@delete("/api/v1/auth/impersonation", opt={"problems": (409,)}, tags=["auth"], sync_to_thread=True, status_code=204)
def end_impersonation(desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> Response[None]:
    """Stops acting as somebody else; in the web app, a refresh makes the browser the superadmin's again."""
    impersonation.end(desk, caller, actor)
    return Response(None, status_code=204, cookies=[cookies.access_cookie("", secure=is_secure(desk.settings))])


routes = [impersonate, end_impersonation]
