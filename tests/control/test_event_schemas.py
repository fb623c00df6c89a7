"""The JSON Schemas of a project's events, over HTTP."""

import json
from collections.abc import Callable

import pytest
from tests.control.cast import App, Person, sign_up

from pulseboard.projects.event_schemas import service

SCHEMA = {"type": "object", "required": ["plan"], "properties": {"plan": {"enum": ["free", "pro"]}}}


def url_of(project: str, schema: str = "") -> str:
    return f"/api/v1/projects/{project}/event-schemas" + (f"/{schema}" if schema else "")


def test_a_schema_from_making_to_deleting(alice: Person) -> None:
    project = alice.project()["id"]
    answer = alice.post(url_of(project), {"eventName": "signup", "mode": "reject", "schema": SCHEMA})
    assert answer.status_code == 201
    made = answer.json()
    assert made == made | {"eventName": "signup", "mode": "reject", "schema": SCHEMA}
    assert made["createdAt"] == made["updatedAt"]
    assert alice.get(url_of(project, made["id"])).json() == made
    assert alice.get(url_of(project)).json() == {"items": [made], "total": 1, "nextCursor": None}
    changed = alice.patch(url_of(project, made["id"]), {"schema": {}, "mode": "warn", "eventName": "sign-up"}).json()
    assert changed == made | {
        "schema": {}, "mode": "warn", "eventName": "sign-up", "updatedAt": changed["updatedAt"],
    }  # fmt: skip
    assert changed["updatedAt"] >= made["updatedAt"]
    assert alice.delete(url_of(project, made["id"])).status_code == 204
    assert alice.get(url_of(project, made["id"])).status_code == 404
    assert alice.get(url_of(project)).json()["items"] == []


def test_a_schema_warns_unless_it_is_told_to_refuse(alice: Person) -> None:
    assert alice.schema(alice.project()["id"])["mode"] == "warn"


def test_a_schema_comes_back_as_it_was_given_in_its_order(alice: Person) -> None:
    project = alice.project()["id"]
    text = '{"required":["z","a"],"properties":{"z":{"const":"ünï🦊"},"a":{"minimum":1.5e-7}},"$comment":"<b>"}'
    made = alice.schema(project, schema=json.loads(text))
    shown = alice.get(url_of(project, made["id"])).json()["schema"]
    assert json.dumps(shown, ensure_ascii=False, separators=(",", ":")).replace("1.5e-07", "1.5e-7") == text


