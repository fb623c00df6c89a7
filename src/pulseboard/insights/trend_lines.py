"""Trends as they are answered: series by series, line by line, beside the period before, and through a formula."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from pulseboard.errors import Invalid
from pulseboard.insights import buckets, run
from pulseboard.insights.catalog import NOT_SET, OTHER, is_additive
from pulseboard.insights.formula import Formula, series_of, value_of
from pulseboard.insights.lines import Labels, Lines, Number, lines, ranked_lines
from pulseboard.insights.measures import CURRENCY, VALUE
from pulseboard.insights.parse import FIRST
from pulseboard.insights.plan import Plan, plan, preceding, settle_grain
from pulseboard.insights.query import Filter, Filters, Grain, Order, Period, Query
from pulseboard.insights.trends import Series, Trends
from pulseboard.store.base import Store

MAX_POINTS = 200_000  # of one answer
MAX_CURRENCIES = 20
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Values:
    """A line's numbers in one period: all of it, and bucket by bucket. ``exact``: none of them is an estimate."""

    total: Number
    points: tuple[Number, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One line. ``breakdown`` are its values, or ``Other`` for all that are not among the first."""

    series: Series
    breakdown: Labels
    other: bool
    now: Values
    before: Values | None = None


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """What the formula makes of the lines with the same breakdown, in ``currency`` if they are money."""

    breakdown: Labels
    other: bool
    currency: str | None
    now: Values
    before: Values | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """``starts`` are the buckets' in milliseconds since 1970; those of ``before`` are of the period before."""

    grain: Grain
    starts: tuple[int, ...]
    before: Period | None
    starts_before: tuple[int, ...]
    lines: tuple[TrendLine, ...]
    formula: tuple[FormulaLine, ...]


def answer(store: Store, asked: Trends) -> Trend:
    """Every line that is asked for.

    Raises:
        Invalid: there would be too many points, or currencies.
    """
    frame = asked.frame
    before = preceding(frame.period) if asked.compare else None
    made = settle_grain(Plan(replace(_query(asked, frame.period, ("events",)), grain=asked.interval or "auto")))
    grain = made.grain or "day"
    starts, starts_before = _starts(asked, frame.period, grain), _starts(asked, before, grain) if before else ()
    _check_size(asked, len(starts) + len(starts_before))
    found = tuple(_found(store, asked, grain, before))
    made_of = tuple(_formula(asked, found)) if asked.formula is not None else ()
    return Trend(grain, starts, before, starts_before, found, made_of)


def _query(asked: Trends, period: Period, metrics: tuple[str, ...], filters: Filters = ()) -> Query:
    frame = asked.frame
    return Query(frame.scope, period, metrics, frame.timezone, filters=(*frame.filters, *filters))


def _starts(asked: Trends, period: Period, grain: Grain) -> tuple[int, ...]:
    return plan(replace(_query(asked, period, ("events",)), grain=grain)).starts


def _check_size(asked: Trends, starts: int) -> None:
    each = asked.limit + 1 if asked.breakdown else 1
    if starts * each * len(asked.series) > MAX_POINTS:
        raise Invalid.field("interval", f"would make more than {MAX_POINTS} points; choose a longer one or fewer lines")


def _by_currency(store: Store, asked: Trends, series: Series, before: Period | None) -> Iterator[Series]:
    """Money as one series for each currency: different ones are never added up."""
    if not series.money:
        yield series
        return
    period = Period((before or asked.frame.period).since, asked.frame.period.until)
    query = _query(asked, period, ("values",), series.filters)
    by_currency = replace(query, dimensions=(CURRENCY,), measured=VALUE, limit=MAX_CURRENCIES + 1)
    rows = run.groups(store, by_currency)
    found = [row["label_0"] for row in rows if row["values"]]
    if len(found) > MAX_CURRENCIES:
        raise _too_many(series)
    for currency in found or [""]:
        yield replace(series, currency=currency, filters=(*series.filters, *_in_currency(currency)))


def _too_many(series: Series) -> Invalid:
    return Invalid.field("series", f"{series.letter} has more than {MAX_CURRENCIES} currencies; name one")


def _in_currency(currency: str) -> Filters:
    if currency == NOT_SET:
        return (Filter(CURRENCY, "not_set"),)
    return (Filter(CURRENCY, "is", (currency,)),) if currency else ()


def _found(store: Store, asked: Trends, grain: Grain, before: Period | None) -> Iterator[TrendLine]:
    shared: tuple[Labels, ...] = ()
    for series in asked.series:
        if series.money and not asked.breakdown and _adds_up(series):
            yield from _currencies(store, asked, series, grain, before)
            continue
        for each in _by_currency(store, asked, series, before):
            labels, now = _first_reading(store, asked, each, grain, shared)
            if asked.formula is not None:
                shared = labels  # it needs the same lines of every series
            then = _reading(store, asked, each, before, grain, labels) if before else None
            for rank in sorted(_ranks(asked, labels) | now.ranks | (then.ranks if then else set())):
                names, other = _names(asked, labels, rank)
                yield TrendLine(each, names, other, now.values(rank), then.values(rank) if then else None)


def _currencies(
    store: Store, asked: Trends, series: Series, grain: Grain, before: Period | None
) -> Iterator[TrendLine]:
    """Sums of money, each currency by itself, all of them in one reading."""
    places, now = _money(store, asked, series, asked.frame.period, grain)
    places_then, then = _money(store, asked, series, before, grain) if before else ({}, None)
    for currency in dict.fromkeys([*places, *places_then]) or [""]:
        earlier = then.values(places_then.get(currency, 0)) if then else None
        yield TrendLine(replace(series, currency=currency), (), False, now.values(places.get(currency, 0)), earlier)


def _money(
    store: Store, asked: Trends, series: Series, period: Period, grain: Grain
) -> tuple[dict[str, int], "_Reading"]:
    """The rank of each currency, and where its numbers are; nothing is at rank 0."""
    metrics, valued = series.measure.metrics, Filter(VALUE, "set")
    query = _query(asked, period, metrics, (*series.filters, valued))
    by_currency = replace(query, dimensions=(CURRENCY,), measured=VALUE, grain=grain, limit=MAX_CURRENCIES)
    labels, found = ranked_lines(store, by_currency)
    if len(found.ranks) > MAX_CURRENCIES:
        raise _too_many(series)
    return {name: rank for rank, (name,) in enumerate(labels, 1)}, _Reading((_Source(found, metrics[0], found.starts),))


def _adds_up(series: Series) -> bool:
    """Whether the parts of its numbers may simply be summed."""
    measure = series.measure
    return not measure.windows and not measure.quotient and is_additive(measure.metrics[0])


def _first_reading(
    store: Store, asked: Trends, series: Series, grain: Grain, shared: tuple[Labels, ...]
) -> tuple[tuple[Labels, ...], "_Reading"]:
    """The values that stand alone, ``shared`` ones if there are, and the series in the asked period."""
    measure = series.measure
    if not asked.breakdown or shared or not _adds_up(series):
        labels = shared or _labels(store, asked, series)
        return labels, _reading(store, asked, series, asked.frame.period, grain, labels)
    query = _query(asked, asked.frame.period, measure.metrics, series.filters)
    labels, found = ranked_lines(
        store,
        replace(
            query,
            dimensions=asked.breakdown,
            grain=grain,
            measured=series.measured,
            limit=asked.limit,
            order=asked.order,
        ),
    )
    return labels, _Reading((_Source(found, measure.metrics[0], found.starts),))


def _labels(store: Store, asked: Trends, series: Series) -> tuple[Labels, ...]:
    """The values of the breakdown that stand alone, in their order."""
    if not asked.breakdown:
        return ()
    measure = series.measure
    metrics = measure.metrics[:1] if measure.windows else measure.metrics
    query = replace(
        _query(asked, asked.frame.period, metrics, series.filters),
        dimensions=asked.breakdown,
        measured=series.measured,
        limit=asked.limit,
        order=_order(asked.order, len(metrics) == 2),
    )
    return tuple(tuple(row[f"label_{i}"] for i in range(len(asked.breakdown))) for row in run.groups(store, query))


def _order(asked: Order, quotient: bool) -> Order:
    match asked:
        case "largest":
            return "largest_quotient" if quotient else "largest"
        case "smallest":
            return "smallest_quotient" if quotient else "smallest"
        case _:
            return asked


def _ranks(asked: Trends, labels: tuple[Labels, ...]) -> set[int]:
    """The lines that are there even if nothing is in them."""
    return set(range(1, len(labels) + 1)) if asked.breakdown else {0}


def _names(asked: Trends, labels: tuple[Labels, ...], rank: int) -> tuple[Labels, bool]:
    if rank == 0:
        return (), False
    other = rank > len(labels)
    return ((OTHER,) * len(asked.breakdown) if other else labels[rank - 1]), other


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the numbers of one metric are: ``starts`` are its own for each bucket, ``whole`` is the total's."""

    lines: Lines
    metric: str
    starts: tuple[int, ...]
    whole: int | None = None

    def numbers(self, rank: int) -> list[Number]:
        """The total, then every bucket's."""
        return [self.lines.value(self.metric, rank, start) for start in (self.whole, *self.starts)]

    def exact(self, rank: int) -> bool:
        return not any(line == rank for line, _ in self.lines.rough)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A series in one period, which one source or the quotient of two answers."""

    sources: tuple[_Source, ...]

    @property
    def ranks(self) -> set[int]:
        return {rank for source in self.sources for rank in source.lines.ranks}

    def values(self, rank: int) -> Values:
        parts = [source.numbers(rank) for source in self.sources]
        total, *points = parts[0] if len(parts) == 1 else map(_quotient, *parts)
        return Values(total, tuple(points), all(source.exact(rank) for source in self.sources))


def _quotient(one: Number, other: Number) -> Number:
    return None if one is None or not other else one / other


def _reading(
    store: Store, asked: Trends, series: Series, period: Period, grain: Grain, labels: tuple[Labels, ...]
) -> _Reading:
    measure = series.measure
    query = _query(asked, period, measure.metrics, series.filters)
    if asked.breakdown:
        query = replace(query, dimensions=asked.breakdown, labels=labels)
    if measure.windows:
        return _Reading(tuple(_rolling(store, query, grain, window) for window in measure.windows))
    found = lines(store, replace(query, grain=grain, measured=series.measured))
    return _Reading(tuple(_Source(found, metric, found.starts) for metric in measure.metrics))


def _rolling(store: Store, query: Query, grain: Grain, window: int) -> _Source:
    """Distinct over the ``window`` calendar days that end with a bucket's last day; the total is the last bucket's."""
    zone, period = ZoneInfo(query.timezone), query.period
    first, last = (moment.astimezone(zone).date() for moment in (period.since, period.until - _MILLISECOND))
    start = buckets.day_start(first - timedelta(days=window - 1), zone)
    whole = Period(max(start, FIRST), buckets.day_start(last + timedelta(days=1), zone))
    found = lines(store, replace(query, metrics=query.metrics[:1], period=whole, grain="day", window=window))
    starts = buckets.borders(period, grain, zone)
    ends = [*starts[1:], buckets.millis(period.until)]
    days = tuple(found.starts[bisect_left(found.starts, end) - 1] for end in ends)
    return _Source(found, query.metrics[0], days, days[-1])


def _formula(asked: Trends, found: tuple[TrendLine, ...]) -> Iterator[FormulaLine]:
    """The formula line by line; money in different currencies never meets."""
    if asked.formula is None:
        return
    used = [line for line in found if line.series.letter in series_of(asked.formula)]
    currencies = dict.fromkeys(line.series.currency for line in used if line.series.measured == VALUE) or {None: None}
    for names, other in dict.fromkeys((line.breakdown, line.other) for line in used):
        mine = [line for line in used if (line.breakdown, line.other) == (names, other)]
        for currency in currencies:
            parts = {line.series.letter: line for line in mine if _fits(line, currency)}
            now = _combined(asked.formula, {letter: line.now for letter, line in parts.items()})
            then = {letter: line.before for letter, line in parts.items() if line.before}
            yield FormulaLine(names, other, currency, now, _combined(asked.formula, then) if then else None)


def _fits(line: TrendLine, currency: str | None) -> bool:
    return line.series.measured != VALUE or line.series.currency == currency


def _combined(formula: Formula, parts: dict[str, Values]) -> Values:
    total = value_of(formula, {letter: values.total for letter, values in parts.items()})
    columns = zip(*(values.points for values in parts.values()), strict=True)
    points = tuple(value_of(formula, dict(zip(parts, column, strict=True))) for column in columns)
    return Values(total, points, all(values.exact for values in parts.values()))
