"""What nodes over one database remember with a Redis beside it is never older than a change that was answered."""

import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from tests.control.redis_server import LONG, RedisServer, without_haste

from pulseboard.db import Database, migrate, open_shared, remembered
from pulseboard.db.shared import CLOSED, LIFE, PATIENCE, Shared
from pulseboard.doctor import examine
from pulseboard.settings import Server, Settings, SettingsError, load

SECRET = b"of this installation"
ORG = "INSERT INTO orgs (id, name, system, created_at) VALUES ('acme', '0', 0, '2026-01-01')"
READ = text("SELECT name FROM orgs WHERE id = 'acme'")


class Seconds:
    """A clock that is moved by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Node:
    """A database with a Redis beside it, both with clocks that stand: nothing is forgotten because of its age."""

    def __init__(self, url: str, redis_url: str, secret: bytes = SECRET) -> None:
        shared = open_shared(redis_url, secret)
        assert shared is not None
        self.shared: Shared = shared
        self.db = Database(url, shared)
        self.seconds = Seconds()
        self.shared._clock = self.db._memory._monotonic = self.seconds
        self.asked = 0
        event.listen(self.db.engine, "before_cursor_execute", self._count)

    def _count(self, *args: object) -> None:
        self.asked += "SELECT name FROM orgs" in str(args[2])

    def write(self, name: str) -> None:
        with self.db.write() as session:
            session.execute(text(f"UPDATE orgs SET name = '{name}' WHERE id = 'acme'"))

    def read(self, pause: Callable[[], None] = lambda: None) -> str | None:
        """The name by the shared memory; ``pause`` comes between the database's answer and its being stored."""
        with self.db.read() as session:
            return self.read_in(session, pause)

    def read_in(self, session: Session, pause: Callable[[], None] = lambda: None) -> str | None:
        def ask() -> str:
            found = str(session.execute(READ).scalar_one())
            session.rollback()  # a writer of this process may go on
            pause()
            return found

        return remembered(session, "org", ("orgs",), str, ask)

    def recall(self, pause: Callable[[], None] = lambda: None) -> str:
        """The name by this node's own memory."""

        def ask(session: Session) -> str:
            found = str(session.execute(READ).scalar_one())
            session.rollback()
            pause()
            return found

        return self.db.recall("org", ("orgs",), ask)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    made = RedisServer(tmp_path_factory.mktemp("redis"))
    yield made
    made.kill()


@pytest.fixture
def url(tmp_path: Path, redis: RedisServer) -> str:
    redis.start()
    redis.empty()
    made = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(made)
    db = Database(made)
    with db.write() as session:
        session.execute(text(ORG))
    db.close()
    return made


@pytest.fixture
def node(url: str, redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Node]]:
    made: list[Node] = []
    without_haste(monkeypatch)

    def make(secret: bytes = SECRET) -> Node:
        made.append(Node(url, redis.url, secret))
        return made[-1]

    yield make
    for each in made:
        each.db.close()


MakeNode = Callable[..., Node]


def test_what_one_node_read_another_need_not_ask(node: MakeNode) -> None:
    first, second = node(), node()
    assert [first.read(), second.read(), second.read(), first.read()] == ["0"] * 4
    assert (first.asked, second.asked) == (1, 0)
    assert [first.recall(), first.recall(), second.recall(), second.recall()] == ["0"] * 4
    assert (first.asked, second.asked) == (2, 1), "what a process remembers for itself stays there"


def test_a_change_is_seen_at_once_by_every_node(node: MakeNode) -> None:
    first, second = node(), node()
    for number in range(1, 4):
        assert second.read() == second.recall() == first.read() == str(number - 1)
        first.write(str(number))
        assert second.read() == second.recall() == first.read() == first.recall() == str(number)


def test_a_change_elsewhere_forgets_nothing(node: MakeNode) -> None:
    first, second = node(), node()
    assert second.read() == second.recall() == "0"
    with first.db.write() as session:
        session.execute(text("DELETE FROM users"))
    assert second.read() == second.recall() == "0" and second.asked == 2


@pytest.mark.parametrize("look_up", ["read", "recall"])
def test_a_reader_who_stops_between_reading_and_storing_stores_nothing_that_counts(
    node: MakeNode, redis: RedisServer, look_up: str
) -> None:
    first, second = node(), node()

    def of(which: Node, pause: Callable[[], None] = lambda: None) -> str:
        return str(getattr(which, look_up)(pause))

    assert of(second, lambda: first.write("1")) == "0", "it began before the change"
    assert of(second) == of(first) == "1"

    def emptied_and_changed() -> None:
        redis.empty()
        assert of(first) == "1"
        first.write("2")
        assert of(first) == "2"

    second.shared.changed(["orgs"])
    assert of(second, emptied_and_changed) == "1"
    assert of(second) == of(first) == "2"


