"""What a project masks is nowhere: not in the row, not in the live view, not on disk; all else is as it was sent."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.writer.pipeline import KEY, Pipeline, event
from tests.writer.test_secrets import KEYS, written_cards

from pulseboard.projects import Collected, Collection, MaskRule
from pulseboard.writer.enrich.mask import TEXTS, Masker

MASKER = Masker(KEY)
ONE, TWO = "01970000-0000-7000-8000-00000000000a", "01970000-0000-7000-8000-00000000000b"
one_pipeline = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=25
)


def masked(
    properties: dict[str, Any], *rules: tuple[str, str], project: str = ONE, secrets: bool = True
) -> dict[str, Any]:
    mask = tuple(MaskRule(name, action) for name, action in rules)  # type: ignore[arg-type]
    return MASKER.mask(project, Collection(mask=mask, mask_secrets=secrets), properties)


def hashed(value: object, project: str = ONE) -> object:
    return masked({"x": value}, ("x", "hash"), project=project)["x"]


def test_a_property_is_dropped_or_hashed_by_its_name_and_the_rest_stays() -> None:
    sent = {"email": "bob@example.com", "name": "Bob", "plan": "pro"}
    kept = masked(sent, ("email", "hash"), ("name", "drop"), ("absent", "drop"))
    assert kept == {"email": hashed("bob@example.com"), "plan": "pro"}
    assert sent == {"email": "bob@example.com", "name": "Bob", "plan": "pro"}


@pytest.mark.parametrize(
    ("sent", "path", "kept"),
    [
        ({"user": {"email": "b@x", "id": 7}}, "user.email", {"user": {"id": 7}}),
        ({"user.email": "b@x", "user": {"email": "b@x"}}, "user.email", {"user": {}}),
        ({"a.b": {"c": 1, "d": 2}}, "a.b.c", {"a.b": {"d": 2}}),
        ({"items": [{"sku": "a"}, {"sku": "b", "n": 1}, "sku"]}, "items.sku", {"items": [{}, {"n": 1}, "sku"]}),
        ({"rows": [[{"x": 1}]]}, "rows.x", {"rows": [[{}]]}),
        ({"user": "bob"}, "user.email", {"user": "bob"}),
        ({"user": {"email": {"home": "b@x"}}}, "user.email", {"user": {}}),
        ({"User": 1}, "user", {"User": 1}),
        ({"": 1, ".": 2, "a": 3}, ".", {"": 1, "a": 3}),
    ],
)
def test_a_path_leads_into_objects_and_through_lists(sent: dict[str, Any], path: str, kept: dict[str, Any]) -> None:
    assert masked(sent, (path, "drop")) == kept


def test_equal_values_have_equal_hashes_within_a_project_alone() -> None:
    assert hashed("bob@example.com") == hashed("bob@example.com") != hashed("Bob@example.com")
    assert hashed({"a": 1, "b": 2}) == hashed({"b": 2, "a": 1})
    assert hashed("bob@example.com", ONE) != hashed("bob@example.com", TWO)
    assert Masker(b"another").mask(ONE, Collection(mask=(MaskRule("x", "hash"),)), {"x": 1})["x"] != hashed(1)
    assert hashed(None) is None
    assert all(len(str(hashed(value))) == 32 for value in ("", 0, True, [], {}, "🙂" * 9_000))


def test_secrets_are_masked_in_texts_at_any_depth_and_only_there() -> None:
    url = "https://a.example/?token=abc123"
    sent = {
        "message": f"GET {url} failed",
        "error": {"message": url, "stack": [url], "code": 7},
        "context": [{"referrer": url}],
        "note": url,
        "count": 4111111111111111,
    }
    assert masked(sent) == {
        "message": "GET https://a.example/?token=*** failed",
        "error": {"message": "https://a.example/?token=***", "stack": ["https://a.example/?token=***"], "code": 7},
        "context": [{"referrer": "https://a.example/?token=***"}],
        "note": url,
        "count": 4111111111111111,
    }
    assert masked(sent, secrets=False) == sent


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=9).map("own_{}".format)
values = st.text("abcdefghijklmnopqrstuvwxyz", min_size=12, max_size=20).map("canary{}".format)
known = st.sampled_from(["url", "message", "referrer", "route", "country", "browser", "release", "amount", "userAgent"])


def start_anew(pipeline: Pipeline) -> None:
    pipeline.store.command("TRUNCATE TABLE events")
    pipeline.told.clear()


def everything(pipeline: Pipeline) -> str:
    """All that can be seen of the project's events: the rows as stored, and as told to the live view."""
    stored = pipeline.rows("*")
    told = [msgspec.to_builtins(row) for row in pipeline.told]
    return repr(stored) + repr(told)


@one_pipeline
@given(known | names, st.sampled_from(["drop", "hash"]), values, st.dictionaries(names, json_values, max_size=4))
def test_what_a_rule_masks_appears_nowhere(
    pipeline: Pipeline, name: str, action: str, value: str, others: dict[str, Any]
) -> None:
    start_anew(pipeline)
    rules = (MaskRule(name, action), MaskRule(f"deep.{name}", action))  # type: ignore[arg-type]
    pipeline.collected = Collected(Collection(mask=rules), ())
    others.pop(name, None)
    pipeline.send(event(type="PAGE_VIEW", properties={**others, name: value, "deep": {name: [value]}}))
    pipeline.writer.drain()
    assert value not in everything(pipeline)
    stored = msgspec.json.decode(pipeline.rows("properties")[-1]["properties"])
    assert {key: stored[key] for key in others} == others


@one_pipeline
@given(
    st.sampled_from(sorted(TEXTS)),
    KEYS | written_cards(),
    st.sampled_from(["{}", "paid with {}.", "https://a/?x={}&y=1"]),
)
def test_a_secret_in_a_text_appears_nowhere(pipeline: Pipeline, name: str, secret: str, text: str) -> None:
    start_anew(pipeline)
    sent = text.format(secret)
    pipeline.send(event(type="ERROR", properties={name: sent, "deep": [{name: sent}], "order": "ORD-000123"}))
    pipeline.writer.drain()
    assert secret not in everything(pipeline)
    assert "ORD-000123" in everything(pipeline)
