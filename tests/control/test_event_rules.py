"""What a schema says of an event, what it may cost, and that nothing is fetched or compiled for it in vain."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.control.cast import App, Person

from pulseboard.errors import FieldError, Invalid
from pulseboard.projects import EventRules
from pulseboard.projects.event_schemas import rules as rules_file
from pulseboard.projects.event_schemas.bounds import MAX_STEPS, Cost
from pulseboard.projects.event_schemas.rules import MAX_FAULTS, compile_rule

ORDER = {
    "type": "object",
    "required": ["plan", "value"],
    "additionalProperties": False,
    "properties": {
        "plan": {"enum": ["free", "pro"]},
        "value": {"type": "number", "minimum": 0},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "mail": {"format": "email"},
        "items": {
            "type": "array",
            "maxItems": 2,
            "items": {"required": ["sku"], "properties": {"sku": {"type": "string"}}},
        },
    },
}


def faults(schema: dict[str, Any], properties: dict[str, Any]) -> dict[str, str]:
    rule = compile_rule(schema, "reject")
    found = rule.faults(properties)
    assert rule.fits(properties) == (found == ())
    return {fault.path: fault.message for fault in found}


def refusal(schema: dict[str, Any]) -> FieldError:
    with pytest.raises(Invalid) as refused:
        compile_rule(schema, "warn")
    (fault,) = refused.value.errors
    return fault


def test_what_fits_has_no_faults() -> None:
    assert (
        faults(ORDER, {"plan": "pro", "value": 1, "currency": "EUR", "items": [{"sku": "a"}], "mail": "a@b.de"}) == {}
    )


def test_every_fault_is_named_by_its_path() -> None:
    wrong = {"plan": "x", "value": -1, "currency": "eur", "items": [{"sku": 1}, {}, {}], "mail": "no", "extra": 1}
    assert faults(ORDER, wrong) == {
        "properties.plan": 'must be one of "free", "pro"',
        "properties.value": "must be at least 0",
        "properties.currency": 'must match "^[A-Z]{3}$"',
        "properties.mail": 'must have the format "email"',
        "properties.items": "must have 2 or fewer items",
        "properties.items.0.sku": "must be text",
        "properties.items.1.sku": "is missing",
        "properties.items.2.sku": "is missing",
        "properties.extra": "is not a property of the schema",
    }


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": ["integer", "null"]}, "x", "must be null or a whole number"),
        ({"exclusiveMinimum": 3}, 3, "must be more than 3"),
        ({"exclusiveMaximum": 3}, 3, "must be less than 3"),
        ({"maximum": 3}, 4, "must be at most 3"),
        ({"multipleOf": 0.01}, 0.001, "must be a multiple of 0.01"),
        ({"minLength": 2}, "a", "must have 2 or more characters"),
        ({"uniqueItems": True}, [1, 1], "must not have an item twice"),
        ({"const": {"a": 1}}, 2, 'must be {"a": 1}'),
        ({"enum": [f"option {n}" for n in range(50)]}, 2, "must be one of 50 values"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "fits none of the choices of the schema"),
        ({"not": {"type": "string"}}, "x", "is what the schema rules out"),
        (False, "x", "is more than the schema allows"),
    ],
)
def test_a_fault_is_told_in_plain_words(schema: object, value: object, message: str) -> None:
    assert faults({"properties": {"a": schema}}, {"a": value}) == {"properties.a": message}


def test_a_fault_repeats_neither_the_value_nor_a_long_part_of_the_schema() -> None:
    secret, long = "secret" * 1000, "y" * 5000
    told = faults({"properties": {"a": {"const": long}, "b": {"pattern": f"^{long}$"}}}, {"a": secret, "b": secret})
    assert set(told) == {"properties.a", "properties.b"}
    assert all("secret" not in message and len(message) < 150 for message in told.values())


def test_twenty_faults_are_told_at_most() -> None:
    assert len(faults({"required": [f"p{n}" for n in range(50)]}, {})) == MAX_FAULTS
    assert len(faults({"properties": {}, "additionalProperties": False}, {f"p{n}": 1 for n in range(50)})) == MAX_FAULTS


def test_briefly_one_fault_is_told() -> None:
    rule = compile_rule(ORDER, "reject")
    assert len(rule.faults({})) == 2
    assert rule.faults({}, briefly=True) == (FieldError("properties.plan", "is missing"),)
    choices = compile_rule({"anyOf": [ORDER, {"required": ["other"]}]}, "reject")
    assert choices.faults({}, briefly=True) == (FieldError("properties", "does not fit the schema of this event"),)
    assert rule.faults({"plan": "pro", "value": 1}, briefly=True) == ()


def test_where_all_faults_would_take_long_the_first_is_told() -> None:
    # The engine copies the whole event for each missing property.
    told = faults({"required": [f"p{n}" for n in range(3000)]}, {"text": "x" * 40_000})
    assert told == {"properties.p0": "is missing"}


@pytest.mark.parametrize("draft", ["2020-12", "2019-09", "draft-07", "draft-06"])
def test_the_drafts_in_use_are_understood(draft: str) -> None:
    uri = (
        f"http://json-schema.org/{draft}/schema#"
        if "draft" in draft
        else f"https://json-schema.org/draft/{draft}/schema"
    )
    keyword = "definitions" if "draft" in draft else "$defs"
    schema = {"$schema": uri, keyword: {"a": {"type": "string"}}, "properties": {"a": {"$ref": f"#/{keyword}/a"}}}
    assert faults(schema, {"a": 1}) == {"properties.a": "must be text"}


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "strin"}, "schema.type"),
        ({"properties": {"a": {"type": ["string", "x"]}}}, "schema.properties.a.type"),
        ({"properties": []}, "schema.properties"),
        ({"properties": {"a": 3}}, "schema.properties.a"),
        ({"required": "plan"}, "schema.required"),
        ({"minimum": "3"}, "schema.minimum"),
        ({"allOf": {}}, "schema.allOf"),
        ({"$ref": 5}, "schema.$ref"),
        ({"$schema": "https://example.com/mine"}, "schema.$schema"),
        ({"$schema": 5}, "schema.$schema"),
        ({"$ref": "#/$defs/nowhere"}, "schema.$ref"),
        ({"properties": {"a": {"$ref": "#/enum/01"}}, "enum": [1, 2]}, "schema.properties.a.$ref"),
        ({"properties": {"a": {"$ref": "#anchor"}}}, "schema.properties.a.$ref"),
        ({"properties": {"a": {"pattern": "(?=a)b"}}}, "schema.properties.a.pattern"),
        ({"properties": {"a": {"pattern": r"(a)\1"}}}, "schema.properties.a.pattern"),
        ({"patternProperties": {"(": True}}, "schema.patternProperties"),
        ({"properties": {"a": {"$id": "https://example.com/a"}}}, "schema.properties.a.$id"),
        ({"properties": {"a": {"$dynamicRef": "#a"}}}, "schema.properties.a.$dynamicRef"),
    ],
)
def test_what_is_no_schema_is_refused_by_its_place(schema: dict[str, Any], path: str) -> None:
    assert refusal(schema).path == path


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """A server with a schema, and what it was asked for."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"type": "string"}')

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/schema.json", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("layer", ["ours", "the engine's"])
def test_nothing_is_fetched_neither_from_a_server_nor_from_a_file(
    elsewhere: tuple[str, list[str]], tmp_path: Path, layer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, asked = elsewhere
    file = tmp_path / "schema.json"
    file.write_text('{"type": "string"}')
    if layer == "the engine's":
        monkeypatch.setattr(rules_file, "check", lambda schema: Cost())
    for target in (url, file.as_uri(), str(file), "schema.json", f"{url}#/type"):
        refusal({"properties": {"a": {"$ref": target}}})
        if layer == "ours":
            refusal({"$id": target, "properties": {"a": {"$ref": "schema.json"}}})
            refusal({"$schema": target})
    assert asked == []


def test_a_schemas_own_address_leads_no_reference_astray() -> None:
    own = {
        "$id": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/$defs/a",
        "$defs": {"a": {"required": ["x"]}},
    }
    assert faults(own, {}) == {"properties.x": "is missing"}


def nested(keyword: str, levels: int) -> dict[str, Any]:
    text = f'{{"{keyword}":' * levels + "true" + "}" * levels
    return dict(json.loads(text))


def doubling(levels: int) -> dict[str, Any]:
    """A schema of a few hundred bytes that looks 2 ** levels times at an event."""
    defs: dict[str, Any] = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$ref": "#/$defs/d0", "$defs": defs | {f"d{levels}": {"type": "object"}}}


def unevaluated(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"properties": {"a": {"type": "integer"}}}
    for _ in range(levels):
        schema = {"allOf": [schema], "unevaluatedProperties": False}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        doubling(20),
        unevaluated(20),
        {"properties": {"x": {"allOf": [{"$ref": "#"}] * 4}}},
        {"properties": {f"p{n}": {"$ref": "#"} for n in range(2000)}},
        {"properties": {"a": {"enum": list(range(MAX_STEPS))}}},
        {"$ref": "#"},
        {"allOf": [{"$ref": "#"}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}},
        {"$ref": "#/$defs/a0", "$defs": {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(500)} | {"a500": True}},
        nested("not", 65),
        nested("not", 400),
        nested("default", 400),
        {"allOf": [{"pattern": f"a{n}"} for n in range(33)]},
        {"pattern": r"(\p{L}{50}){50}"},
        {"pattern": "(" * 30_000 + ")" * 30_000},
        {"description": "x" * 65_536},
    ],
    ids=lambda schema: json.dumps(schema)[:40],
)
def test_a_schema_that_could_stop_the_process_is_refused(schema: dict[str, Any]) -> None:
    assert refusal(schema).path.startswith("schema")


