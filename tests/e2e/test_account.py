"""Letters' links lead to pages that do what the letter says; at sign-in a second factor is asked for."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pyotp
import pytest
from bench.served import Access, Served, serving, set_up
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

BOB = {"email": "bob@example.com", "name": "Bob"}
PASSWORD, NEW_PASSWORD = "a horse that staples 9 batteries", "nine staples for 1 battery"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("e2e") / "data"
    with serving(folder, {"PULSEBOARD_REGISTRATION": "open"}) as served:
        made = httpx.post(f"{served.url}/auth/register", json=BOB | {"password": PASSWORD})
        assert made.status_code == 201, made.text
        yield served


@pytest.fixture(scope="module")
def owner(served: Served) -> Access:
    return set_up(served)


@pytest.fixture
def page(browser: Browser, owner: Access) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    page.set_default_timeout(15_000)
    yield page
    page.close()


def link(served: Served, letter: str) -> str:
    """Where the newest such letter leads; some are written a moment after they were asked for."""
    for _ in range(100):
        with closing(sqlite3.connect(served.folder / "control.db")) as database:
            found = database.execute(
                "SELECT text FROM outbox_letters WHERE letter = ? ORDER BY id DESC", (letter,)
            ).fetchone()
        if found:
            path = re.search(r"/app/\S+#token=\S+", found[0])
            assert path, found[0]
            return served.url + path[0]
        time.sleep(0.1)
    raise AssertionError(f"no letter {letter}")


def test_an_address_is_confirmed_by_a_click_on_the_page_and_once(served: Served, page: Page) -> None:
    there = link(served, "verify-email")
    page.goto(there)
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()
    page.goto("about:blank")
    page.goto(there)
    page.get_by_role("button", name="Confirm the address").click()
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()


def test_a_forgotten_password_is_set_anew_and_an_app_is_asked_for_its_code(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/app/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(BOB["email"])
    page.get_by_role("button", name="Send the letter").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link(served, "reset-password"))
    page.get_by_label("New password").fill("password12")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("too easy to guess")).to_be_visible()
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Your new password is set")).to_be_visible()
    recovery = add_app(served)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(BOB["email"])
    page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your first project")).to_be_visible()


def add_app(served: Served) -> str:
    """Gives Bob an authenticator app, and one of its recovery codes."""
    with httpx.Client(base_url=f"{served.url}/auth") as client:
        login = client.post("/login", json={"email": BOB["email"], "password": NEW_PASSWORD}).json()
        client.headers["authorization"] = f"Bearer {login['accessToken']}"
        secret = client.post("/totp", json={"password": NEW_PASSWORD}).json()["secret"]
        confirmed = client.post("/totp/confirm", json={"code": pyotp.TOTP(secret).now()})
        return str(confirmed.json()["codes"][0])


def test_who_is_invited_makes_an_account_and_joins(served: Served, owner: Access, page: Page) -> None:
    org = httpx.get(f"{served.url}/auth/me", headers=owner.as_person).json()["orgs"][0]
    guest = {"email": "dana@example.com", "role": "viewer"}
    invited = httpx.post(f"{served.url}/orgs/{org['id']}/members", json=guest, headers=owner.as_person)
    assert invited.status_code == 201, invited.text
    page.goto(link(served, "invitation"))
    expect(page.get_by_role("heading", name=f"Join {org['name']}")).to_be_visible()
    page.get_by_label("Your name").fill("Dana")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make an account and join").click()
    page.wait_for_url("**/app/p/**")
    page.goto(f"{served.url}/app/profile")
    expect(page.get_by_text(f"{org['name']} (viewer)")).to_be_visible()
