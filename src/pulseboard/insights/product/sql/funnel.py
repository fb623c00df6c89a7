"""Statements of funnels: whose events, as arrays; how far each person came; what that is together."""

from textwrap import indent

from pulseboard.insights import catalog
from pulseboard.insights.catalog import NOT_SET, PERSON
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.crowds import crowds, pieces
from pulseboard.insights.edges import AT, first, text
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
_MASKS = 1024  # a power of two above every set of MAX_STEPS steps: time and steps of an event in one sortable number


def render_funnel(funnel: Funnel) -> Statement:
    """One row: ``users_<k>``, ``median_<k>`` (milliseconds), ``converted`` (the median) and ``bins``.

    With a breakdown one such row for everybody, of rank 0, and one for each of the largest values of the property, in
    their order and with their ``label``; all values after them share the next rank.
    """
    params = Params()
    if funnel.breakdown is not None:
        return Statement(_broken_down(funnel, params), params.values)
    # Who has no step 2 need not be looked at one by one; with steps of one name, finding that out costs as much.
    hurried = (funnel.apart or funnel.order == "strict") and len(funnel.steps) > 1
    persons = _persons(funnel, params, hurried=hurried)
    users = [f"countIf(level >= {k}) AS users_{k}" for k in _numbers(funnel)]
    if hurried:  # what comes in between the two reads counts in both steps
        begun = indent(_beginners(funnel, params), STEP * 2)
        users[0] = f"greatest(countIf(level >= 1), (\n{begun}\n{STEP})) AS users_1"
    return Statement(over([*users, *_times(funnel)], persons), params.values)


def render_funnel_users(asked: FunnelUsers) -> Statement:
    """One row: ``total``, and the numbers of one more person than asked for in ``persons``, lowest first."""
    params = Params()
    level = params.put("step", "UInt8", asked.step)
    there = f"level {'=' if asked.dropped else '>='} {level}"
    page = f"groupArraySortedIf({asked.limit + 1})(who, who > {params.put('after', 'UInt32', asked.after)})"
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
    made = _arrays(funnel, params, hurried=hurried)
    for columns in reached(funnel, params.put("window", "Int64", funnel.window)):
        made = over(["*", *columns], made)
    return made


def _arrays(funnel: Funnel, params: Params, *, hurried: bool) -> str:
    """A person's instants in order: ``at``, and for each in ``link`` the runs of steps that its events can serve."""
    marks = f"arraySort(groupArray({AT} * {_MASKS} + {_mask(funnel, params)})) AS marks"
    kept = ["who", "label"] if funnel.breakdown else ["who"]
    label = [f"{text(first(_label(funnel, params), _is(funnel, 0, params)))} AS label"] if funnel.breakdown else []
    columns = [f"{PERSON} AS who", *label, marks]
    marked = f"{select(columns)}\nFROM events\nWHERE {_where(funnel, params, hurried=hurried)}\nGROUP BY who"
    times, masks = f"arrayMap(m -> intDiv(m, {_MASKS}), marks)", f"arrayMap(m -> toUInt64(m % {_MASKS}), marks)"
    if funnel.order == "any" or (funnel.apart and funnel.order == "ordered"):
        return over([*kept, f"{times} AS at", f"{masks} AS link"], marked)
    # What happened at one instant has to be shared out among the steps.
    begins = "arrayMap((t, before) -> t != before, times, arrayPushFront(arrayPopBack(times), -1))"
    instants = f"arraySplit((m, begins) -> begins, masks, {begins})"
    runs = [f"{_shared(_runs(funnel), instants)} AS link"]
    if funnel.order == "strict":
        runs.append(f"{_shared(_whole_runs(funnel), instants)} AS whole")
    return over([*kept, f"{times} AS times", f"{masks} AS masks", "arrayCompact(times) AS at", *runs], marked)


def _shared(runs: str, instants: str) -> str:
    """Runs by instant; where no two events share one, an event's own steps are all that it can serve."""
    return f"if(length(at) = length(masks), masks, arrayMap(g -> if(length(g) = 1, g[1], {runs}), {instants}))"


def _runs(funnel: Funnel) -> str:
    """The bits of every run of steps for which the instant ``g`` has an event each. One event serves one step."""
    return f"arraySum({_served(funnel)})"


def _whole_runs(funnel: Funnel) -> str:
    """Of those runs the ones that leave no event of the instant over."""
    return f"arraySum((p, b) -> if(bitCount(p) = length(g), b, 0), {_intervals(funnel)}, {_served(funnel)})"


def _served(funnel: Funnel) -> str:
    """For every run its bit, or 0 where some of its steps find fewer events than they are (Hall, 1935)."""
    every = [*(2**i for i in range(len(funnel.steps))), *rivals(funnel)]
    lacking = f"arrayFilter(s -> arrayCount(m -> bitAnd(m, s) != 0, g) < bitCount(s), {every})"
    bits = [2**i for i in range(len(pairs(len(funnel.steps))))]
    serves = f"(p, b) -> if(arrayExists(s -> bitAnd(s, p) = s, {lacking}), 0, toUInt64(b))"
    return f"arrayMap({serves}, {_intervals(funnel)}, {bits})"


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
    strict = funnel.order == "strict"
    if hurried or strict:  # a strict funnel has to read all that its users did, so it reads of nobody else
        needed = _is(funnel, 1 if hurried else 0, params)
        somebody = f"{select([PERSON])}\nFROM events\nWHERE {all_of(_scope(funnel, params), [needed])}"
        found.append(f"{PERSON} IN (\n{indent(somebody, STEP * 2)}\n{STEP})")
    return all_of(found)


def _beginners(funnel: Funnel, params: Params) -> str:
    frame = funnel.frame
    filters = (*frame.filters, *funnel.steps[0].filters)
    cut = pieces(frame.scope, [frame.period], filters, (), 1)
    persons = crowds(frame.scope, cut, filters, params, "begun", lambda _: "1")
    return over(["sum(bitmapCardinality(persons))"], persons)
