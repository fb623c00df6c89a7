"""Wrong settings stop the start with a sentence that says what is right."""

import pytest

from pulseboard.settings import SettingsError, load


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PULSEBOARD_PROT", "9000", r"did you mean PULSEBOARD_PORT\?"),
        ("PULSEBOARD_XYZZY", "1", "known are PULSEBOARD_HOST, "),
        ("PULSEBOARD_RATE_LIMIT_AUTH", "lots", "like 30/minute"),
        ("PULSEBOARD_TRUSTED_PROXIES", "10.0.0.1, proxy", "'proxy' is no address"),
        ("PULSEBOARD_TRUSTED_PROXIES", "10.0.0.1/8", "is no address or network"),
        ("PULSEBOARD_PORT", "65536", "from 0 to 65535"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: .*{says}"):
        load({name: value})


def test_proxies_are_addresses_and_networks() -> None:
    settings = load({"PULSEBOARD_TRUSTED_PROXIES": "10.0.0.7, 192.168.1.0/24,::1"})
    assert settings.server.trusted_proxies == ("10.0.0.7", "192.168.1.0/24", "::1")
