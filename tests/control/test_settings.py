"""Wrong settings stop the start with a sentence that says what is right."""

import pytest

from pulseboard.settings import PREFIX, SettingsError, load


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


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"SMTP_HOST": "mail.example.com"}, "MAIL_FROM"),
        ({"MAIL_FROM": "nobody"}, "MAIL_FROM"),
        ({"MAIL_FROM": "a@example.com\nBcc: b@example.com"}, "MAIL_FROM"),
        ({"SMTP_TLS": "yes"}, "SMTP_TLS"),
        ({"SMTP_PORT": "0x19"}, "SMTP_PORT"),
        ({"OIDC_ISSUER": "https://id.example.com"}, "OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_ID": "x"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "http://id.example.com", "OIDC_CLIENT_ID": "x"}, "OIDC_ISSUER"),
    ],
)
def test_a_mail_server_and_a_sign_in_elsewhere_are_whole_or_refused(environ: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"PULSEBOARD_{named}: "):
        load({PREFIX + name: value for name, value in environ.items()})


def test_secrets_of_other_servers_are_not_printed() -> None:
    environ = {"SMTP_PASSWORD": "hush", "OIDC_CLIENT_SECRET": "hush"}
    settings = load({PREFIX + name: value for name, value in environ.items()})
    assert settings.mail.smtp_password == settings.oidc.client_secret == "hush"
    assert "hush" not in repr(settings)
