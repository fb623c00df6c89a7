"""Two applications over one database with a Redis beside it: what one changes, the other follows at once.

The second one's memories have clocks that stand, so that nothing is followed only because a second is over.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from tests.admin.conftest import Hand
from tests.control.cast import PASSWORD, App, Person, start_app
from tests.control.redis_server import RedisServer, without_haste


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    made = RedisServer(tmp_path_factory.mktemp("redis"))
    with pytest.MonkeyPatch.context() as patch:
        without_haste(patch)
        yield made
    made.kill()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, hand: Hand, redis: RedisServer) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("admin")
    made, stop = start_app(folder, clock=hand.now, registration="", redis_url=redis.url)
    yield made
    stop()


@pytest.fixture(scope="module")
def node(app: App, hand: Hand, redis: RedisServer) -> Iterator[App]:
    made, stop = start_app(
        app.settings.server.data_dir,
        clock=hand.now,
        registration="",
        redis_url=redis.url,
        database_url=app.settings.database_url,
    )
    made.grants._monotonic = made.db._memory._monotonic = lambda: 1000.0
    yield made
    stop()


class There:
    """A person who asks the second node."""

    def __init__(self, person: Person, node: App) -> None:
        self.person = replace(person, http=node.http)
        self.node = node

    def status(self, path: str) -> int:
        return self.person.get(path).status_code

    def looks_up(self, path: str) -> bool:
        """Whether the database was asked for the project and the role in it."""
        self.node.statements.clear()
        assert self.status(path) == 200
        return any("project_roles" in statement for statement in self.node.statements)


@pytest.fixture
def team(bob: Person, charlie: Person) -> tuple[str, str, str]:
    """Bob's organisation with Charlie as an admin: its id, a project's, and Charlie's as a member."""
    org = bob.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    member = bob.post(f"/api/v1/orgs/{org}/members", {"email": charlie.email, "role": "admin"}).json()["id"]
    return org, bob.project(orgId=org)["id"], member


def counts(project: str) -> str:
    return f"/api/v1/projects/{project}/ingestion"


def log_of(org: str) -> str:
    return f"/api/v1/orgs/{org}/audit-log"


def soon(what: Callable[[], bool]) -> bool:
    """Whether it comes true in the time that word takes from node to node."""
    end = time.monotonic() + 5
    while not (true := what()) and time.monotonic() < end:
        time.sleep(0.002)
    return true


Team = tuple[str, str, str]


def test_a_look_up_of_one_node_serves_the_other(charlie: Person, node: App, team: Team) -> None:
    _, project, _ = team
    there = There(charlie, node)
    assert charlie.get(counts(project)).status_code == 200
    assert [there.looks_up(counts(project)) for _ in range(3)] == [False] * 3


def test_another_role_counts_at_once(bob: Person, charlie: Person, node: App, team: Team) -> None:
    org, project, member = team
    there = There(charlie, node)
    for role, status in (("viewer", 403), ("admin", 200), ("member", 403)):
        assert there.status(log_of(org)) in (200, 403) and there.status(counts(project)) == 200
        assert bob.patch(f"/api/v1/orgs/{org}/members/{member}", {"role": role}).status_code == 200
        assert there.status(log_of(org)) == status


def test_who_is_removed_is_a_stranger_at_once(bob: Person, charlie: Person, node: App, team: Team) -> None:
    org, project, member = team
    there = There(charlie, node)
    assert (there.status(log_of(org)), there.status(counts(project))) == (200, 200)
    assert bob.delete(f"/api/v1/orgs/{org}/members/{member}").status_code == 204
    assert (there.status(log_of(org)), there.status(counts(project))) == (404, 404)


def test_a_deleted_project_and_organisation_are_gone_at_once(
    charlie: Person, bob: Person, node: App, team: Team
) -> None:
    org, project, _ = team
    other = bob.project(orgId=org)["id"]
    there = There(charlie, node)
    assert (there.status(counts(project)), there.status(counts(other)), there.status(log_of(org))) == (200, 200, 200)
    assert charlie.delete(f"/api/v1/projects/{project}").status_code == 204
    assert (there.status(counts(project)), there.status(counts(other))) == (404, 200)
    assert bob.delete(f"/api/v1/orgs/{org}").status_code == 204
    assert (there.status(counts(other)), there.status(log_of(org))) == (404, 404)
    assert bob.post(f"/api/v1/orgs/{org}/restore").status_code == 200
    assert (there.status(counts(other)), there.status(log_of(org))) == (200, 200)


