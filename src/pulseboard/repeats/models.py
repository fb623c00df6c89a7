"""Answers by the keys of their requests."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Moment


class RepeatedAnswer(Base):
    """``id`` is a hash of who asked and of their key; ``status`` is 0 while the first request is under way."""

    __tablename__ = "repeated_answers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[Moment] = mapped_column(index=True)
