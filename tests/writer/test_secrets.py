"""Card numbers, keys and passwords do not survive in a text, in whatever place; everything else does."""

import string
from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pulseboard.writer.enrich.secrets import MASK, clean, is_luhn

WORDS = st.text(string.ascii_letters + string.digits, min_size=24, max_size=40).map(lambda text: "A1z" + text)
HEX = st.text("0123456789abcdef", min_size=40, max_size=40)
KEYS = st.one_of(
    WORDS.map("sk_live_{}".format),
    WORDS.map("rk_test_{}".format),
    WORDS.map("pk_live_{}".format),
    WORDS.map("whsec_{}".format),
    WORDS.map("ghp_{}".format),
    WORDS.map("github_pat_{}".format),
    WORDS.map("glpat-{}".format),
    WORDS.map("xoxb-{}".format),
    WORDS.map("sk-proj-{}".format),
    WORDS.map("ya29.{}".format),
    st.tuples(WORDS, WORDS).map(lambda two: f"SG.{two[0]}.{two[1]}"),
    st.tuples(WORDS, WORDS).map(lambda two: f"eyJ{two[0]}.eyJ{two[1]}.{two[0]}"),
    WORDS.map(lambda word: f"npm_{word}{word}"),
    WORDS.map(lambda word: f"hf_{word}{word}"),
    WORDS.map(lambda word: f"pypi-{word}{word}"),
    HEX.map("dop_v1_{}".format),
    st.text(string.ascii_uppercase + string.digits, min_size=16, max_size=16).map("AKIA{}".format),
    st.text(string.ascii_letters + string.digits + "-_", min_size=35, max_size=35).map("AIza{}".format),
)
NAMED = """
token access_token reset-token csrfToken TOKEN password user.password passwd pwd passphrase secret client_secret
api_key apikey API-KEY private_key x-amz-signature X-Amz-Credential jsessionid
"""
NAMES = st.sampled_from(NAMED.split())
SHORT_NAMES = st.sampled_from(["code", "auth", "sig", "jwt", "otp", "pass", "pw", "CODE"])
VALUES = st.text(string.ascii_letters + string.digits + "-._~!$'()*,;:@/?", min_size=6).filter(
    lambda text: text[0] not in "'" and MASK not in text
)
BEFORE = st.sampled_from(["", "at ", "(", "see: ", "https://a.example/b/", "?x=", "https://a/?next=https%3A%2F%2Fb%2F"])
AFTER = st.sampled_from(["", " and more", "&x=1", ")", "\n", "#top", '"'])


ISSUERS = [
    *[(prefix, 16) for prefix in ("4", "51", "55", "2221", "2720", "6011", "65", "3528")],
    *[("34", 15), ("37", 15), ("36", 14), ("305", 14), ("62", 17), ("62", 19)],
]


at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def cards(draw: st.DrawFn) -> str:
    """The number of a card that could exist."""
    prefix, length = draw(st.sampled_from(ISSUERS))
    size = length - len(prefix) - 1
    number = prefix + draw(st.text(string.digits, min_size=size, max_size=size))
    return next(number + digit for digit in string.digits if is_luhn(number + digit))


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    number, gap = draw(cards()), draw(st.sampled_from(["", " ", "-", "+", "%20"]))
    if len(number) == 16:
        return gap.join(number[start : start + 4] for start in range(0, 16, 4))
    return gap.join((number[:4], number[4:10], number[10:])) if len(number) in (14, 15) else number


@at_leisure
@given(BEFORE, KEYS, AFTER)
def test_a_key_does_not_survive(before: str, key: str, after: str) -> None:
    assert clean(before + key + after) == before + MASK + after


@at_leisure
@given(BEFORE, written_cards(), AFTER)
@example("card=", "4111 1111 1111 1111", " 12/29")
@example("https%3A%2F%2Fa%2F%3Fcard%3D", "378282246310005", "%26x")
def test_a_card_number_does_not_survive(before: str, card: str, after: str) -> None:
    assert clean(before + card + after) == before + MASK + after


@at_leisure
@given(st.sampled_from("?&;#"), NAMES | SHORT_NAMES, VALUES, st.sampled_from(["", "&x=1", "#top", " HTTP/1.1"]))
def test_a_parameter_that_is_secret_by_its_name_does_not_survive(sign: str, name: str, value: str, after: str) -> None:
    text = f"https://a.example/b{sign}{name}="
    assert clean(text + value + after) == text + MASK + after


