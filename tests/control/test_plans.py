"""Plans: what they include, who shares them, and what a limit says."""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from tests.control.cast import App, Person, sign_up

from pulseboard.kit.periods import month_of
from pulseboard.ledger import Place, Tally
from pulseboard.orgs import Org

MakeApp = Callable[..., App]


@pytest.fixture
def sold(make_app: MakeApp) -> App:
    """A server with plans."""
    return make_app(billing_mode="builtin")


def buy(app: App, org: str, plan: str) -> None:
    with app.db.write() as session:
        session.execute(update(Org).where(Org.id == org).values(plan=plan))


def make(person: Person, **fields: object) -> int:
    return person.post("/api/v1/projects", {"name": "shop"} | fields).status_code


def usage(person: Person, org: str) -> dict[str, object]:
    answer = person.get("/api/v1/billing/usage", orgId=org)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def this_hour() -> int:
    return int(time.time()) // 3600


def allowance(app: App, org: str) -> tuple[int | None, frozenset[str]]:
    """The quota that a key of the organisation draws on: its size, and whose it is."""
    with app.db.read() as session:
        terms = app.plans.terms(session, org, time.monotonic())
    account = terms.allowance
    return (None, frozenset()) if account is None else (account.limit, account.projects)  # type: ignore[attr-defined]


def test_the_plans_are_listed_to_anybody(app: App) -> None:
    plans = {plan["id"]: plan for plan in app.http.get("/api/v1/billing/plans").json()["items"]}
    assert list(plans) == ["free", "pro", "business", "enterprise"]
    shown = {name: (p["priceCents"], p["monthlyEvents"], p["retentionDays"]) for name, p in plans.items()}
    assert shown["free"] == (0, 1_000, 7)
    assert shown["pro"] == (900, 50_000, 30)
    assert shown["business"] == (2_900, 500_000, 90)
    assert shown["enterprise"][:2] == (None, None)


def test_a_fourth_project_is_for_those_who_pay(sold: App) -> None:
    alice = sign_up(sold, "alice")
    made = [alice.project()["id"] for _ in range(3)]
    refused = alice.post("/api/v1/projects", {"name": "shop", "timezone": "Nowhere/At-all"})
    assert (refused.status_code, refused.json()["type"]) == (402, "plan-limit"), "the plan comes before the input"
    assert alice.post("/api/v1/websites", {"name": "w", "domain": "not a domain"}).status_code == 402
    assert alice.post("/api/projects/", {"name": "w"}).status_code == 402
    alice.delete(f"/api/v1/projects/{made[0]}")
    assert make(alice) == 201, "a deleted project makes room"
    buy(sold, alice.home, "pro")
    assert make(alice) == 201


def test_all_free_organisations_of_one_person_share_one_allowance(sold: App) -> None:
    alice, charlie = sign_up(sold, "alice"), sign_up(sold, "charlie")
    other = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    mine = {alice.project()["id"], alice.project(orgId=other)["id"]}
    theirs = charlie.project()["id"]
    assert allowance(sold, alice.home) == allowance(sold, other) == (1_000, frozenset(mine))
    assert allowance(sold, charlie.home) == (1_000, frozenset({theirs}))
    assert make(alice) == 201 and make(alice, orgId=other) == 402


def test_who_pays_for_one_organisation_keeps_the_free_allowance_of_the_others(sold: App) -> None:
    alice = sign_up(sold, "alice")
    paid = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    free_project, paid_project = alice.project()["id"], alice.project(orgId=paid)["id"]
    buy(sold, paid, "business")
    assert allowance(sold, paid) == (500_000, frozenset({paid_project}))
    assert allowance(sold, alice.home) == (1_000, frozenset({free_project}))
    buy(sold, paid, "enterprise")
    assert allowance(sold, paid) == (None, frozenset())