def test_what_is_just_within_the_bounds_works() -> None:
    assert faults(doubling(5), {"a": 1}) == {}
    assert set(faults(unevaluated(3), {"a": "x"})) >= {"properties.a"}
    assert faults(nested("not", 63), {"a": 1}) == {"properties": "is what the schema rules out"}
    assert faults({"description": "x" * 65_000}, {}) == {}
    assert faults({"allOf": [{"pattern": f"a{n}"} for n in range(32)]}, {}) == {}


def test_a_recursive_schema_follows_the_event() -> None:
    tree = {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"properties": {"parent": {"$ref": "#/$defs/node"}}, "required": ["id"]}},
    }
    assert faults(tree, {"id": 1, "parent": {"id": 2, "parent": {}}}) == {"properties.parent.parent.id": "is missing"}


@pytest.mark.parametrize(
    ("schema", "properties"),
    [
        ({"items": {"allOf": [{"minimum": n} for n in range(1000)]}}, list(range(10_000))),
        ({"items": {"multipleOf": 1e-300}}, [1e300] * 8_000),
        ({"allOf": [{"pattern": f"[ab]*a[ab]{{{1800 + n}}}"} for n in range(32)]}, "ab" * 30_000),
    ],
    ids=["many checks", "dear checks", "dear patterns"],
)
def test_an_event_too_large_for_its_schema_is_not_looked_at(schema: object, properties: object) -> None:
    told = faults({"properties": {"a": schema}}, {"a": properties})
    assert told == {"properties": "is too large to be checked against the schema of this event"}


