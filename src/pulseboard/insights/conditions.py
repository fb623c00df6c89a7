"""Filters as conditions on a row of ``events``: fragments of the catalog, and what a user sent as parameters."""

from pulseboard.insights import catalog
from pulseboard.insights.catalog import MANY_VALUES, NUMBER_TESTS, TEXT_TESTS
from pulseboard.insights.query import Filter, Filters
from pulseboard.insights.statement import Params


def conditions(filters: Filters, params: Params, name: str = "filter") -> list[str]:
    """What a row of ``events`` must answer to pass ``filters``, all of which must hold.

    ``name`` begins the names of the parameters: filters that stand twice in one statement need two of them.
    """
    return [_filter(each, f"{name}_{i}", params) for i, each in enumerate(filters)]


def _filter(asked: Filter, name: str, params: Params) -> str:
    """One condition: text is compared as text and numbers as numbers, whatever the column holds."""
    if asked.dimension.custom:
        params.put(f"{name}_key", "String", asked.dimension.key)
    column = catalog.tested(asked, f"{name}_key")
    texts = [value for value in asked.values if isinstance(value, str)]
    numbers = [value for value in asked.values if isinstance(value, float)]
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
