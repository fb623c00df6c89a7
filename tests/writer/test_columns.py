"""Known keys fill typed columns, whatever hostile values they carry."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.writer.pipeline import Pipeline, event

from pulseboard.ingest.event import Event
from pulseboard.writer.columns import Row, row_of


def row(**properties: object) -> Row:
    return row_of("p", 1_000, event(properties=properties))


def test_the_briefs_spellings_fill_the_same_columns() -> None:
    one = row(route="/checkout", statusCode=500, response_time_ms=12, amount="9.5", currency="eur", method="post")
    two = row(endpoint="/checkout", status_code="500", durationMs=12.0, value=9.5, currency="EUR", method="POST")
    for column in ("endpoint", "status_code", "duration_ms", "value", "currency", "method"):
        assert getattr(one, column) == getattr(two, column) not in ("", 0, None)


def test_values_that_do_not_fit_stay_in_the_properties_only() -> None:
    odd = row(statusCode=99, duration_ms=-1, value="ten", url={"a": 1}, message=True, amount=float("inf"))
    assert (odd.status_code, odd.duration_ms, odd.value, odd.url, odd.message) == (0, None, None, "", "")
    assert odd.properties["statusCode"] == 99


def test_a_url_gives_path_campaign_and_the_referrer_its_domain() -> None:
    web = row(
        url="https://shop.example.com/a/b?utm_source=news&utm_medium=mail&x=1", referrer="https://www.google.com/q"
    )
    assert (web.path, web.utm_source, web.utm_medium, web.referrer_domain) == ("/a/b", "news", "mail", "google.com")


def test_broken_urls_are_kept_and_give_nothing() -> None:
    assert row(url="http://[::1").path == ""
    assert row(url="https://example.com").path == "/"


def test_types_are_known_without_case_and_kept_as_sent() -> None:
    known, own = row_of("p", 0, event(type="page_view")), row_of("p", 0, event(type="Signup"))
    assert (known.type, known.kind, own.type, own.kind) == ("page_view", "PAGE_VIEW", "Signup", "")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
known_keys = st.sampled_from(["url", "statusCode", "value", "referrer", "a.b", "a", "", "duration_ms"]) | st.text()


@given(st.dictionaries(known_keys, json_values, max_size=5))
def test_any_properties_make_a_row(properties: dict[str, Any]) -> None:
    made = row_of("p", 0, Event("i", False, "t", "n", 0, properties=properties))
    assert made.properties == properties


def test_hostile_properties_are_stored_and_nothing_is_buried(pipeline: Pipeline) -> None:
    hostile: list[dict[str, Any]] = [
        {"a": 1, "a.b": 2},
        {"a": {"b": 1}, "a.b": 3},
        {"": 1, ".": 2, "..": 3, "a..b": 4},
        {"x": [1, "two", None, {"three": 3}]},
        {"x": {"x": {"x": {"x": {"x": {"x": {"x": 1}}}}}}},
        {"big": 2**63 - 1, "small": -(2**63), "float": 1e308, "tiny": 5e-324},
        {"quote'\"\\`": "'; DROP TABLE events; --", "emoji 🙂": "\u202e right to left", "\t\n": "\x01\x7f"},
        {f"key{n}": n for n in range(2_000)},
        {"text": "x" * 60_000},
        {"null": None, "empty": {}, "list": [], "lists": [[], [[]]]},
    ]
    pipeline.send(*(event(properties=properties, minutes=n) for n, properties in enumerate(hostile)))
    assert pipeline.writer.drain() == len(hostile)
    assert pipeline.spool.dead.count() == 0
