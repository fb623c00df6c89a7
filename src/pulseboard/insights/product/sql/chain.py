"""How far each person came in a funnel, in arrays: one pass over a person's events per step, however many they are.

A source gives each person's events in the order of time; here they become, for every step, the latest moment at which
a chain up to there can have begun. That moment is all there is to know, because a chain that began later is inside the
window for longer, and because an event that continues an early chain continues every later one that is there by then.
"""

from collections.abc import Iterable
from itertools import combinations

from pulseboard.insights.product.funnel import Funnel

NONE = -(2**62)  # a moment so early that no window reaches back to it, in milliseconds since 1970


def pairs(steps: int) -> list[tuple[int, int]]:
    """Runs of steps as (the one before the first, the last), in the order of their bits: single steps come first."""
    every = [(i, j) for j in range(1, steps + 1) for i in range(j)]
    return sorted(every, key=lambda pair: (pair[1] - pair[0] > 1, pair))


def interval(pair: tuple[int, int]) -> int:
    """The bits of a run's steps."""
    before, last = pair
    return (1 << last) - (1 << before)


def alike(funnel: Funnel) -> list[list[int]]:
    """The steps (from 0) by event name: only within one of these lists can an event match two."""
    names = dict.fromkeys(step.event for step in funnel.steps)
    return [[i for i, step in enumerate(funnel.steps) if step.event == name] for name in names]


def rivals(funnel: Funnel) -> list[int]:
    """Every set of two or more steps that may have to share events, as bits."""
    return [
        sum(2**i for i in chosen)
        for steps in alike(funnel)
        for size in range(2, len(steps) + 1)
        for chosen in combinations(steps, size)
    ]


def reached(funnel: Funnel, window: str) -> list[list[str]]:
    """Columns over a person's arrays: ``level`` (the last step reached), ``took_<k>`` and ``converted`` in ms.

    Each list is to be selected from the rows of the one before: the engine writes an alias out wherever it stands, and
    what names several others that name several others would fill its memory.

    ``took_<k>`` is the time from the step before to step k where the person first reached it: from the latest event
    that leads there. ``converted`` is the time from step 1 (in any order: from the first event of the chain), also
    from the latest that leads there, to the last step where it was first reached.
    """
    last = len(funnel.steps)
    level = " + ".join(f"(first_{k} > 0)" for k in range(1, last + 1))
    if funnel.order == "any":
        # An instant's later events may take the place of earlier ones, so the chain is timed where the instant ends.
        layers, timed = _unordered(funnel, window), f"arrayLastIndex(t -> t = at[first_{last}], at)"
    else:
        layers, timed = _linked(funnel, window), f"first_{last}"
    return [*layers, [f"{level} AS level", f"at[first_{last}] - begun_{last}[{timed}] AS converted"]]


def _linked(funnel: Funnel, window: str) -> list[list[str]]:
    """Chains in order. ``link`` says by bits which runs of steps the events of one instant can serve together."""
    bits = {pair: bit for bit, pair in enumerate(pairs(len(funnel.steps)))}
    layers = []
    for k in range(1, len(funnel.steps) + 1):
        sources = {i: bits[i, k] for i in range(k) if i == k - 1 or not funnel.apart or funnel.order == "strict"}
        took = [f"{_took(funnel, k, sources, window)} AS took_{k}"] if k > 1 else []
        layers += [_step(funnel, k, sources, window), took]
    return [layer for layer in layers if layer]


def _step(funnel: Funnel, k: int, sources: dict[int, int], window: str) -> list[str]:
    begun = f"{_latest('link', sources)} AS begun_{k}"
    first = f"arrayFirstIndex((t, b) -> t - b <= {window}, at, begun_{k}) AS first_{k}"
    if funnel.order == "strict":
        # To go on at the next instant, everything that happened at this one must have been part of the chain.
        inside = {i: bit for i, bit in sources.items() if i > 0}
        going_on = _latest("whole", inside, starting=sources[0])
        return [begun, first, f"arrayPushFront(arrayPopBack({going_on}), {NONE}) AS before_{k}"]
    latest = f"arrayFill(b -> b > {NONE}, begun_{k})"
    seen = f"arrayFill(t -> t > {NONE}, arrayMap((t, b) -> if(b > {NONE}, t, {NONE}), at, begun_{k})) AS seen_{k}"
    if funnel.apart:  # no event is a step of its own and the one before, and at one instant steps come in their order
        return [begun, first, f"{latest} AS before_{k}", seen]
    return [begun, first, f"arrayPushFront(arrayPopBack({latest}), {NONE}) AS before_{k}", seen]


