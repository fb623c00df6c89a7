"""Letters: what is written to people, the outbox in which all of it is kept, and the way out by SMTP."""

from pulseboard.mail.letters import INVITATION, LETTERS, Letter
from pulseboard.mail.models import OutboxLetter
from pulseboard.mail.render import Rendered, preview, render
from pulseboard.mail.service import Delivery, Mailer, StoredLetter, outbox, send_again, stored_letter

__all__ = [
    "INVITATION",
    "LETTERS",
    "Delivery",
    "Letter",
    "Mailer",
    "OutboxLetter",
    "Rendered",
    "StoredLetter",
    "outbox",
    "preview",
    "render",
    "send_again",
    "stored_letter",
]
