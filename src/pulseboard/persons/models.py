"""What is kept of erasing a person."""

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment


class Erasure(Base):
    """One person who was erased, or is being erased.

    ``marks`` are hashes of their ids, ``numbers`` and ``days`` (since 1970) say what to delete while it is not done.
    """

    __tablename__ = "erasures"

    id: Mapped[Id] = mapped_column(primary_key=True)
    project_id: Mapped[Id] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    marks: Mapped[list[str]] = mapped_column(JSON)
    numbers: Mapped[list[int]] = mapped_column(JSON)
    days: Mapped[list[int]] = mapped_column(JSON)
    asked_at: Mapped[Moment]
    done_at: Mapped[Moment | None]
    report: Mapped[dict[str, int]] = mapped_column(JSON)
