"""Key or site -> grant, for the hot path: a dictionary first, the database behind it, and never older than a second.

Only SHA-256 of a key is stored. A slow hash protects what people choose; a key has 192 random bits, which no speed of
guessing exhausts, and every request would pay for the slowness.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard.db import Database
from pulseboard.errors import SenderRefused
from pulseboard.kit.clock import Clock
from pulseboard.projects import queries
from pulseboard.projects.blocks import Blocks, Network, among, blocks_of, networks_of
from pulseboard.projects.event_schemas.rules import EventRule, EventRules
from pulseboard.projects.terms import Plans, Terms

LIFE = 1.0  # seconds: a key that another process revoked must stop within one
FRESH = 0.5  # seconds after which a grant that is in use is looked up again, before anyone has to wait for it
MOST_GRANTS = 20_000
MOST_REFUSALS = 5_000  # unknown keys are cheap to invent, so they get less room
SHOWN = 12  # characters of a key that lists show
MAX_KEY = 200  # characters; ours have 40, and what is longer need not be remembered to be refused

_Entry = str | tuple[str]  # a key, or a site: no text that a client sends must find a site's grant


@dataclass(frozen=True, slots=True)
class Grant:
    """What a key allows, or being a visitor of a project's site, who has none: ``key_id`` and ``scope`` are empty then.

    ``scope`` is "ingest" or "secret". ``origins`` and ``networks`` are those that the key may be used from, any when
    empty; ``rules`` are the schemas of events by name.
    """

    key_id: str
    project_id: str
    org_id: str
    scope: str
    environment: str
    origins: tuple[str, ...]
    domains: tuple[str, ...]
    blocks: Blocks
    rules: Mapping[str, EventRule]
    terms: Terms
    networks: tuple[Network, ...] = ()

    @property
    def particular(self) -> bool:
        """Whether it matters where a request comes from."""
        return bool(self.origins or self.networks or self.blocks.networks or self.blocks.agents)

    def check_address(self, address: str) -> None:
        """
        Raises:
            SenderRefused: the key is not for programs at this address.
        """
        if self.networks and not among(address, self.networks):
            raise SenderRefused("This key is not for programs at this address", type="address")


def make_key(scope: str, environment: str) -> str:
    """A new key: what it may do and where stand in its first letters."""
    kind = "sk" if scope == "secret" else "pk"
    stage = "live" if environment == "prod" else "test"
    return f"{kind}_{stage}_{secrets.token_urlsafe(24)}"


def hash_key(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class Grants:
    """``monotonic`` counts seconds and never jumps back."""

    def __init__(
        self, db: Database, clock: Clock, plans: Plans, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._db = db
        self._clock = clock
        self._plans = plans
        self._rules = EventRules()
        self._monotonic = monotonic
        self._granted: dict[_Entry, tuple[Grant, float]] = {}
        self._refused: dict[_Entry, float] = {}
        self._used: dict[str, datetime] = {}
        self._drops = 0

    def cached(self, key: str) -> Grant | None:
        """The grant if it was looked up within ``LIFE``; None says only that ``load`` must be asked."""
        entry = self._granted.get(key)
        return entry[0] if entry is not None and entry[1] > self._monotonic() else None

    def load(self, key: str) -> Grant | None:
        """The grant by the database; None when the key is unknown, revoked, over, or of something deleted.

        Raises:
            Unavailable: the database does not answer.
        """
        if len(key) > MAX_KEY:
            return None
        return self._load(key, lambda session: queries.grant_row(session, hash_key(key), self._clock()))

    def stale(self, entry: str) -> bool:
        """Whether a cached grant should be looked up again soon."""
        found = self._granted.get(entry)
        return found is not None and found[1] - self._monotonic() < LIFE - FRESH

    def cached_site(self, project_id: str) -> Grant | None:
        """``cached`` for the visitors of a project's site."""
        entry = self._granted.get((project_id,))
        return entry[0] if entry is not None and entry[1] > self._monotonic() else None

    def load_site(self, project_id: str) -> Grant | None:
        """``load`` for the visitors of a project's site; None when there is no such project."""
        return self._load((project_id,), lambda session: queries.site_row(session, project_id))

    def _load(self, entry: _Entry, look_up: Callable[[Session], queries.GrantRow | None]) -> Grant | None:
        started = self._monotonic()
        if self._refused.get(entry, 0.0) > started:
            return None
        drops = self._drops
        with self._db.read() as session:
            row = look_up(session)
            grant = None if row is None else self._grant(session, row, started)
        if grant is None:
            _make_room(self._refused, MOST_REFUSALS)
            self._refused[entry] = started + LIFE
        else:
            _make_room(self._granted, MOST_GRANTS)
            # Counted from before the look-up: what was revoked meanwhile must not live longer for it.
            self._granted[entry] = (grant, started + LIFE)
        if drops != self._drops:  # it may have been read before the change that others were told to forget
            self._granted.pop(entry, None)
            self._refused.pop(entry, None)
        return grant

    def _grant(self, session: Session, row: queries.GrantRow, asked: float) -> Grant:
        return Grant(
            key_id=row.key_id,
            project_id=row.project_id,
            org_id=row.org_id,
            scope=row.scope,
            environment=row.environment,
            origins=row.origins,
            networks=networks_of(row.networks),
            domains=row.domains,
            blocks=blocks_of(row.collection),
            rules=self._rules.of(session, row.project_id),
            terms=self._plans.terms(session, row.org_id, asked),
        )

    def forget(self, *, key_id: str = "", org_id: str = "", project_id: str = "") -> None:
        """Drops what is cached for the key, the organisation or the project, and every refusal; on all nodes."""
        self._drop(key_id, org_id, project_id)
        self._db.announce(key_id=key_id, org_id=org_id, project_id=project_id)

    def hear(self, what: Mapping[str, str] | None) -> None:
        """``forget`` of another node; None: nobody knows what it would have been, so everything is dropped."""
        if what is None:
            self._drops += 1
            self._granted.clear()
            self._refused.clear()
        else:
            self._drop(what.get("key_id", ""), what.get("org_id", ""), what.get("project_id", ""))

    def _drop(self, key_id: str, org_id: str, project_id: str) -> None:
        self._drops += 1
        for key, (grant, _) in list(self._granted.items()):
            if key_id == grant.key_id or org_id == grant.org_id or project_id == grant.project_id:
                self._granted.pop(key, None)
        self._refused.clear()

    def touch(self, key_id: str) -> None:
        """Notes that the key was used now; ``flush`` writes it."""
        self._used[key_id] = self._clock()

    def flush(self) -> None:
        """Writes when keys were last used; called every few seconds and at the end.

        Raises:
            Unavailable: the database does not answer; the notes are kept for the next time.
        """
        used = self._used
        if not used:
            return
        self._used = {}
        try:
            with self._db.write() as session:
                queries.mark_used(session, used)
        except Exception:
            self._used = used | self._used
            raise


def _make_room(entries: dict[_Entry, tuple[Grant, float]] | dict[_Entry, float], most: int) -> None:
    # Entries live a second: emptying a full table costs one look-up each, and no bookkeeping on the hot path.
    if len(entries) >= most:
        entries.clear()
