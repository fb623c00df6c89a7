"""How long a source was quiet between two of its arrivals."""

from collections.abc import Collection

from pulseboard.kit.periods import hour_of


def pauses(last: int | None, arrivals: Collection[int]) -> dict[int, int]:
    """The longest pause (ms) that ended in each hour, when ``arrivals`` (ms since 1970) follow the ``last`` one.

    An arrival that is not after the last one, as when the clock stepped back or a batch comes again, ends no pause.
    """
    longest: dict[int, int] = {}
    for at in sorted(arrivals):
        if last is not None and at > last:
            hour = hour_of(at)
            longest[hour] = max(longest.get(hour, 0), at - last)
        last = at if last is None else max(last, at)
    return longest
