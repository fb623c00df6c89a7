"""What people decided about groups of errors."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment


class ErrorState(Base):
    """A group that somebody resolved, ignored or opened again; ``release`` is the one that a fix came with."""

    __tablename__ = "error_states"

    project_id: Mapped[Id] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(200), primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    release: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[Id | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_at: Mapped[Moment]
