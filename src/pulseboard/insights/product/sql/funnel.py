"""Statements of funnels: whose events, as arrays; how far each person came; what that is together."""

from textwrap import indent

from pulseboard.insights import catalog
from pulseboard.insights.catalog import NOT_SET, PERSON
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.product.funnel import Funnel, FunnelUsers
from pulseboard.insights.product.sql.chain import interval, pairs, reached, rivals
from pulseboard.insights.statement import STEP, Params, Statement, all_of, over, select

# The edges of the bins of times to convert, in seconds; the last bin is open.
BINS = (
    0,
    10,
    30,
    60,
    120,
    300,
    600,
    1_800,
    3_600,
    7_200,
    21_600,
    43_200,
    86_400,
    172_800,
    604_800,
    1_209_600,
    2_592_000,
)
_AT = "toUnixTimestamp64Milli(timestamp)"
_MASKS = 1024  # a power of two above every set of MAX_STEPS steps: time and steps of an event in one sortable number


def render_funnel(funnel: Funnel) -> Statement:
    """One row: ``users_<k>``, ``median_<k>`` (milliseconds), ``converted`` (the median) and ``bins``.

    With a breakdown one such row for everybody, of rank 0, and one for each of the largest values of the property, in
    their order and with their ``label``; all values after them share the next rank.
    """
    params = Params()
    if funnel.breakdown is not None:
        return Statement(_broken_down(funnel, params), params.values)
    persons = _persons(funnel, params, hurried=True)
    users = [f"countIf(level >= {k}) AS users_{k}" for k in _numbers(funnel)]
    # Nobody without step 2 needs to be looked at one by one. What came between the two reads counts in both steps.
    users[0] = f"greatest(countIf(level >= 1), (\n{indent(_beginners(funnel, params), STEP * 2)}\n{STEP})) AS users_1"
    return Statement(over([*users, *_times(funnel)], persons), params.values)


def render_funnel_users(asked: FunnelUsers) -> Statement:
    """One row: ``total``, and the numbers of one more person than asked for in ``persons``, lowest first."""
    params = Params()
    level = params.put("step", "UInt8", asked.step)
    there = f"level {'=' if asked.dropped else '>='} {level}"
    page = f"groupArraySortedIf({asked.limit + 1})(person, person > {params.put('after', 'UInt32', asked.after)})"
    persons = _persons(asked.funnel, params, hurried=False)
    return Statement(over(["count() AS total", f"{page} AS persons"], persons, f"WHERE {there}"), params.values)


def _numbers(funnel: Funnel) -> range:
    return range(1, len(funnel.steps) + 1)


def _times(funnel: Funnel, form: str = "") -> list[str]:
    last = len(funnel.steps)
    median = f"quantileExactInclusiveIf{form}(0.5)"
    later = [] if funnel.order == "any" else list(_numbers(funnel))[1:]
    return [
        *(f"{median}(took_{k}, level >= {k}) AS median_{k}" for k in later),
        f"{median}(converted, level >= {last}) AS converted_median",
        f"sumMapIf{form}([roundDown(intDiv(converted, 1000), {list(BINS)})], [1], level >= {last}) AS bins",
    ]


def _broken_down(funnel: Funnel, params: Params) -> str:
    users = [f"countIf(level >= {k}) AS users_{k}" for k in _numbers(funnel)]
    by_label = over(
        ["label", *users, *_times(funnel, "State")], _persons(funnel, params, hurried=False), "GROUP BY label"
    )
    placed = over(["*", "row_number() OVER (ORDER BY users_1 DESC, label) AS place"], by_label, "WHERE users_1 > 0")
    limit = params.put("groups", "UInt32", funnel.groups)
    times = [column.split(" AS ")[1] for column in _times(funnel)]
    merged = [
        f"{'sumMapIfMerge' if name == 'bins' else 'quantileExactInclusiveIfMerge(0.5)'}({name}) AS {name}"
        for name in times
    ]
    columns = [
        "rank",
        "min(tuple(place, label)).2 AS label",
        *(f"sum(users_{k}) AS users_{k}" for k in _numbers(funnel)),
    ]
    tail = (f"ARRAY JOIN [0, least(place, {limit} + 1)] AS rank", "GROUP BY rank", "ORDER BY rank")
    return over([*columns, *merged], placed, *tail)


def _persons(funnel: Funnel, params: Params, *, hurried: bool) -> str:
    """One row a person: how far they came. ``hurried`` leaves out who has no event of step 2."""
    window = params.put("window", "Int64", funnel.window)
    columns = reached(funnel, window)
    return over(
        ["person", *(["label"] if funnel.breakdown else []), *columns], _arrays(funnel, params, hurried=hurried)
    )


def _arrays(funnel: Funnel, params: Params, *, hurried: bool) -> str:
    """A person's events in order: ``at`` and, for each, ``link`` (and ``whole`` in strict order)."""
    if funnel.order == "strict" or not (funnel.apart or funnel.order == "any"):
        return _instants(funnel, params, hurried=hurried)
    marks = f"arraySort(groupArray({_AT} * {_MASKS} + {_mask(funnel, params)}))"
    label = (
        [f"{_first_label('timestamp', _label(funnel, params), _is(funnel, 0, params))} AS label"]
        if funnel.breakdown
        else []
    )
    columns = [f"{PERSON} AS person", *label, f"{marks} AS marks"]
    grouped = f"{select(columns)}\nFROM events\nWHERE {_where(funnel, params, hurried=hurried)}\nGROUP BY person"
    at, link = f"arrayMap(m -> intDiv(m, {_MASKS}), marks) AS at", f"arrayMap(m -> m % {_MASKS}, marks) AS link"
    return over(["person", *(["label"] if label else []), at, link], grouped)