def _latest(runs: str, sources: dict[int, int], starting: int | None = None) -> str:
    """The latest begin that each position can have: of a chain up to step i before it, or, for 0, its own time."""
    arrays = [f"before_{i}" for i in sources if i > 0]
    terms = [f"if(bitTest(r, {bit}), {f'b{i}' if i else 't'}, {NONE})" for i, bit in sources.items()]
    names = ["t", "r", *(f"b{i}" for i in sources if i > 0)]
    taken = ["at", runs, *arrays]
    if starting is not None:
        names.append("s")
        taken.append("link")
        terms.append(f"if(bitTest(s, {starting}), t, {NONE})")
    return f"arrayMap(({', '.join(names)}) -> {_greatest(terms)}, {', '.join(taken)})"


def _took(funnel: Funnel, k: int, sources: dict[int, int], window: str) -> str:
    """The time to step k from the step before: 0 if both are served by the same instant, else from the one before."""
    here = f"at[first_{k}]"
    back = {i: bit for i, bit in sources.items() if i < k - 1}
    if not back:
        return f"{here} - seen_{k - 1}[first_{k}]"
    begins = [
        f"if(bitTest(link[first_{k}], {bit}), {f'before_{i}[first_{k}]' if i else here}, {NONE})"
        for i, bit in back.items()
    ]
    before = f"at[first_{k} - 1]" if funnel.order == "strict" else f"seen_{k - 1}[first_{k} - 1]"
    return f"if({here} - {_greatest(begins)} <= {window}, 0, {here} - {before})"


def _unordered(funnel: Funnel, window: str) -> list[list[str]]:
    """For each position the latest moment since which there are enough events for every set of steps (Hall, 1935)."""
    layers = []
    sets = [*(2**i for i in range(len(funnel.steps))), *rivals(funnel)]
    for k in range(1, len(funnel.steps) + 1):
        mine = [each for each in sets if each.bit_length() == k]
        taken = [f"begun_{k - 1}"] if k > 1 else []
        taken += [f"since_{each}_{each.bit_count()}" for each in mine]
        names = [f"x{i}" for i in range(len(taken))]
        least = f"least({', '.join(names)})" if len(names) > 1 else names[0]
        layers.append([column for each in mine for column in _nth_latest(each)])
        layers.append(
            [
                f"arrayMap(({', '.join(names)}) -> {least}, {', '.join(taken)}) AS begun_{k}",
                f"arrayFirstIndex((t, b) -> t - b <= {window}, at, begun_{k}) AS first_{k}",
            ]
        )
    return layers


def _nth_latest(steps: int) -> Iterable[str]:
    """The times of the latest, second latest ... event up to each position that matches any of the steps."""
    for nth in range(1, steps.bit_count() + 1):
        if nth == 1:
            found = f"arrayMap((t, m) -> if(bitAnd(m, {steps}) != 0, t, {NONE}), at, link)"
            yield f"arrayFill(t -> t > {NONE}, {found}) AS since_{steps}_1"
        else:
            before = f"arrayPushFront(arrayPopBack(since_{steps}_{nth - 1}), {NONE})"
            found = f"arrayMap((b, m) -> if(bitAnd(m, {steps}) != 0, b, {NONE}), {before}, link)"
            yield f"arrayFill(t -> t > {NONE}, {found}) AS since_{steps}_{nth}"


def _greatest(terms: list[str]) -> str:
    return f"greatest({', '.join(terms)})" if len(terms) > 1 else terms[0]
