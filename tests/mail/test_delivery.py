"""Letters on their way: a real SMTP server takes them, refuses them, or is not there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from bench.served import free_port

from pulseboard.db import Database, migrate
from pulseboard.errors import NotFound
from pulseboard.kit.ids import new_id
from pulseboard.mail import Delivery, Mailer, StoredLetter, outbox, queries, stored_letter
from pulseboard.mail.letters import EMAIL_CHANGED, RESET_PASSWORD
from pulseboard.mail.models import OutboxLetter
from pulseboard.settings import Mail

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
TOKEN = "the-token-of-the-link"


@dataclass
class Postbox:
    """What an SMTP server got, and what it says to the next one who comes."""

    got: list[Envelope] = field(default_factory=list)
    answer: str = "250 OK"
    to_recipient: str = ""

    async def handle_RCPT(
        self, server: object, session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            self.got.append(envelope)
        return self.answer

    def letter(self) -> EmailMessage:
        """The only one that came."""
        (envelope,) = self.got
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class World:
    """An outbox with a clock of its own, and the server to which it is to go."""

    db: Database
    box: Postbox
    settings: Mail
    now: datetime = NOON

    @property
    def mailer(self) -> Mailer:
        return Mailer("https://pulse.example.com", bool(self.settings.smtp_host), lambda: self.now)

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.db, lambda: self.now, self.settings)

    def write(self, to: str = "alice@example.com", until: datetime | None = None) -> None:
        with self.db.write() as session:
            self.mailer.post(
                session, to, RESET_PASSWORD, path="/app/reset-password", token=TOKEN, until=until, lasts="1 hour"
            )

    def stored(self) -> str:
        """Everything that the database holds of the newest letter."""
        with self.db.read() as session:
            row = session.get_one(OutboxLetter, self.kept().id)
            return f"{row.text}{row.html}{row.secret}"

    def kept(self) -> StoredLetter:
        with self.db.read() as session:
            return stored_letter(session, outbox(session, 10).rows[-1][0].id)


def _server(box: Postbox, **options: object) -> Controller:
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)  # type: ignore[arg-type]
    controller.start()
    return controller


def _settings(controller: Controller) -> Mail:
    return Mail(
        smtp_host="127.0.0.1", smtp_port=controller.port, smtp_tls="off", sender="Pulseboard <pulse@example.com>"
    )


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Postbox, Mail]]:
    box = Postbox()
    controller = _server(box, enable_SMTPUTF8=True)
    yield box, _settings(controller)
    controller.stop()


@pytest.fixture
def world(tmp_path: Path, running: tuple[Postbox, Mail]) -> Iterator[World]:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(url)
    db = Database(url)
    box, settings = running
    box.__init__()  # type: ignore[misc]
    yield World(db, box, settings)
    db.close()


def test_a_letter_arrives_with_both_parts_and_its_link_and_is_struck_out_where_it_was_kept(world: World) -> None:
    world.write()
    assert TOKEN in world.stored() and world.kept().status == "waiting"
    assert TOKEN not in world.kept().text + world.kept().html, "what leaves by mail is for its reader alone"
    world.delivery.send_due()
    got = world.box.letter()
    assert world.box.got[0].rcpt_tos == ["alice@example.com"] and world.box.got[0].mail_from == "pulse@example.com"
    assert got["to"] == "alice@example.com" and got["from"] == "Pulseboard <pulse@example.com>"
    assert got["subject"] == "Set a new password" and got["auto-submitted"] == "auto-generated"
    link = f"https://pulse.example.com/app/reset-password#token={TOKEN}"
    for kind in ("plain", "html"):
        part = got.get_body((kind,))
        assert part is not None and link in part.get_content()
    kept = world.kept()
    assert (kept.status, kept.attempts, kept.sent_at) == ("sent", 1, NOON)
    assert TOKEN not in world.stored() and "#token=…" in kept.text


def test_a_letter_is_sent_once(world: World) -> None:
    world.write()
    world.delivery.send_due()
    world.now += timedelta(days=2)
    world.delivery.send_due()
    assert len(world.box.got) == 1


def test_a_letter_of_a_transaction_that_failed_was_never_written(world: World) -> None:
    with pytest.raises(RuntimeError), world.db.write() as session:
        world.mailer.post(session, "alice@example.com", EMAIL_CHANGED, email="a@example.com")
        raise RuntimeError
    world.delivery.send_due()
    with world.db.read() as session:
        assert outbox(session, 10).rows == []


def test_what_a_server_cannot_take_now_is_tried_again_with_growing_pauses_until_it_has_failed(world: World) -> None:
    world.write()
    world.box.answer = "451 try again later"
    world.delivery.send_due()
    for attempt, minutes in enumerate((1, 5, 15, 60, 240, 720), 1):
        world.now += timedelta(minutes=minutes, seconds=-1)
        world.delivery.send_due()
        assert (world.kept().status, world.kept().attempts) == ("waiting", attempt)
        world.now += timedelta(seconds=1)
        world.delivery.send_due()
    assert world.kept().status == "failed" and "451" in world.kept().error
    assert world.box.got == []


def test_a_letter_leaves_when_the_server_is_back(world: World) -> None:
    world.write()
    away = replace(world, settings=replace(world.settings, smtp_port=1))
    away.delivery.send_due()
    assert world.kept().status == "waiting" and world.kept().error
    world.delivery.send_due()
    assert world.box.got == [], "not before the pause is over"
    world.now += timedelta(minutes=1)
    world.delivery.send_due()
    assert world.box.letter()["to"] == "alice@example.com"
    assert world.kept().error == ""


def test_an_address_that_is_refused_for_good_is_not_asked_again(world: World) -> None:
    world.write()
    world.box.to_recipient = "550 no such user"
    world.delivery.send_due()
    assert (world.kept().status, world.kept().attempts) == ("failed", 1)
    assert "550 no such user" in world.kept().error


def test_a_process_that_died_in_an_attempt_leaves_the_letter_to_the_next(world: World) -> None:
    world.write()
    with world.db.write() as session:
        assert queries.claim(session, world.kept().id, NOON, NOON + timedelta(minutes=5)) is not None
        assert queries.claim(session, world.kept().id, NOON, NOON + timedelta(minutes=5)) is None
    world.delivery.send_due()
    assert world.box.got == []
    world.now += timedelta(minutes=5)
    world.delivery.send_due()
    assert len(world.box.got) == 1


def test_addresses_and_names_of_the_whole_world_arrive(world: World) -> None:
    world.write("zoë@bücher.example")
    world.delivery.send_due()
    assert world.box.got[0].rcpt_tos == ["zoë@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "to",
    ["a@example.com\r\nBcc: b@example.com", "a@example.com\nX: y", "a@example.com, b@example.com", "<a@example.com>",
     "a@exa mple.com", "", "@", "a\u0000@example.com", "a@\u202eexample.com"],
)  # fmt: skip
def test_no_address_adds_a_header_or_another_recipient(world: World, to: str) -> None:
    world.write(to)
    world.delivery.send_due()
    assert world.box.got == []
    assert world.kept().status == "failed"


def test_no_subject_adds_a_header(world: World) -> None:
    world.write()
    with world.db.write() as session:
        session.get_one(OutboxLetter, world.kept().id).subject = "Hello\r\nBcc: bob@example.com"
    world.delivery.send_due()
    assert world.box.got == [] and world.kept().status == "failed"


def test_without_a_mail_server_letters_stay_and_can_be_read_until_their_links_are_over(world: World) -> None:
    alone = replace(world, settings=Mail())
    alone.write(until=NOON + timedelta(hours=1))
    alone.delivery.send_due()
    alone.delivery.tidy()
    assert alone.kept().status == "kept" and TOKEN in alone.kept().text
    alone.now += timedelta(hours=1)
    alone.delivery.tidy()
    assert TOKEN not in alone.kept().text + alone.kept().html
    alone.now += timedelta(days=31)
    alone.delivery.tidy()
    with alone.db.read() as session:
        assert outbox(session, 10).total == 0


def test_the_outbox_is_listed_by_address_and_state(world: World) -> None:
    world.write("alice@example.com")
    world.write("bob@example.com")
    with world.db.read() as session:
        assert [row[0].recipient for row in outbox(session, 10).rows] == ["alice@example.com", "bob@example.com"]
        assert [row[0].recipient for row in outbox(session, 10, recipient="bob@example.com").rows] == [
            "bob@example.com"
        ]
        assert outbox(session, 10, status="sent").total == 0
        with pytest.raises(NotFound):
            stored_letter(session, new_id())


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_server_that_asks_for_a_password_gets_it_and_a_wrong_one_is_tried_again_later(world: World) -> None:
    def check(_server: object, _session: object, _envelope: object, mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"pulse", b"secret"), handled=False)

    controller = _server(
        world.box, authenticator=check, auth_required=True, auth_require_tls=False, auth_exclude_mechanism=["LOGIN"]
    )
    try:
        right = replace(_settings(controller), smtp_user="pulse", smtp_password="secret")
        world.write()
        replace(world, settings=replace(right, smtp_password="wrong")).delivery.send_due()
        assert world.kept().status == "waiting" and "secret" not in world.kept().error
        world.now += timedelta(minutes=1)
        replace(world, settings=right).delivery.send_due()
        assert len(world.box.got) == 1
    finally:
        controller.stop()


def test_a_server_without_encryption_gets_no_letter_where_encryption_is_asked_for(world: World) -> None:
    world.write()
    replace(world, settings=replace(world.settings, smtp_tls="starttls")).delivery.send_due()
    assert world.box.got == [] and world.kept().status != "sent"
