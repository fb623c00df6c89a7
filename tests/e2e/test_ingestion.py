"""What an owner sees of what comes in: how much, from whom, what was refused, and what is not complete yet."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from bench.served import ALICE, Access, Served, serving, set_up
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("e2e") / "data", {"PULSEBOARD_SELF_MONITOR": "off"}) as served:
        yield served


@pytest.fixture(scope="module")
def alice(served: Served) -> Access:
    return set_up(served)


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served, alice: Access) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.url}/app/login")
    page.get_by_label("E-mail").fill(ALICE["email"])
    page.get_by_label("Password", exact=True).fill(ALICE["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Ingestion").first).to_be_visible()
    expect.set_options(timeout=15_000)  # the page renews itself every five seconds
    yield page
    expect.set_options(timeout=5_000)
    page.close()
    assert not complaints


def send(served: Served, alice: Access, *events: dict[str, object]) -> None:
    answer = httpx.post(f"{served.url}/ingest/batch", json={"events": events}, headers=alice.as_program, timeout=20)
    assert answer.status_code == 202, answer.text


def open_page(served: Served, alice: Access, page: Page, path: str) -> None:
    page.goto(f"{served.url}/app/p/{alice.project_id}{path}")


def tile(page: Page, label: str) -> str:
    return page.get_by_text(label, exact=True).first.locator("xpath=..").inner_text()


def test_a_project_without_events_says_so(served: Served, alice: Access, page: Page) -> None:
    open_page(served, alice, page, "/ingestion")
    expect(page.get_by_text("Nothing came in this range.")).to_be_visible()
    expect(page.get_by_text("Nothing was refused in this range.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="load")).to_contain_text("never")


def test_what_came_and_what_was_refused_shows_by_itself(served: Served, alice: Access, page: Page) -> None:
    send(served, alice, *({"name": "order", "id": f"order-{number % 15}"} for number in range(20)), {"nme": "typo"})
    row = page.get_by_role("row").filter(has_text="load")
    expect(row).to_contain_text(re.compile(r"20\s*5\s*0\s*1"))  # accepted, doubles, late, refused
    expect(page.get_by_text("Not valid")).to_be_visible()
    assert "15" in tile(page, "New")
    expect(page.locator("figure canvas")).to_be_visible()
    expect(page.get_by_text(re.compile("15 .*events, without a limit"))).to_be_visible()


def test_names_that_carry_ids_are_told_to_the_owner(served: Served, alice: Access, page: Page) -> None:
    for start in (0, 1_500):
        send(served, alice, *({"name": f"order-{number}"} for number in range(start, start + 1_500)))
    expect(page.get_by_text("Too many different event names")).to_be_visible()


def test_the_charts_mark_what_is_not_complete_while_the_writer_is_held_up(
    served: Served, alice: Access, page: Page
) -> None:
    with closing(sqlite3.connect(served.folder / "ledger.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        send(served, alice, {"name": "waiting"})
        page.wait_for_timeout(6_000)
        for path, chart in (("?range=24h", "Events per hour"), ("/ingestion?range=24h", "Received per hour")):
            open_page(served, alice, page, path)
            expect(page.get_by_role("heading", name=chart)).to_be_visible()
            expect(page.get_by_text(re.compile(r"Numbers are \d+ s behind"))).to_be_visible()
            expect(page.get_by_label("Legend").get_by_text("Incomplete after")).to_be_visible()
        holder.execute("ROLLBACK")
    expect(page.get_by_text("Incomplete after")).to_have_count(0)