def test_nothing_is_read_or_stored_while_a_change_is_on_its_way(node: MakeNode) -> None:
    first, second = node(), node()
    assert second.read() == second.recall() == "0"
    seen: list[object] = []

    def look() -> None:
        seen.extend([second.read(), second.recall()])  # still the old one: the commit is only about to come

    committing = first.db._memory.closing
    first.db._memory.closing = lambda tables: (committing(tables), look())  # type: ignore[assignment,method-assign,func-returns-value]
    first.write("1")
    assert seen == ["0", "0"] and second.asked == 4
    assert second.read() == second.recall() == "1"


def test_a_writer_that_dies_between_commit_and_word_leaves_nothing_stale(node: MakeNode, redis: RedisServer) -> None:
    first, second = node(), node()
    assert second.read() == second.recall() == "0"
    first.db._memory.changed = lambda tables: None  # type: ignore[method-assign]
    first.write("1")
    assert [second.read(), second.recall()] == ["1", "1"], "closed is closed, whoever is gone"
    (version,) = redis.names("version:orgs")
    assert 0 < redis.client.pttl(version) <= CLOSED * 1000, "and not for ever"
    assert LIFE <= 1 < CLOSED, "which is promised"
    redis.client.delete(version)
    second.read()
    asked = second.asked
    assert second.read() == "1" and second.asked == asked


def test_a_transaction_sees_the_database_and_not_the_memory(node: MakeNode) -> None:
    first, second = node(), node()
    assert second.read() == "0"
    with second.db.read() as session:
        session.execute(READ)  # from here on, SQLite shows what was so now
        first.write("1")
        assert second.read_in(session) == "0"
    assert first.read() == second.read() == "1", "so what it reads must not be stored for others"
    with second.db.write() as session:
        session.execute(text("UPDATE orgs SET name = '2'"))
        assert second.read_in(session) == "2"
        session.rollback()
    assert first.read() == second.read() == "1"


def test_what_is_stored_counts_for_a_while_from_before_it_was_read(node: MakeNode, redis: RedisServer) -> None:
    first, second = node(), node()
    assert first.read() == "0"
    (entry,) = redis.names("entry")
    assert 0 < redis.client.pttl(entry) <= LONG * 1000
    second.seconds.now += LONG - 0.001
    assert (second.read(), second.asked) == ("0", 0)
    second.seconds.now += 0.001
    assert (second.read(), second.asked) == ("0", 1)
    first.seconds.now -= 10
    assert (first.read(), first.asked) == ("0", 2), "nor is it believed that something holds for longer"


def test_whoever_may_write_to_redis_can_invent_nothing(node: MakeNode, redis: RedisServer) -> None:
    first, second = node(), node()
    assert first.read() == "0"
    (entry,), (version,) = redis.names("entry"), redis.names("version:orgs")
    good, drawn = redis.client.get(entry), redis.client.get(version)
    assert isinstance(good, bytes)
    for forged in (good.replace(b'"0"', b'"9"'), good[:-1], b"", b"\xff" * 40, b'"9"', good + b"x", b"\0" * 100_000):
        redis.client.set(entry, forged)
        assert second.read() == "0"
    asked = second.asked
    assert asked == 7
    first.write("1")
    redis.client.set(entry, good)
    redis.client.set(version, drawn)
    assert second.read() == "0", "to put back both of them is all that can be done, and holds for a while"
    second.seconds.now += LONG
    redis.client.set(entry, good)
    assert second.read() == "1"


def test_garbage_in_the_place_of_versions_is_no_harm(node: MakeNode, redis: RedisServer) -> None:
    first, second = node(), node()
    assert first.read() == second.recall() == "0"
    (version,) = redis.names("version:orgs")
    for number, garbage in enumerate((b"", b"x", b"\xff" * 1_000_000, None), 1):
        redis.client.delete(version)
        redis.client.rpush(version, "a list") if garbage is None else redis.client.set(version, garbage)
        assert second.read() == second.recall() == second.read() == str(number - 1)
        first.write(str(number))
        assert second.read() == second.recall() == first.read() == str(number)


def test_installations_that_share_a_redis_know_nothing_of_one_another(node: MakeNode, redis: RedisServer) -> None:
    ours, theirs = node(), node(b"another secret")
    assert ours.read() == theirs.read() == "0" and theirs.asked == 1
    assert len(redis.names("entry")) == 2
    ours.write("1")
    assert theirs.read() == "0", "here they have one database, which no two installations have"
    heard: list[object] = []
    stop = theirs.shared.listen(heard.append)
    wait_for(lambda: heard == [None])
    ours.shared.announce(key_id="k")
    theirs.shared.announce(key_id="t")
    wait_for(lambda: len(heard) > 1)
    stop()
    assert heard == [None, {"key_id": "t"}]


