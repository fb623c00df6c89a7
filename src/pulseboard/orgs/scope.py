"""The only answer to "what may this actor see": strangers' rows do not exist (404), too low a role is refused (403)."""

from typing import TypeVar, cast

from sqlalchemy.orm import Session

from pulseboard.accounts import Actor, person
from pulseboard.db import Listing, remembered
from pulseboard.errors import Forbidden, NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.orgs import queries
from pulseboard.orgs.models import Org
from pulseboard.orgs.permissions import PERMISSIONS, Role, at_least
from pulseboard.orgs.views import OrgView, view_of

__all__ = ["Actor", "check", "check_enabled", "no_org", "org_for", "org_row", "person", "visible_orgs"]

WHILE_DISABLED = frozenset({"org.read", "members.read", "invitations.read", "audit.read", "org.leave", "billing.read"})


_OrgT = TypeVar("_OrgT", Org, OrgView)
_TABLES = ("orgs", "memberships")  # what ``queries.org_with_role`` reads


def visible_orgs(actor: Actor, *, deleted: bool = False) -> Listing:
    """``(Org, role)`` of every organisation that the actor may see."""
    return queries.orgs_with_role(actor, deleted=deleted)


def org_for(
    session: Session, actor: Actor, org_id: str, action: str = "org.read", *, lock: bool = False
) -> tuple[OrgView, Role]:
    """The organisation and the actor's role in it, for an action of ``PERMISSIONS``.

    Raises:
        NotFound: there is none, or the actor is a stranger to it.
        Forbidden: the actor may not do this.
    """

    def ask() -> tuple[OrgView, str | None] | None:
        found = queries.org_with_role(session, actor, org_id, lock=lock)
        return (view_of(found[0]), found[1]) if found else None

    asked = f"org:{actor.reach}:{org_id}"
    found = remembered(session, asked, _TABLES, tuple[OrgView, str | None], ask) if is_uuid(org_id) else None
    if found is None or found[0].deleted_at:
        raise no_org()
    return _allowed(actor, *found, action)


def org_row(session: Session, actor: Actor, org_id: str, action: str, *, deleted: bool = False) -> tuple[Org, Role]:
    """``org_for`` for this room, which changes rows. ``deleted`` also finds one that waits for its end."""
    found = queries.org_with_role(session, actor, org_id) if is_uuid(org_id) else None
    if found is None or (found[0].deleted_at and not deleted):
        raise no_org()
    return _allowed(actor, *found, action)


def _allowed(actor: Actor, org: _OrgT, role: str | None, action: str) -> tuple[_OrgT, Role]:
    check(actor, role, action)
    check_enabled(org, action)
    return org, cast(Role, role)


def check_enabled(org: Org | OrgView, action: str) -> None:
    """
    Raises:
        Forbidden: whoever runs the installation has disabled the organisation, and this is more than looking at it.
    """
    if org.disabled_at and action not in WHILE_DISABLED:
        raise Forbidden("Whoever runs this Pulseboard has disabled the organisation", type="org-disabled")


def no_org() -> NotFound:
    """The same for what is not there and for what belongs to strangers."""
    return NotFound("There is no such organisation")


def check(actor: Actor, role: str | None, action: str) -> None:
    """Whether the actor, who has this role where it is done, may do what ``PERMISSIONS`` calls ``action``.

    Raises:
        Forbidden: the role is too low, or it is not for API keys.
    """
    permission = PERMISSIONS[action]
    if actor.key_id:
        if not permission.key:
            person(actor)
        return
    if not at_least(role, permission.role):
        raise Forbidden(f"This needs the role {permission.role}; yours is {role or 'none'}")