@at_leisure
@given(NAMES, st.text(string.ascii_letters + string.digits + " ,&{}:", min_size=1))
def test_a_password_in_json_does_not_survive(name: str, value: str) -> None:
    assert clean(f'{{"{name}": "{value}", "user": "bob"}}') == f'{{"{name}": "{MASK}", "user": "bob"}}'
    inner = f'\\"{name}\\":\\"{value}\\",\\"user\\":\\"bob\\"'
    assert clean(inner) == f'\\"{name}\\":\\"{MASK}\\",\\"user\\":\\"bob\\"'


SECRETS = [
    ("Authorization: Bearer abc.def-123456", "Authorization: Bearer ***"),
    ("authorization: basic dXNlcjpwYXNzd29yZDE=", "authorization: basic ***"),
    ("postgres://bob:p.w-1@db:5432/shop failed", "postgres://bob:***@db:5432/shop failed"),
    ("login failed, password: hunter2 for bob", "login failed, password: *** for bob"),
    ("api_key = 'it is me' x", "api_key = '***' x"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter", "***\nafter"),
    ("cut off: -----BEGIN PRIVATE KEY-----\nMIIE", "cut off: ***"),
    ("https://hooks.slack.com/services/T00/B00/XXXX", "https://hooks.slack.com/services/***"),
    ("https://a/?next=https%3A%2F%2Fb%3Ftoken%3Dabc%26x%3D1&z=2", "https://a/?next=https%3A%2F%2Fb%3Ftoken%3D***%26x%3D1&z=2"),
    ("İ and ſ stay where they are: token=abc", "İ and ſ stay where they are: token=***"),
    ("token=eyJhbGciOiJI.eyJzdWIiOiIx.c2ln&x=1", "token=***&x=1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), SECRETS)
def test_each_form_is_masked_and_its_neighbours_stay(text: str, masked: str) -> None:
    assert clean(text) == masked
    assert clean(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111112 of 2026-03-10T12:00:00.000Z",  # its check digit is wrong
        "1710072000000 1710072000000000 1710072000000000000",
        "550e8400-e29b-41d4-a716-446655440000",
        "4006381333931 is a bar code, +49 151 12345678 a telephone",
        "0.4111111111111111 and 12345.67 and 4111111111111111.50 EUR",
        "a4111111111111111 f4111111111111111e",
        "git checkout 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "Unexpected token: < in JSON at position 0",
        "password: must be set",
        "tokens=512&tokenize=1&password_reset=true&secretary=ann&monkey=2",
        "https://shop.example/sk-produkty-na-predaj-bratislava?utm_source=x&gclid=abc&barcode=1&encode=2",
        "bearer certificates and basic understanding",
        "code=404 is no parameter here",
        "eyJust.a.word",
        "https://bob@example.com/a:b@c",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert clean(text) == text


@at_leisure
@given(
    st.uuids().map(str)
    | st.uuids().map(lambda uuid: uuid.hex)
    | st.integers(946_684_800_000, 4_070_908_800_000).map(str)
    | st.datetimes().map(datetime.isoformat)
    | st.floats(0, 1e12, allow_nan=False).map(str)
    | st.integers(0, 10**12 - 1).map(str)
    | st.integers(0, 10**9).map("ORD-{:09d}".format)
    | st.text(string.ascii_lowercase, min_size=1).map("{}@example.com".format)
)
def test_ids_times_and_amounts_stay(value: str) -> None:
    for text in (value, f"order {value} failed", f"https://shop.example/orders/{value}?at={value}"):
        assert clean(text) == text


@at_leisure
@given(st.text())
def test_any_text_is_searched_and_what_is_left_is_searched_in_vain(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


def test_a_long_text_that_is_made_to_be_slow_is_searched_to_its_end() -> None:
    """Each takes some ten milliseconds; with a pattern that looks at the same letters again and again, minutes."""
    parts = [
        "a",
        "eyJ",
        "token=",
        "sk-",
        "://a:",
        "4",
        "4444 ",
        "bearer ",
        "SG.",
        'token="',
        "token=\\",
        "-----BEGIN PRIVATE KEY-----",
    ]
    parts += [
        "token=%",
        "token: ",
        "AKIA",
        "basic+",
        "?code=",
        "password",
        "password ",
        '"',
        "://",
        "%4",
        "1-",
        "4 ",
        " ",
    ]
    words = "token key secret passw :// bearer eyj sk- code= pass= -----begin hooks.slack.com sess "
    for part in parts:
        text = words + part * (65_536 // len(part))
        assert clean(text + " token=abc") == clean(text + " token=xyz")