def wait_for(what: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_redis_that_stops_is_missed_by_nobody_and_said_once(
    node: MakeNode, redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = node(), node()
    assert first.read() == second.recall() == "0"
    with caplog.at_level(logging.INFO, "pulseboard.db.shared"):
        redis.kill()
        for number in range(1, 4):
            first.write(str(number))
            assert second.read() == second.recall() == first.read() == str(number)
        assert [record.message.partition(":")[0] for record in caplog.records] == [
            "Redis does not answer, so every look-up goes to the database"
        ] * 2, "by each node"
        redis.start()
        for each in (first, second):
            each.shared._silent_until = 0.0
        assert second.read() == second.recall() == "3"
        asked = second.asked
        assert second.read() == second.recall() == "3" and second.asked == asked
        first.write("4")
        assert second.read() == second.recall() == "4"


def test_a_redis_that_hangs_costs_a_moment(node: MakeNode, redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulseboard.db.shared.PATIENCE", PATIENCE)
    first, second = node(), node()
    assert first.read() == second.recall() == "0"
    began = time.monotonic()
    with redis.frozen():
        first.write("1")
        assert second.read() == second.recall() == first.read() == "1"
    assert time.monotonic() - began < 30
    first.shared._silent_until = second.shared._silent_until = 0.0
    first.write("2")
    assert second.read() == second.recall() == "2"


def test_a_redis_without_room_takes_things_away_still(node: MakeNode, redis: RedisServer) -> None:
    first, second = node(), node()
    assert second.read() == second.recall() == "0"
    redis.client.config_set("maxmemory", "1")
    try:
        first.write("1")
        assert second.read() == second.recall() == first.read() == "1"
    finally:
        redis.client.config_set("maxmemory", "0")


def test_something_else_at_the_port_is_like_nothing(url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    taken, _ = listener.accept()
                except OSError:
                    return
                with taken:
                    taken.recv(100)
                    taken.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n*-7\r\n$zz\r\n")

        threading.Thread(target=answer, daemon=True).start()
        node = Node(url, f"redis://127.0.0.1:{listener.getsockname()[1]}/0")
        node.write("1")
        assert node.read() == node.recall() == "1"
        node.db.close()


def test_what_is_announced_while_nobody_could_hear_is_made_up_for(node: MakeNode, redis: RedisServer) -> None:
    first, second = node(), node()
    heard: list[object] = []
    stop = second.shared.listen(heard.append)
    wait_for(lambda: heard == [None])
    first.shared.announce(key_id="k")
    redis.client.publish(f"{first.shared._prefix}news", b"\xff no words")
    wait_for(lambda: heard == [None, {"key_id": "k"}, None])
    redis.kill()
    first.shared.announce(key_id="unheard")
    redis.start()
    wait_for(lambda: heard[3:] == [None])
    stop()


def test_no_reader_ever_sees_less_than_what_was_answered_whatever_befalls_redis(
    node: MakeNode, redis: RedisServer
) -> None:
    """Two writers and four readers, while versions are taken away, overwritten, and Redis is killed and comes back."""
    nodes, over, answered, stale = [node() for _ in range(4)], threading.Event(), [0], list[str]()
    for each in nodes:
        each.shared._monotonic = lambda: 1e9 * secrets.randbelow(2)  # asks again soon

    def write(writer: Node) -> None:
        with writer.db.write() as session:
            number = int(str(session.execute(READ).scalar_one())) + 1
            session.execute(text(f"UPDATE orgs SET name = '{number}'"))
        answered[0] = max(answered[0], number)

    def reads(reader: Node) -> None:
        while not over.is_set():
            for look_up in (reader.read, reader.recall):
                least = answered[0]
                found = int(look_up() or 0)
                if found < least:
                    stale.append(f"{look_up.__name__} gave {found} after {least}")

    def writes(writer: Node) -> None:
        while not over.is_set():
            write(writer)
            time.sleep(0.005)

    threads = [threading.Thread(target=reads, args=(each,)) for each in nodes]
    threads += [threading.Thread(target=writes, args=(each,)) for each in nodes[:2]]
    for thread in threads:
        thread.start()
    for turn in range(32):
        time.sleep(0.05)
        if turn % 8 == 7:
            redis.kill()
            redis.start()
        elif turn % 2:
            redis.empty()
        else:
            for key in redis.names("version"):
                redis.client.set(key, secrets.token_bytes(4))
    wait_for(lambda: answered[0] > 20)
    over.set()
    for thread in threads:
        thread.join()
    assert stale == []


@pytest.mark.parametrize("wrong", ["redis.example.com:6379", "http://:hush@redis.example.com", "redis://redis:port/0"])
def test_a_url_that_is_none_is_refused_and_not_repeated(wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"PULSEBOARD_REDIS_URL: must look like redis://") as refused:
        load({"PULSEBOARD_REDIS_URL": wrong})
    assert wrong not in str(refused.value)


def test_the_doctor_looks_at_redis_where_there_should_be_one(tmp_path: Path, redis: RedisServer) -> None:
    def found(redis_url: str) -> list[tuple[bool, str]]:
        looked = examine(Settings(server=Server(data_dir=tmp_path), redis_url=redis_url))
        return [(each.good, each.detail) for each in looked if each.name == "Redis"]

    redis.start()
    assert found("") == []
    ((good, detail),) = found(redis.url)
    assert good and detail.startswith("valkey 8.")
    ((good, detail),) = found("redis://:a-password@127.0.0.1:1/0")
    assert not good and "refused" in detail and "a-password" not in detail
    settings = load({"PULSEBOARD_REDIS_URL": "redis://:a-password@127.0.0.1:1/0"})
    assert "a-password" not in repr(settings)