def test_an_organisation_is_counted_for_its_oldest_owner_only(sold: App) -> None:
    alice, bob = sign_up(sold, "alice"), sign_up(sold, "bob")
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    project, own = alice.project(orgId=org)["id"], bob.project()["id"]
    alice.post(f"/api/v1/orgs/{org}/members", {"email": bob.email, "role": "owner"})
    assert allowance(sold, org)[1] == {project}
    assert allowance(sold, bob.home)[1] == {own}
    members = alice.get(f"/api/v1/orgs/{org}/members").json()["items"]
    first = next(member["id"] for member in members if member["email"] == alice.email)
    assert alice.delete(f"/api/v1/orgs/{org}/members/{first}").status_code == 204
    assert allowance(sold, org)[1] == {project, own}


def test_a_request_that_began_before_a_project_was_made_shares_the_allowance_with_it(sold: App) -> None:
    alice = sign_up(sold, "alice")
    other = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    old, now = alice.project()["id"], int(time.time() * 1000)
    with sold.db.read() as session:
        began = sold.plans.terms(session, alice.home, time.monotonic()).allowance
    new = alice.project(orgId=other)["id"]
    with sold.db.read() as session:
        began_later = sold.plans.terms(session, other, time.monotonic()).allowance
    assert began is not None and began_later is not None
    assert began_later.take(new, 900, now) == 900
    assert began.take(old, 900, now) == 100


def test_a_look_that_took_long_does_not_replace_a_later_one(sold: App) -> None:
    alice = sign_up(sold, "alice")
    asked = time.monotonic()
    with sold.db.read() as slow:
        slow.execute(select(Org.id))
        project = alice.project()["id"]
        assert allowance(sold, alice.home)[1] == {project}
        sold.plans.terms(slow, alice.home, asked)
    assert sold.meter.sharing(alice.tokens["user"]["id"]) == {project}


def test_deleting_a_project_gives_no_events_back(sold: App) -> None:
    alice = sign_up(sold, "alice")
    project = alice.project()["id"]
    sold.meter.settle((), {Place(project, "", this_hour()): Tally(700, 700, 0, 0)})
    alice.delete(f"/api/v1/projects/{project}")
    shown = usage(alice, alice.home)
    assert (shown["plan"], shown["used"], shown["limit"], shown["projects"]) == ("free", 700, 1_000, 0)


def test_usage_is_for_members(sold: App) -> None:
    alice, bob, charlie = sign_up(sold, "alice"), sign_up(sold, "bob"), sign_up(sold, "charlie")
    org = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    alice.post(f"/api/v1/orgs/{org}/members", {"email": bob.email, "role": "viewer"})
    assert usage(bob, org)["limit"] == 1_000
    assert charlie.get("/api/v1/billing/usage", orgId=org).status_code == 404
    assert sold.http.get("/api/v1/billing/usage", params={"orgId": org}).status_code == 401
    assert alice.get("/api/v1/billing/usage").json()["errors"][0]["path"] == "orgId"
    assert alice.get("/api/v1/billing/usage", orgId="x" * 36).status_code == 404


def test_without_billing_nothing_is_limited_and_usage_is_the_organisations_own(app: App, alice: Person) -> None:
    other = alice.post("/api/v1/orgs", {"name": "Acme"}).json()["id"]
    here, there = alice.project()["id"], alice.project(orgId=other)["id"]
    assert [make(alice) for _ in range(4)] == [201] * 4
    assert allowance(app, alice.home) == (None, frozenset())
    hour = this_hour()
    app.meter.settle((), {Place(here, "", hour): Tally(5, 4, 0, 0), Place(there, "", hour): Tally(9, 9, 0, 0)})
    assert (usage(alice, alice.home)["used"], usage(alice, alice.home)["limit"]) == (4, None)
    assert usage(alice, other)["used"] == 9


def test_a_limit_costs_few_statements(sold: App) -> None:
    alice = sign_up(sold, "alice")
    sold.statements.clear()
    alice.project()
    asked = [statement for statement in sold.statements if statement.lstrip().startswith(("SELECT", "INSERT"))]
    assert len(asked) <= 4, asked  # the person, their home, the plan with all that shares it, the project


def test_a_month_is_the_servers_in_utc() -> None:
    assert month_of(1_767_225_599_999) == 202512
    assert month_of(1_767_225_600_000) == 202601
