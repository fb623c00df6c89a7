"""Somebody says on the settings page what an event looks like, is corrected, changes it, and takes it back."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from bench.served import ALICE, Access, Served, serving, set_up
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
WRONG = '{\n  "type": "object",\n  "properties": {\n    "plan": {"type": "strin"}\n  }\n}'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("settings") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def access(served: Served) -> Access:
    return set_up(served)


@pytest.fixture(scope="module")
def page(browser: Browser, served: Served, access: Access) -> Iterator[Page]:
    """One page for the whole visit, where Alice is signed in."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{served.url}/app/login")
    page.get_by_label("E-mail").fill(ALICE["email"])
    page.get_by_label("Password", exact=True).fill(ALICE["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Settings").first.click()
    yield page
    page.close()
    assert not complaints


def kept(served: Served, access: Access) -> list[dict[str, Any]]:
    """The project's schemas, as the server has them."""
    path = f"{served.url}/api/v1/projects/{access.project_id}/event-schemas"
    return list(httpx.get(path, headers=access.as_person).json()["items"])


def test_a_new_project_has_no_schema_and_says_so(page: Page) -> None:
    page.get_by_role("link", name="Event schemas").click()
    expect(page.get_by_text("No event has a schema")).to_be_visible()
    page.get_by_role("link", name="Write the first schema").click()


def test_text_that_is_no_json_is_not_sent(served: Served, access: Access, page: Page) -> None:
    page.get_by_label("Event name").fill("signup")
    page.get_by_label("JSON Schema").fill('{\n  "type": "object",\n}')
    page.get_by_role("button", name="Add the schema").click()
    expect(page.get_by_role("alert")).to_contain_text("not JSON")
    assert kept(served, access) == []


def test_a_fault_is_shown_by_its_path_and_leads_to_its_line(page: Page) -> None:
    page.get_by_label("JSON Schema").fill(WRONG)
    page.get_by_role("button", name="Add the schema").click()
    expect(page.get_by_role("alert")).to_contain_text("properties.plan.type")
    page.get_by_role("button", name="Line 4").click()
    chosen = page.evaluate(
        "() => { const a = document.activeElement; return a.value.slice(a.selectionStart, a.selectionEnd) }"
    )
    assert chosen == '    "plan": {"type": "strin"}'


def test_the_mended_schema_is_kept(served: Served, access: Access, page: Page) -> None:
    page.get_by_label("JSON Schema").fill(WRONG.replace("strin", "string"))
    page.get_by_label("Refuse").check()
    page.get_by_label("Event name").press("Enter")
    expect(page.get_by_role("link", name="signup")).to_be_visible()
    (schema,) = kept(served, access)
    assert (schema["eventName"], schema["mode"]) == ("signup", "reject")
    assert schema["schema"]["properties"] == {"plan": {"type": "string"}}


def test_it_is_changed_without_losing_the_rest(served: Served, access: Access, page: Page) -> None:
    page.get_by_role("link", name="signup").click()
    expect(page.get_by_label("Event name")).to_have_value("signup")
    page.get_by_label("Warn").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Warns", exact=True)).to_be_visible()
    (schema,) = kept(served, access)
    assert schema["mode"] == "warn" and schema["schema"]["properties"] == {"plan": {"type": "string"}}


def test_it_is_deleted_only_after_asking(served: Served, access: Access, page: Page) -> None:
    delete = page.get_by_role("button", name=re.compile("Delete the schema of"))
    delete.click()
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    assert len(kept(served, access)) == 1
    delete.click()
    page.get_by_role("button", name="Delete the schema").click()
    expect(page.get_by_text("No event has a schema")).to_be_visible()
    assert kept(served, access) == []
