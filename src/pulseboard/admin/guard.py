"""Who may come in here."""

from pulseboard.errors import Forbidden
from pulseboard.orgs import Actor, person


def superadmin(actor: Actor) -> Actor:
    """
    Raises:
        Forbidden: the actor is somebody else.
    """
    if not person(actor).superadmin:
        raise Forbidden("This is for the owner of the installation")
    return actor
