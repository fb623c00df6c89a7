"""Filters as conditions on a row of ``events``: fragments of the catalog, and what a user sent as parameters."""

from datetime import timedelta
from textwrap import indent

from pulseboard.insights import catalog
from pulseboard.insights.catalog import MANY_VALUES, NUMBER_TESTS, PERSON, STEPS, TEXT_TESTS, TRUTHS
from pulseboard.insights.query import Condition, Did, Filter, Filters, Group, Period
from pulseboard.insights.statement import STEP, Params, all_of, select
from pulseboard.store.base import ProjectScope

_MILLISECOND = timedelta(milliseconds=1)


def conditions(filters: Filters, params: Params, name: str = "filter") -> list[str]:
    """What a row of ``events`` must answer to pass ``filters``, all of which must hold.

    ``name`` begins the names of the parameters: filters that stand twice in one statement need two of them.
    """
    return [_condition(each, f"{name}_{i}", params) for i, each in enumerate(filters)]


def within(scope: ProjectScope, period: Period, params: Params, name: str = "0") -> list[str]:
    """Scope and range of a statement that reads the rows of one period: what stands first in its WHERE.

    ``name`` ends the names of the range's parameters.
    """
    row, day = STEPS["row"], STEPS["day"]
    project = params.put("project", "UUID", scope.project_id)
    since, until = (
        params.put(f"since_{name}", row.type, period.since),
        params.put(f"until_{name}", row.type, period.until),
    )
    # The days say nothing new; but the table lies in their order, and skips only by them.
    first = params.put(f"first_day_{name}", day.type, period.since.strftime(day.form))
    last = params.put(f"last_day_{name}", day.type, (period.until - _MILLISECOND).strftime(day.form))
    return [
        f"project_id = {project}",
        *(f"{row.sql} >= {since}", f"{row.sql} < {until}"),
        *(f"{day.sql} >= {first}", f"{day.sql} <= {last}"),
    ]


def _condition(asked: Condition, name: str, params: Params) -> str:
    match asked:
        case Filter():
            return _filter(asked, name, params)
        case Group():
            parts = conditions(asked.parts, params, name)
            return f"({f' {asked.joined.upper()} '.join(parts)})" if parts else "1"  # a segment may keep everything
        case Did():
            return _did(asked, name, params)


def _did(asked: Did, name: str, params: Params) -> str:
    """A condition on the row's person, whatever the row itself is."""
    somebody = [f"{PERSON} != 0"]
    inside = within(asked.scope, asked.period, params, name)
    where = all_of(inside, somebody, conditions(asked.filters, params, name))
    persons = f"{select([PERSON])}\nFROM events\nWHERE {where}"
    if asked.times > 1:
        persons += f"\nGROUP BY {PERSON}\nHAVING count() >= {params.put(f'{name}_times', 'UInt32', asked.times)}"
    return f"({PERSON} != 0 AND {PERSON} {'NOT IN' if asked.negated else 'IN'} (\n{indent(persons, STEP * 2)}\n{STEP}))"


def _filter(asked: Filter, name: str, params: Params) -> str:
    """One condition: text is compared as text and numbers as numbers, whatever the column holds."""
    if asked.dimension.custom:
        params.put(f"{name}_key", "String", asked.dimension.key)
    column = catalog.tested(asked, f"{name}_key")
    if column.numeric and asked.operator in ("set", "not_set"):
        return f"{column.number} IS {'NOT ' if asked.operator == 'set' else ''}NULL"
    texts = [value for value in asked.values if isinstance(value, str)]
    numbers = [value for value in asked.values if isinstance(value, float)]
    if column.truth and asked.operator in ("is", "is_not") and not numbers:
        # By its number: to make a text of each row would cost more than all else that is done with it.
        wanted = [TRUTHS.index(text) for text in texts if text in TRUTHS]
        return TEXT_TESTS[asked.operator].format(x=column.number, v=params.put(name, "Array(UInt8)", wanted))
    tests: list[str] = []
    if texts or not numbers:
        value = _bind(asked.operator, name, "String", texts, params)
        tests.append(TEXT_TESTS[asked.operator].format(x=column.text, v=value))
    if numbers:
        value = _bind(asked.operator, f"{name}_number", "Float64", numbers, params)
        tests.append(NUMBER_TESTS[asked.operator].format(x=column.number, v=value))
    joined = (" AND " if asked.operator == "is_not" else " OR ").join(tests)
    return f"({joined})" if len(tests) > 1 else joined


def _bind(operator: str, name: str, type: str, values: list[str] | list[float], params: Params) -> str:
    if not values:
        return ""
    if operator in MANY_VALUES:
        return params.put(name, f"Array({type})", values)
    return params.put(name, type, values[0])
