"""What people can ask to be measured, as data: which metrics of the catalog it takes, and what becomes of them."""

from dataclasses import dataclass
from typing import Literal

from pulseboard.insights.catalog import camel
from pulseboard.insights.query import Dimension

VALUE = Dimension("value")
CURRENCY = Dimension("currency")
PERCENTILES = tuple(f"p{n}" for n in range(1, 100))

Unit = Literal["count", "share", "ratio", "time", "number", "money"]


@dataclass(frozen=True, slots=True)
class Measure:
    """``metrics`` of the catalog, of which the second divides the first, and is null where it is zero.

    ``windows`` are the days that each of them counts, by the days of a series; empty: the bucket alone.
    ``numeric`` measures need a property to measure, unless they are ``of`` one.
    """

    about: str
    metrics: tuple[str, ...]
    unit: Unit = "count"
    windows: tuple[int, ...] = ()
    numeric: bool = False
    of: Dimension | None = None

    @property
    def quotient(self) -> bool:
        return len(self.metrics) == 2

    @property
    def percentile(self) -> bool:
        return self.metrics[0] in PERCENTILES


def _of_a_property(name: str, about: str) -> Measure:
    return Measure(f"{about} of a numeric property", (name,), "number", numeric=True)


def _active(days: int) -> Measure:
    return Measure(f"Distinct users of the {days} calendar days that end with the bucket", ("users",), windows=(days,))


MEASURES: dict[str, Measure] = {
    "events": Measure("Events", ("events",)),
    "users": Measure("Distinct users", ("users",)),
    "sessions": Measure("Distinct sessions", ("sessions",)),
    "errors": Measure("Events of type ERROR or with a status of 500 or more", ("errors",)),
    "error_rate": Measure("Share of errors in all events", ("errors", "events"), "share"),
    "events_per_user": Measure("Events for each distinct user", ("events", "users"), "ratio"),
    "events_per_session": Measure("Events for each distinct session", ("events", "sessions"), "ratio"),
    "first_seen": Measure("Time of the first event, in milliseconds since 1970", ("first_seen",), "time"),
    "last_seen": Measure("Time of the last event, in milliseconds since 1970", ("last_seen",), "time"),
    "dau": _active(1),
    "wau": _active(7),
    "mau": _active(30),
    "stickiness": Measure("Daily active users as a share of monthly ones", ("users", "users"), "share", (1, 30)),
    "revenue": Measure("Sum of `value`, each currency by itself", ("sum",), "money", numeric=True, of=VALUE),
    "values": _of_a_property("values", "Count of the values"),
    "sum": _of_a_property("sum", "Sum"),
    "avg": _of_a_property("avg", "Average"),
    "min": _of_a_property("min", "Smallest"),
    "max": _of_a_property("max", "Largest"),
    "median": _of_a_property("p50", "Median"),
    **{name: _of_a_property(name, f"Percentile {name[1:]}") for name in PERCENTILES},
}
# By what they are called on the wire; the catalog's own way of writing is understood too.
NAMES: dict[str, str] = {camel(name): name for name in MEASURES} | {name: name for name in MEASURES}
