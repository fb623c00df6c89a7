"""Who persons are: their names and when they were seen, from the events of a frame."""

from collections.abc import Sequence

from pulseboard.insights import catalog
from pulseboard.insights.catalog import PERSON
from pulseboard.insights.conditions import conditions, within
from pulseboard.insights.parse import Frame
from pulseboard.insights.statement import Params, Statement, all_of, select


def render_people(frame: Frame, persons: Sequence[int]) -> Statement:
    """One row for each of the persons' numbers that has an event in the frame: ``who``, names, times in ms."""
    params = Params()
    columns = [
        f"{PERSON} AS who",
        "max(user_id) AS user",
        "max(anonymous_id) AS anonymous",
        f"{catalog.metric('first_seen').whole} AS first_ms",
        f"{catalog.metric('last_seen').whole} AS last_ms",
    ]
    chosen = f"{PERSON} IN {params.put('persons', 'Array(UInt32)', persons)}"
    where = all_of(within(frame.scope, frame.period, params), conditions(frame.filters, params), [chosen])
    return Statement(f"{select(columns)}\nFROM events\nWHERE {where}\nGROUP BY who\nORDER BY who", params.values)
