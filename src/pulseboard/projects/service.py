"""Making and changing projects, websites, keys and tenants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from msgspec import UnsetType
from sqlalchemy.orm import Session

from pulseboard.errors import Invalid
from pulseboard.kit.ids import new_id
from pulseboard.orgs import Actor, ensure_system_org, home_of, make_org, org_for, person
from pulseboard.projects import queries
from pulseboard.projects.grants import SHOWN, hash_key, make_key
from pulseboard.projects.hosts import clean_host, clean_origins
from pulseboard.projects.models import ApiKey, Project
from pulseboard.projects.schemas import KeyIn, KeyPatch, ProjectIn, ProjectPatch, WebsiteIn
from pulseboard.projects.terms import Plans

SYSTEM_NAME = "Pulseboard itself"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key's row and the key itself, which exists nowhere else."""

    row: ApiKey
    key: str


def make_project(session: Session, actor: Actor, data: ProjectIn, plans: Plans, now: datetime) -> Project:
    """A new project in the named organisation, or the caller's personal one.

    Raises:
        NotFound, Forbidden: the organisation is a stranger's, or the role is too low.
        PlanLimit: its plan includes no further project.
        Invalid: a domain or the time zone is none.
    """
    org_id = _with_room(session, actor, data.org_id, plans)
    domains, timezone = clean_domains(data.domains), clean_timezone(data.timezone)
    return insert_project(
        session,
        org_id,
        data.name,
        now,
        description=data.description,
        environment=data.environment,
        domains=domains,
        timezone=timezone,
    )


def make_website(session: Session, actor: Actor, data: WebsiteIn, plans: Plans, now: datetime) -> Project:
    """A new project with one domain; see ``make_project``."""
    org_id = _with_room(session, actor, data.org_id, plans)
    return insert_project(session, org_id, data.name, now, domains=(clean_domain(data.domain),))


def _with_room(session: Session, actor: Actor, org_id: str | None, plans: Plans) -> str:
    """The id of the organisation that gets a new project, the caller's personal one by default.

    The plan is looked at before the rest of the input: what cannot be had need not be well-formed.
    """
    if org_id is None:
        org_id = home_of(session, person(actor))
    else:
        org_id = org_for(session, actor, org_id, "project.make")[0].id
    plans.check_room(session, org_id)
    return org_id


def insert_project(
    session: Session,
    org_id: str,
    name: str,
    now: datetime,
    *,
    description: str = "",
    environment: str = "prod",
    domains: tuple[str, ...] = (),
    timezone: str = "UTC",
    system: bool = False,
) -> Project:
    """A new project of an organisation; who may make one is the caller's question."""
    project = Project(
        id=new_id(),
        org_id=org_id,
        name=name.strip(),
        description=description,
        environment=environment,
        domains=domains,
        timezone=timezone,
        system=system,
        created_at=now,
        deleted_at=None,
    )
    session.add(project)
    session.flush()
    return project


def change_project(project: Project, data: ProjectPatch) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: a domain or the time zone is none.
    """
    if not isinstance(data.name, UnsetType):
        project.name = data.name.strip()
    if not isinstance(data.description, UnsetType):
        project.description = data.description
    if not isinstance(data.environment, UnsetType):
        project.environment = data.environment
    if not isinstance(data.domains, UnsetType):
        project.domains = clean_domains(data.domains)
    if not isinstance(data.timezone, UnsetType):
        project.timezone = clean_timezone(data.timezone)


def delete_project(project: Project, now: datetime) -> None:
    """Marks the project as gone."""
    project.deleted_at = now


def ensure_system_project(session: Session, now: datetime) -> str:
    """The id of the project in which Pulseboard watches itself; only superadmins see it."""
    found = queries.system_project_id(session)
    if found is not None:
        return found
    org = ensure_system_org(session, now)
    session.flush()
    return insert_project(session, org.id, SYSTEM_NAME, now, system=True).id


def make_tenant(session: Session, name: str, now: datetime) -> tuple[str, str]:
    """``(organisation id, secret key)`` of a new organisation with one project."""
    org = make_org(session, name, now)
    session.flush()
    project = insert_project(session, org.id, name, now)
    return org.id, add_key(session, project, "default", "secret", now).key


def make_wanted_key(session: Session, project: Project, data: KeyIn, now: datetime) -> NewKey:
    """A new key of the project.

    Raises:
        Invalid: an origin is none, or the key is a secret one.
    """
    origins = _origins_of(data.scope, data.allowed_origins)
    return add_key(session, project, data.label, data.scope, now, origins)


def change_key(row: ApiKey, data: KeyPatch) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: an origin is none, or the key is a secret one.
    """
    if not isinstance(data.status, UnsetType):
        row.status = data.status
    if not isinstance(data.label, UnsetType):
        row.label = data.label.strip()
    if not isinstance(data.allowed_origins, UnsetType):
        row.allowed_origins = _origins_of(row.scope, data.allowed_origins)


def _origins_of(scope: str, origins: Sequence[str]) -> tuple[str, ...]:
    if origins and scope == "secret":
        # Whoever could use a list of web pages here has put a key that reads everything into a web page.
        raise Invalid.field("allowedOrigins", "are for ingest keys: a secret key never belongs into a web page")
    return clean_origins(origins)


def add_key(
    session: Session, project: Project, label: str, scope: str, now: datetime, origins: tuple[str, ...] = ()
) -> NewKey:
    """A new key of the project."""
    key = make_key(scope, project.environment)
    row = ApiKey(
        id=new_id(),
        project_id=project.id,
        label=label.strip(),
        scope=scope,
        prefix=key[:SHOWN],
        key_hash=hash_key(key),
        status="active",
        allowed_origins=origins,
        created_at=now,
        last_used_at=None,
        expires_at=None,
    )
    session.add(row)
    return NewKey(row, key)


def rotate_key(session: Session, project: Project, old: ApiKey, grace_seconds: int, now: datetime) -> NewKey:
    """A new key with the old one's label, scope and origins; the old one works for ``grace_seconds`` more."""
    if grace_seconds and old.status == "active":
        end = now + timedelta(seconds=grace_seconds)
        old.expires_at = min(end, old.expires_at) if old.expires_at else end
    else:
        old.status = "revoked"
    return add_key(session, project, old.label, old.scope, now, old.allowed_origins)


def clean_timezone(name: str) -> str:
    """
    Raises:
        Invalid: no such time zone.
    """
    if name not in _timezones():
        raise Invalid.field("timezone", "is not a name of the IANA time zone database, such as Europe/Berlin")
    return name


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})


def clean_domains(domains: Sequence[str]) -> tuple[str, ...]:
    """Host names in lower-case ASCII, each once.

    Raises:
        Invalid: one is not a host name.
    """
    return tuple(dict.fromkeys(clean_domain(domain, f"domains.{i}") for i, domain in enumerate(domains)))


def clean_domain(domain: str, path: str = "domain") -> str:
    """One host name in lower-case ASCII.

    Raises:
        Invalid: it is none.
    """
    host = clean_host(domain)
    if host is None:
        raise Invalid.field(path, "is not a host name, such as shop.example.com")
    return host
