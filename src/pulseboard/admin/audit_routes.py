"""The platform's own audit log over HTTP: what belongs to no organisation."""

from litestar import get
from litestar.di import NamedDependency as Given

from pulseboard.admin.guard import superadmin
from pulseboard.audit import PLATFORM
from pulseboard.db import Database
from pulseboard.orgs import (
    Action,
    Actor,
    ActorId,
    AuditList,
    Cursor,
    From,
    Limit,
    TargetId,
    To,
    audit_filter,
    log_page,
)


@get("/api/v1/admin/audit-log", tags=["admin"], sync_to_thread=True)
def list_platform_log(
    actor: Given[Actor],
    db: Given[Database],
    who: ActorId = "",
    action: Action = "",
    target: TargetId = "",
    since: From = None,
    until: To = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AuditList:
    """Sign-ins, accounts, settings, and what superadmins did, newest first; for superadmins."""
    superadmin(actor)
    wanted = audit_filter(who, action, target, since, until)
    with db.read() as session:
        return log_page(session, PLATFORM, wanted, limit, cursor)
