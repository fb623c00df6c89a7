"""What reads of API calls mean, in slow, plain Python. Shares no code with the product."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from tests.insights.oracle import Asked, bucket_label, kind, walk
from tests.insights.reading import Happened

NO_NAME = "(not set)"


def is_call(event: Happened) -> bool:
    return kind(event) == "REQUEST"


def took(event: Happened) -> float | None:
    found = event.properties.get("durationMs")
    return None if found is None else float(found)


def status(event: Happened) -> int:
    return int(event.properties.get("statusCode", 0))


def percentile(values: list[float], level: float) -> float | None:
    """Between two values in proportion, the lowest one at 0 and the highest one at 1."""
    if not values:
        return None
    ordered = sorted(values)
    place = level * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def apdex(calls: list[Happened], threshold: float) -> float | None:
    satisfied = tolerating = frustrated = 0
    for call in calls:
        duration = took(call)
        if status(call) >= 500:
            frustrated += 1
        elif duration is not None:
            satisfied += duration <= threshold
            tolerating += threshold < duration <= 4 * threshold
            frustrated += duration > 4 * threshold
    whole = satisfied + tolerating + frustrated
    return (satisfied + tolerating / 2) / whole if whole else None


def measured(calls: list[Happened], threshold: float) -> dict[str, Any]:
    durations = [duration for call in calls if (duration := took(call)) is not None]
    share5xx = sum(status(call) >= 500 for call in calls) / len(calls) if calls else 0
    return {
        "calls": len(calls),
        "avgResponseTimeMs": sum(durations) / len(durations) if durations else None,
        **{f"p{level}": percentile(durations, level / 100) for level in (50, 90, 95, 99)},
        "errorRate": share5xx,
        "errorRate4xx": sum(400 <= status(call) < 500 for call in calls) / len(calls) if calls else 0,
        "errorRate5xx": share5xx,
        "apdex": apdex(calls, threshold),
    }


def grouped(
    calls: Iterable[Happened], threshold: float, sort: str, names: Callable[[Happened], dict[str, str]]
) -> list[dict[str, Any]]:
    """What stands out most comes first, then the order of letters; what is unknown comes last."""
    groups: dict[tuple[tuple[str, str], ...], list[Happened]] = defaultdict(list)
    for call in calls:
        groups[tuple(names(call).items())].append(call)
    items = [{**dict(key), **measured(mine, threshold)} for key, mine in groups.items()]

    def place(item: dict[str, Any]) -> tuple[Any, ...]:
        ranks = {
            "calls": -item["calls"],
            "failing": -round(item["errorRate5xx"] * item["calls"]),
            "slowest": 1 if item["p95"] is None else -item["p95"],
            "apdex": 2 if item["apdex"] is None else item["apdex"],
        }
        return (ranks[sort], *(item[name].encode() for name in ("method", "endpoint", "consumer") if name in item))

    return sorted(items, key=place)


def endpoint_of(call: Happened) -> dict[str, str]:
    return {
        "method": call.properties.get("method", "") or NO_NAME,
        "endpoint": call.properties.get("route", "") or NO_NAME,
    }


def consumer_of(call: Happened) -> dict[str, str]:
    return {"consumer": f"user-{call.person}" if call.person else NO_NAME}


def series(calls: list[Happened], asked: Asked, interval: str) -> list[tuple[int, list[Happened]]]:
    zone = ZoneInfo(asked.zone)
    return [
        (start, [call for call in calls if bucket_label(call.at, interval, zone) == label])
        for start, label in walk(asked, interval, zone)
    ]


def heat(calls: list[Happened], edges: list[float]) -> list[int]:
    counts = [0] * len(edges)
    for call in calls:
        if (duration := took(call)) is not None:
            counts[bisect_right(edges, duration) - 1] += 1
    return counts
