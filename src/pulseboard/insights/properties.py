"""A project's own properties, found by looking at its newest events: their keys, and of what kind their values are."""

from typing import Annotated, Literal

from litestar import get
from msgspec import Meta

from pulseboard.insights.catalog import CUSTOM_PREFIX
from pulseboard.insights.parameters import SELECTION, AskedFrame, AskedMeta, AskedStore
from pulseboard.insights.render import render_properties
from pulseboard.insights.schemas import Count, MetaOut
from pulseboard.kit.wire import Out
from pulseboard.store.base import Row

NEWEST = 20_000  # events that are looked at
MOST = 500  # properties that are shown

PropertyKind = Annotated[
    Literal["number", "boolean", "text", "nested"],
    Meta(description="`number` also where every value is text that reads as a number."),
]


class FoundPropertyOut(Out):
    """``name`` is how filters, breakdowns and series name it; ``events`` counts those of the newest that have it."""

    name: str
    kind: PropertyKind
    events: Count
    examples: list[str]


class PropertiesOut(Out):
    items: list[FoundPropertyOut]
    meta: MetaOut


@get("/api/v1/insights/properties", dependencies=SELECTION, tags=["insights"], sync_to_thread=True)
def insights_properties(store: AskedStore, frame: AskedFrame, meta: AskedMeta) -> PropertiesOut:
    """The properties of the range's newest events, up to 20,000 of them, the most frequent first."""
    statement = render_properties(frame.scope, frame.period, frame.filters, NEWEST, MOST)
    rows = store.read(statement.sql, statement.params, frame.scope)
    return PropertiesOut([_property(row) for row in rows if row["events"]], meta)


def _property(row: Row) -> FoundPropertyOut:
    return FoundPropertyOut(CUSTOM_PREFIX + row["key"], _kind(row), row["events"], row["examples"])


def _kind(row: Row) -> Literal["number", "boolean", "text", "nested"]:
    """What all of the values are; text where they differ."""
    if row["numbers"] == row["events"]:
        return "number"
    if row["truths"] == row["events"]:
        return "boolean"
    return "nested" if row["nested"] == row["events"] else "text"


routes = [insights_properties]
