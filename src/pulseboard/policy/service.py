"""The policy that holds: the environment first, then what was chosen in the app, then the defaults."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy.orm import Session

from pulseboard.db import Database
from pulseboard.errors import Conflict
from pulseboard.policy import queries
from pulseboard.settings import Settings

_TABLES = ("policy_choices",)


@dataclass(frozen=True, slots=True)
class Policy:
    """``banner`` is shown to everybody who is signed in. Superadmins sign in by password whatever stands here."""

    registration: Literal["invite", "open"] = "invite"
    password_sign_in: bool = True
    passkey_sign_in: bool = True
    oidc_sign_in: bool = True
    banner: str = ""


def fixed(settings: Settings) -> dict[str, object]:
    """The fields that the environment sets, which beats what is chosen in the app."""
    return {"registration": settings.access.registration} if settings.access.registration else {}


def policy(db: Database, settings: Settings) -> Policy:
    """What holds now; another process's change is seen within a second."""
    return db.recall("policy", _TABLES, lambda session: policy_in(session, settings))


def policy_in(session: Session, settings: Settings) -> Policy:
    """The same, inside a transaction."""
    chosen = {name: msgspec.json.decode(value) for name, value in queries.choices(session).items()}
    return msgspec.convert({**chosen, **fixed(settings)}, Policy)


def choose(
    session: Session, settings: Settings, wanted: Mapping[str, object], now: datetime
) -> tuple[dict[str, object], dict[str, object]]:
    """Keeps what is wanted: all fields as they were before, and as they are now.

    Raises:
        Conflict: the environment sets one of them (type ``set-by-environment``).
    """
    if names := sorted(wanted.keys() & fixed(settings).keys()):
        raise Conflict(f"The environment sets {', '.join(names)}; change it there", type="set-by-environment")
    before = asdict(policy_in(session, settings))
    if wanted:
        queries.choose(session, {name: msgspec.json.encode(value).decode() for name, value in wanted.items()}, now)
    return before, before | dict(wanted)
