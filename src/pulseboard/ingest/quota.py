"""What is charged to a plan's quota, and what happens at its edge.

A request that fits is charged and goes on. Only one that does not is looked at closely: what waits in the spool may
turn out to be doubles, which are free, so it waits for them; its own doubles are free too; and of the rest it keeps
what fits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from pulseboard.errors import QuotaExceeded
from pulseboard.ingest.intake import Intake
from pulseboard.kit.periods import month_end

PATIENCE = 2.0  # seconds for what waits in the spool; the writer takes a batch twice a second
LOOK = 0.05  # seconds between two looks

Known = Callable[[str, Sequence[str]], set[str]]  # project, ids -> those that are counted already
Pause = Callable[[float], Awaitable[None]]


def charge(intake: Intake) -> bool:
    """Charges the events to the plan's quota, all or nothing; says whether they fitted."""
    allowance = intake.grant.terms.allowance
    if allowance is None:
        return True
    wanted = len(intake.events)
    granted = allowance.take(intake.grant.project_id, wanted, intake.at)
    if granted < wanted:
        allowance.give_back(intake.grant.project_id, granted, intake.at)
        return False
    intake.charged = granted
    return True


def give_back(intake: Intake) -> None:
    """Takes back the charge of events that did not get into the spool."""
    allowance = intake.grant.terms.allowance
    if allowance is not None:
        allowance.give_back(intake.grant.project_id, intake.charged, intake.at)


async def charge_at_the_edge(intake: Intake, known: Known, pause: Pause = asyncio.sleep) -> None:
    """Charges what fits of a request that does not fit as a whole, and refuses the rest.

    Raises:
        QuotaExceeded: nothing fits.
    """
    if await _fits_soon(intake, pause):
        return
    fresh = await asyncio.to_thread(_fresh, intake, known)
    allowance = intake.grant.terms.allowance
    intake.charged = len(fresh) if allowance is None else allowance.take(intake.grant.project_id, len(fresh), intake.at)
    intake.leave_out(_with_copies(intake, fresh[intake.charged :]))
    if not intake.events:
        raise used_up(intake.at)


async def _fits_soon(intake: Intake, pause: Pause) -> bool:
    allowance = intake.grant.terms.allowance
    for _ in range(int(PATIENCE / LOOK)):
        if allowance is None or not allowance.waits(intake.at):
            break
        await pause(LOOK)
        if charge(intake):
            return True
    return charge(intake)


def _fresh(intake: Intake, known: Known) -> list[int]:
    """Positions of the events that are no doubles of each other or of what is counted already."""
    own = [event.id for event in intake.events if event.own_id]
    counted = known(intake.grant.project_id, own) if own else set()
    fresh = []
    for position, event in enumerate(intake.events):
        if event.id not in counted:
            fresh.append(position)
        if event.own_id:
            counted.add(event.id)
    return fresh


def _with_copies(intake: Intake, over: Sequence[int]) -> set[int]:
    """The positions, and those of the same events once more: what is a double of nothing that was taken is new."""
    gone = {intake.events[position].id for position in over}
    return {position for position, event in enumerate(intake.events) if event.id in gone}


def used_up(at: int) -> QuotaExceeded:
    """The refusal of what came ``at`` (ms since 1970), to be tried again when the month is over."""
    now = datetime.fromtimestamp(at / 1000, UTC)
    wait = int((month_end(now) - now).total_seconds()) + 1
    return QuotaExceeded("Send again next month, or choose a larger plan", retry_after=wait)
