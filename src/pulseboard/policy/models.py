"""What was chosen, where it differs from what stands in the code."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Moment


class PolicyChoice(Base):
    """One field of ``Policy``; ``value`` is JSON."""

    __tablename__ = "policy_choices"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[Moment]