def test_one_event_name_has_one_schema(alice: Person) -> None:
    project, other = alice.project()["id"], alice.project()["id"]
    alice.schema(project, "order")
    second = alice.schema(project, "Order")
    assert alice.post(url_of(project), {"eventName": "order", "schema": {}}).status_code == 409
    renamed = alice.patch(url_of(project, second["id"]), {"eventName": "order"})
    assert renamed.status_code == 409 and renamed.json()["detail"] == "The event order has a schema already"
    assert alice.get(url_of(project, second["id"])).json()["eventName"] == "Order"
    alice.schema(other, "order")


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"eventName": ""}, "eventName"),
        ({"eventName": "x" * 201}, "eventName"),
        ({"eventName": 5}, "eventName"),
        ({"mode": "refuse"}, "mode"),
        ({"schema": []}, "schema"),
        ({"schema": True}, "schema"),
        ({"schema": '{"type": "object"}'}, "schema"),
        ({"schema": None}, "schema"),
        ({"schema": {"type": "strin"}}, "schema.type"),
        ({"schema": {"properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}}}, "schema.properties.a.$ref"),
        ({"schema": {"properties": {"a": {"$ref": "file:///etc/passwd"}}}}, "schema.properties.a.$ref"),
        ({"schema": {"description": "x" * 70_000}}, "schema"),
        ({"name": "x"}, "name"),
    ],
)
def test_a_bad_field_is_named_when_making_and_when_changing(
    alice: Person, fields: dict[str, object], path: str
) -> None:
    project = alice.project()["id"]
    for answer in (
        alice.post(url_of(project), {"eventName": "e", "schema": {}} | fields),
        alice.patch(url_of(project, alice.schema(project)["id"]), fields),
    ):
        assert answer.status_code == 422, answer.text
        assert [fault["path"] for fault in answer.json()["errors"]] == [path]


@pytest.mark.parametrize("levels", [70, 300, 500, 700, 900, 980, 1000, 1100, 100_000])
def test_no_depth_of_a_schema_is_a_failure_of_ours(alice: Person, levels: int) -> None:
    project = alice.project()["id"]
    for body in ('{"not":' * levels + "{}" + "}" * levels, '{"enum":' + "[" * levels + "]" * levels + "}"):
        sent = alice.http.post(
            url_of(project),
            headers=alice.bearer | {"content-type": "application/json"},
            content=f'{{"eventName": "deep", "schema": {body}}}',
        )
        assert sent.status_code in (400, 422), (levels, sent.text)


def test_a_number_beyond_64_bits_is_kept(alice: Person) -> None:
    project = alice.project()["id"]
    made = alice.schema(project, schema={"maximum": 10**30})
    assert alice.get(url_of(project, made["id"])).json()["schema"] == {"maximum": 10**30}


def test_a_project_has_so_many_schemas_and_no_more(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_SCHEMAS", 3)
    project = alice.project()["id"]
    made = [alice.schema(project, f"e{n}")["id"] for n in range(3)]
    refused = alice.post(url_of(project), {"eventName": "e3", "schema": {}})
    assert refused.status_code == 409 and "at most 3" in refused.json()["detail"]
    assert alice.patch(url_of(project, made[0]), {"schema": {"type": "object"}}).status_code == 200
    alice.delete(url_of(project, made[0]))
    alice.schema(project, "e3")


def test_the_schemas_of_a_project_are_bounded_together(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_TOTAL", 2048)
    project = alice.project()["id"]
    large = {"description": "x" * 1000}
    made = [alice.schema(project, f"e{n}", schema=large)["id"] for n in range(2)]
    assert alice.post(url_of(project), {"eventName": "e2", "schema": large}).status_code == 409
    assert alice.patch(url_of(project, made[0]), {"schema": {"description": "x" * 1100}}).status_code == 409
    assert alice.patch(url_of(project, made[0]), {"schema": {"description": "x" * 900}}).status_code == 200


def test_schemas_are_listed_page_by_page(alice: Person) -> None:
    project = alice.project()["id"]
    made = [alice.schema(project, f"e{n}")["id"] for n in range(5)]
    first = alice.get(url_of(project), limit=3).json()
    second = alice.get(url_of(project), limit=3, cursor=first["nextCursor"]).json()
    assert [item["id"] for item in first["items"] + second["items"]] == made
    assert (first["total"], second["nextCursor"]) == (5, None)


def test_a_secret_key_reads_schemas_and_changes_none(app: App, alice: Person) -> None:
    project = alice.project()["id"]
    made = alice.schema(project)
    headers = {"x-api-key": alice.key(project)["key"]}
    assert app.http.get(url_of(project, made["id"]), headers=headers).json() == made
    calls: list[tuple[str, str, object]] = [
        ("POST", url_of(project), {"eventName": "e", "schema": {}}),
        ("PATCH", url_of(project, made["id"]), {"mode": "reject"}),
        ("DELETE", url_of(project, made["id"]), None),
    ]
    for method, path, body in calls:
        assert app.http.request(method, path, json=body, headers=headers).status_code == 403, method
    public = {"x-api-key": alice.key(project, "ingest")["key"]}
    assert app.http.get(url_of(project), headers=public).status_code == 403


@pytest.mark.parametrize(("role", "changes"), [("viewer", False), ("member", True), ("admin", True)])
def test_a_member_changes_schemas_and_a_viewer_reads_them(app: App, role: str, changes: bool) -> None:
    owner, actor = sign_up(app, "owner"), sign_up(app, role)
    org = owner.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    project = owner.project(orgId=org)["id"]
    made = owner.schema(project)
    assert owner.post(f"/api/v1/orgs/{org}/members", {"email": actor.email, "role": role}).status_code == 201
    assert actor.get(url_of(project, made["id"])).json() == made
    answers = [
        actor.post(url_of(project), {"eventName": "e", "schema": {}}),
        actor.patch(url_of(project, made["id"]), {"mode": "reject"}),
        actor.delete(url_of(project, made["id"])),
    ]
    assert [answer.status_code for answer in answers] == ([201, 200, 204] if changes else [403] * 3)


def test_every_change_is_told_to_the_keys_of_the_project(
    app: App, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    forget: Callable[..., None] = app.grants.forget
    monkeypatch.setattr(app.grants, "forget", lambda **which: (told.append(which["project_id"]), forget(**which)))
    project = alice.project()["id"]
    made = alice.schema(project)["id"]
    alice.patch(url_of(project, made), {"mode": "reject"})
    alice.patch(url_of(project, made), {"mode": "wrong"})
    alice.delete(url_of(project, made))
    assert told == [project] * 3
