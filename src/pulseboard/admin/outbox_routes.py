"""The outbox over HTTP: what was written to whom, and whether it left."""

from typing import Annotated, Literal

from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter

from pulseboard.accounts import signed_in
from pulseboard.admin.guard import superadmin
from pulseboard.audit import Caller, Target, record
from pulseboard.db import Database
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.kit.wire import Out, Timestamp
from pulseboard.mail import StoredLetter, outbox, send_again, stored_letter
from pulseboard.orgs import Actor, Cursor, Limit

PATH = "/api/v1/admin/outbox"
Status = Literal["waiting", "sent", "failed", "kept"]
Recipient = Annotated[str, QueryParameter(max_length=254, description="Only letters to exactly this address.")]
OfStatus = Annotated[Status | None, QueryParameter(name="status", description="Only those.")]


class LetterOut(Out, kw_only=True):
    """``kept``: no mail server is configured, so it is read here."""

    id: str
    letter: str
    recipient: str
    subject: str
    status: Status
    attempts: int
    error: str
    created_at: Timestamp
    sent_at: Timestamp | None


class LetterList(Out):
    items: list[LetterOut]
    total: int | None
    next_cursor: str | None


class OpenedLetterOut(LetterOut, kw_only=True):
    """Links' tokens are struck out but of letters that are ``kept``."""

    text: str
    html: str


@get(PATH, tags=["admin"], sync_to_thread=True)
def list_outbox(
    actor: Given[Actor],
    db: Given[Database],
    recipient: Recipient = "",
    status: OfStatus = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> LetterList:
    """Letters of the last 30 days, oldest first; for superadmins."""
    superadmin(actor)
    with db.read() as session:
        found = outbox(session, limit, cursor, recipient=recipient, status=status or "")
    return LetterList([_listed(row[0]) for row in found.rows], found.total, found.next_cursor)


@get(PATH + "/{letter_id:str}", tags=["admin"], sync_to_thread=True)
def get_outbox_letter(
    letter_id: FromPath[str], actor: Given[Actor], caller: Given[Caller], db: Given[Database], clock: Given[Clock]
) -> OpenedLetterOut:
    """One letter; for superadmins, and not by token: its link may open an account. The audit log tells of it."""
    signed_in(superadmin(actor))
    with db.write() as session:
        letter = stored_letter(session, letter_id)
        record(session, caller, clock(), "letter.read", Target("letter", letter.id, letter.recipient))
    return OpenedLetterOut(**_fields(letter), text=letter.text, html=letter.html)  # type: ignore[arg-type]


@post(PATH + "/{letter_id:str}/send", status_code=202, opt={"problems": (409,)}, tags=["admin"], sync_to_thread=True)
def resend_outbox_letter(
    letter_id: FromPath[str], actor: Given[Actor], caller: Given[Caller], db: Given[Database], clock: Given[Clock]
) -> LetterOut:
    """Tries a letter once more that could not be sent; for superadmins."""
    superadmin(actor)
    with db.write() as session:
        letter = send_again(session, letter_id, clock())
        record(session, caller, clock(), "letter.sent-again", Target("letter", letter.id, letter.recipient))
    return _listed(letter)


def _listed(letter: StoredLetter) -> LetterOut:
    return LetterOut(**_fields(letter))  # type: ignore[arg-type]


def _fields(letter: StoredLetter) -> dict[str, object]:
    return {
        "id": letter.id,
        "letter": letter.letter,
        "recipient": letter.recipient,
        "subject": letter.subject,
        "status": letter.status,
        "attempts": letter.attempts,
        "error": letter.error,
        "created_at": rfc3339(letter.created_at),
        "sent_at": rfc3339(letter.sent_at) if letter.sent_at else None,
    }


routes = [list_outbox, get_outbox_letter, resend_outbox_letter]
