"""How the installation is run, over HTTP."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Literal

import msgspec
from litestar import get, patch
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from pulseboard.admin.guard import superadmin
from pulseboard.audit import PLATFORM, Caller, Target, record
from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.kit.wire import In, Out
from pulseboard.orgs import Actor
from pulseboard.policy import choose, fixed, policy
from pulseboard.settings import Settings

PATH = "/api/v1/admin/settings"
Registration = Literal["invite", "open"]


class PolicyOut(Out):
    """``fixed`` names what the environment sets: that beats what is chosen here, and cannot be changed here."""

    registration: Registration
    password_sign_in: bool
    passkey_sign_in: bool
    oidc_sign_in: bool
    oidc_configured: bool
    sends_mail: bool
    banner: str
    fixed: list[str]


class PolicyPatch(In):
    """Superadmins sign in by password also where nobody else may."""

    registration: Registration | UnsetType = UNSET
    password_sign_in: bool | UnsetType = UNSET
    passkey_sign_in: bool | UnsetType = UNSET
    oidc_sign_in: bool | UnsetType = UNSET
    banner: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET


@get(PATH, tags=["admin"], sync_to_thread=True)
def get_settings(actor: Given[Actor], db: Given[Database], settings: Given[Settings]) -> PolicyOut:
    """Who may register, how people sign in, and what everybody is told; for superadmins."""
    superadmin(actor)
    return _policy_out(asdict(policy(db, settings)), settings)


@patch(PATH, opt={"problems": (409,)}, tags=["admin"], sync_to_thread=True)
def update_settings(
    data: JSONBody[PolicyPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    settings: Given[Settings],
    clock: Given[Clock],
) -> PolicyOut:
    """Changes some of it, at once; for superadmins."""
    superadmin(actor)
    wanted = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
    if isinstance(data.banner, str):
        wanted["banner"] = data.banner.strip()
    with db.write() as session:
        before, after = choose(session, settings, wanted, clock())
        target = Target("settings", PLATFORM)
        record(session, caller, clock(), "settings.changed", target, before=before, after=after)
    return _policy_out(after, settings)


def _policy_out(holds: Mapping[str, object], settings: Settings) -> PolicyOut:
    return PolicyOut(
        **holds,  # type: ignore[arg-type]  # the fields of a policy
        oidc_configured=settings.oidc.enabled,
        sends_mail=bool(settings.mail.smtp_host),
        fixed=sorted(fixed(settings)),
    )


routes = [get_settings, update_settings]
