"""A website's own pages report visits from a real browser: by fetch, by beacon, by picture, and quietly."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
from bench.served import ALICE, serving, set_up
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DOMAIN = "shop.localhost"  # browsers find every name below localhost on this machine
LINES: dict[str, str] = {}  # of a page, by its path


class _Pages(BaseHTTPRequestHandler):
    """Any page of any site; they show nothing, and do what ``LINES`` say."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(
            f"<!doctype html><title>page</title><link rel=icon href=data:,>{LINES.get(self.path, '')}".encode()
        )

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Scene:
    """Pulseboard, a site that belongs to Alice, and pages of it and of strangers."""

    url: str
    bearer: dict[str, str]
    site: str
    pages: int  # the port of every page

    def address(self, host: str) -> str:
        return f"http://{host}:{self.pages}/cart?step=2"

    def events(self) -> list[dict[str, Any]]:
        """What has arrived, oldest first."""
        found = httpx.get(f"{self.url}/events", params={"projectId": self.site}, headers=self.bearer).json()
        items: list[dict[str, Any]] = found["items"]
        return items[::-1]

    def arrived(self, number: int) -> list[dict[str, Any]]:
        """The events once there are ``number`` of them."""
        deadline = monotonic() + 15
        while len(found := self.events()) < number:
            assert monotonic() < deadline, found
            sleep(0.05)
        return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    pages = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    with serving(tmp_path_factory.mktemp("site") / "data") as served:
        bearer = set_up(served).as_person
        body = {"name": "Shop", "domain": DOMAIN}
        site = httpx.post(f"{served.url}/websites", json=body, headers=bearer).json()["id"]
        yield Scene(served.url, bearer, site, pages.server_port)
    pages.shutdown()
    pages.server_close()


@dataclass
class Visitor:
    """Somebody's browser on a page, and what it complained of."""

    page: Page
    scene: Scene
    complaints: list[str] = field(default_factory=list)

    def run(self, script: str) -> Any:  # noqa: ANN401 -- whatever the script gives
        """Runs a function of Pulseboard's address and the visit to report, in the page."""
        visit = {"websiteId": self.scene.site, "eventType": "page_view", "url": self.page.url}
        return self.page.evaluate(script, [self.scene.url, visit])


Visit = Callable[[str], Visitor]


@pytest.fixture
def visit(browser: Browser, scene: Scene) -> Iterator[Visit]:
    """Opens a page of a host."""
    context = browser.new_context(service_workers="block")

    def opened(host: str) -> Visitor:
        visitor = Visitor(context.new_page(), scene)
        visitor.page.on("console", lambda message: visitor.complaints.append(message.text))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.goto(scene.address(host))
        return visitor

    yield opened
    context.close()


FETCH = """async ([url, visit]) => {
  const headers = {"content-type": "application/json"};
  const answer = await fetch(url + "/track", {method: "POST", body: JSON.stringify(visit), headers});
  return [answer.status, (await answer.json()).status];
}"""
PLAIN = """async ([url, visit]) =>
  (await fetch(url + "/track", {method: "POST", body: JSON.stringify(visit), credentials: "include"})).status"""
BEACON = "([url, visit]) => navigator.sendBeacon(url + '/track', JSON.stringify(visit))"
BLOB = """([url, visit]) =>
  navigator.sendBeacon(url + "/track", new Blob([JSON.stringify(visit)], {type: "application/json"}))"""
PICTURE = """([url, visit]) => new Promise((done) => {
  const image = new Image();
  image.onload = () => done(image.naturalWidth);
  image.onerror = () => done("broken");
  image.referrerPolicy = "no-referrer-when-downgrade";
  image.src = `${url}/track.gif?websiteId=${visit.websiteId}`;
})"""


def test_a_page_reports_by_fetch_by_beacon_and_by_picture_and_the_browser_says_nothing(
    scene: Scene, visit: Visit
) -> None:
    before = len(scene.events())
    visitor = visit(f"www.{DOMAIN}")
    assert visitor.run(FETCH) == [202, "queued"]
    assert visitor.run(PLAIN) == 202
    assert visitor.run(BEACON) is True
    assert visitor.run(BLOB) is True
    assert visitor.run(PICTURE) == 1
    found = scene.arrived(before + 5)[before:]
    assert [event["type"] for event in found] == ["page_view"] * 5
    assert {event["properties"]["url"] for event in found} == {scene.address(f"www.{DOMAIN}")}
    visitor.page.wait_for_timeout(300)
    assert visitor.complaints == []


def test_a_page_of_another_site_reports_nothing_and_shows_no_broken_picture(scene: Scene, visit: Visit) -> None:
    before = len(scene.events())
    stranger = visit("evil.localhost")
    pretend = f"visit => ({{...visit, url: '{scene.address(DOMAIN)}'}})"
    for script in (FETCH, PLAIN):
        outcome = stranger.run(f"async ([url, visit]) => ({script})([url, ({pretend})(visit)]).catch(() => 'blocked')")
        assert outcome == "blocked"
    assert stranger.run(f"([url, visit]) => ({BEACON})([url, ({pretend})(visit)])") is True
    assert stranger.run(PICTURE) == 1
    assert visit(DOMAIN).run(BEACON) is True
    found = scene.arrived(before + 1)
    stranger.page.wait_for_timeout(500)
    assert [event["id"] for event in scene.events()] == [event["id"] for event in found]
    assert len(found) == before + 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_lines_of_the_quick_start_work_as_they_are(browser: Browser, scene: Scene, *, scripts: bool) -> None:
    before = len(scene.events())
    LINES["/pasted"] = _quick_start(browser, scene)
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    address = f"http://{DOMAIN}:{scene.pages}/pasted"
    page.goto(address)
    event = scene.arrived(before + 1)[-1]
    assert (event["type"], event["properties"]["url"]) == ("page_view", address)
    context.close()


def _quick_start(browser: Browser, scene: Scene) -> str:
    """What the dashboard says to paste into a website's pages."""
    context = browser.new_context()
    login = {"email": ALICE["email"], "password": ALICE["password"]}
    assert context.request.post(f"{scene.url}/api/v1/auth/login", data=login).ok
    page = context.new_page()
    page.goto(f"{scene.url}/app/p/{scene.site}/keys")
    page.get_by_label("Website").check()
    assert DOMAIN in page.get_by_text("Goes into every page of").inner_text()
    code = page.locator("pre").inner_text()
    context.close()
    return code
