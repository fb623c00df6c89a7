"""What a newcomer does: follow the link, make a project, send the curl, see the event live and counted."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from bench.served import ALICE, Served, serving
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("e2e") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for the whole visit; it must not complain, and must fetch nothing from elsewhere."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    hosts: set[str] = set()
    page.on(
        "response", lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status > 403 else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: hosts.add(re.sub(r"^\w+://([^/:]+).*", r"\1", request.url)))
    yield page
    page.close()
    assert hosts <= {"127.0.0.1"}, hosts
    assert not complaints


def test_without_the_link_nobody_becomes_the_owner(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/app/setup?token=guessed")
    fill_account(page)
    page.get_by_role("button", name="Make the owner").click()
    expect(page.get_by_text("The token is in the file").first).to_be_visible()


def test_the_link_makes_the_owner(served: Served, page: Page) -> None:
    token = (served.folder / "setup-token").read_text("ascii").strip()
    page.goto(f"{served.url}/app/setup?token={token}")
    fill_account(page)
    page.get_by_role("button", name="Make the owner").click()
    expect(page.get_by_role("heading", name="Your first project")).to_be_visible()
    assert not (served.folder / "setup-token").exists()


def test_the_curl_from_the_page_brings_an_event_to_it(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Shop")
    page.get_by_role("button", name="Make the project and its first key").click()
    code = page.locator("pre", has_text="curl").first
    expect(code).to_be_visible()
    pasted = f"{code.inner_text()} --silent --noproxy '*'"
    answer = subprocess.run(["bash", "-c", pasted], capture_output=True, check=True, timeout=20)
    assert json.loads(answer.stdout)["status"] == "queued"
    expect(page.get_by_text(re.compile("received|arrived", re.IGNORECASE)).first).to_be_visible()


def test_the_key_is_not_shown_again(page: Page) -> None:
    key = re.search(r"pk_live_[\w-]{30,}", page.inner_text("body"))
    assert key is not None
    page.reload()
    expect(page.get_by_text("First key").first).to_be_visible()
    assert key.group() not in page.content()


def test_the_next_event_shows_in_the_live_view_within_a_second(served: Served, page: Page) -> None:
    page.get_by_role("link", name="Live").first.click()
    expect(page.get_by_text("signup").first).to_be_visible()
    page.wait_for_timeout(1_500)  # the socket is open by then: the counters came
    send(served, "order_created")
    expect(page.get_by_text("order_created").first).to_be_visible(timeout=1_000)


def test_the_overview_counts_both_and_draws_them(page: Page) -> None:
    page.get_by_role("link", name="Overview").first.click()
    expect(page.get_by_text("order_created").first).to_be_visible()
    expect(page.locator("canvas, svg[data-chart], [data-chart] svg").first).to_be_visible()
    total = page.get_by_text(re.compile(r"^2$")).first
    expect(total).to_be_visible()


def test_signing_out_and_in_again(served: Served, page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name=re.compile("Alice")).first.click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(ALICE["email"])
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Password", exact=True).fill(ALICE["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Overview").first).to_be_visible()
    page.screenshot(path=tmp_path / "overview.png")


def fill_account(page: Page) -> None:
    page.get_by_label("Your name").fill(ALICE["name"])
    page.get_by_label("E-mail").fill(ALICE["email"])
    page.get_by_label("Password", exact=True).fill(ALICE["password"])


def send(served: Served, name: str) -> None:
    """Sends an event to Alice's project with a key of its own."""
    with httpx.Client(base_url=served.url, timeout=20) as http:
        signed_in = http.post("/auth/login", json={"email": ALICE["email"], "password": ALICE["password"]}).json()
        http.cookies.clear()
        bearer = {"authorization": f"Bearer {signed_in['accessToken']}"}
        projects = http.get("/projects", headers=bearer).json()["items"]
        project = next(project["id"] for project in projects if project["name"] == "Shop")
        made = http.post(f"/projects/{project}/api-keys", json={"label": "test", "scope": "ingest"}, headers=bearer)
        sent = http.post("/ingest/event", json={"name": name}, headers={"x-api-key": made.json()["key"]})
        assert sent.status_code == 202, sent.text
