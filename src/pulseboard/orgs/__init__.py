"""Organisations, members, roles, and what an actor may see."""

from pulseboard.orgs.models import Membership, Org
from pulseboard.orgs.permissions import PERMISSIONS, RANK, Permission, Role
from pulseboard.orgs.ports import GivenKeys
from pulseboard.orgs.queries import role_of, seen_by
from pulseboard.orgs.routes import Cursor, Limit, routes
from pulseboard.orgs.schemas import Name as OrgName
from pulseboard.orgs.scope import Actor, check, org_for, person, visible_orgs
from pulseboard.orgs.service import HOMES, ensure_system_org, home_of, make_org

__all__ = [
    "HOMES",
    "PERMISSIONS",
    "RANK",
    "Actor",
    "Cursor",
    "GivenKeys",
    "Limit",
    "Membership",
    "Org",
    "OrgName",
    "Permission",
    "Role",
    "check",
    "ensure_system_org",
    "home_of",
    "make_org",
    "org_for",
    "person",
    "role_of",
    "routes",
    "seen_by",
    "visible_orgs",
]
