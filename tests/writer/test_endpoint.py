"""Raw paths become endpoints: ids are folded, words are not."""

import string
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulseboard.ingest.event import Event
from pulseboard.writer.columns import Row, row_of
from pulseboard.writer.endpoint import fold

IDS = (
    st.integers(0, 10**30).map(str)
    | st.uuids().map(str)
    | st.uuids().map(lambda id: id.hex.upper())
    | st.dates().map(str)
    | st.binary(min_size=8, max_size=32).map(bytes.hex).filter(lambda text: any(map(str.isdigit, text)))
    | st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=25, max_size=25).map(lambda text: "01"[:1] + text)
)
WORDS = st.sampled_from(
    [
        *("v1", "v2beta1", "users", "me", "oauth2", "sha256", "s3", "1.1", "utf-8", "i18n", "face2face", "decade"),
        *("GetUserProfileV2", "ListV1Beta1Resources2", "get_UserV2ById3", "getting-started-with-kubernetes-1-30"),
        *("internationalization", "{id}", ":id", "<int:pk>", "***", "defacedfacadedeed", "api_v2_users", "ünïcode", ""),
        *("index-4f3d2a1b.js", "2024-summer", "q1-2024", "h264-video", "windows-11-update"),
    ]
)


@given(st.text(max_size=60) | st.lists(IDS | WORDS).map("/".join))
@example("/a/1.2.json")
@example("1.json.json")
@example("/1?/2#3")
def test_folding_again_changes_nothing(path: str) -> None:
    assert fold(fold(path)) == fold(path)


@given(st.lists(st.tuples(WORDS, st.none()) | st.tuples(IDS, st.sampled_from(["", ".json", ".pdf", ".mp4"]))))
def test_ids_are_folded_and_words_are_not(parts: list[tuple[str, str | None]]) -> None:
    path = "/".join(word if suffix is None else word + suffix for word, suffix in parts)
    expected = "/".join(word if suffix is None else ":id" + suffix for word, suffix in parts)
    assert fold(path) == expected


@given(st.text(string.ascii_lowercase, min_size=1, max_size=60), st.integers(0, 999))
def test_a_word_with_a_number_behind_stays(word: str, number: int) -> None:
    path = f"/{word}{number}"
    assert fold(path) == path or (len(word) > 12 and set(word) <= set("abcdef"))


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/users/123", "/users/:id"),
        ("/v1/users/123/orders/9", "/v1/users/:id/orders/:id"),
        ("/users/123?expand=1#top", "/users/:id"),
        ("https://api.example.com/users/123", "https://api.example.com/users/:id"),
        ("/charges/ch_3MmlLrLkdIwHu7ix0snN0B15", "/charges/:id"),
        ("/keys/sk_live_9s6XKzkNRiz8i3QqT4", "/keys/:id"),
        ("/objects/507f1f77bcf86cd799439011", "/objects/:id"),
        ("/commits/da39a3ee5e6b4b0d3255bfef95601890afd80709", "/commits/:id"),
        ("/events/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/events/:id"),
        ("/sessions/0ujsszwN8NRY24YaXiTIE2VWDTS", "/sessions/:id"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_path_is_folded_as_a_person_would(path: str, endpoint: str) -> None:
    assert fold(path) == endpoint


def stored(type: str = "REQUEST", **properties: object) -> Row:
    return row_of(str(uuid.UUID(int=1)), 0, Event("1", True, type, type, 0, properties=properties))


def test_an_endpoint_is_the_route_that_was_sent_or_else_the_folded_path() -> None:
    assert stored(endpoint="/users/7").endpoint == "/users/:id"
    assert stored(url="https://api.example.com/users/7?x=1").endpoint == "/users/:id"
    assert stored(path="/users/7").endpoint == "/users/:id"
    for sent in ({"route": "/year/2024", "endpoint": "/a/7"}, {"endpoint": "/a/7", "route": "/year/2024"}):
        assert stored(**sent).endpoint == "/year/2024"
    assert stored(endpoint="/users/7").properties == {"endpoint": "/users/7"}
    assert stored().endpoint == ""


def test_other_events_have_an_endpoint_only_when_they_name_one() -> None:
    assert stored("PAGE_VIEW", path="/users/7").endpoint == ""
    assert stored("ERROR", endpoint="/users/7").endpoint == "/users/:id"
