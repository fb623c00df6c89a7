"""Host names and origins (RFC 6454): how they are written down, and whether one that a request names is among them."""

import ipaddress
import re
from collections.abc import Sequence

import idna

from pulseboard.errors import Invalid

_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ORIGIN = re.compile(
    r"(https?)://(\[[0-9a-f:.]{2,45}\]|[^/:@?#\\\s\[\]]{1,253})(?::([1-9][0-9]{0,4}))?",
    re.IGNORECASE | re.ASCII,  # beyond ASCII, there is a letter that is an s without case
)
_MAX_ORIGIN = 300  # characters of a header that are looked at
_USUAL_PORTS = {"http": "80", "https": "443"}
_ANY = "*."
_PORT = re.compile(r":[0-9]{1,5}\Z")


def clean_host(text: str) -> str | None:
    """A host name in lower-case ASCII, without the dot at its end; None when it is none.

    Names beyond ASCII become what browsers make of them (UTS 46, nontransitional: ``faß.de`` is not ``fass.de``).
    """
    host = text.strip()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    host = host.removesuffix(".").lower()
    return host if _HOST.fullmatch(host) else None


def clean_origins(origins: Sequence[str]) -> tuple[str, ...]:
    """Origins as browsers write them, each once; ``https://*.example.com`` stands for every subdomain.

    Raises:
        Invalid: one is no origin.
    """
    return tuple(dict.fromkeys(_clean_origin(origin, f"allowedOrigins.{i}") for i, origin in enumerate(origins)))


def _clean_origin(text: str, path: str) -> str:
    parts = _ORIGIN.fullmatch(text.strip().removesuffix("/"))
    if parts is None or int(parts[3] or 0) > 65_535:
        raise Invalid.field(path, "is no origin, such as https://shop.example.com or https://*.example.com")
    name = parts[2].removeprefix(_ANY)
    host = _address(name) if name.startswith("[") else clean_host(name)
    if host is None:
        raise Invalid.field(path, "does not name a host, such as shop.example.com")
    if name == parts[2]:
        return _written(parts[1], host, parts[3])
    if "." not in host and host != "localhost":
        raise Invalid.field(path, "would stand for everybody's hosts below a top-level domain")
    return _written(parts[1], _ANY + host, parts[3])


def _address(bracketed: str) -> str | None:
    try:
        return f"[{ipaddress.IPv6Address(bracketed[1:-1]).compressed}]"
    except ValueError:
        return None


def _written(scheme: str, host: str, port: str | None) -> str:
    scheme = scheme.lower()
    return f"{scheme}://{host}" + (f":{port}" if port and port != _USUAL_PORTS[scheme] else "")


def origin_allowed(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether an Origin header is among the ``allowed`` ones, which are clean; everything is where none are named."""
    if not allowed:
        return True
    if "*" in origin or not origin.isascii() or len(origin) > _MAX_ORIGIN:
        return False
    if origin in allowed:
        return True
    parts = _ORIGIN.fullmatch(origin)
    if parts is None:
        return False
    host = parts[2].lower()
    if _written(parts[1], host, parts[3]) in allowed:
        return True
    wildcards = [each for each in allowed if _ANY in each]
    return bool(wildcards) and bool(_HOST.fullmatch(host)) and _above(parts[1], host, parts[3], wildcards)


def _above(scheme: str, host: str, port: str | None, wildcards: Sequence[str]) -> bool:
    labels = host.split(".")
    return any(_written(scheme, _ANY + ".".join(labels[i:]), port) in wildcards for i in range(1, len(labels)))


def host_allowed(host: str, domains: tuple[str, ...]) -> bool:
    """Whether the host of a url or an Origin, with or without a port, belongs to a site's ``domains``, which are clean.

    What belongs is the domain itself, every subdomain, and for ``www.example.com`` also ``example.com``.
    """
    clean = clean_host(_PORT.sub("", host)) if len(host) <= _MAX_ORIGIN else None
    if clean is None:
        return False
    return any(clean in (domain, domain.removeprefix("www.")) or clean.endswith(f".{domain}") for domain in domains)