def _instants(funnel: Funnel, params: Params, *, hurried: bool) -> str:
    """The same where an event may match two steps: what happened at one instant has to be shared out among them."""
    strict = funnel.order == "strict"
    label = [f"minIf({_label(funnel, params)}, {_is(funnel, 0, params)}) AS label"] if funnel.breakdown else []
    columns = [f"{PERSON} AS person", f"{_AT} AS at", f"groupArray({_mask(funnel, params)}) AS masks", *label]
    where = _where(funnel, params, hurried=hurried)
    rows = f"{select(columns)}\nFROM events\nWHERE {where}\nGROUP BY person, at"
    links = [f"{_runs(funnel)} AS link", *([f"{_whole_runs(funnel)} AS whole"] if strict else [])]
    kept = ["person", *(["label"] if label else []), "at"]
    instants = over([*kept, *links], rows)
    marks = f"arraySort(groupArray((at, link{', whole' if strict else ''}))) AS marks"
    label = [f"{_first_label('at', 'label', 'bitTest(link, 0)')} AS label"] if funnel.breakdown else []
    grouped = over(["person", *label, marks], instants, "GROUP BY person")
    arrays = [f"marks.{i} AS {name}" for i, name in enumerate(("at", "link", *(["whole"] if strict else [])), 1)]
    return over(["person", *(["label"] if label else []), *arrays], grouped)


def _first_label(time: str, label: str, condition: str) -> str:
    return f"minIf(tuple({time}, {label}), {condition}).2"


def _runs(funnel: Funnel) -> str:
    """The bits of every run of steps for which the instant has an event each. One event serves what it matches."""
    shared = f"arraySum({_served(funnel)})"
    return f"toUInt64(if(length(masks) = 1, masks[1], {shared}))"


def _whole_runs(funnel: Funnel) -> str:
    """Of those runs the ones that leave no event of the instant over."""
    whole = "(p, b) -> if(bitCount(p) = length(masks), b, 0)"
    shared = f"arraySum({whole}, {_intervals(funnel)}, {_served(funnel)})"
    return f"toUInt64(if(length(masks) = 1, masks[1], {shared}))"


def _served(funnel: Funnel) -> str:
    """For every run its bit, or 0 where some of its steps find fewer events than they are (Hall, 1935)."""
    every = [*(2**i for i in range(len(funnel.steps))), *rivals(funnel)]
    lacking = f"arrayFilter(s -> arrayCount(m -> bitAnd(m, s) != 0, masks) < bitCount(s), {every})"
    bits = [2**i for i in range(len(pairs(len(funnel.steps))))]
    return (
        f"arrayMap((p, b) -> if(arrayExists(s -> bitAnd(s, p) = s, {lacking}), 0, toUInt64(b)), "
        f"{_intervals(funnel)}, {bits})"
    )


def _intervals(funnel: Funnel) -> list[int]:
    return [interval(pair) for pair in pairs(len(funnel.steps))]


def _mask(funnel: Funnel, params: Params) -> str:
    return "toInt64(" + " + ".join(f"{2**i} * ({_is(funnel, i, params)})" for i in range(len(funnel.steps))) + ")"


def _is(funnel: Funnel, step: int, params: Params) -> str:
    return " AND ".join(conditions(funnel.steps[step].filters, params, f"step_{step}"))


def _label(funnel: Funnel, params: Params) -> str:
    assert funnel.breakdown is not None
    if funnel.breakdown.custom:
        params.put("breakdown_key", "String", funnel.breakdown.key)
    return f"ifNull(nullIf({catalog.column(funnel.breakdown, 'breakdown_key').text}, ''), '{NOT_SET}')"


def _scope(funnel: Funnel, params: Params) -> list[str]:
    frame = funnel.frame
    return [*within(frame.scope, frame.period, params), *conditions(frame.filters, params), f"{PERSON} != 0"]


def _where(funnel: Funnel, params: Params, *, hurried: bool) -> str:
    found = _scope(funnel, params)
    if funnel.order != "strict":
        steps = " OR ".join(f"({_is(funnel, i, params)})" for i in range(len(funnel.steps)))
        found.append(f"({steps})")
    if hurried and len(funnel.steps) > 1:
        second = f"{select([PERSON])}\nFROM events\nWHERE {all_of(_scope(funnel, params), [_is(funnel, 1, params)])}"
        found.append(f"{PERSON} IN (\n{indent(second, STEP * 2)}\n{STEP})")
    return all_of(found)


def _beginners(funnel: Funnel, params: Params) -> str:
    where = all_of(_scope(funnel, params), [_is(funnel, 0, params)])
    return f"{select([f'groupBitmap({PERSON})'])}\nFROM events\nWHERE {where}"
