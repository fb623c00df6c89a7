"""Reading a request: the media type, the JSON, and the shape that the handler declares, each with its own refusal."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, get_args

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from msgspec.structs import FieldInfo

from pulseboard.errors import FieldError, Malformed, WrongMediaType
from pulseboard.kit.words import plain_words
from pulseboard.web.problems import MOST_FAULTS, invalid

MAX_DEPTH = 64  # of objects and lists in each other; nothing that is asked for comes near
MAX_PATH = 200  # characters; deep down every fault would repeat the long keys above it
TOO_DEEP = "The body is nested too deeply"


class ApiRequest(Request[Any, Any, Any]):
    """Litestar's request, whose ``json`` is already the struct that the handler's ``data`` asks for."""

    async def body(self) -> bytes:
        """The bytes of the body.

        Raises:
            Malformed: the client went away; nobody reads this answer, and nobody needs it in the log.
        """
        try:
            return await super().body()
        except InternalServerException as gone:
            raise Malformed("The connection ended before the body did") from gone

    async def json(self) -> Any:  # noqa: ANN401 -- whatever the handler declares
        """The body.

        Raises:
            WrongMediaType, Malformed, Invalid: it is not JSON by its header, by its bytes, or by its shape.
        """
        media_type = self.content_type[0]
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise WrongMediaType("Send the body as application/json")
        field = self.route_handler.parsed_data_field
        return read_body(await self.body(), field.annotation if field else Any)


def read_body(body: bytes, shape: Any) -> Any:  # noqa: ANN401
    """The body as ``shape``.

    Raises:
        Malformed: it is not JSON.
        Invalid: it is, but not of this shape; names every wrong field.
    """
    value = _decode(body)
    if faults := list(islice(_unprintable(value), MOST_FAULTS)):
        raise invalid(faults)
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as wrong:
        raise invalid(_faults(value, shape, wrong)) from wrong


def _decode(body: bytes) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(body)
    except UnicodeDecodeError as wrong:
        raise Malformed("The body is not UTF-8") from wrong
    except RecursionError as wrong:
        raise Malformed(TOO_DEEP) from wrong
    except msgspec.DecodeError as wrong:
        raise Malformed("The body is not valid JSON") from wrong


def _unprintable(value: Any, path: str = "", depth: int = 0) -> Iterator[FieldError]:  # noqa: ANN401
    """Where a NUL character stands: PostgreSQL cannot store it, and no person typed it.

    Raises:
        Malformed: what it stands in is too deep for whoever walks through it next.
    """
    if depth > MAX_DEPTH:
        raise Malformed(TOO_DEEP)
    if isinstance(value, str):
        if "\0" in value:
            yield FieldError(path, "must not contain a NUL character")
    elif isinstance(value, dict):
        for key, inner in value.items():
            shown = key.replace("\0", "\\0")
            if shown != key:
                yield FieldError(_join(path, shown)[:MAX_PATH], "must not contain a NUL character")
            yield from _unprintable(inner, _join(path, shown)[:MAX_PATH], depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unprintable(inner, _join(path, str(index))[:MAX_PATH], depth + 1)


def _faults(value: Any, shape: Any, wrong: msgspec.ValidationError) -> list[FieldError]:  # noqa: ANN401
    """All wrong fields of an object; the validator itself stops at the first."""
    struct = next((part for part in (shape, *get_args(shape)) if _is_struct(part)), None)
    if struct is None or not isinstance(value, dict):
        return [_fault("", wrong)]
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    faults = [FieldError(name, "is not a known field") for name in value if name not in fields]
    for name, field in fields.items():
        faults += _field_faults(name, field, value)
    return faults or [_fault("", wrong)]


def _is_struct(shape: Any) -> bool:  # noqa: ANN401
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)


def _field_faults(name: str, field: FieldInfo, value: dict[str, Any]) -> list[FieldError]:
    if name not in value:
        return [FieldError(name, "is needed")] if field.required else []
    try:
        msgspec.convert(value[name], field.type)
    except msgspec.ValidationError as wrong:
        return [_fault(name, wrong)]
    return []


_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")


def _fault(path: str, wrong: msgspec.ValidationError) -> FieldError:
    """The validator's ``$.steps[0].event`` becomes ``steps.0.event`` below ``path``."""
    message, _, place = str(wrong).partition(" - at `")
    inner = _INDEX.sub(r".\1", place.rstrip("`").removeprefix("$")).strip(".")
    missing = re.fullmatch("Object missing required field `(.+)`", message)
    unknown = re.fullmatch("Object contains unknown field `(.+)`", message)
    if missing:
        return FieldError(_join(_join(path, inner), missing[1]), "is needed")
    if unknown:
        return FieldError(_join(_join(path, inner), unknown[1]), "is not a known field")
    return FieldError(_join(path, inner), plain_words(message))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name
