"""No input brings a 5xx, whoever sends it, and every answer is one that the OpenAPI document describes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from bench.served import ALICE, Access, log_of, serving, set_up

PATIENCE = 60  # seconds
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))  # of each operation; what is derived from boundaries comes on top
SEED = os.environ.get("FUZZ_SEED", "1")  # the same requests at each run of the suite; `make fuzz` asks for others
CONTROL = "^/api/v1/(admin|auth|invitations|orgs|projects|setup|tenants|websites)"
ENDS = "^/api/v1/(admin/orgs/|orgs/[^/]+/(leave|transfer)$)"  # an organisation, or that it is Alice's
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@dataclass(frozen=True)
class Target:
    """A running server, its owner, what she has, and what she may lose."""

    url: str
    folder: Path
    access: Access
    own: dict[str, str]
    doomed: dict[str, str]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with serving(tmp_path_factory.mktemp("fuzz") / "data", {"PULSEBOARD_REGISTRATION": "open"}) as served:
        access = set_up(served)
        with httpx.Client(base_url=served.url, headers=access.as_person, timeout=60) as alice:
            org = alice.get(f"/api/v1/projects/{access.project_id}").json()["orgId"]
            doomed_org = alice.post("/api/v1/orgs", json={"name": "Doomed"}).json()["id"]
            doomed = alice.post("/api/v1/projects", json={"name": "Doomed"}).json()["id"]
            session = alice.get("/api/v1/auth/sessions").json()["items"][0]["id"]
            own = {**_ids(access.project_id, org), **_colleague(alice, org, "bob")}
            doomed_ids = {**_ids(doomed, doomed_org), **_colleague(alice, doomed_org, "dora")}
        yield Target(served.url, served.folder, access, own, doomed_ids | {"path.sessionId": session})


def test_strangers_are_answered_as_documented(target: Target, tmp_path: Path) -> None:
    fuzz(target, tmp_path, headers={}, phases="examples,fuzzing")  # nearly all of it ends before it is looked at


def test_programs_are_answered_as_documented(target: Target, tmp_path: Path) -> None:
    fuzz(target, tmp_path, headers=target.access.as_program)
    count = f"{target.url}/api/v1/analytics/events/count"
    deadline = time.monotonic() + PATIENCE
    while (answer := httpx.get(count, headers=target.access.as_program, timeout=PATIENCE)).status_code == 503:
        assert time.monotonic() < deadline and answer.headers["retry-after"], answer.text
        time.sleep(1)  # the last of thousands of questions may still be on their way
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] > 0


@pytest.mark.parametrize("part", ["--include-path-regex", "--exclude-path-regex"])
def test_the_superadmin_is_answered_as_documented(target: Target, tmp_path: Path, part: str) -> None:
    headers = signed_in(target)  # for a quarter of an hour
    fuzz(target, tmp_path, headers, part, CONTROL)
    assert httpx.get(f"{target.url}/api/v1/auth/me", headers=headers).status_code == 200


def signed_in(target: Target) -> dict[str, str]:
    """Alice in a session of its own."""
    login = httpx.post(f"{target.url}/api/v1/auth/login", json={key: ALICE[key] for key in ("email", "password")})
    return {"authorization": f"Bearer {login.json()['accessToken']}"}


def fuzz(
    target: Target, folder: Path, headers: dict[str, str], *options: str, phases: str = "examples,coverage,fuzzing"
) -> None:
    """Sends thousands of good and bad requests to every operation; what it finds, it prints as curl commands."""
    (folder / "schemathesis.toml").write_text(_config(target, headers))
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", "schemathesis.toml", "run"]
    command += ["--phases", phases, "--max-examples", str(EXAMPLES), "--seed", SEED, "--checks", CHECKS]
    command += [*options, "--continue-on-failure", "--warnings", "off", "--output-sanitize", "false", "--no-color"]
    done = subprocess.run([*command, f"{target.url}/openapi.json"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr + log_of(target.folder).read_text(errors="replace")[-5000:]


def _config(target: Target, headers: dict[str, str]) -> str:
    """Made-up ids end at 404 and reach nothing, so whoever has a name uses Alice's own ids.

    What is deleted or signed out is something else, because everything after it needs the first.
    """
    config = "[auth]\nauto-signup = false\n"
    if not headers:
        return config
    return config + "\n".join(
        (
            _table("headers", headers),
            _table("parameters", target.own),
            '[[operations]]\ninclude-method = "DELETE"',
            _table("operations.parameters", target.doomed),
            f'[[operations]]\ninclude-path-regex = "{ENDS}"',
            _table("operations.parameters", target.doomed),
            '[[operations]]\ninclude-path = "/api/v1/auth/logout"',
            _table("operations.headers", signed_in(target)),
        )
    )


def _table(name: str, values: dict[str, str]) -> str:
    return "\n".join((f"[{name}]", *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in values.items())))


def _colleague(alice: httpx.Client, org_id: str, name: str) -> dict[str, str]:
    """Somebody in Alice's organisation, to whom a superadmin may do what nobody does to themselves."""
    person = {"email": f"{name}@example.com", "password": "a horse that staples 9 batteries"}
    answer = httpx.post(f"{alice.base_url}/api/v1/auth/register", json=person)
    assert answer.status_code == 201, answer.text
    added = alice.post(f"/api/v1/orgs/{org_id}/members", json={"email": person["email"], "role": "member"})
    assert added.status_code == 201, added.text
    return {"path.userId": answer.json()["user"]["id"], "path.memberId": added.json()["id"]}


def _ids(project_id: str, org_id: str) -> dict[str, str]:
    projects = dict.fromkeys(("path.projectId", "path.websiteId", "query.projectId"), project_id)
    return {**projects, "path.orgId": org_id}
