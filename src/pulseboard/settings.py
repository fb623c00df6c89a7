"""Settings: frozen groups, read once from the environment; an unknown ``PULSEBOARD_*`` name stops the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from limits import parse as parse_rate

from pulseboard.kit.emails import is_email

PREFIX = "PULSEBOARD_"
MIN_ADMIN_KEY = 24  # characters; shorter keys can be guessed


class SettingsError(Exception):
    """The environment is wrong; the message lists every fault, one a line."""


@dataclass(frozen=True, slots=True)
class Server:
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("data")
    public_url: str = ""  # what people type; decides cookies' Secure flag. Empty: http://localhost:<port>
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    trusted_proxies: tuple[str, ...] = ()  # addresses whose X-Forwarded-For is believed; none by default

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://localhost:{self.port}"


@dataclass(frozen=True, slots=True)
class Access:
    registration: Literal["", "invite", "open"] = ""  # empty: what superadmins chose in the app, at first "invite"
    security_contact: str = ""  # mailto: or https:, for /.well-known/security.txt; none without it
    admin_key: str = field(default="", repr=False)  # empty: the platform door (POST /tenants) is closed


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates in the notation of the limits library, for example ``6000/minute``."""

    auth: str = "30/minute"  # per address; guessing passwords must be slow
    ingest: str = "6000/minute"  # per key
    address: str = "1200/minute"  # per address, at the doors that take events without a key
    read: str = "1000/minute"  # per key or person
    spool_bytes: int = 2 * 1024**3  # a fuller spool answers 503: the disk is the product's memory
    spool_age: int = 86_400  # seconds that an event may wait there; whoever reads numbers that old is misled


@dataclass(frozen=True, slots=True)
class Mail:
    """How letters leave. Without ``smtp_host`` they stay in the outbox, where superadmins read them."""

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: Literal["starttls", "tls", "off"] = "starttls"
    sender: str = ""  # "Pulseboard <pulse@example.com>"


