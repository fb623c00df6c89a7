"""The outbox."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment

WAITING = "waiting"
SENT = "sent"
FAILED = "failed"
KEPT = "kept"  # no SMTP is configured: it is read here


class OutboxLetter(Base):
    """A letter as it was written.

    ``secret`` is the token that its link carries. It is struck out of the texts once the letter is sent or the link is
    over (``secret_until``), so that a copy of the database opens no account.
    """

    __tablename__ = "outbox_letters"
    __table_args__ = (Index("ix_outbox_letters_status_due_at", "status", "due_at"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    letter: Mapped[str] = mapped_column(String(40))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(1000))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(200), default="")
    secret_until: Mapped[Moment | None]
    status: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(500), default="")
    due_at: Mapped[Moment]
    created_at: Mapped[Moment] = mapped_column(index=True)
    sent_at: Mapped[Moment | None]
