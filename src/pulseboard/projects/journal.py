"""What the audit log is told of projects, and of what belongs to them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard import audit
from pulseboard.audit import Caller, Target
from pulseboard.projects.models import ApiKey, Project


def record(
    session: Session,
    caller: Caller,
    now: datetime,
    action: str,
    project: Project,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    *,
    target: Target | None = None,
) -> None:
    """Writes down what is done to the project, or to a ``target`` that belongs to it."""
    target = target or Target("project", project.id, project.name)
    audit.record(session, caller, now, action, target, org_id=project.org_id, before=before, after=after)


def key_target(row: ApiKey) -> Target:
    """The key as the log names it."""
    return Target("key", row.id, f"{row.label} ({row.prefix}...)")


def told_project(project: Project) -> dict[str, object]:
    """What may change of a project."""
    return {
        "name": project.name,
        "description": project.description,
        "environment": project.environment,
        "domains": project.domains,
        "timezone": project.timezone,
        "alertDefaults": _told_alerts(project),
    }


def _told_alerts(project: Project) -> dict[str, object]:
    """Without targets: the address of a webhook may hold a secret."""
    defaults = project.alert_defaults
    return {"channels": [channel.type for channel in defaults.channels], "window": defaults.window}


def told_key(row: ApiKey) -> dict[str, object]:
    """What may change of a key, and what it is."""
    return {
        "label": row.label,
        "scope": row.scope,
        "status": row.status,
        "allowedOrigins": row.allowed_origins,
        "allowedAddresses": row.allowed_addresses,
        "expiresAt": row.expires_at,
    }