def test_a_pattern_that_makes_other_engines_hang_is_matched() -> None:
    assert faults({"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 60_000 + "!"}) == {
        "properties.a": 'must match "^(a+)+$"'
    }


KEYWORDS = (
    "type", "properties", "items", "allOf", "anyOf", "not", "if", "then", "$ref", "$defs", "enum", "const", "pattern",
    "required", "minimum", "maxLength", "patternProperties", "additionalProperties", "propertyNames", "format",
    "unevaluatedProperties", "dependentSchemas", "prefixItems", "contains", "$schema", "$id", "multipleOf", "a",
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2)
    | st.sampled_from(
        ["string", "object", "#", "#/$defs/a", "#/properties/a", "http://127.0.0.1:9/", "^a*$", "(", "a", "email", ""]
    )
)
SCHEMAS = st.dictionaries(
    st.sampled_from(KEYWORDS),
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=3),
    ),
    max_size=5,
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(SCHEMAS, st.dictionaries(st.sampled_from(["a", "b", "type"]), VALUES, max_size=3))
def test_any_json_is_a_schema_or_is_refused_and_judges_any_event(schema: dict[str, Any], event: dict[str, Any]) -> None:
    try:
        rule = compile_rule(schema, "warn")
    except Invalid as refused:
        assert all(fault.path.startswith("schema") and fault.message for fault in refused.errors)
        return
    told = rule.faults(event)
    assert rule.fits(event) == (told == ()) and len(told) <= MAX_FAULTS
    assert all(fault.path.startswith("properties") and fault.message for fault in told)