@dataclass(frozen=True, slots=True)
class Oidc:
    """Another place where people sign in; none without ``issuer``."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    name: str = "single sign-on"  # what the button says

    @property
    def enabled(self) -> bool:
        return bool(self.issuer and self.client_id)


@dataclass(frozen=True, slots=True)
class Settings:
    server: Server = field(default_factory=Server)
    access: Access = field(default_factory=Access)
    limits: Limits = field(default_factory=Limits)
    mail: Mail = field(default_factory=Mail)
    oidc: Oidc = field(default_factory=Oidc)
    billing: Literal["off", "builtin", "stripe"] = "off"
    database_url: str = field(default="", repr=False)  # empty: SQLite in the data folder; may hold a password
    redis_url: str = field(default="", repr=False)  # shared by the nodes over one database; may hold a password
    geo_database: Path | None = None  # where visitors are; the packaged data when nothing is named
    self_monitor: bool = True  # Pulseboard's own requests become events of a built-in project

    @property
    def control_database(self) -> str:
        """The URL of the database that holds accounts, organisations and projects."""
        return self.database_url or f"sqlite:///{self.server.data_dir / 'control.db'}"


# Environment name (without prefix) -> group, field. One line to add a setting.
_NAMES: dict[str, tuple[str, str]] = {
    "HOST": ("server", "host"),
    "PORT": ("server", "port"),
    "DATA_DIR": ("server", "data_dir"),
    "PUBLIC_URL": ("server", "public_url"),
    "LOG_FORMAT": ("server", "log_format"),
    "LOG_LEVEL": ("server", "log_level"),
    "TRUSTED_PROXIES": ("server", "trusted_proxies"),
    "REGISTRATION": ("access", "registration"),
    "SECURITY_CONTACT": ("access", "security_contact"),
    "ADMIN_KEY": ("access", "admin_key"),
    "RATE_LIMIT_AUTH": ("limits", "auth"),
    "RATE_LIMIT_INGEST": ("limits", "ingest"),
    "RATE_LIMIT_ADDRESS": ("limits", "address"),
    "RATE_LIMIT_READ": ("limits", "read"),
    "SPOOL_BYTES": ("limits", "spool_bytes"),
    "SPOOL_AGE": ("limits", "spool_age"),
    "SMTP_HOST": ("mail", "smtp_host"),
    "SMTP_PORT": ("mail", "smtp_port"),
    "SMTP_USER": ("mail", "smtp_user"),
    "SMTP_PASSWORD": ("mail", "smtp_password"),
    "SMTP_TLS": ("mail", "smtp_tls"),
    "MAIL_FROM": ("mail", "sender"),
    "OIDC_ISSUER": ("oidc", "issuer"),
    "OIDC_CLIENT_ID": ("oidc", "client_id"),
    "OIDC_CLIENT_SECRET": ("oidc", "client_secret"),
    "OIDC_NAME": ("oidc", "name"),
    "BILLING": ("", "billing"),
    "DATABASE_URL": ("", "database_url"),
    "REDIS_URL": ("", "redis_url"),
    "GEO_DATABASE": ("", "geo_database"),
    "SELF_MONITOR": ("", "self_monitor"),
}
_CHOICES: dict[str, tuple[str, ...]] = {
    "LOG_FORMAT": ("text", "json"),
    "LOG_LEVEL": ("debug", "info", "warning", "error"),
    "REGISTRATION": ("invite", "open"),
    "BILLING": ("off", "builtin", "stripe"),
    "SELF_MONITOR": ("on", "off"),
    "SMTP_TLS": ("starttls", "tls", "off"),
}
# A setting that means nothing without the other ones.
_TOGETHER = {"SMTP_HOST": ("MAIL_FROM",), "OIDC_ISSUER": ("OIDC_CLIENT_ID",), "OIDC_CLIENT_ID": ("OIDC_ISSUER",)}


def known_names() -> tuple[str, ...]:
    """Every environment variable that Pulseboard reads."""
    return tuple(PREFIX + name for name in _NAMES)


def load(environ: Mapping[str, str]) -> Settings:
    """Reads and checks all settings.

    Raises:
        SettingsError: with every fault, when a name is unknown or a value is wrong.
    """
    faults: list[str] = []
    groups: dict[str, dict[str, object]] = {"server": {}, "access": {}, "limits": {}, "mail": {}, "oidc": {}, "": {}}
    for name, raw in sorted(environ.items()):
        if not name.startswith(PREFIX):
            continue
        short = name.removeprefix(PREFIX)
        if short not in _NAMES:
            faults.append(f"{name}: unknown setting; {_suggestion(short)}")
            continue
        group, attribute = _NAMES[short]
        try:
            groups[group][attribute] = _value(short, raw)
        except ValueError as wrong:
            faults.append(f"{name}: {wrong}")
    faults += _missing(environ)
    if faults:
        raise SettingsError("\n".join(faults))
    return Settings(
        server=Server(**groups["server"]),  # type: ignore[arg-type]
        access=Access(**groups["access"]),  # type: ignore[arg-type]
        limits=Limits(**groups["limits"]),  # type: ignore[arg-type]
        mail=Mail(**groups["mail"]),  # type: ignore[arg-type]
        oidc=Oidc(**groups["oidc"]),  # type: ignore[arg-type]
        **groups[""],  # type: ignore[arg-type]
    )


def _missing(environ: Mapping[str, str]) -> list[str]:
    return [
        f"{PREFIX}{needed}: is needed with {PREFIX}{name}"
        for name, others in _TOGETHER.items()
        for needed in others
        if environ.get(PREFIX + name) and not environ.get(PREFIX + needed)
    ]


def _suggestion(short: str) -> str:
    if close := get_close_matches(short, _NAMES, n=1, cutoff=0.75):
        return f"did you mean {PREFIX}{close[0]}?"
    return f"known are {', '.join(known_names())}"


def _value(short: str, raw: str) -> object:
    if short in _CHOICES:
        if raw not in _CHOICES[short]:
            raise ValueError(f"must be one of {', '.join(_CHOICES[short])}")
        return raw == "on" if short == "SELF_MONITOR" else raw
    match short:
        case "PORT" | "SMTP_PORT":
            return _whole_number(raw, 0, 65535)
        case "SPOOL_BYTES":
            return _whole_number(raw, 1024**2, 2**50)
        case "SPOOL_AGE":
            return _whole_number(raw, 1, 10 * 366 * 86_400)
        case "DATA_DIR" | "GEO_DATABASE":
            return Path(raw)
        case "TRUSTED_PROXIES":
            return _addresses(raw)
        case "PUBLIC_URL":
            return _public_url(raw)
        case "DATABASE_URL":
            return _database_url(raw)
        case "REDIS_URL":
            return _redis_url(raw)
        case "MAIL_FROM":
            return _sender(raw)
        case "SECURITY_CONTACT":
            return _contact(raw)
        case "OIDC_ISSUER":
            return _issuer(raw)
        case "ADMIN_KEY":
            if raw and len(raw) < MIN_ADMIN_KEY:
                raise ValueError(f"must have {MIN_ADMIN_KEY} or more characters")
            return raw
        case "RATE_LIMIT_AUTH" | "RATE_LIMIT_INGEST" | "RATE_LIMIT_ADDRESS" | "RATE_LIMIT_READ":
            return _rate(raw)
        case _:
            return raw


def _whole_number(raw: str, low: int, high: int) -> int:
    if not raw.isdecimal() or not low <= int(raw) <= high:
        raise ValueError(f"must be a whole number from {low} to {high}")
    return int(raw)


def _addresses(raw: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in raw.split(",") if part.strip())
    for part in parts:
        try:
            ip_network(part)
        except ValueError:
            raise ValueError(f"{part!r} is no address or network; write them like 10.0.0.7, 192.168.1.0/24") from None
    return parts


def _rate(raw: str) -> str:
    try:
        parse_rate(raw)
    except ValueError:
        raise ValueError("must be a number per second, minute, hour or day, like 30/minute") from None
    return raw


def _database_url(raw: str) -> str:
    scheme, found, rest = raw.partition("://")
    if raw and (scheme not in ("postgresql", "postgres") or not found or not rest):
        raise ValueError("must look like postgresql://pulse:secret@db.example.com/pulseboard")
    return raw


def _public_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValueError("must look like https://pulse.example.com, without a path")
    return raw.rstrip("/")


def _redis_url(raw: str) -> str:
    if not raw:
        return ""
    from redis.connection import parse_url  # here, because whoever sets no URL need not wait for it

    try:
        parse_url(raw)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ValueError("must look like redis://cache.example.com:6379/0, rediss://... or unix:///path") from None
    return raw


def _sender(raw: str) -> str:
    if not is_email(parseaddr(raw)[1]) or not raw.isprintable():
        raise ValueError("must look like Pulseboard <pulse@example.com>")
    return raw


def _contact(raw: str) -> str:
    good = raw.startswith("https://") or (raw.startswith("mailto:") and is_email(raw.removeprefix("mailto:")))
    if not good or not raw.isprintable() or " " in raw:
        raise ValueError("must look like mailto:security@example.com or https://example.com/security")
    return raw


def _issuer(raw: str) -> str:
    parts = urlsplit(raw)
    # Whoever stands between the two could sign anybody in; on this machine nobody does.
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ValueError("must be the https address of the server that people sign in at")
    return raw  # to the letter: tokens must name it so
