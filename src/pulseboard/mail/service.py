"""Writing a letter, showing the outbox, and sending what waits in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from pulseboard.db import Database, Page, page
from pulseboard.errors import Conflict, NotFound
from pulseboard.kit.clock import Clock
from pulseboard.kit.ids import new_id
from pulseboard.mail import queries
from pulseboard.mail.letters import Letter
from pulseboard.mail.models import FAILED, KEPT, SENT, WAITING, OutboxLetter
from pulseboard.mail.render import render
from pulseboard.mail.smtp import Refused, send
from pulseboard.settings import Mail

log = structlog.get_logger(__name__)

KEEP = timedelta(days=30)
# Between attempts; after the last one the letter has failed. A mail server's usual outage is over within a day.
DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720))
LEASE = timedelta(minutes=5)  # longer than an attempt takes: a process that died in one leaves the letter to the next
STRUCK = "…"
AT_ONCE = 20  # letters


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A letter of the outbox."""

    id: str
    letter: str
    recipient: str
    subject: str
    text: str
    html: str
    status: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mailer:
    """Writes letters; ``base_url`` is where their links lead."""

    base_url: str
    sends: bool  # whether SMTP is configured; else letters stay in the outbox, for superadmins to read
    clock: Clock

    def post(
        self,
        session: Session,
        to: str,
        letter: Letter,
        *,
        path: str = "",
        token: str = "",
        until: datetime | None = None,
        **words: str,
    ) -> None:
        """Writes a letter in the caller's transaction; it leaves after the commit, and never if that fails.

        ``path`` is where the button leads (``/app/...``). ``token`` is put behind it as a fragment, which no server
        log and no Referer has, and is struck out of the outbox once the letter is sent or ``until`` has come.

        Raises:
            ValueError: a word that the letter needs is missing, or one is given that it does not know.
        """
        link = f"{self.base_url}{path}" + (f"#token={token}" if token else "") if path else ""
        written = render(letter, words, link, self.base_url)
        now = self.clock()
        session.add(
            OutboxLetter(
                id=new_id(),
                letter=letter.name,
                recipient=to,
                subject=written.subject,
                text=written.text,
                html=written.html,
                secret=token,
                secret_until=until,
                status=WAITING if self.sends else KEPT,
                due_at=now,
                created_at=now,
            )
        )


def outbox(session: Session, limit: int, cursor: str | None = None, *, recipient: str = "", status: str = "") -> Page:
    """A page of the outbox in the order of writing; its rows are ``(StoredLetter,)``.

    Raises:
        Invalid: the cursor is none of ours.
    """
    found = page(session, queries.letters(recipient, status), OutboxLetter.id, limit, cursor)
    return Page([(_stored(row[0]),) for row in found.rows], found.total, found.next_cursor)


def stored_letter(session: Session, letter_id: str) -> StoredLetter:
    """One letter of the outbox.

    Raises:
        NotFound: there is none.
    """
    row = session.get(OutboxLetter, letter_id)
    if row is None:
        raise NotFound("There is no such letter")
    return _stored(row)


def send_again(session: Session, letter_id: str, now: datetime) -> StoredLetter:
    """Gives a letter that failed another round of attempts.

    Raises:
        NotFound: there is none.
        Conflict: it has not failed.
    """
    row = session.get(OutboxLetter, letter_id)
    if row is None:
        raise NotFound("There is no such letter")
    if row.status != FAILED:
        raise Conflict("Only a letter that failed is sent again")
    row.status, row.attempts, row.due_at = WAITING, 0, now
    return _stored(row)


def _stored(row: OutboxLetter) -> StoredLetter:
    """What leaves by mail is for its reader alone: its link is shown to nobody here."""
    secret = "" if row.status == KEPT else row.secret
    return StoredLetter(
        id=row.id,
        letter=row.letter,
        recipient=row.recipient,
        subject=row.subject,
        text=_struck(row.text, secret),
        html=_struck(row.html, secret),
        status=row.status,
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


@dataclass(frozen=True, slots=True)
class Delivery:
    """The way out; ``send_due`` and ``tidy`` are chores of a thread that nobody waits for."""

    db: Database
    clock: Clock
    settings: Mail

    def send_due(self) -> None:
        """Tries every letter whose time has come, once."""
        if not self.settings.smtp_host:
            return
        with self.db.read() as session:
            ids = queries.due(session, self.clock(), AT_ONCE)
        for letter_id in ids:
            self._attempt(letter_id)

    def _attempt(self, letter_id: str) -> None:
        now = self.clock()
        with self.db.write() as session:
            letter = queries.claim(session, letter_id, now, now + LEASE)
        if letter is None:
            return  # another process was faster
        try:
            send(self.settings, letter)
            error, lasting = "", False
        except Refused as refused:
            error, lasting = str(refused), refused.lasting
        self._note(letter.id, error, lasting=lasting)

    def _note(self, letter_id: str, error: str, *, lasting: bool) -> None:
        now = self.clock()
        with self.db.write() as session:
            letter = session.get(OutboxLetter, letter_id)
            if letter is None:
                return
            letter.error = error[:500]
            if not error:
                letter.status, letter.sent_at = SENT, now
                _strike(letter)
            elif lasting or letter.attempts > len(DELAYS):
                letter.status = FAILED
                log.error("letter failed", letter=letter.letter, error=error)
            else:
                letter.due_at = now + DELAYS[letter.attempts - 1]
                log.warning("letter waits", letter=letter.letter, error=error)

    def tidy(self) -> None:
        """Strikes out links that are over, and forgets letters after ``KEEP``."""
        now = self.clock()
        with self.db.write() as session:
            for letter in queries.told(session, now):
                _strike(letter)
            queries.forget(session, now - KEEP)


def _strike(letter: OutboxLetter) -> None:
    letter.text, letter.html = _struck(letter.text, letter.secret), _struck(letter.html, letter.secret)
    letter.secret = ""


def _struck(text: str, secret: str) -> str:
    return text.replace(secret, STRUCK) if secret else text
