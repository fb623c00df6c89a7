"""What can be measured and by what events differ, as data: fragments of SQL that the renderer puts together.

To add a metric or a dimension is to add a line. A user's word only ever picks an entry or travels as a parameter.
"""

from dataclasses import dataclass

from pulseboard.ingest.event import WELL_KNOWN_TYPES
from pulseboard.insights.query import Dimension, Filter

NOT_SET = "(not set)"
OTHER = "Other"
NAME = Dimension("name")
TYPE = Dimension("type")
BOT = Dimension("bot")
# A row's person and session: numbers, 0 where there is none. Nothing else names these columns.
PERSON = "person"
SESSION = "session"
# The numbers of persons who turned out to be others, and whose they are now, as two arrays in the same order.
MERGES_OF = "merges_of"  # the parameter that carries the project's id
_FIRST = f"""(
    SELECT gone, argMin(into, merged_at) AS into
    FROM person_merges
    WHERE project_id = {{{MERGES_OF}:UUID}}
    GROUP BY gone
    ORDER BY gone
)"""  # noqa: S608 - our own words
FROM_TO = f"(SELECT groupArray(gone) FROM {_FIRST}), (SELECT groupArray(into) FROM {_FIRST})"  # noqa: S608
TRUTHS = ("false", "true")  # in the order of their numbers
CUSTOM_PREFIX = "properties."  # asks for the custom property even where a dimension has the same name


@dataclass(frozen=True, slots=True)
class Metric:
    """An aggregate over rows, and how partial results of it become one. ``additive``: parts may simply be summed.

    ``gathered`` makes one partial result of several; empty where nobody needs that.
    """

    whole: str
    partial: str
    merged: str
    additive: bool = False
    gathered: str = ""


def _sum(name: str, sql: str) -> Metric:
    return Metric(sql, sql, f"sum({name})", additive=True)


def _distinct(name: str, number: str) -> Metric:
    of = f"({number}, {number} != 0)"
    merged, gathered = f"groupBitmapIfMerge({name})", f"groupBitmapIfMergeState({name})"
    return Metric(f"groupBitmapIf{of}", f"groupBitmapIfState{of}", merged, gathered=gathered)


METRICS: dict[str, Metric] = {
    "events": _sum("events", "count()"),
    "errors": _sum("errors", "sum(is_error)"),
    # Persons and sessions are dense numbers: bitmaps of them are exact, and far cheaper to unite than sets of hashes.
    "users": _distinct("users", PERSON),
    "sessions": _distinct("sessions", SESSION),
    "first_seen": Metric(
        "min(toUnixTimestamp64Milli(timestamp))", "min(toUnixTimestamp64Milli(timestamp))", "min(first_seen)"
    ),
    "last_seen": Metric(
        "max(toUnixTimestamp64Milli(timestamp))", "max(toUnixTimestamp64Milli(timestamp))", "max(last_seen)"
    ),
}


# Several of those sets of persons as one, of the type that the engine's functions for sets take.
PERSONS = f"CAST({METRICS['users'].gathered} AS AggregateFunction(groupBitmap, UInt32))"


# Of a numeric dimension, whose number stands for {x}: null where the event has none.
NUMERIC: dict[str, Metric] = {
    "values": _sum("values", "count({x})"),
    "sum": _sum("sum", "sum(ifNull({x}, 0))"),
    "avg": Metric("avg({x})", "avgState({x})", "avgMerge(avg)"),
    "min": Metric("min({x})", "min({x})", "min(min)"),
    "max": Metric("max({x})", "max({x})", "max(max)"),
}


