"""From a letter and its words to a subject, a text part and an HTML part."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pulseboard.mail.letters import Letter

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST_WORD = 100  # characters of what somebody else chose
_LINK = re.compile(r"://|www\.|\w\.\w", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it is sent."""

    subject: str
    text: str
    html: str


def render(letter: Letter, words: Mapping[str, str], link: str = "", base_url: str = "") -> Rendered:
    """The letter with its words filled in; ``link`` is where its button leads.

    Raises:
        ValueError: a word is missing or unknown, or the letter has a button and no link, or the other way round.
    """
    if set(words) != set(letter.sample) or bool(link) != bool(letter.button):
        raise ValueError(f"the letter {letter.name} needs {sorted(letter.sample)}, and a link if it has a button")
    said = {name: calm(word) for name, word in words.items()}
    return Rendered(
        subject=_filled(letter.subject, said, html=False),
        text=_part(letter, said, link, base_url, html=False),
        html=_part(letter, said, link, base_url, html=True),
    )


def preview(letter: Letter, base_url: str) -> Rendered:
    """The letter with its sample words."""
    return render(letter, letter.sample, f"{base_url}/app/login" if letter.button else "", base_url)


def calm(word: str) -> str:
    """What somebody else chose, so that it can do no harm in a letter: one short line, nothing unseen, no links.

    An address (``bob@example.com``) stays: it is ours, checked, and shown as such.
    """
    seen = "".join(" " if unicodedata.category(char) in _UNSEEN else char for char in word)
    quiet = " ".join("…" if _leads_away(part) else part for part in seen.split())
    return quiet if len(quiet) <= LONGEST_WORD or "@" in quiet else quiet[: LONGEST_WORD - 1] + "…"


def _leads_away(part: str) -> bool:
    return bool(_LINK.search(part)) and ("@" not in part or "/" in part)


def _part(letter: Letter, words: Mapping[str, str], link: str, base_url: str, *, html: bool) -> str:
    template = _environment(html).get_template("letter.html" if html else "letter.txt")
    return template.render(
        subject=_filled(letter.subject, words, html=html),
        lines=[_filled(line, words, html=html) for line in letter.lines],
        button=letter.button,
        link=link,
        closing=_filled(letter.closing, words, html=html),
        base_url=base_url,
    )


def _filled(line: str, words: Mapping[str, str], *, html: bool) -> str:
    from markupsafe import Markup

    said = _environment(html).from_string(line).render(words)
    return Markup(said) if html else said  # noqa: S704 -- the template escaped each word


@cache
def _environment(html: bool) -> "Environment":
    # Imported at the first letter: most starts write none, and idle memory is counted.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("pulseboard.mail"),
        autoescape=html,  # noqa: S701 -- the text part is no HTML
        undefined=StrictUndefined,
        trim_blocks=True,
    )
