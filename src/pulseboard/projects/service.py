"""Making and changing projects and websites."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from msgspec import UnsetType
from sqlalchemy.orm import Session

from pulseboard.audit import Caller
from pulseboard.errors import Invalid
from pulseboard.kit.ids import new_id
from pulseboard.orgs import Actor, ensure_system_org, home_of, org_for, person
from pulseboard.projects import queries
from pulseboard.projects.alert_defaults import AlertDefaults, Channel
from pulseboard.projects.hosts import clean_host
from pulseboard.projects.journal import record, told_project
from pulseboard.projects.models import Project
from pulseboard.projects.schemas import AlertDefaultsIn, ProjectIn, ProjectPatch, WebsiteIn
from pulseboard.projects.terms import Plans

SYSTEM_NAME = "Pulseboard itself"
STANDARD = AlertDefaults()


def make_project(
    session: Session, caller: Caller, actor: Actor, data: ProjectIn, plans: Plans, now: datetime
) -> Project:
    """A new project in the named organisation, or the caller's personal one.

    Raises:
        NotFound, Forbidden: the organisation is a stranger's, or the role is too low.
        PlanLimit: its plan includes no further project.
        Invalid: a domain or the time zone is none.
    """
    org_id = _with_room(session, actor, data.org_id, plans)
    domains, timezone = clean_domains(data.domains), clean_timezone(data.timezone)
    project = insert_project(
        session,
        org_id,
        data.name,
        now,
        description=data.description,
        environment=data.environment,
        domains=domains,
        timezone=timezone,
        alert_defaults=_alert_defaults(data.alert_defaults),
    )
    record(session, caller, now, "project.made", project, after=told_project(project))
    return project


def make_website(
    session: Session, caller: Caller, actor: Actor, data: WebsiteIn, plans: Plans, now: datetime
) -> Project:
    """A new project with one domain; see ``make_project``."""
    org_id = _with_room(session, actor, data.org_id, plans)
    project = insert_project(session, org_id, data.name, now, domains=(clean_domain(data.domain),))
    record(session, caller, now, "project.made", project, after=told_project(project))
    return project


def _with_room(session: Session, actor: Actor, org_id: str | None, plans: Plans) -> str:
    """The id of the organisation that gets a new project, the caller's personal one by default.

    The plan is looked at before the rest of the input: what cannot be had need not be well-formed.
    """
    if org_id is None:
        org_id = home_of(session, person(actor))
    else:
        org_id = org_for(session, actor, org_id, "project.make", lock=True)[0].id
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
    alert_defaults: AlertDefaults = STANDARD,
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
        alert_defaults=alert_defaults,
        system=system,
        created_at=now,
        deleted_at=None,
    )
    session.add(project)
    session.flush()
    return project


def change_project(session: Session, caller: Caller, project: Project, data: ProjectPatch, now: datetime) -> None:
    """Applies what the patch names.

    Raises:
        Invalid: a domain or the time zone is none.
    """
    before = told_project(project)
    _apply(project, data)
    record(session, caller, now, "project.changed", project, before, told_project(project))


def _apply(project: Project, data: ProjectPatch) -> None:
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
    if not isinstance(data.alert_defaults, UnsetType):
        project.alert_defaults = _alert_defaults(data.alert_defaults)


def _alert_defaults(given: AlertDefaultsIn) -> AlertDefaults:
    """
    Raises:
        Invalid: a channel lacks the target that it needs.
    """
    for index, channel in enumerate(given.channels):
        if channel.type in ("slack", "webhook") and not channel.target.startswith(("https://", "http://")):
            raise Invalid.field(f"alertDefaults.channels.{index}.target", "is needed: a URL")
    return AlertDefaults(tuple(Channel(each.type, each.target) for each in given.channels), given.window)


def delete_project(session: Session, caller: Caller, project: Project, now: datetime) -> None:
    """Marks the project as gone."""
    project.deleted_at = now
    record(session, caller, now, "project.deleted", project)


def ensure_system_project(session: Session, now: datetime) -> str:
    """The id of the project in which Pulseboard watches itself; only superadmins see it."""
    found = queries.system_project_id(session)
    if found is not None:
        return found
    org = ensure_system_org(session, now)
    session.flush()
    return insert_project(session, org.id, SYSTEM_NAME, now, system=True).id


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
