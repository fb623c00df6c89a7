"""People and their sessions."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment

ACTIVE = "active"
DISABLED = "disabled"


class User(Base):
    """A person. ``email`` is as typed; ``email_key`` is what makes two spellings the same person."""

    __tablename__ = "users"

    id: Mapped[Id] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(800), unique=True)  # folding case can lengthen
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default=ACTIVE)
    superadmin: Mapped[bool] = mapped_column(default=False)
    email_verified: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]


class LoginSession(Base):
    """One sign-in and the family of refresh tokens that follows from it.

    ``generation`` counts renewals: the token of any earlier generation is a spent one, and showing it ends the family.
    """

    __tablename__ = "login_sessions"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    generation: Mapped[int] = mapped_column(default=0)
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[Moment]
    renewed_at: Mapped[Moment]
    expires_at: Mapped[Moment] = mapped_column(index=True)
    revoked_at: Mapped[Moment | None]
