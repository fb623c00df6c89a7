"""A folder whose summaries are due, a process that is killed while it makes them, and what is there then."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# Imported where they are used: the engine has threads from its import on, and a process with threads cannot be forked.
from pulseboard.kit.ids import new_id
from pulseboard.settings import Server, Settings

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = MONDAY + timedelta(days=11, hours=14)  # a Saturday: days and a week have come to be due
WRITES = ("begin", "move", "put", "refreshed", "forget")


def open_folder(folder: Path, now: datetime) -> Any:  # noqa: ANN401 -- a context manager of all parts
    from pulseboard.app import open_parts

    server = replace(Server(), data_dir=folder)
    return open_parts(replace(Settings(), server=server, self_monitor=False), lambda: now)


def fill(folder: Path) -> None:
    """A project that was summed up on a Monday, and then got late events and new ones."""
    from pulseboard.orgs import make_org
    from pulseboard.projects.service import insert_project

    with open_folder(folder, MONDAY) as parts:
        with parts.db.write() as session:
            org = make_org(session, "Acme", MONDAY)
            session.flush()
            project = insert_project(session, org.id, "shop", MONDAY).id
        _send(parts, project, MONDAY, [MONDAY - timedelta(days=days) for days in (0, 1, 5, 20)])
        parts.keeper().keep()
    with open_folder(folder, LATER) as parts:
        _send(parts, project, LATER, [LATER - timedelta(days=days) for days in (0, 2, 7, 12, 31)])
    (folder / "project").write_text(project)


def keep(folder: Path, kill_after: int) -> None:
    """Runs the job, and dies as by a power cut after so many writes; for a process of its own."""
    with open_folder(folder, LATER) as parts:
        calls = 0

        def counted(call: Callable[..., Any]) -> Callable[..., Any]:
            def watched(*given: Any, **named: Any) -> Any:  # noqa: ANN401
                nonlocal calls
                result = call(*given, **named)
                calls += 1
                if calls == kill_after:
                    os.kill(os.getpid(), signal.SIGKILL)
                return result

            return watched

        for owner, names in ((parts.figures, WRITES), (parts.ledger, ("strike",))):
            for name in names:
                setattr(owner, name, counted(getattr(owner, name)))
        parts.keeper().keep()
        (folder / "calls").write_text(str(calls))


def state(folder: Path) -> dict[str, Any]:
    """What a reader is given at once, and what is kept once the job has run again."""
    from pulseboard import projects
    from pulseboard.summaries import PERIOD_TYPES, verify
    from pulseboard.summaries.figures import METRICS, of_project
    from pulseboard.summaries.periods import starts
    from pulseboard.summaries.read import Reader

    with open_folder(folder, LATER) as parts:
        with parts.db.read() as session:
            project = projects.any_project(session, (folder / "project").read_text())
        read: dict[str, Any] = {}
        for type in PERIOD_TYPES:
            of = of_project(project, type)
            wanted = starts(type, of.zone, MONDAY - timedelta(days=40), LATER)
            reader = Reader(parts.figures, parts.store, parts.ledger, LATER, LATER, None)
            read |= {f"{type} {metric}": reader.values(of, metric, wanted).values for metric in METRICS}
        parts.keeper().keep()
        days = (MONDAY.date() - timedelta(days=60), LATER.date())
        wrong = verify(parts.figures, parts.store, parts.ledger, project, *days, fix=False)
        return {"read": read, "wrong": wrong, "noted": parts.ledger.reached(project.id)}


def _send(parts: Any, project: str, now: datetime, moments: list[datetime]) -> None:  # noqa: ANN401
    from pulseboard.ingest.event import Event, encode
    from pulseboard.spool.base import Parcel

    at = [int(moment.timestamp() * 1000) for moment in moments]
    body = encode([Event(new_id(), False, "CUSTOM", "visit", each, user_id="alice") for each in at])
    parts.spool.put_now(Parcel(project, int(now.timestamp() * 1000), len(at), body, "key", len(body)))
    parts.writer.drain()
