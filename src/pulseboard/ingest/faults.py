"""Names what is wrong with a body. Only the unhappy path comes here, so it may be slow and thorough."""

import json
import math
import re
from codecs import BOM_UTF8
from collections.abc import Iterator

import msgspec

from pulseboard.errors import FieldError, Malformed
from pulseboard.kit.words import plain_words

MAX_WALK = 64  # levels; deeper bodies are refused before anyone walks them
MAX_PATH = 200  # characters of a hostile path or value that an answer repeats

A_TIME = "must be a time with its zone, in RFC 3339, such as 2026-01-15T10:30:00.000Z"
UNKNOWN = "is not a known field"

_PLACE = re.compile(r"\(byte (?P<byte>[0-9]{1,12})\)")
_FAULT = re.compile(r"^(?P<message>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>[^`]*)`")
_any = msgspec.json.Decoder(msgspec.Raw)


def readable(body: bytes) -> object:
    """The JSON value of a body, half surrogate pairs and numbers beyond 64 bits included, so that they can be named.

    Raises:
        Malformed: the body is no JSON.
    """
    try:
        return json.loads(body.decode(), parse_constant=no_constant)
    except UnicodeDecodeError:
        raise Malformed("The body is not valid UTF-8") from None
    except RecursionError:
        raise Malformed("The body is nested too deeply") from None
    except ValueError:  # also an integer of thousands of digits
        raise no_json(body) from None


def no_json(body: bytes) -> Malformed:
    """The refusal of what is no JSON, with what the sender has to look at."""
    if not body.strip():
        return Malformed("The body is empty")
    if body.startswith(BOM_UTF8):
        return Malformed("The body is not valid JSON: it begins with a byte order mark")
    try:
        _any.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        if place := _PLACE.search(str(wrong)):
            before = body[: int(place["byte"])]
            line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
            return Malformed(f"The body is not valid JSON; look at line {line}, byte {column}")
    return Malformed("The body is not valid JSON")


def no_constant(word: str) -> object:
    """
    Raises:
        ValueError: always; Python reads NaN and Infinity, which are not JSON.
    """
    raise ValueError(f"{word} is not JSON")


def field_error(wrong: msgspec.ValidationError) -> FieldError:
    """The decoder's sentence as path and message; a missing or unknown key is part of the path."""
    match = _FAULT.match(str(wrong))
    message, path = (match["message"], match["path"] or "") if match else (str(wrong), "")
    path = re.sub(r"\[(\d+)\]", r".\1", path).replace("[...]", "").strip(".")
    for pattern, say in ((_MISSING, "is required"), (_UNKNOWN, UNKNOWN)):
        if named := pattern.match(message):
            return FieldError(printable(f"{path}.{named['name']}".strip(".")), say)
    if "datetime" in message:
        return FieldError(path, A_TIME)
    return FieldError(path, plain_words(printable(message)))


def shape_faults(value: dict[str, object], shape: type[msgspec.Struct]) -> Iterator[FieldError]:
    """Everything missing or of a wrong type: the decoder stops at its first fault, so take that out and ask again."""
    rest = {_whole(key): _whole(each) if isinstance(each, str) else each for key, each in value.items()}
    while True:
        try:
            msgspec.convert(rest, shape)
        except msgspec.ValidationError as wrong:
            fault = field_error(wrong)
            yield fault
            if rest.pop(fault.path.partition(".")[0], None) is None:
                return
        else:
            return


def _whole(text: str) -> str:
    """Text without half surrogate pairs, which the decoder cannot even look at; ``text_faults`` names them."""
    return text.encode("utf-8", "replace").decode()


def text_faults(value: object, path: str = "", depth: int = 0) -> Iterator[FieldError]:
    """Text with NUL or half a surrogate pair, and numbers that no column can hold."""
    if depth > MAX_WALK:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            here = _below(path, printable(key))
            if (message := _scalar_fault(key)) is not None:
                yield FieldError(here, message)
            yield from text_faults(inner, here, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from text_faults(inner, _below(path, str(index)), depth + 1)
    elif (message := _scalar_fault(value)) is not None:
        yield FieldError(path, message)


def _below(path: str, name: str) -> str:
    """Cut off, because deep down every fault would repeat the long keys above it."""
    return f"{path}.{name}".strip(".")[:MAX_PATH]


def _scalar_fault(value: object) -> str | None:
    if isinstance(value, str):
        if "\0" in value:
            return "must not contain NUL"
        return None if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value) else "is not valid Unicode"
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "must fit into 64 bits"
    return None


def printable(text: str) -> str:
    """Hostile text as an answer may carry it."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\\0")[:MAX_PATH]
