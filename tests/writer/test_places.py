"""Addresses become places without a network; private ones, and what is no address, are nowhere."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from pulseboard.settings import SettingsError
from pulseboard.writer.enrich.geo import NOWHERE, Find, Place, age_of_places, open_places, packaged_files

LONDON = {
    "country": {"iso_code": "GB", "names": {"en": "United Kingdom"}},
    "subdivisions": [{"iso_code": "ENG", "names": {"en": "England", "de": "England"}}],
    "city": {"names": {"en": "London"}},
}
BERLIN = {"country_code": "DE", "state1": "State of Berlin", "city": "Berlin (Bezirk Mitte)", "latitude": 52.5}
BARE = {"registered_country": {"iso_code": "IS"}}


def write_places(path: Path) -> Path:
    """A database in both layouts, of both kinds of addresses."""
    writer = MMDBWriter(6, ipv4_compatible=True)
    writer.insert_network(IPSet(["81.2.69.0/24", "2a00:1450::/32"]), LONDON)
    writer.insert_network(IPSet(["85.214.0.0/16"]), BERLIN)
    writer.insert_network(IPSet(["194.105.0.0/16"]), BARE)
    writer.insert_network(IPSet(["10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16", "fd00::/8"]), LONDON)
    writer.to_db_file(str(path))
    return path


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    return open_places(write_places(tmp_path_factory.mktemp("places") / "own.mmdb"))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("81.2.69.142", Place("GB", "England", "London")),
        ("2a00:1450:4001::1", Place("GB", "England", "London")),
        ("::ffff:81.2.69.142", Place("GB", "England", "London")),
        ("85.214.1.1", Place("DE", "State of Berlin", "Berlin")),
        ("194.105.3.4", Place("IS", "", "")),
        ("8.8.8.8", NOWHERE),
    ],
)
def test_an_address_has_a_place_in_either_layout(find: Find, address: str, place: Place) -> None:
    assert find(address) == place


NO_PLACES = [
    *("10.1.2.3", "127.0.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.1.2.3", "2001:db8::1"),
    *("", "unknown", "81.2.69", "81.2.69.142:443", "81.2.69.142, 10.0.0.1", "٨١.٢.٦٩.١٤٢", "\x00", "x" * 100_000),
]


@pytest.mark.parametrize("address", NO_PLACES)
def test_what_is_private_reserved_or_no_address_is_nowhere(find: Find, address: str) -> None:
    assert find(address) == NOWHERE


def test_a_file_that_is_no_database_stops_the_start_and_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.mmdb"
    wrong.write_bytes(b"not a database")
    for path in (wrong, tmp_path / "missing.mmdb", tmp_path):
        with pytest.raises(SettingsError, match=str(path)):
            open_places(path)


def test_a_database_that_is_damaged_behind_its_head_finds_nothing_and_stops_nothing(tmp_path: Path) -> None:
    path = write_places(tmp_path / "damaged.mmdb")
    whole = bytearray(path.read_bytes())
    metadata = whole.rindex(b"\xab\xcd\xefMaxMind.com")
    whole[metadata - 250 : metadata] = b"\xff" * 250
    path.write_bytes(whole)
    assert open_places(path)("81.2.69.142") == NOWHERE


@pytest.mark.skipif(not packaged_files(), reason="the packaged database could not be fetched")
def test_the_packaged_data_knows_the_world() -> None:
    find = open_places(None)
    assert find("81.2.69.142") == Place("GB", "England", "London")
    assert find("133.11.93.0").country == "JP"
    assert find("2a02:8108::1").country == "DE"
    assert find("10.0.0.1") == NOWHERE


def test_without_any_database_every_address_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulseboard.writer.enrich.geo.PACKAGED", ("never-fetched.mmdb",))
    assert open_places(None)("81.2.69.142") == NOWHERE
    assert age_of_places(None) == ""


def test_the_age_of_a_database_is_told(tmp_path: Path) -> None:
    path = write_places(tmp_path / "own.mmdb")
    assert age_of_places(path) == f"own.mmdb of {datetime.now(UTC).date()}"
