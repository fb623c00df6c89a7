"""Letters: their words, their look, and what strangers may not do with them."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseboard.mail import LETTERS, Letter, preview, render
from pulseboard.mail.letters import EMAIL_CHANGED, INVITATION, VERIFY_EMAIL
from pulseboard.mail.render import calm

BASE = "https://pulse.example.com"


class Tags(HTMLParser):
    """What stands in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def read(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    return tags


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.name)
def test_every_letter_says_the_same_in_both_parts_and_loads_nothing(letter: Letter) -> None:
    shown = preview(letter, BASE)
    assert shown.subject and "{{" not in shown.subject + shown.text + shown.html
    assert shown.text.splitlines()[0] == shown.subject
    assert (f"{letter.button}:\n{BASE}/" in shown.text) == bool(letter.button)
    page = read(shown.html)
    assert {"img", "script", "link", "iframe", "form"}.isdisjoint(page.tags)
    assert all(link.startswith(BASE) for link in page.links)


def test_letters_have_names_of_their_own() -> None:
    assert len({letter.name for letter in LETTERS}) == len(LETTERS)


def test_a_letter_is_not_written_with_a_word_missing_unknown_or_without_its_link() -> None:
    with pytest.raises(ValueError, match="email-changed"):
        render(EMAIL_CHANGED, {}, "", BASE)
    with pytest.raises(ValueError, match="email-changed"):
        render(EMAIL_CHANGED, {"email": "a@example.com", "org": "x"}, "", BASE)
    with pytest.raises(ValueError, match="verify-email"):
        render(VERIFY_EMAIL, {"lasts": "1 day"}, "", BASE)
    with pytest.raises(ValueError, match="email-changed"):
        render(EMAIL_CHANGED, {"email": "a@example.com"}, f"{BASE}/app/login", BASE)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice", "Alice"),
        ("Zoë 👩‍🚀 王", "Zoë 👩 🚀 王"),
        ("You won https://evil.example/x now", "You won … now"),
        ("see www.evil", "see …"),
        ("evil.example", "…"),
        ("x@evil.example/path", "…"),
        ("bob@example.com", "bob@example.com"),
        ("Ltd. and Co.", "Ltd. and Co."),
        ("a\r\nBcc: b@example.com", "a Bcc: b@example.com"),
        ("abc\u202edef", "abc def"),
        ("n" * 10_000, "n" * 99 + "…"),
    ],
)
def test_what_somebody_else_chose_leads_nobody_away(name: str, shown: str) -> None:
    assert calm(name) == shown


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_name_breaks_out_of_its_place(inviter: str, org: str) -> None:
    words = dict(INVITATION.sample) | {"inviter": inviter, "org": org}
    letter = render(INVITATION, words, f"{BASE}/app/accept-invitation#token=t", BASE)
    assert letter.subject.splitlines() in ([letter.subject], [])
    plain, page = read(preview(INVITATION, BASE).html), read(letter.html)
    assert page.tags == plain.tags
    assert page.links == {BASE, f"{BASE}/app/accept-invitation#token=t"}


def test_markup_in_a_name_is_shown_and_not_obeyed() -> None:
    words = dict(INVITATION.sample) | {"org": "<b>{{ 7 * 7 }}</b> & Söhne"}
    letter = render(INVITATION, words, f"{BASE}/app/accept-invitation", BASE)
    assert "&lt;b&gt;{{ 7 * 7 }}&lt;/b&gt; &amp; Söhne" in letter.html
    assert "<b>{{ 7 * 7 }}</b> & Söhne" in letter.text and "<b>{{ 7 * 7 }}</b> & Söhne" in letter.subject
