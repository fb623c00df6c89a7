"""Making, changing and rotating a project's keys; tenants, who begin with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import UnsetType
from sqlalchemy.orm import Session

from pulseboard import audit
from pulseboard.audit import Caller, Target
from pulseboard.errors import Invalid
from pulseboard.kit.ids import new_id
from pulseboard.orgs import make_org
from pulseboard.projects import queries
from pulseboard.projects.blocks import clean_networks
from pulseboard.projects.grants import SHOWN, hash_key, make_key
from pulseboard.projects.hosts import clean_origins
from pulseboard.projects.journal import key_target, record, told_key, told_project
from pulseboard.projects.models import ApiKey, Project
from pulseboard.projects.schemas import KeyIn, KeyPatch, RotateIn
from pulseboard.projects.service import insert_project


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key's row and the key itself, which exists nowhere else."""

    row: ApiKey
    key: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where and until when a key works."""

    origins: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    expires_at: datetime | None = None


ANYWHERE = Bounds()


def make_wanted_key(session: Session, caller: Caller, project: Project, data: KeyIn, now: datetime) -> NewKey:
    """A new key of the project.

    Raises:
        Invalid: an origin or an address is none, a secret key has origins, or the expiry is over.
    """
    bounds = Bounds(
        _origins_of(data.scope, data.allowed_origins),
        clean_networks(data.allowed_addresses, "allowedAddresses"),
        _still_to_come(data.expires_at, now),
    )
    return add_key(session, caller, project, data.label, data.scope, now, bounds)


def change_key(session: Session, caller: Caller, project: Project, row: ApiKey, data: KeyPatch, now: datetime) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: as for a new one.
    """
    before = told_key(row)
    if not isinstance(data.status, UnsetType):
        row.status = data.status
    if not isinstance(data.label, UnsetType):
        row.label = data.label.strip()
    if not isinstance(data.allowed_origins, UnsetType):
        row.allowed_origins = _origins_of(row.scope, data.allowed_origins)
    if not isinstance(data.allowed_addresses, UnsetType):
        row.allowed_addresses = clean_networks(data.allowed_addresses, "allowedAddresses")
    if not isinstance(data.expires_at, UnsetType):
        row.expires_at = _still_to_come(data.expires_at, now)
    after = told_key(row)
    action = "key.revoked" if (before["status"], row.status) == ("active", "revoked") else "key.changed"
    record(session, caller, now, action, project, before, after, target=key_target(row))


def delete_key(session: Session, caller: Caller, project: Project, row: ApiKey, now: datetime) -> None:
    """Removes the key for good."""
    session.delete(row)
    record(session, caller, now, "key.deleted", project, before=told_key(row), target=key_target(row))


def rotate_key(
    session: Session, caller: Caller, project: Project, old: ApiKey, data: RotateIn, now: datetime
) -> NewKey:
    """A new key with the old one's label, scope, origins and addresses; the old one lives on for its grace.

    Raises:
        Invalid: the new key's expiry is over.
    """
    bounds = Bounds(old.allowed_origins, old.allowed_addresses, _still_to_come(data.expires_at, now))
    new = _new_key(project, old.label, old.scope, now, bounds)
    status, until = "revoked", old.expires_at
    if data.grace_seconds and old.status == "active":
        end = now + timedelta(seconds=data.grace_seconds)
        status, until = "active", min(end, old.expires_at) if old.expires_at else end
    queries.replace_key(session, old, new.row, status, until)
    after = {"newKey": new.row.id, "prefix": new.row.prefix, "graceSeconds": data.grace_seconds}
    record(session, caller, now, "key.rotated", project, after=after, target=key_target(old))
    return new


def add_key(
    session: Session,
    caller: Caller,
    project: Project,
    label: str,
    scope: str,
    now: datetime,
    bounds: Bounds = ANYWHERE,
) -> NewKey:
    """A new key of the project."""
    new = _new_key(project, label, scope, now, bounds)
    session.add(new.row)
    record(session, caller, now, "key.made", project, after=told_key(new.row), target=key_target(new.row))
    return new


def make_tenant(session: Session, caller: Caller, name: str, now: datetime) -> tuple[str, str]:
    """``(organisation id, secret key)`` of a new organisation with one project."""
    org = make_org(session, name, now)
    session.flush()
    audit.record(session, caller, now, "org.made", Target("org", org.id, org.name), org_id=org.id, after={"name": name})
    project = insert_project(session, org.id, name, now)
    record(session, caller, now, "project.made", project, after=told_project(project))
    return org.id, add_key(session, caller, project, "default", "secret", now).key


def _new_key(project: Project, label: str, scope: str, now: datetime, bounds: Bounds) -> NewKey:
    key = make_key(scope, project.environment)
    row = ApiKey(
        id=new_id(),
        project_id=project.id,
        label=label.strip(),
        scope=scope,
        prefix=key[:SHOWN],
        key_hash=hash_key(key),
        status="active",
        allowed_origins=bounds.origins,
        allowed_addresses=bounds.addresses,
        created_at=now,
        last_used_at=None,
        expires_at=bounds.expires_at,
    )
    return NewKey(row, key)


def _origins_of(scope: str, origins: Sequence[str]) -> tuple[str, ...]:
    if origins and scope == "secret":
        # Whoever could use a list of web pages here has put a key that reads everything into a web page.
        raise Invalid.field("allowedOrigins", "are for ingest keys: a secret key never belongs into a web page")
    return clean_origins(origins)


def _still_to_come(moment: datetime | None, now: datetime) -> datetime | None:
    if moment is not None and moment <= now:
        raise Invalid.field("expiresAt", "is over already")
    return moment