def percentile(name: str, *, exact: bool = True) -> Metric:
    """``p95``: between the two nearest values, as https://en.wikipedia.org/wiki/Percentile calls C = 1.

    Not ``exact``: from a t-digest, whose memory does not grow with the values.
    """
    of = f"{'quantileExactInclusive' if exact else 'quantileTDigest'}{{0}}({int(name.removeprefix('p')) / 100})"
    whole, partial, merged = (of.format(form) for form in ("", "State", "Merge"))
    return Metric(f"{whole}({{x}})", f"{partial}({{x}})", f"{merged}({name})")


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension as SQL: ``text`` is empty where it is missing, ``number`` is null where it is none.

    A ``truth`` is true or false as text, and 1 or 0 as a number.
    """

    text: str
    number: str
    numeric: bool = False
    truth: bool = False


def _words(column: str) -> Column:
    return Column(column, f"toFloat64OrNull({column})")


def _number(column: str) -> Column:
    return Column(f"ifNull(toString({column}), '')", column, numeric=True)


def _truth(column: str) -> Column:
    return Column(f"if({column}, '{TRUTHS[1]}', '{TRUTHS[0]}')", column, truth=True)


_TYPE = "if(kind != '', kind, type)"  # well-known types are one, however their case was sent
_STATUS = Column("if(status_code = 0, '', toString(status_code))", "nullIf(status_code, 0)", numeric=True)
_WHO = ("user_id", "anonymous_id", "session_id")
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_WEB = ("url", "host", "path", "referrer", "referrer_domain", *_UTM, "click_id", "channel")
_PLACE = ("country", "region", "city", "browser", "browser_version", "os", "os_version", "device")
_CODE = ("method", "endpoint", "message", "fingerprint", "release", "environment", "service", "library")
_TEXTS = ("name", *_WHO, *_WEB, *_PLACE, *_CODE, "currency")

_COLUMNS: dict[str, Column] = {
    "type": _words(_TYPE),
    **{name: _words(name) for name in _TEXTS},
    "status_code": _STATUS,
    "is_error": _truth("is_error"),
    "bot": _truth("bot"),
    "duration_ms": _number("duration_ms"),
    "value": _number("value"),
}
# Other words for a column; the camelCase of its own name is always one.
_ALIASES = {
    "route": "endpoint",
    "amount": "value",
    "response_time_ms": "duration_ms",
    "responseTimeMs": "duration_ms",
}


def camel(name: str) -> str:
    """``status_code`` as ``statusCode``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


DIMENSIONS: dict[str, Column] = {camel(name): column for name, column in _COLUMNS.items()}
# The same of page views, and nothing of all other events, as the engine keeps it for each day; no user's word means it.
VIEWED: dict[Dimension, Dimension] = {Dimension(key): Dimension(f"viewed.{key}") for key in ("host", "path")}
_VIEWED = {viewed.key: _words(f"if(kind = 'PAGE_VIEW', {plain.key}, '')") for plain, viewed in VIEWED.items()}
_NAMES: dict[str, str] = (
    {camel(name): camel(name) for name in _COLUMNS}
    | {name: camel(name) for name in _COLUMNS}
    | {alias: camel(name) for alias, name in _ALIASES.items()}
)

# What a list of events shows. The times' aliases are not the columns' names, because an alias hides a column.
LISTED: tuple[str, ...] = (
    *("id", "type", "name", "user_id", "anonymous_id", "session_id", "url", "path", "method", "endpoint"),
    *("status_code", "duration_ms", "message", "value", "currency", "properties"),
    "toUnixTimestamp64Milli(timestamp) AS timestamp_ms",
    "toUnixTimestamp64Milli(received_at) AS received_ms",
)

SEGMENTS: dict[str, str] = {"errors": "is_error"}

# {key} is the name of the parameter that carries the property's key.
_PROPERTY = "JSONExtractString(properties, {{{key}:String}})"


# Own properties found by looking: key and value of each, and of what kind the values are. Null is no value.
PROPERTY_PAIRS = "arrayJoin(JSONExtractKeysAndValuesRaw(properties)) AS pair"
PROPERTY_VALUE: tuple[str, ...] = ("pair.1 AS key", "pair.2 AS raw", "JSONExtractString(raw) AS text")
PROPERTY_SEEN: tuple[str, ...] = (
    "key",
    "countIf(raw != 'null') AS events",
    "countIf(raw IN ('true', 'false')) AS truths",
    "countIf(isFinite(toFloat64OrNull(if(startsWith(raw, '\"'), text, raw)))) AS numbers",
    "countIf(startsWith(raw, '{') OR startsWith(raw, '[')) AS nested",
    "topKIf(5)(leftUTF8(if(startsWith(raw, '\"'), text, raw), 100), raw != 'null') AS examples",
)


def dimension(word: str) -> Dimension:
    """The dimension that a user's word means: one of the catalog, else the custom property of that key."""
    if word.startswith(CUSTOM_PREFIX):
        return Dimension(word.removeprefix(CUSTOM_PREFIX), custom=True)
    known = _NAMES.get(word)
    return Dimension(known) if known else Dimension(word, custom=True)


