"""Which errors are one: the rule of docs/errors.md."""

import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pulseboard.writer.stack import StackFrame, Thrown, thrown

TOP = 5  # calls that tell errors apart
_LONGEST = 500  # characters of a message; what comes after is data, as a rule
# Given by the sender and kept as it is, if it can stand in a path; anything else is known by its hash.
_PLAIN = re.compile(r"[\w][\w .:@+-]{0,199}")

_VARIABLE = re.compile(
    "|".join(
        (
            r"(?P<url>\b[a-z][a-z0-9+.-]{1,15}://[^\s'\"<>]+)",
            r"(?P<email>[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)",
            r"(?P<text>'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`)",
            r"(?P<uuid>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)",
            r"(?P<path>(?:\b[A-Za-z]:\\|(?<![\w/])/)[\w.@%+~-]+(?:[\\/][\w.@%+~-]*)+)",
            r"(?P<hex>\b0x[0-9a-fA-F]+\b|\b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}\b)",
            r"(?P<number>(?<![\w])\d+(?:[.,:_T-]\d+)*)",
        )
    )
)
# What builds put into a file's name: app.3f2a1b9c.js, chunk-0a1b2c3d4e.mjs
_BUILT = re.compile(r"(?<=[.-])(?=[a-zA-Z]*\d)[0-9a-zA-Z_]{6,32}(?=\.)")


def message_shape(message: str) -> str:
    """What stays from case to case: ``User 12 has no 'cart'`` is ``User <number> has no <text>``."""
    folded = _VARIABLE.sub(lambda match: f"<{match.lastgroup}>", message[:_LONGEST])
    return " ".join(folded.split())


def fingerprint_of(name: str, message: str, properties: Mapping[str, Any], *place: str) -> str:
    """16 hexadecimal digits; ``place`` is what else tells errors apart that have no stack, as a route and a status."""
    raised = thrown(properties)
    return _hashed(message_shape(name), raised.type, message_shape(message or raised.message), _calls(raised), place)


def given_fingerprint(text: str) -> str:
    """The sender's own, or its hash where it cannot stand in a path."""
    return text if _PLAIN.fullmatch(text) else _digest(text)


def raised_message(properties: Mapping[str, Any]) -> str:
    """What the exception says, for an event without a message of its own."""
    return thrown(properties).message


@lru_cache(maxsize=4_096)
def _hashed(name: str, type: str, shape: str, calls: tuple[str, ...], place: tuple[str, ...]) -> str:
    return _digest("\0".join((name, type, shape, *(calls or place))))


def _digest(text: str) -> str:
    return blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()


def _calls(raised: Thrown) -> tuple[str, ...]:
    """The newest calls of the app itself, or of all where none is: lines move with every change and say nothing."""
    own = [frame for frame in raised.frames if frame.own] or list(raised.frames)
    return tuple(map(_call, own[:TOP]))


def _call(frame: StackFrame) -> str:
    file = re.split(r"[?#]", frame.file.replace("\\", "/"), maxsplit=1)[0].rpartition("/")[2]
    return f"{frame.function}@{_BUILT.sub('*', file)}"
