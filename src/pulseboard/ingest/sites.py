"""Who may report for a site, and from which pages: its visitors, people who see the project, its keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pulseboard.accounts import Actor, Keyring, actor_of
from pulseboard.db import Database
from pulseboard.errors import SenderRefused
from pulseboard.ingest.doors.visit import host_of
from pulseboard.ingest.intake import Visit
from pulseboard.kit.clock import Clock
from pulseboard.projects import Grant, host_allowed, project_for

MAX_AGENT = 1_000  # characters of a user agent that are kept; browsers' have some hundred
_KEYS = ("pk_", "sk_")


class People(Protocol):
    """What a site's door asks about people."""

    def who(self, token: str) -> Actor:
        """The person behind an access token.

        Raises:
            Unauthenticated: it is not valid.
        """

    def check_sees(self, actor: Actor, project_id: str) -> None:
        """
        Raises:
            NotFound: the project is not there for the person.
        """


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``People`` by the control plane."""

    db: Database
    clock: Clock
    keyring: Keyring

    def who(self, token: str) -> Actor:
        return actor_of(self.db, self.clock, self.keyring, token)

    def check_sees(self, actor: Actor, project_id: str) -> None:
        with self.db.read() as session:
            project_for(session, actor, project_id)


def token_of(headers: Mapping[bytes, bytes]) -> str:
    """A person's access token; empty when the request shows none, or a key."""
    scheme, _, value = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if b"x-api-key" in headers or scheme.lower() != "bearer" or value.strip().startswith(_KEYS):
        return ""
    return value.strip()


def check_visitor(grant: Grant, sender: bytes | None) -> None:
    """For requests without any credentials; ``sender`` is what the browser says of the page that made it send this.

    Raises:
        SenderRefused: the page is another site's.
    """
    if sender is not None and not of_site(sender, grant):
        raise SenderRefused("The page that sends this is on none of the site's domains", type="origin")


def check_page(grant: Grant, host: str) -> None:
    """
    Raises:
        SenderRefused: the visited page is on none of the site's domains.
    """
    if not host_allowed(host, grant.domains):
        raise SenderRefused("The url is on none of the site's domains", type="domain")


def of_site(sender: bytes, grant: Grant) -> bool:
    """Whether an Origin or Referer header names one of the site's domains, or a subdomain."""
    return host_allowed(host_of(sender.decode("latin-1")), grant.domains)


def visit_of(address: str, headers: Mapping[bytes, bytes]) -> Visit:
    """The browser that sends a request."""
    return Visit(address, headers.get(b"user-agent", b"").decode("latin-1")[:MAX_AGENT])
