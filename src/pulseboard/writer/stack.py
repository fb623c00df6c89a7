"""Stack traces: from what error reporters send to frames, newest call first.

A trace is text, as runtimes print it, or a list of frames as JSON. Text is read line by line; which runtime printed it
shows in the shape of the line. Every pattern is anchored and has no choice to go back on, because the text is a
stranger's and may be long.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

KEYS = ("exception", "stacktrace", "stack", "stackTrace", "stack_trace", "traceback")  # properties that may hold one
MOST_FRAMES = 200
_LONGEST = 32_768  # characters of a text, of which the middle is left out
_LONGEST_LINE = 1_000  # characters


class StackFrame(NamedTuple):
    """One call. ``line`` and ``column`` are 0 where unknown; ``own`` says that it is the app's code, no library's."""

    function: str
    file: str
    line: int = 0
    column: int = 0
    own: bool = True
    code: str = ""  # the line of source, where it was sent


class Thrown(NamedTuple):
    """What was raised, and where; texts are empty where they were not sent."""

    type: str = ""
    message: str = ""
    frames: tuple[StackFrame, ...] = ()


class _Runtime(NamedTuple):
    """How a line of a trace looks, and whether the newest call stands last."""

    line: re.Pattern[str]
    newest_last: bool = False


_JVM_FILE = r"[\w$.-]+\.(?:java|kt|scala|groovy|clj)|Native Method|Unknown Source"
_RUNTIMES = (
    # Python:   File "/app/shop/cart.py", line 12, in total
    _Runtime(re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<function>.+))?$'), newest_last=True),
    # V8:       at Cart.total (https://shop.example/app.js:10:15), and without a function: at app.js:10:15
    _Runtime(re.compile(r"\s*at (?P<function>[^()]+) \((?P<file>[^()]+?):(?P<line>\d+):(?P<column>\d+)\)$")),
    _Runtime(re.compile(r"\s*at (?:async )?(?P<file>[^()\s]+?):(?P<line>\d+):(?P<column>\d+)$")),
    # JVM:      at com.shop.Cart.total(Cart.java:12)
    _Runtime(re.compile(rf"\s*at (?P<function>[^\s()]+)\((?P<file>{_JVM_FILE})(?::(?P<line>\d+))?\)$")),
    # .NET:     at Shop.Cart.Total(Int32 n) in C:\app\Cart.cs:line 12
    _Runtime(re.compile(r"\s*at (?P<function>[^()]+)\([^()]*\)(?: in (?P<file>.+):line (?P<line>\d+))?$")),
    # Gecko:    total@https://shop.example/app.js:10:15
    _Runtime(re.compile(r"(?P<function>[^@]*)@(?P<file>\S+?):(?P<line>\d+):(?P<column>\d+)$")),
    # Ruby:     app/cart.rb:12:in `total'
    _Runtime(re.compile(r"\s*(?:from )?(?P<file>[^\s:]+\.rb):(?P<line>\d+):in [`'](?P<function>[^']+)'(?:: .*)?$")),
    # PHP:      #0 /app/cart.php(12): Cart->total()
    _Runtime(re.compile(r"#\d+ (?P<file>[^\s()]+)\((?P<line>\d+)\): (?P<function>[^(]+)\(")),
)
_PYTHON, _CAUSE = "Traceback (most recent call last)", "Caused by: "
_GO_CALL = re.compile(r"(?P<function>[\w./*()\[\]-]+)\([^()]*\)$")
_GO_PLACE = re.compile(r"\t(?P<file>\S+\.go):(?P<line>\d+)")
_BEFORE = r"(?:Exception in thread \"[^\"]*\" |(?:PHP Fatal error:  ?)?Uncaught )?"
_RAISED = re.compile(_BEFORE + r"(?P<type>[A-Za-z_][\w.$]*)(?:: (?P<message>.*))?$")
_LIBRARY = re.compile(
    r"site-packages|dist-packages|node_modules|/lib/python\d|/gems/|/vendor/|<frozen |^node:|^internal/"
    r"|^(?:java|javax|jdk|sun|kotlin|scala|System|Microsoft)\."
)


def thrown(properties: Mapping[str, Any]) -> Thrown:
    """What an error's properties say was raised: the first of ``KEYS`` from which frames can be read."""
    known = Thrown()
    for key in KEYS:
        found = _of(properties.get(key))
        if found.frames:
            return found._replace(type=found.type or known.type, message=found.message or known.message)
        known = known if known.type or known.message else found
    return known


def _of(value: object) -> Thrown:
    if isinstance(value, str):
        half = _LONGEST // 2
        return _of_text(value if len(value) <= _LONGEST else f"{value[:half]}\n{value[-half:]}")
    if isinstance(value, list):
        return _of_list(value)
    if isinstance(value, dict):
        return _of_object(value)
    return Thrown()


