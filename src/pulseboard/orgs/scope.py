"""The only answer to "what may this actor see": strangers' rows do not exist (404), too low a role is refused (403)."""

from typing import cast

from sqlalchemy.orm import Session

from pulseboard.accounts import Actor, person
from pulseboard.db import Listing
from pulseboard.errors import Forbidden, NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.orgs import queries
from pulseboard.orgs.models import Org
from pulseboard.orgs.permissions import PERMISSIONS, Role, at_least

__all__ = ["Actor", "check", "check_enabled", "no_org", "org_for", "person", "visible_orgs"]

WHILE_DISABLED = frozenset({"org.read", "members.read", "invitations.read", "audit.read", "org.leave", "billing.read"})


def visible_orgs(actor: Actor, *, deleted: bool = False) -> Listing:
    """``(Org, role)`` of every organisation that the actor may see."""
    return queries.orgs_with_role(actor, deleted=deleted)


def org_for(
    session: Session,
    actor: Actor,
    org_id: str,
    action: str = "org.read",
    *,
    deleted: bool = False,
    lock: bool = False,
) -> tuple[Org, Role]:
    """The organisation and the actor's role in it, for an action of ``PERMISSIONS``.

    ``deleted`` also finds one that waits for its end.

    Raises:
        NotFound: there is none, or the actor is a stranger to it.
        Forbidden: the actor may not do this.
    """
    found = queries.org_with_role(session, actor, org_id, lock=lock) if is_uuid(org_id) else None
    if found is None or (found[0].deleted_at and not deleted):
        raise no_org()
    check(actor, found[1], action)
    check_enabled(found[0], action)
    return found[0], cast(Role, found[1])


def check_enabled(org: Org, action: str) -> None:
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
