"""Who asks: a person with a session, a person's program with their token, or a program with a project's secret key."""

from dataclasses import dataclass

from pulseboard.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Actor:
    """Either ``user_id`` (a person) or ``key_id`` (a program) is set, never both."""

    user_id: str = ""
    session_id: str = ""
    superadmin: bool = False
    email_verified: bool = False
    token_id: str = ""  # the personal access token's, when a person's program asks
    scopes: frozenset[str] = frozenset()  # the token's
    via_id: str = ""  # the superadmin who acts as this person
    via_session_id: str = ""  # that superadmin's own session
    key_id: str = ""
    project_id: str = ""
    org_id: str = ""
    scope: str = ""  # the key's: "ingest" or "secret"

    @property
    def browser_session_id(self) -> str:
        """The session that the browser keeps, to which its CSRF token is bound."""
        return self.via_session_id or self.session_id

    @property
    def reach(self) -> str:
        """All that decides which organisations and projects the actor sees, and in which role."""
        return f"key:{self.org_id}:{self.project_id}" if self.key_id else f"user:{self.user_id}:{self.superadmin}"

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


def signed_in(actor: Actor) -> Actor:
    """The actor itself, when it is a person with a session: what guards an account is nobody else's to change.

    Raises:
        Forbidden: an API key or a personal access token asks, or a superadmin who acts as the person.
    """
    if actor.via_id:
        raise Forbidden("Not while you act as somebody else", type="impersonation")
    if person(actor).token_id:
        raise Forbidden("A personal access token cannot do this; sign in")
    return actor


def verified(actor: Actor) -> Actor:
    """The actor itself, when it is a person whose e-mail address is confirmed.

    Raises:
        Forbidden: of type ``email-unverified``, so that a page can offer the letter again.
    """
    if not person(actor).email_verified:
        raise Forbidden("Confirm your e-mail address first", type="email-unverified")
    return actor