def test_a_revoked_key_is_refused_as_soon_as_the_word_is_there(bob: Person, node: App, team: Team) -> None:
    _, project, _ = team
    key = bob.key(project)

    def status() -> int:
        return node.http.get(counts(project), headers={"x-api-key": key["key"]}).status_code

    assert soon(lambda: status() == 200)
    assert bob.delete(f"/api/v1/projects/{project}/api-keys/{key['id']}").status_code == 204
    assert soon(lambda: status() == 401)
    assert node.grants.load(key["key"]) is None


def test_a_key_that_is_looked_up_while_it_is_revoked_is_not_remembered(bob: Person, node: App, team: Team) -> None:
    _, project, _ = team
    key, terms, heard = bob.key(project), node.grants._plans, node.grants.hear

    class Slow:
        def terms(self, *asked: object) -> object:
            drops = node.grants._drops
            bob.delete(f"/api/v1/projects/{project}/api-keys/{key['id']}")
            assert soon(lambda: node.grants._drops > drops)
            return terms.terms(*asked)  # type: ignore[arg-type]

    node.grants._plans = Slow()  # type: ignore[assignment]
    try:
        assert node.grants.load(key["key"]) is not None, "asked before it was revoked"
    finally:
        node.grants._plans = terms
    assert node.grants.cached(key["key"]) is None and node.grants.load(key["key"]) is None
    heard(None)


def test_an_ended_session_and_a_disabled_person_are_out_at_once(alice: Person, bob: Person, node: App) -> None:
    there = There(bob, node)
    assert there.status("/api/v1/auth/me") == 200
    assert bob.post("/api/v1/auth/logout").status_code == 204
    assert there.status("/api/v1/auth/me") == 401
    again = bob.http.post("/api/v1/auth/login", json={"email": bob.email, "password": PASSWORD})
    bob.http.cookies.clear()
    there = There(replace(bob, tokens=again.json()), node)
    assert there.status("/api/v1/auth/me") == 200
    assert alice.patch(f"/api/v1/admin/users/{bob.tokens['user']['id']}", {"status": "disabled"}).status_code == 200
    assert there.status("/api/v1/auth/me") == 401


def test_settings_are_followed_at_once(alice: Person, node: App) -> None:
    for chosen in ("invite", "open"):
        assert alice.patch("/api/v1/admin/settings", {"registration": chosen}).status_code == 200
        assert node.http.get("/api/v1/setup").json()["registration"] == chosen


def test_without_redis_both_go_on_and_when_it_is_back_nothing_old_is_believed(
    bob: Person, charlie: Person, app: App, node: App, team: Team, redis: RedisServer
) -> None:
    org, project, member = team
    there = There(charlie, node)
    assert not charlie.get(counts(project)).is_error and not there.looks_up(counts(project))

    def has_role(role: str) -> None:
        assert bob.patch(f"/api/v1/orgs/{org}/members/{member}", {"role": role}).status_code == 200
        assert there.status(log_of(org)) == (200 if role == "admin" else 403)

    redis.kill()
    try:
        has_role("viewer")
        has_role("admin")
        assert there.looks_up(counts(project))
    finally:
        redis.start()
    has_role("viewer")
    for each in (app, node):
        assert each.db._shared is not None
        each.db._shared._silent_until = 0.0
    has_role("admin")
    redis.empty()
    has_role("viewer")
    assert soon(lambda: not there.looks_up(counts(project)))
    for key in redis.names():
        redis.client.set(key, b"garbage")
    assert there.status(counts(project)) == 200 and there.status(log_of(org)) == 403
    assert bob.delete(f"/api/v1/orgs/{org}/members/{member}").status_code == 204
    assert there.status(counts(project)) == 404
