"""Funnels by their definition, in slow, plain Python: every chain that there is. Shares no code with the product."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.insights.oracle import Asked, passes, property_text, within
from tests.insights.reading import Happened

EDGES = (0, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000)

Chain = tuple[Happened, ...]


@dataclass(frozen=True)
class AskedFunnel:
    """``steps`` are as on the wire; ``window`` is in milliseconds."""

    steps: list[dict[str, Any]]
    window: int
    order: str = "ordered"
    filters: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Journey:
    """How far somebody came, the ms from each step's predecessor (``took``) and from the first to the last."""

    level: int
    took: dict[int, int]
    converted: int | None


def matches(event: Happened, step: dict[str, Any]) -> bool:
    return event.name == step["event"] and all(passes(event, each) for each in step.get("filters", ()))


def chains(events: list[Happened], asked: AskedFunnel, length: int) -> Iterator[Chain]:
    """Every way in which ``length`` different events serve the first steps."""

    def grow(chain: Chain) -> Iterator[Chain]:
        if len(chain) == length:
            yield chain
            return
        for event in events:
            if matches(event, asked.steps[len(chain)]) and event not in chain and fits(chain, event):
                yield from grow((*chain, event))

    def fits(chain: Chain, event: Happened) -> bool:
        if asked.order == "any":
            return all(abs(event.at - other.at) <= asked.window for other in chain)
        return not chain or (event.at >= chain[-1].at and event.at - chain[0].at <= asked.window)

    for chain in grow(()):
        others = (event for event in events if event not in chain)
        if asked.order != "strict" or not any(chain[0].at < other.at < chain[-1].at for other in others):
            yield chain


def journey(events: list[Happened], asked: AskedFunnel) -> Journey:
    level, took, converted = 0, {}, None
    for step in range(1, len(asked.steps) + 1):
        found = list(chains(events, asked, step))
        if not found:
            break
        level = step
        first = min(max(event.at for event in chain) for chain in found)
        there = [chain for chain in found if max(event.at for event in chain) == first]
        if step > 1 and asked.order != "any":
            took[step] = first - max(chain[-2].at for chain in there)
        if step == len(asked.steps):
            converted = first - max(min(event.at for event in chain) for chain in there)
    return Journey(level, took, converted)


def journeys(events: list[Happened], asked: AskedFunnel, period: Asked) -> dict[int, Journey]:
    inside = [event for event in within(events, period) if all(passes(event, each) for each in asked.filters)]
    people = {event.person for event in inside} - {0}
    return {person: journey([event for event in inside if event.person == person], asked) for person in people}


def funnel(found: list[Journey], asked: AskedFunnel) -> dict[str, Any]:
    """The answer for the people of these journeys."""
    numbers = range(1, len(asked.steps) + 1)
    users = {step: sum(each.level >= step for each in found) for step in numbers}
    steps = []
    for step in numbers:
        took = [each.took[step] for each in found if step in each.took]
        steps.append(
            {
                "event": asked.steps[step - 1]["event"],
                "users": users[step],
                "conversionRate": _share(users[step], users[1]),
                "conversionRateFromPrevious": _share(users[step], users[max(step - 1, 1)]),
                "medianSecondsFromPrevious": median(took) / 1000 if took else None,
            }
        )
    times = [each.converted for each in found if each.converted is not None]
    return {
        "steps": steps,
        "conversionRate": _share(users[len(asked.steps)], users[1]),
        "timeToConvert": {"medianSeconds": median(times) / 1000 if times else None, "distribution": _bins(times)},
    }


def groups(events: list[Happened], asked: AskedFunnel, period: Asked, key: str, top: int = 10) -> list[dict[str, Any]]:
    """The funnel of everybody whose first event of step 1 has the same value, the largest first, the rest as Other."""
    inside = [event for event in within(events, period) if all(passes(event, each) for each in asked.filters)]
    labels: dict[str, list[Journey]] = {}
    for person, found in journeys(events, asked, period).items():
        begun = [event for event in inside if event.person == person and matches(event, asked.steps[0])]
        if begun:
            first = min((event.at, (property_text(event, key) or "(not set)").encode()) for event in begun)
            labels.setdefault(first[1].decode(), []).append(found)
    ranked = sorted(labels, key=lambda label: (-len(labels[label]), label.encode()))
    lines = [(label, labels[label]) for label in ranked[:top]]
    if ranked[top:]:
        lines.append(("Other", [found for label in ranked[top:] for found in labels[label]]))
    return [{"label": label, **funnel(found, asked)} for label, found in lines]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _bins(times: list[int]) -> list[dict[str, Any]]:
    bins = []
    for start, end in zip(EDGES, (*EDGES[1:], None), strict=True):
        users = sum(start * 1000 <= time and (end is None or time < end * 1000) for time in times)
        if users:
            bins.append({"fromSeconds": start, "toSeconds": end, "users": users})
    return bins
