"""What a line of a log means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseboard.importers.access_log import Refused, parse

STAMP = "[03/Mar/2019:08:01:12 +0000]"
MORNING = 1_551_600_072_000  # that moment in ms


def test_a_combined_line_is_read_whole() -> None:
    request = parse(f'192.0.2.1 - - {STAMP} "GET /a?b=1 HTTP/1.1" 200 512 "https://x.example/" "curl/8"'.encode())
    assert (request.address, request.user, request.timestamp) == ("192.0.2.1", "", MORNING)
    assert (request.method, request.target, request.path, request.protocol) == ("GET", "/a?b=1", "/a", "HTTP/1.1")
    assert (request.status, request.size) == (200, 512)
    assert (request.referrer, request.agent) == ("https://x.example/", "curl/8")


def test_a_common_line_has_neither_referrer_nor_agent() -> None:
    request = parse(f'192.0.2.1 - frank {STAMP} "HEAD / HTTP/1.0" 304 -'.encode())
    assert (request.user, request.size, request.referrer, request.agent) == ("frank", 0, "", "")


@pytest.mark.parametrize("tail", [" 0.123", ' "192.0.2.9" rt=0.1', "\tfast", ' "a" "b" "c"'])
def test_what_a_server_appends_is_left_out(tail: str) -> None:
    assert parse(f'::1 - - {STAMP} "GET / HTTP/1.1" 200 1 "-" "curl/8"{tail}'.encode()).agent == "curl/8"


@pytest.mark.parametrize("request_line", ["-", "", r"\x16\x03\x01", "get / HTTP/1.1", "GET", "\u2603"])
def test_a_request_that_is_no_http_keeps_its_words_and_has_no_method_or_path(request_line: str) -> None:
    request = parse(f'192.0.2.1 - - {STAMP} "{request_line}" 400 0 "-" "-"'.encode())
    assert (request.method, request.path, request.raw) == ("", "", request_line)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", "/"),
        ("/a/b?c=/d", "/a/b"),
        ("/a#b", "/a"),
        ("//double//slash", "//double//slash"),
        ("*", "*"),
        ("http://shop.example", "/"),
        ("http://shop.example/x?y", "/x"),
        ("http://[broken/x", "http://[broken/x"),
        ("shop.example:443", "shop.example:443"),
        ("/two words", "/two words"),
    ],
)
def test_the_path_is_the_target_without_its_query(target: str, path: str) -> None:
    assert parse(f'192.0.2.1 - - {STAMP} "GET {target} HTTP/1.1" 200 0'.encode()).path == path


def test_escaped_quotes_and_letters_are_undone_and_control_characters_stay_visible() -> None:
    line = rf'192.0.2.1 - - {STAMP} "GET / HTTP/1.1" 200 0 "-" "say \"hi\" \\ \x41 \x00 \xff"'
    assert parse(line.encode()).agent == r'say "hi" \ A \x00 \xff'


def test_an_agent_whose_closing_quote_was_cut_off_is_kept() -> None:
    line = f'192.0.2.1 - - {STAMP} "GET / HTTP/1.1" 200 0 "-" "Mozilla/5.0 (compatible'
    assert parse(line.encode()).agent == "Mozilla/5.0 (compatible"


@pytest.mark.parametrize(
    ("stamp", "milliseconds"),
    [
        ("03/Mar/2019:13:31:12 +0530", MORNING),
        ("03/Mar/2019:00:01:12 -0800", MORNING),
        ("29/Feb/2020:23:59:59 +0000", 1_583_020_799_000),
        ("01/Jan/1970:00:00:00 +0000", 0),
    ],
)
def test_times_of_any_zone_become_utc(stamp: str, milliseconds: int) -> None:
    assert parse(f'192.0.2.1 - - [{stamp}] "GET / HTTP/1.1" 200 0'.encode()).timestamp == milliseconds


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "empty line"),
        (b"   ", "empty line"),
        (b"hello", "not in the common or combined log format"),
        (b'192.0.2.1 - - [x] "GET / HTTP/1.1" abc 0', "not in the common or combined log format"),
        (b'{"json": true}', "not in the common or combined log format"),
        (f'192.0.2.1 - - {STAMP} "GET /\0 HTTP/1.1" 200 0'.encode(), "contains NUL bytes"),
        (b'192.0.2.1 - - [x] "GET / HTTP/1.1" 200 0', "time is not like 17/May/2015:10:05:03 +0000"),
        (b'192.0.2.1 - - [03/Mai/2019:08:01:12 +0000] "-" 200 0', "time is not like 17/May/2015:10:05:03 +0000"),
        (b'192.0.2.1 - - [31/Feb/2019:08:01:12 +0000] "-" 200 0', "time does not exist"),
        (b'192.0.2.1 - - [03/Mar/2019:08:01:12 +9900] "-" 200 0', "time does not exist"),
        (b'192.0.2.1 - - [03/Mar/0000:08:01:12 +0000] "-" 200 0', "time does not exist"),
        (b'192.0.2.1 - - [03/Mar/1969:08:01:12 +0000] "-" 200 0', "time is before 1970"),
    ],
)
def test_what_is_no_request_is_refused_with_its_reason(line: bytes, reason: str) -> None:
    with pytest.raises(Refused, match="^" + reason.replace("+", r"\+") + "$"):
        parse(line)


@pytest.mark.parametrize(
    "start", ["192.0.2.1 - ", f"192.0.2.1 - - {STAMP} ", f'192.0.2.1 - - {STAMP} "GET / H" 200 0 "']
)
@pytest.mark.parametrize("piece", [" [", '" ', "\\", '\\"', "] ", " ", "- ", " HTTP/1"])
def test_a_hostile_line_is_refused_or_read_without_a_hang(start: str, piece: str) -> None:
    try:
        assert parse((start + piece * 8_000).encode()).method in ("", "GET")
    except Refused as why:
        assert str(why) == "not in the common or combined log format"


@given(st.binary(max_size=300), st.binary(max_size=100), st.binary(max_size=100))
def test_any_bytes_are_a_request_or_refused(request_line: bytes, referrer: bytes, rest: bytes) -> None:
    for line in (
        request_line,
        f'192.0.2.1 - - {STAMP} "'.encode() + request_line + b'" 200 1 "' + referrer + b'" "' + rest,
    ):
        try:
            request = parse(line)
        except Refused:
            continue
        assert "\0" not in request.raw + request.path + request.agent
        assert 0 <= request.status <= 999


_words = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_characters='"\\?#'), min_size=1, max_size=40
)


@given(_words, _words, _words, st.integers(100, 599), st.integers(0, 10**12))
def test_what_a_server_writes_is_read_back(path: str, referrer: str, agent: str, status: int, size: int) -> None:
    line = f'192.0.2.1 - - {STAMP} "GET /{path} HTTP/1.1" {status} {size} "{referrer}" "{agent}"'
    request = parse(line.encode())
    assert (request.target, request.status, request.size) == ("/" + path, status, size)
    assert (request.referrer, request.agent) == tuple("" if text == "-" else text for text in (referrer, agent))
