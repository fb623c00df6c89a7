"""Dead letters in a browser: looked into, tried again and thrown away; and what everybody sees when events wait."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.served import ALICE, Access, Served, set_up, start
from playwright.sync_api import Browser, Page, expect

from pulseboard.ingest.event import Event, encode
from pulseboard.kit.ids import new_id
from pulseboard.spool.base import Parcel
from pulseboard.spool.sqlite import SqliteSpool

pytestmark = pytest.mark.browser
AT = 1_790_000_000_000


def put_aside(folder: Path, project_id: str, body: bytes, reason: str) -> None:
    spool = SqliteSpool(folder / "spool.db", max_bytes=1 << 30)
    spool.put_now(Parcel(project_id, AT, 1, body, "key", len(body)))
    lease = spool.lease(1, 0)
    assert lease is not None
    spool.bury(lease.records[0], reason)
    spool.ack(lease)
    spool.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Access]]:
    folder = tmp_path_factory.mktemp("letters") / "data"
    first = start(folder)
    access = set_up(first)
    first.stop()
    body = encode([Event(new_id(), False, "CUSTOM", "checkout", AT, properties={"plan": "pro"})])
    put_aside(folder, access.project_id, body, "of an old version")
    put_aside(folder, access.project_id, b"\xc1 bytes", "nobody can read it")
    served = start(folder)
    yield served, access
    served.stop()


@pytest.fixture(scope="module")
def page(browser: Browser, served: tuple[Served, Access]) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served[0].url}/app/login")
    page.get_by_label("E-mail").fill(ALICE["email"])
    page.get_by_label("Password", exact=True).fill(ALICE["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Ingestion").first).to_be_visible()
    yield page
    page.close()
    assert not complaints


def test_a_letter_is_looked_into_and_tried_again(page: Page) -> None:
    page.get_by_role("button", name="Alice").click()
    page.get_by_role("menuitem", name="Dead letters").click()
    expect(page.get_by_role("heading", name="2 letters")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="of an old version")
    row.get_by_role("button", name="Look into").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text('"checkout"')).to_be_visible()
    drawer.get_by_role("button", name="Try again").click()
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("heading", name="1 letter")).to_be_visible()


def test_a_letter_is_thrown_away_after_a_question(page: Page) -> None:
    row = page.get_by_role("listitem").filter(has_text="nobody can read it")
    row.get_by_role("button", name="Look into").click()
    expect(page.get_by_text(b"\xc1 bytes".hex())).to_be_visible()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Throw away").click()
    page.get_by_role("button", name="Keep it").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Throw away").click()
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("Every accepted event is stored, or on its way.")).to_be_visible()


def test_a_projects_admin_sees_its_own(page: Page, served: tuple[Served, Access]) -> None:
    page.goto(f"{served[0].url}/app/p/{served[1].project_id}/dead-letters")
    expect(page.get_by_role("heading", name="Dead letters")).to_be_visible()
    expect(page.get_by_text("Every accepted event is stored, or on its way.")).to_be_visible()


def test_everybody_is_told_when_events_wait(page: Page, served: tuple[Served, Access]) -> None:
    backlog = {"events": 5, "bytes": 900, "oldestReceivedAt": "2026-01-01T00:00:00.000Z", "lagSeconds": 754.2}
    page.route("**/ingest/backlog", lambda route: route.fulfill(json=backlog))
    page.goto(f"{served[0].url}/app/p/{served[1].project_id}")
    expect(page.get_by_text("the oldest has waited for 13 min")).to_be_visible()
    page.unroute("**/ingest/backlog")
    page.reload()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    expect(page.get_by_text("the oldest has waited")).to_be_hidden()
