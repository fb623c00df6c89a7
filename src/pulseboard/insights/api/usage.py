"""How much of its quota an organisation has used: known by whoever bills, and handed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Used:
    """Events of the running month; ``limit`` is None where nothing is limited."""

    used: int
    limit: int | None
    resets_at: datetime


Usage = Callable[[str, datetime], Used]  # an organisation's id, now -> what it has used
