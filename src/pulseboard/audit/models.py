"""The log and the end of each of its chains."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment


class AuditEntry(Base):
    """One thing that was done. ``chain`` is an organisation's id or ``platform``; ``number`` counts from 1 in it.

    ``hash`` is over the entry before it and every column but itself. No foreign keys: entries outlive what they name.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("chain", "number"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    chain: Mapped[str] = mapped_column(String(36))
    number: Mapped[int]
    at: Mapped[Moment]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[str] = mapped_column(String(36))
    via_id: Mapped[str] = mapped_column(String(36))
    action: Mapped[str] = mapped_column(String(60))
    target_kind: Mapped[str] = mapped_column(String(30))
    target_id: Mapped[str] = mapped_column(String(100))
    target_name: Mapped[str] = mapped_column(String(254))
    details: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(300))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest entry of a chain, kept by a trigger: an entry that was taken off the end shows by it."""

    __tablename__ = "audit_heads"

    chain: Mapped[str] = mapped_column(String(36), primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
