"""The only answer to "what may this actor see": strangers' rows do not exist (404), too low a role is refused (403)."""

from typing import cast

from sqlalchemy.orm import Session

from pulseboard.accounts import Actor, person
from pulseboard.db import Listing
from pulseboard.errors import Forbidden, NotFound
from pulseboard.kit.ids import is_uuid
from pulseboard.orgs import queries
from pulseboard.orgs.models import Org
from pulseboard.orgs.roles import Role, at_least

__all__ = ["Actor", "check_role", "org_for", "person", "visible_orgs"]


def visible_orgs(actor: Actor, *, deleted: bool = False) -> Listing:
    """``(Org, role)`` of every organisation that the actor may see."""
    return queries.orgs_with_role(actor, deleted=deleted)


def org_for(
    session: Session,
    actor: Actor,
    org_id: str,
    needed: Role = "viewer",
    *,
    deleted: bool = False,
    lock: bool = False,
) -> tuple[Org, Role]:
    """The organisation and the actor's role in it. ``deleted`` also finds one that waits for its end.

    Raises:
        NotFound: there is none, or the actor is a stranger to it.
        Forbidden: the role is below ``needed``, or the actor is an API key.
    """
    found = queries.org_with_role(session, actor, org_id, lock=lock) if is_uuid(org_id) else None
    if found is None or (found[0].deleted_at and not deleted):
        raise NotFound("There is no such organisation")
    person(actor)
    check_role(found[1], needed)
    return found[0], cast(Role, found[1])


def check_role(role: str | None, needed: Role) -> None:
    """
    Raises:
        Forbidden: ``role`` is below ``needed``.
    """
    if not at_least(role, needed):
        raise Forbidden(f"This needs the role {needed}; yours is {role or 'none'}")
