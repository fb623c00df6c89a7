"""Organisations and who belongs to them."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment


class Org(Base):
    """A tenant. A personal one comes with its person and stays; the system's is Pulseboard's own."""

    __tablename__ = "orgs"

    id: Mapped[Id] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    personal_user_id: Mapped[Id | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), unique=True)
    system: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[str] = mapped_column(String(20), default="free", server_default="free")
    created_at: Mapped[Moment]
    deleted_at: Mapped[Moment | None]
    disabled_at: Mapped[Moment | None]  # by the platform's owner: it takes no events, and its projects are out of reach


class Membership(Base):
    """One person's role in one organisation."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("org_id", "user_id"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    org_id: Mapped[Id] = mapped_column(ForeignKey("orgs.id", ondelete="CASCADE"))
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Moment]


class Invitation(Base):
    """Somebody was asked by e-mail to join; gone once accepted or taken back. Of the token only a hash is kept."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("org_id", "email_key"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    org_id: Mapped[Id] = mapped_column(ForeignKey("orgs.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(800))
    role: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[Id]
    created_at: Mapped[Moment]
    sent_at: Mapped[Moment]
    expires_at: Mapped[Moment]
