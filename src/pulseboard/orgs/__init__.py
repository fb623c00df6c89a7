"""Organisations, members, roles, and what an actor may see."""

from pulseboard.orgs.audit_log import log_page, parse_moment
from pulseboard.orgs.audit_routes import Action, ActorId, From, TargetId, To, audit_filter
from pulseboard.orgs.audit_routes import routes as _audit_routes
from pulseboard.orgs.invitation_routes import routes as _invitation_routes
from pulseboard.orgs.member_routes import routes as _member_routes
from pulseboard.orgs.models import Membership, Org
from pulseboard.orgs.paging import Cursor, Limit
from pulseboard.orgs.permissions import PERMISSIONS, RANK, Permission, Role
from pulseboard.orgs.ports import GivenKeys
from pulseboard.orgs.queries import role_of, seen_by, with_system_role
from pulseboard.orgs.routes import routes as _routes
from pulseboard.orgs.schemas import AuditList
from pulseboard.orgs.schemas import Name as OrgName
from pulseboard.orgs.scope import Actor, check, org_for, person, visible_orgs
from pulseboard.orgs.service import HOMES, RESTORABLE, ensure_system_org, home_of, make_org, remove_deleted_orgs

routes = [*_routes, *_member_routes, *_invitation_routes, *_audit_routes]

__all__ = [
    "HOMES",
    "PERMISSIONS",
    "RANK",
    "RESTORABLE",
    "Action",
    "Actor",
    "ActorId",
    "AuditList",
    "Cursor",
    "From",
    "GivenKeys",
    "Limit",
    "Membership",
    "Org",
    "OrgName",
    "Permission",
    "Role",
    "TargetId",
    "To",
    "audit_filter",
    "check",
    "ensure_system_org",
    "home_of",
    "log_page",
    "make_org",
    "org_for",
    "parse_moment",
    "person",
    "remove_deleted_orgs",
    "role_of",
    "routes",
    "seen_by",
    "visible_orgs",
    "with_system_role",
]
