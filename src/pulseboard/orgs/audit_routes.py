"""The audit log over HTTP."""

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from pulseboard import audit
from pulseboard.accounts import Actor
from pulseboard.audit import AuditFilter, Caller
from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.orgs import audit_log
from pulseboard.orgs.paging import Cursor, Limit
from pulseboard.orgs.schemas import AuditList, AuditVerdictOut
from pulseboard.orgs.scope import org_for, org_row
from pulseboard.orgs.service import target_of

LOG = "/api/v1/orgs/{org_id:str}/audit-log"

ActorId = Annotated[str, QueryParameter(name="actor", max_length=36, description="Id of the person or key.")]
Action = Annotated[
    str, QueryParameter(max_length=60, description="Such as `key.made`, or `key` for everything done to keys.")
]
TargetId = Annotated[str, QueryParameter(name="target", max_length=100, description="Id of what it was done to.")]
From = Annotated[str | None, QueryParameter(name="from", max_length=40, description="Inclusive.")]
To = Annotated[str | None, QueryParameter(name="to", max_length=40, description="Exclusive.")]
Format = Annotated[Literal["ndjson", "csv"], QueryParameter(name="format", description="Lines of JSON, or CSV.")]
_MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv"}


@get(LOG, tags=["audit"], sync_to_thread=True)
def list_audit_log(
    org_id: FromPath[str],
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
    """Who did what to what in the organisation, newest first."""
    wanted = audit_filter(who, action, target, since, until)
    with db.read() as session:
        org_for(session, actor, org_id, "audit.read")
        return audit_log.log_page(session, org_id, wanted, limit, cursor)


@get(LOG + "/export", opt={"files": tuple(_MEDIA.values())}, tags=["audit"], sync_to_thread=True)
def export_audit_log(
    org_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    who: ActorId = "",
    action: Action = "",
    target: TargetId = "",
    since: From = None,
    until: To = None,
    format_: Format = "ndjson",
) -> Stream:
    """The whole log, or what the filters leave of it, as a file; that it was exported is an entry itself."""
    wanted = audit_filter(who, action, target, since, until)
    with db.write() as session:
        org, _ = org_row(session, actor, org_id, "audit.read")
        audit.record(session, caller, clock(), "audit.exported", target_of(org), org_id=org_id)
    lines = audit_log.exported(db, org_id, wanted, as_csv=format_ == "csv")
    named = {"Content-Disposition": f'attachment; filename="audit-log.{format_}"'}
    return Stream(lines, media_type=_MEDIA[format_], headers=named)


@get(LOG + "/verify", tags=["audit"], sync_to_thread=True)
def verify_audit_log(org_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> AuditVerdictOut:
    """Whether every entry is there and as it was written; names the first that is not."""
    with db.read() as session:
        org_for(session, actor, org_id, "audit.read")
        found = audit.verify(session, org_id)
    return AuditVerdictOut(
        whole=found.broken is None,
        entries=found.entries,
        hash=found.hash,
        broken=found.broken,
        reason=found.reason or None,
    )


def audit_filter(who: str, action: str, target: str, since: str | None, until: str | None) -> AuditFilter:
    """What the parameters of a log ask for.

    Raises:
        Invalid: a time is none.
    """
    return AuditFilter(
        actor_id=who,
        action=action,
        target_id=target,
        since=audit_log.parse_moment("from", since),
        until=audit_log.parse_moment("to", until),
    )


routes = [list_audit_log, export_audit_log, verify_audit_log]