def _of_list(values: list[Any]) -> Thrown:
    """Frames, newest first; lines; or exceptions of which each was raised because of the one before."""
    if all(isinstance(value, str) for value in values):
        return _of("\n".join(values))
    objects = [value for value in values if isinstance(value, dict)]
    if any("type" in each or "stacktrace" in each for each in objects):
        return _of_object(objects[-1])
    return Thrown(frames=tuple(_frames(objects)))


def _of_object(value: dict[str, Any]) -> Thrown:
    """An exception, a list of exceptions (``values``), or ``frames``, which stand newest last, as Sentry's do."""
    values, frames = value.get("values"), value.get("frames")
    if isinstance(values, list) and values:
        return _of_list(values)
    if isinstance(frames, list):
        inner = Thrown(frames=tuple(_frames(reversed([each for each in frames if isinstance(each, dict)]))))
    else:
        inner = next((found for key in KEYS[1:] if (found := _of(value.get(key))).frames), Thrown())
    type, message = (_first_text(value, *keys) for keys in (("type", "name", "class"), ("value", "message")))
    return Thrown(type or inner.type, message or inner.message, inner.frames)


def _frames(objects: Iterable[dict[str, Any]]) -> Iterator[StackFrame]:
    for _, each in zip(range(MOST_FRAMES), objects, strict=False):
        file = _first_text(each, "filename", "file", "fileName", "abs_path", "path", "module")
        function = _first_text(each, "function", "method", "methodName", "func", "name")
        line, column = (_number(each, *keys) for keys in (("lineno", "line", "lineNumber"), ("colno", "column")))
        own = each.get("in_app", each.get("inApp"))
        if file or function:
            own = own if isinstance(own, bool) else _is_own(function, file)
            yield StackFrame(function, file, line, column, own, _first_text(each, "context_line", "code"))


def _first_text(found: Mapping[str, Any], *keys: str) -> str:
    return next((value[:_LONGEST_LINE] for key in keys if isinstance(value := found.get(key), str) and value), "")


def _number(found: Mapping[str, Any], *keys: str) -> int:
    numbers = (value for key in keys if isinstance(value := found.get(key), int) and not isinstance(value, bool))
    return next((number for number in numbers if 0 <= number < 2**31), 0)


@lru_cache(maxsize=128)  # a flood of errors is a flood of the same one
def _of_text(text: str) -> Thrown:
    lines = [line[:_LONGEST_LINE].rstrip() for line in text.splitlines()]
    blocks = _blocks(lines)
    type, message = next((raised for lines in blocks if (raised := _raised(lines)) != ("", "")), ("", ""))
    frames = next((frames for lines in blocks if (frames := _parsed(lines))), ())
    return Thrown(type, message, frames[:MOST_FRAMES])


def _blocks(lines: list[str]) -> list[list[str]]:
    """The traces of a text, the one that counts first: Python prints the error that came out last, others first."""
    python = any(line.startswith(_PYTHON) for line in lines)
    starts = [0, *(i for i, line in enumerate(lines) if i and line.startswith(_PYTHON if python else _CAUSE))]
    blocks = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return blocks[::-1] if python else blocks


def _raised(lines: list[str]) -> tuple[str, str]:
    """The error's own line: the first that is none of a call."""
    for line in lines:
        if not line.startswith(("\t", " ", _PYTHON)) and (match := _RAISED.match(line)):
            return match["type"], match["message"] or ""
    return "", ""


def _parsed(lines: list[str]) -> tuple[StackFrame, ...]:
    for runtime in _RUNTIMES:
        matches = [match for line in lines if (match := runtime.line.match(line))]
        if matches:
            # More than one pattern is V8's; what one of them leaves out must not be lost.
            found = [frame for line in lines if (frame := _frame(line))]
            return tuple(reversed(found)) if runtime.newest_last else tuple(found)
    return tuple(_go(lines))


def _frame(line: str) -> StackFrame | None:
    for runtime in _RUNTIMES:
        if match := runtime.line.match(line):
            found = match.groupdict()
            function, file = (found["function"] or "" if "function" in found else ""), found["file"] or ""
            function = function.removeprefix("async ").removeprefix("new ").strip()
            return StackFrame(
                function, file, int(found["line"] or 0), int(found.get("column") or 0), _is_own(function, file)
            )
    return None


def _go(lines: list[str]) -> Iterator[StackFrame]:
    for call, place in pairwise(lines):
        if (at := _GO_PLACE.match(place)) and (called := _GO_CALL.match(call)):
            function, file = called["function"], at["file"]
            yield StackFrame(function, file, int(at["line"]), 0, "/go/src/" not in file and "/pkg/mod/" not in file)


def _is_own(function: str, file: str) -> bool:
    return not (_LIBRARY.search(file) or _LIBRARY.match(function))
