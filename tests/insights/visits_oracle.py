"""Sessions and paths by their definitions, in slow, plain Python. Shares no code with the product."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tests.insights.oracle import Asked, bucket_label, kind, walk, within
from tests.insights.reading import Happened


def page(event: Happened) -> str:
    url = urlsplit(event.properties.get("url", ""))
    return (url.hostname or "") + url.path or "(not set)"


def _by(events: list[Happened], unit: str) -> list[list[Happened]]:
    numbers = {getattr(event, unit) for event in events} - {0}
    return [[event for event in events if getattr(event, unit) == number] for number in sorted(numbers)]


def sessions(events: list[Happened], period: Asked, interval: str, top: int) -> dict[str, Any]:
    zone = ZoneInfo(period.zone)
    every = [sorted(mine, key=lambda event: event.at) for mine in _by(within(events, period), "session")]
    lengths = [mine[-1].at - mine[0].at for mine in every]
    edges = []
    for mine in every:
        views = sorted((event.at, page(event).encode()) for event in mine if kind(event) == "PAGE_VIEW")
        if views:
            edges.append((views[0][1].decode(), views[-1][1].decode()))
    points = []
    for start, label in walk(period, interval, zone):
        begun = [mine for mine in every if bucket_label(mine[0].at, interval, zone) == label]
        points.append({"t": start, **_figures(begun)})
    return {
        **_figures(every),
        "medianSeconds": median(lengths) / 1000 if lengths else None,
        "eventsPerSession": _mean(sum(len(mine) for mine in every), len(every)),
        "points": points,
        "entries": _top([entry for entry, _ in edges], top),
        "exits": _top([exit for _, exit in edges], top),
    }


def _figures(every: list[list[Happened]]) -> dict[str, Any]:
    bounces = sum(len(mine) == 1 for mine in every)
    time = sum(mine[-1].at - mine[0].at for mine in every)
    return {
        "sessions": len(every),
        "bounceRate": _mean(bounces, len(every)),
        "avgSeconds": _mean(time, len(every)) / 1000,
    }


def _mean(total: int, of: int) -> float:
    return total / of if of else 0.0


def _top(pages: list[str], top: int) -> list[dict[str, Any]]:
    counted = sorted(Counter(pages).items(), key=lambda item: (-item[1], item[0].encode()))
    return [{"page": name, "sessions": count} for name, count in counted[:top]]


@dataclass(frozen=True)
class AskedPaths:
    """As on the wire."""

    steps: str
    within: str
    start: str | None
    end: str | None
    levels: int
    limit: int


def walks(events: list[Happened], asked: AskedPaths, period: Asked) -> list[list[str]]:
    """Everybody's steps, from where the path begins on, or from where it ends back."""
    kept = [event for event in within(events, period) if asked.steps == "events" or kind(event) == "PAGE_VIEW"]
    found = []
    for mine in _by(kept, "session" if asked.within == "session" else "person"):
        told = sorted((event.at, (event.name if asked.steps == "events" else page(event)).encode()) for event in mine)
        steps = [label.decode() for label, _ in groupby(label for _, label in told)]
        edge = asked.start or asked.end
        if asked.end:
            steps.reverse()
        if edge and edge not in steps:
            continue
        first = steps.index(edge) if edge else 0
        found.append(steps[first : first + asked.levels + 1])
    return found


def paths(events: list[Happened], asked: AskedPaths, period: Asked) -> tuple[list[Any], dict[Any, int]]:
    """Nodes (level, label, whether it is all others, count), and how often the links between them were gone."""
    found = walks(events, asked, period)
    named: list[dict[str, tuple[int, str, bool]]] = []
    nodes = []
    for level in range(asked.levels + 1):
        counts = Counter(steps[level] for steps in found if len(steps) > level)
        ranked = sorted(counts, key=lambda label: (-counts[label], label.encode()))
        alone = ranked[: asked.limit]
        named.append({label: (level, label, False) if label in alone else (level, "Other", True) for label in ranked})
        nodes += [(level, label, False, counts[label]) for label in alone]
        if rest := sum(counts[label] for label in ranked[asked.limit :]):
            nodes.append((level, "Other", True, rest))
    links: Counter[Any] = Counter()
    for steps in found:
        links.update(pairwise(named[level][label] for level, label in enumerate(steps)))
    return nodes, dict(links)
