"""What a project keeps out of the store: properties by name, and secrets in messages and URLs."""

import hmac
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec

from pulseboard.projects import Collection, MaskRule
from pulseboard.writer.enrich.secrets import clean

# Properties, at any depth, that hold a message or a URL. All text inside of them is searched for secrets.
_MESSAGES = {"message", "error", "exception", "reason", "stack", "stacktrace", "stack_trace", "request"}
_URLS = {
    "url",
    "uri",
    "href",
    "link",
    "path",
    "route",
    "endpoint",
    "location",
    "query",
    "search",
    "referrer",
    "referer",
}
_PAGES = {"currentUrl", "current_url", "$current_url", "pageUrl", "page_url", "$referrer"}
TEXTS = frozenset(_MESSAGES | _URLS | _PAGES)
NESTED = frozenset({dict, list})
_encoder = msgspec.json.Encoder(order="sorted")

Properties = dict[str, Any]
Change = Callable[[object], object]


class _Gone:
    """Stands for a value that is left out."""


_GONE = _Gone()


class Masker:
    """``secret`` belongs to the installation; without it nobody can try which value a hash is of."""

    def __init__(self, secret: bytes) -> None:
        self._key = lru_cache(4_096)(lambda project_id: hmac.digest(secret, f"mask\0{project_id}".encode(), "sha256"))

    def mask(self, project_id: str, collection: Collection, properties: Properties) -> Properties:
        """The properties as they may be stored; the given ones stay as they are.

        Equal values of a project have equal hashes, whatever property they stand in, so that they can still be counted
        and compared.
        """
        for rule in collection.mask:
            properties = _apply(rule, self._key(project_id), properties)
        return without_secrets(properties) if collection.mask_secrets else properties


def without_secrets(properties: Properties) -> Properties:
    """The properties with secrets in messages and URLs masked."""
    changed: Properties = {}
    for name, value in properties.items():
        if name in TEXTS or type(value) in NESTED:
            cleaned = _cleaned(value, name in TEXTS)
            if cleaned != value:
                changed[name] = cleaned
    return {**properties, **changed} if changed else properties


def _cleaned(value: Any, is_text: bool) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return clean(value) if is_text else value
    if isinstance(value, dict):
        return {name: _cleaned(inner, is_text or name in TEXTS) for name, inner in value.items()}
    return [_cleaned(inner, is_text) for inner in value] if isinstance(value, list) else value


def _apply(rule: MaskRule, key: bytes, properties: Properties) -> Properties:
    change = _drop if rule.action == "drop" else lambda value: _hash(value, key)
    return _changed(properties, rule.property.split("."), change)


def _changed(properties: Mapping[str, Any], path: list[str], change: Change) -> Properties:
    """A copy in which the value at ``path`` is changed; a dot may divide levels, or belong to a name."""
    copy = dict(properties)
    for length in range(1, len(path) + 1):
        name, rest = ".".join(path[:length]), path[length:]
        if name in copy:
            value = _changed_within(copy[name], rest, change) if rest else change(copy[name])
            copy[name] = value
            if value is _GONE:
                del copy[name]
    return copy


def _changed_within(value: Any, path: list[str], change: Change) -> Any:  # noqa: ANN401 - any JSON
    """A list is passed through: ``items.email`` is the e-mail of each item."""
    if isinstance(value, dict):
        return _changed(value, path, change)
    return [_changed_within(each, path, change) for each in value] if isinstance(value, list) else value


def _drop(_: object) -> object:
    return _GONE


def _hash(value: object, key: bytes) -> object:
    """32 hexadecimal digits; null tells nothing and stays."""
    if value is None:
        return None
    told = value.encode() if isinstance(value, str) else _encoder.encode(value)
    return blake2b(told, digest_size=16, key=key).hexdigest()
