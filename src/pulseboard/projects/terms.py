"""What this room needs to know of an organisation's plan; the billing room answers."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from litestar.di import NamedDependency
from litestar.params import SkipValidation
from sqlalchemy.orm import Session


class Allowance(Protocol):
    """A month's quota that is being used up. ``at`` is in ms since 1970. Thread-safe."""

    def take(self, project: str, events: int, at: int) -> int:
        """Charges as many of ``events`` as fit, and says how many those are."""

    def give_back(self, project: str, events: int, at: int) -> None:
        """Takes back what was charged and came to nothing."""

    def waits(self, at: int) -> bool:
        """Whether something is charged that may yet turn out to be a double, and free."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an organisation's plan lets its keys do. ``allowance`` is None where nothing is limited."""

    retention: int  # ms that an event is kept, and may be old when it comes
    property_bytes: int
    batch_bytes: int
    allowance: Allowance | None


class Plans(Protocol):
    """The plans of organisations."""

    def terms(self, session: Session, org_id: str, asked: float) -> Terms:
        """What the organisation's plan lets its keys do.

        ``asked`` is when the session began to be read, in seconds of a clock that never jumps.
        """

    def check_room(self, session: Session, org_id: str) -> None:
        """
        Raises:
            PlanLimit: the organisation's plan includes no further project.
        """


GivenPlans: TypeAlias = NamedDependency[SkipValidation[Plans]]  # a protocol has nothing to be checked by at run time
