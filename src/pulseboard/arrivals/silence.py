"""When a source that used to send has stopped: what is usual for it is its own past, and nothing has to be set."""

from pulseboard.kit.periods import DAY
from pulseboard.ledger import Seen

SHORTEST = 15 * 60_000  # ms; a shorter quiet is nobody's business
HISTORY = DAY  # ms between its first and its last arrival, from which on a source's pauses say what is usual for it
TIMES = 2


def silent_since(seen: Seen, now: int, up_since: int = 0) -> int | None:
    """When the source was last heard of, if it is silent; None while its quiet is usual.

    A source is silent once it was quiet for longer than twice its longest pause of the week up to its last arrival,
    and for 15 minutes at least. One that came for less than a day is not judged. The time before ``up_since``, when
    nobody was there to hear it, is no quiet. All moments are ms since 1970; ``now`` is the moment up to which
    everything that came is accounted for.
    """
    if seen.pause is None or seen.last - seen.first < HISTORY:
        return None
    quiet = now - max(seen.last, up_since)
    return seen.last if quiet >= SHORTEST and quiet > TIMES * seen.pause else None
