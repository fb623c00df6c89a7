"""Trends as they are asked: a JSON body, fresh or saved, becomes frozen data."""

from dataclasses import dataclass
from string import ascii_uppercase
from typing import Annotated, Any, Literal

from msgspec import Meta
from msgspec import field as wire_field

from pulseboard.errors import Invalid
from pulseboard.insights import catalog
from pulseboard.insights.filters import under
from pulseboard.insights.formula import Formula, parse_formula, series_of
from pulseboard.insights.frames import Context, FrameIn, body_frame
from pulseboard.insights.measures import CURRENCY, MEASURES, NAMES, VALUE, Measure
from pulseboard.insights.parse import Frame, name_filter, parse_dimension, parse_grain, parse_text, type_filter
from pulseboard.insights.query import GRAINS, Dimension, Filter, Filters, Grain, Order
from pulseboard.kit.wire import In

MAX_SERIES = 10
MAX_BREAKDOWNS = 3
DEFAULT_LABELS = 10
MAX_LABELS = 100
CALENDAR: tuple[Grain, ...] = ("day", "week", "month")

Filtering = list[Any] | dict[str, Any]


class SeriesIn(In):
    """What one line, or one family of lines, shows."""

    event: Annotated[str | None, Meta(description="The events' name; all events when left out.")] = None
    type: Annotated[str | None, Meta(description="Only events of this type.")] = None
    metric: Annotated[str, Meta(description=f"One of {', '.join(list(NAMES)[:20])} … p99.")] = "events"
    property: Annotated[str | None, Meta(description="The numeric property that is measured.")] = None
    currency: Annotated[str | None, Meta(description="Only values in this currency.")] = None
    filters: Annotated[Filtering, Meta(description="Conditions of this series alone.")] = wire_field(
        default_factory=list
    )
    label: Annotated[str, Meta(max_length=200, description="A name of your own for it.")] | None = None


class TrendsIn(FrameIn, kw_only=True):
    """What is measured over time: up to ten series, called A, B, C … in a formula."""

    series: Annotated[list[SeriesIn], Meta(min_length=1, max_length=MAX_SERIES)] = wire_field(
        default_factory=lambda: [SeriesIn()]
    )
    interval: Annotated[
        str | None,
        Meta(
            description="Length of a bucket; suits the range when left out.",
            extra_json_schema={"enum": [*GRAINS, None]},
        ),
    ] = None
    breakdown: Annotated[
        str | Annotated[list[str], Meta(max_length=MAX_BREAKDOWNS)] | None,
        Meta(description="A property, or up to three: one line for each of the first values, and one for the others."),
    ] = None
    limit: Annotated[int, Meta(ge=1, le=MAX_LABELS, description="How many values stand alone.")] = DEFAULT_LABELS
    order: Annotated[
        Literal["largest", "smallest", "label"], Meta(description="Which values come first: by the whole range.")
    ] = "largest"
    formula: Annotated[str | None, Meta(description="Of the series' letters, as `A / B`.", examples=["A / B"])] = None
    compare: Annotated[
        Literal["previous"] | None, Meta(description="Beside it the period of equal length just before.")
    ] = None


@dataclass(frozen=True, slots=True)
class Series:
    """``filters`` hold its event and type too. Measures of ``value`` are told apart by currency."""

    letter: str
    label: str
    event: str | None
    name: str
    measure: Measure
    measured: Dimension | None
    currency: str | None
    filters: Filters

    @property
    def money(self) -> bool:
        """Whether it is not to be added up over currencies."""
        return self.measured == VALUE and self.currency is None


@dataclass(frozen=True, slots=True)
class Trends:
    """``interval`` is None where the range decides."""

    frame: Frame
    series: tuple[Series, ...]
    interval: Grain | None = None
    breakdown: tuple[Dimension, ...] = ()
    limit: int = DEFAULT_LABELS
    order: Order = "largest"
    formula: Formula | None = None
    written: str = ""
    compare: bool = False


def parse_trends(body: TrendsIn, context: Context) -> Trends:
    """What a body asks.

    Raises:
        Invalid: naming the member that is wrong.
    """
    frame = body_frame(context, body)
    series = tuple(_series(i, each, frame, context) for i, each in enumerate(body.series))
    letters = "".join(each.letter for each in series)
    return Trends(
        frame,
        series,
        _interval(body.interval, series),
        _breakdown(body.breakdown),
        body.limit,
        body.order,
        None if body.formula is None else _formula(body.formula, letters),
        body.formula or "",
        body.compare is not None,
    )


def _formula(text: str, letters: str) -> Formula:
    found = parse_formula("formula", text, letters)
    if not series_of(found):
        raise Invalid.field("formula", f"names none of the series {', '.join(letters)}")
    return found


def _series(index: int, body: SeriesIn, frame: Frame, context: Context) -> Series:
    path = f"series.{index}"
    measure = _measure(f"{path}.metric", body.metric)
    with under(path):
        named = () if body.event is None else (name_filter("event", body.event),)
        typed = () if body.type is None else (type_filter(body.type),)
        measured = _measured(measure, body)
        money = _currency(measured, body.currency)
    filters = (*named, *typed, *money, *context.filters(f"{path}.filters", body.filters, frame))
    label = body.label or body.event or "All events"
    letter = ascii_uppercase[index]
    return Series(letter, label, body.event, body.metric, measure, measured, body.currency, filters)


def _measure(path: str, word: str) -> Measure:
    if word not in NAMES:
        raise Invalid.field(path, f"must be one of {', '.join(list(NAMES)[:20])}, p1 to p99")
    return MEASURES[NAMES[word]]


def _measured(measure: Measure, body: SeriesIn) -> Dimension | None:
    if not measure.numeric or measure.of is not None:
        if body.property is not None:
            raise Invalid.field("property", f"does not go with the metric {body.metric}")
        return measure.of
    if body.property is None:
        raise Invalid.field("property", f"is needed by the metric {body.metric}")
    found = parse_dimension("property", body.property)
    if not found.custom and not catalog.DIMENSIONS[found.key].numeric:
        raise Invalid.field("property", "holds no numbers")
    return found


def _currency(measured: Dimension | None, currency: str | None) -> Filters:
    if currency is None:
        return ()
    if measured != VALUE:
        raise Invalid.field("currency", "goes only with revenue and other measures of value")
    return (Filter(CURRENCY, "is", (parse_text("currency", currency),)),)


def _interval(word: str | None, series: tuple[Series, ...]) -> Grain | None:
    by_days = any(each.measure.windows for each in series)
    if word is None:
        return "day" if by_days else None
    return parse_grain("interval", word, CALENDAR if by_days else GRAINS)


def _breakdown(asked: str | list[str] | None) -> tuple[Dimension, ...]:
    if asked is None:
        return ()
    if isinstance(asked, str):
        return (parse_dimension("breakdown", asked),)
    found = tuple(parse_dimension(f"breakdown.{i}", each) for i, each in enumerate(asked))
    if len(set(found)) < len(found):
        raise Invalid.field("breakdown", "names a property twice")
    return found
