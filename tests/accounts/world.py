"""What the tests of accounts have in common: a clock, letters that came, and ways to sign in."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from tests.control.cast import PASSWORD, App, Person, sign_up

from pulseboard import accounts, mail
from pulseboard.audit import PLATFORM, AuditFilter, entries

NEW_PASSWORD = "nine staples for 1 battery"
_TOKEN = re.compile(r"#token=(\S+)")


@dataclass
class Hand:
    """A clock that stands until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at


@dataclass
class World:
    app: App
    hand: Hand

    def wait(self, **spans: float) -> None:
        """Moves the clock on."""
        self.hand.at += timedelta(**spans)

    def sign_up(self, name: str) -> Person:
        return sign_up(self.app, name)

    def verified(self, name: str) -> Person:
        """Somebody who has confirmed their address."""
        person = self.sign_up(name)
        assert self.call("verify-email", token=self.token(person.email)).status_code == 204
        return person

    def call(self, path: str, **body: object) -> httpx.Response:
        """A POST to /auth without credentials."""
        answer = self.app.http.post(f"/api/v1/auth/{path}", json=body)
        self.app.http.cookies.clear()
        return answer

    def login(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.call("login", email=email, password=password, **more)

    def enter(self, person: Person, password: str = PASSWORD, **more: str) -> Person:
        """Another session of theirs."""
        answer = self.login(person.email, password, **more)
        assert answer.status_code == 200, answer.text
        return Person(person.http, person.email, answer.json())

    def alive(self, person: Person) -> bool:
        """Whether their session still opens anything."""
        return person.get("/api/v1/auth/me").status_code == 200

    def refresh(self, person: Person) -> Person:
        """The same session with fresh tokens; needed after ``wait``."""
        answer = self.call("refresh", refreshToken=person.tokens["refreshToken"])
        assert answer.status_code == 200, answer.text
        return Person(person.http, person.email, {**person.tokens, **answer.json()})

    def letters(self, email: str) -> list[mail.StoredLetter]:
        """What came to the address, oldest first."""
        with self.app.db.read() as session:
            return [row[0] for row in mail.outbox(session, 200, recipient=email).rows]

    def names(self, email: str) -> list[str]:
        return [letter.letter for letter in self.letters(email)]

    def token(self, email: str, letter: str = "verify-email") -> str:
        """What the link of the newest letter of that kind carries."""
        found = [_TOKEN.search(each.text) for each in self.letters(email) if each.letter == letter]
        assert found and found[-1], f"no link in {self.names(email)}"
        return found[-1][1]

    def forgot(self, email: str) -> None:
        """Asks for a new password, and lets the letters be written."""
        assert self.call("forgot-password", email=email).status_code == 202
        accounts.answer_letters(self.app.desk)

    def audited(self, person: Person) -> list[str]:
        """What the audit log says was done to the person, oldest first."""
        wanted = AuditFilter(target_id=person.tokens["user"]["id"])
        with self.app.db.read() as session:
            found: Any = session.execute(entries(PLATFORM, wanted)).scalars()
            return [entry.action for entry in found][::-1]


def faults(answer: httpx.Response) -> list[str]:
    """Which fields a 422 names."""
    assert answer.status_code == 422, answer.text
    return [fault["path"] for fault in answer.json()["errors"]]
