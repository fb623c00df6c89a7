"""The page on which superadmins see every letter."""

from collections.abc import Iterator

import httpx
import pytest
from bench.served import Access, Served, serving, set_up

from pulseboard.mail import LETTERS


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("preview") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def owner(served: Served) -> Access:
    return set_up(served)


def test_superadmins_see_every_letter_and_nothing_on_the_page_may_run_or_load(served: Served, owner: Access) -> None:
    page = httpx.get(f"{served.url}/admin/mail-preview", headers=owner.as_person)
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script" not in policy
    assert page.headers["x-frame-options"] == "DENY"
    for letter in LETTERS:
        assert f"<h2>{letter.name}</h2>" in page.text
    assert "{{" not in page.text and "<script" not in page.text


def test_nobody_else_does(served: Served, owner: Access) -> None:
    assert httpx.get(f"{served.url}/admin/mail-preview").status_code == 401
    assert httpx.get(f"{served.url}/admin/mail-preview", headers=owner.as_program).status_code == 403
