"""Who asks: a person with a session, or a program with a project's secret key."""

from dataclasses import dataclass

from pulseboard.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """Either ``user_id`` (a person) or ``key_id`` (a program) is set, never both."""

    user_id: str = ""
    session_id: str = ""
    superadmin: bool = False
    key_id: str = ""
    project_id: str = ""
    org_id: str = ""
    scope: str = ""  # the key's: "ingest" or "secret"

    @property
    def identity(self) -> str:
        """What limits are counted by."""
        return f"key:{self.key_id}" if self.key_id else f"user:{self.user_id}"


def person(actor: Actor) -> Actor:
    """The actor itself, when it is a person.

    Raises:
        Forbidden: an API key asks for what only people may do.
    """
    if not actor.user_id:
        raise Forbidden("An API key cannot do this; sign in")
    return actor