def column(asked: Dimension, key: str) -> Column:
    """The SQL of a dimension; a custom property's key is to be bound to the parameter called ``key``."""
    if not asked.custom:
        return DIMENSIONS.get(asked.key) or _VIEWED[asked.key]
    text = _PROPERTY.format(key=key)
    return Column(text, f"toFloat64OrNull({text})")


def tested(asked: Filter, key: str) -> Column:
    """The SQL by which a filter tests its dimension. Well-known types have a column of their own, in the sort key."""
    return _words("kind") if is_kind(asked) else column(asked.dimension, key)


def is_kind(asked: Filter) -> bool:
    """Whether a filter tells well-known types apart, and nothing else."""
    return asked.dimension == TYPE and bool(asked.values) and WELL_KNOWN_TYPES.issuperset(asked.values)


def is_view(asked: object) -> bool:
    """Whether a condition keeps page views, and nothing else."""
    return isinstance(asked, Filter) and is_kind(asked) and asked.operator == "is" and asked.values == ("PAGE_VIEW",)


def metric(name: str) -> Metric:
    """One metric; an unknown name is a mistake of ours, so it raises KeyError."""
    return METRICS[name]


def numeric(name: str, number: str, *, exact: bool = True) -> Metric:
    """A metric of the column ``number``: one of ``NUMERIC``, or a percentile such as ``p95``."""
    found = NUMERIC.get(name) or percentile(name, exact=exact)
    return Metric(found.whole.format(x=number), found.partial.format(x=number), found.merged, found.additive)


def is_additive(name: str) -> bool:
    """Whether a metric's parts, of a property too, may simply be summed."""
    found = METRICS.get(name) or NUMERIC.get(name)
    return found is not None and found.additive


def finite(asked: Dimension, key: str) -> str:
    """The dimension's number; what reads as endless or as no number at all is none."""
    number = column(asked, key).number
    return f"if(isFinite({number}), {number}, NULL)" if asked.custom else number


def type_word(text: str) -> str:
    """A type as it is counted: the well-known ones without regard to case, all others as they are."""
    upper = text.upper()
    return upper if upper in WELL_KNOWN_TYPES else text


# How an operator tests a column: {x} is the column's text or number, {v} the parameter with the value or values.
TEXT_TESTS: dict[str, str] = {
    "is": "{x} IN {v}",
    "is_not": "{x} NOT IN {v}",
    "contains": "position({x}, {v}) > 0",
    "not_contains": "position({x}, {v}) = 0",
    "starts_with": "startsWith({x}, {v})",
    "ends_with": "endsWith({x}, {v})",
    "matches": "match({x}, {v})",
    "set": "{x} != ''",
    "not_set": "{x} = ''",
}
NUMBER_TESTS: dict[str, str] = {
    "is": "ifNull(has({v}, toFloat64({x})), 0)",
    "is_not": "NOT ifNull(has({v}, toFloat64({x})), 0)",
    "greater": "ifNull({x} > {v}, 0)",
    "greater_or_equal": "ifNull({x} >= {v}, 0)",
    "less": "ifNull({x} < {v}, 0)",
    "less_or_equal": "ifNull({x} <= {v}, 0)",
    "between": "ifNull({x} BETWEEN {v}[1] AND {v}[2], 0)",
}
MANY_VALUES = frozenset({"is", "is_not", "between"})


@dataclass(frozen=True, slots=True)
class Step:
    """A width of time, in milliseconds, that rows can be told apart by.

    ``type`` and ``form`` are how its start is compared with a parameter (an empty form: as a time), ``millis`` makes
    milliseconds since 1970 of its start ``{x}``.
    """

    width: int
    sql: str
    type: str
    form: str
    millis: str


def _seconds_step(width: int, sql: str) -> Step:
    return Step(width, sql, "DateTime('UTC')", "%Y-%m-%d %H:%M:%S", "toInt64(toUnixTimestamp({x})) * 1000")


# A condition on a step's start instead of the rows' own time lets the engine answer from what it keeps per step.
STEPS: dict[str, Step] = {
    "day": Step(86_400_000, "toDate(timestamp)", "Date", "%Y-%m-%d", "toInt64({x}) * 86400000"),
    "hour": _seconds_step(3_600_000, "toStartOfHour(timestamp)"),
    "quarter": _seconds_step(900_000, "toStartOfFifteenMinutes(timestamp)"),
    "minute": _seconds_step(60_000, "toStartOfMinute(timestamp)"),
    "row": Step(1, "timestamp", "DateTime64(3, 'UTC')", "", "toUnixTimestamp64Milli({x})"),
}