def with_schema(alice: Person, name: str = "order", **fields: object) -> tuple[str, str]:
    """The ids of a new project and its schema."""
    project = alice.project()["id"]
    return project, alice.schema(project, name, **fields)["id"]


def loaded(app: App, rules: EventRules, project: str) -> dict[str, bool]:
    """The names of a project's rules, and whether they refuse."""
    with app.db.read() as session:
        return {name: rule.refuses for name, rule in rules.of(session, project).items()}


def test_a_project_without_schemas_costs_one_statement_and_no_rules(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    app.statements.clear()
    assert loaded(app, EventRules(), project) == {}
    (asked,) = [each for each in app.statements if each != "BEGIN"]
    assert "event_schemas" in asked


def test_a_schema_is_read_and_compiled_once_until_it_changes(
    app: App, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[object] = []
    monkeypatch.setattr(
        rules_file, "compile_rule", lambda schema, mode: compiled.append(schema) or compile_rule(schema, mode)
    )
    project, schema = with_schema(alice)
    alice.schema(project, "other", mode="reject")
    rules = EventRules()
    assert loaded(app, rules, project) == {"order": False, "other": True}
    app.statements.clear()
    assert loaded(app, rules, project) == {"order": False, "other": True}
    assert len(compiled) == 2
    (asked,) = [each for each in app.statements if each != "BEGIN"]
    assert "body" not in asked
    url = f"/api/v1/projects/{project}/event-schemas/{schema}"
    assert alice.patch(url, {"mode": "reject"}).status_code == 200
    assert loaded(app, rules, project) == {"order": True, "other": True} and len(compiled) == 3
    assert alice.delete(url).status_code == 204
    assert loaded(app, rules, project) == {"other": True} and len(compiled) == 3


def test_a_change_within_the_same_microsecond_is_noticed(app: App, alice: Person) -> None:
    project, schema = with_schema(alice)
    rules = EventRules()
    with app.db.write() as session:
        row = session.get_one(rules_file.queries.EventSchema, schema)
        row.updated_at = datetime(2100, 1, 1, tzinfo=UTC)  # a clock that was wrong and was set back
    assert loaded(app, rules, project) == {"order": False}
    alice.patch(f"/api/v1/projects/{project}/event-schemas/{schema}", {"mode": "reject"})
    assert loaded(app, rules, project) == {"order": True}


def test_the_schemas_that_were_not_asked_for_lately_make_room(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    for name in ("a", "b", "c"):
        alice.schema(project, name, schema={"description": "x" * 1000})
    rules = EventRules(max_bytes=2500)
    assert set(loaded(app, rules, project)) == {"a", "b", "c"}
    assert len(rules._kept) == 2 and rules._bytes <= 2500
    assert set(loaded(app, rules, project)) == {"a", "b", "c"}


def test_a_stored_schema_beyond_todays_bounds_is_passed_over(app: App, alice: Person) -> None:
    project, schema = with_schema(alice)
    alice.schema(project, "good")
    with app.db.write() as session:
        session.get_one(rules_file.queries.EventSchema, schema).body = '{"$ref": "#"}'
    assert set(loaded(app, EventRules(), project)) == {"good"}
