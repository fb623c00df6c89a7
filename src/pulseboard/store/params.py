"""Values of ``{name:Type}`` parameters as the engine reads them: text in ClickHouse's Escaped form."""

from collections.abc import Mapping
from datetime import UTC, datetime

from pulseboard.store.base import Param

_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\0": "\\0", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
)


def escape(text: str) -> str:
    """``text`` so that it stands for itself, bare or between single quotes."""
    return text.translate(_ESCAPES)


def render(params: Mapping[str, Param]) -> dict[str, str]:
    """Every value as the text that the engine parses into the parameter's declared type."""
    return {name: _value(value) for name, value in params.items()}


def _value(value: Param) -> str:
    match value:
        case str():
            return escape(value)
        case bool():
            return str(int(value))
        case int() | float():
            return repr(value)
        case datetime():
            return _moment(value)
        case _:
            return "[" + ",".join(_item(item) for item in value) + "]"


def _item(item: str | float) -> str:
    return f"'{escape(item)}'" if isinstance(item, str) else repr(item)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
