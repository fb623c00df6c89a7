"""Commands that work on the data folder themselves, while no server runs on it."""

from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy.orm import Session

from pulseboard import accounts, audit, demo, orgs, projects, summaries
from pulseboard.app import Parts, open_parts
from pulseboard.db import Database
from pulseboard.errors import Unavailable
from pulseboard.importers import Put, Summary, show_access_log
from pulseboard.ingest.event import Event, encode
from pulseboard.ledger import IMPORTS
from pulseboard.settings import Settings
from pulseboard.spool.base import Parcel
from pulseboard.store.events import keep_sums


def import_access_log(settings: Settings, file: Path, project_id: str, console: Console) -> Summary:
    """Reads an access log into a project, with a progress bar and a summary on ``console``.

    Raises:
        FolderInUse: a server runs on the data folder.
        NotFound: there is no such project.
        OSError: the file cannot be read.
    """
    file.open("rb").close()  # a wrong name is said at once, before the data folder is opened
    with open_parts(settings) as parts:
        with parts.db.read() as session:
            projects.any_project(session, project_id)
        parts.writer.drain()  # what a server left waiting must not be counted as new here
        key, put = parts.keyring.visitor_key, _put(parts, project_id)
        summary = show_access_log(file, project_id, key=key, clock=parts.clock, put=put, console=console)
        keep_sums(parts.store)
        return summary


def make_demo(settings: Settings, events: int, seed: int, project_id: str | None, console: Console) -> demo.Demo:
    """Fills an empty project, or a new one called Demo, with a made-up month.

    Raises:
        FolderInUse: a server runs on the data folder.
        NotFound: there is no such project.
        Conflict: the project has events, or there is nobody to make one for.
        Invalid: too few or too many events.
    """
    with open_parts(settings) as parts, parts.db.write() as session:
        parts.writer.drain()  # a project is empty only when nothing waits for it either
        project = _demo_project(session, project_id, parts.clock())
        with console.status(f"Making {events:,} events ..."):
            made = demo.fill(parts.store, project.id, events, seed, parts.clock)
            keep_sums(parts.store)
    console.print(
        f"{made.events:,} events from {made.start:%d %B} to {made.end:%d %B} are in the project {project.name}."
    )
    console.print(f"Look at {made.incident:%d %B, %H:%M} UTC: something went wrong there for two hours.")
    return made


def verify(
    settings: Settings, project_id: str, since: date | None, until: date | None, *, fix: bool
) -> list[summaries.Difference]:
    """Checks a project's summaries against its events, of periods that begin from ``since`` to ``until`` (exclusive).

    Raises:
        FolderInUse: a server runs on the data folder.
        NotFound: there is no such project.
    """
    with open_parts(settings) as parts:
        with parts.db.read() as session:
            project = projects.any_project(session, project_id)
        parts.writer.drain()  # what a server left waiting belongs to the events
        days = (since or date(1970, 1, 1), until or date(2100, 1, 1))
        since_when = parts.retention.kept_since(project.id)
        return summaries.verify(
            parts.figures, parts.merged, parts.ledger, project, *days, kept_since=since_when, fix=fix
        )


def create_user(settings: Settings, email: str, password: str, name: str, *, superadmin: bool) -> None:
    """Makes a person with a personal organisation, also where registration is closed.

    Raises:
        FolderInUse: a server runs on the data folder.
        Invalid: the e-mail is none, or the password is easy to guess.
        Conflict: somebody has this e-mail.
    """
    with open_parts(settings) as parts:
        accounts.add_person(
            parts.db, parts.clock, orgs.HOMES, email=email, password=password, name=name, superadmin=superadmin
        )


def verify_audit_log(settings: Settings, console: Console) -> bool:
    """Walks every chain of the audit log and says which is whole; the last hash of a chain, noted elsewhere, proves it
    up to there also against somebody who can write a whole new one.

    Raises:
        Unavailable: the database does not answer.
    """
    file = settings.server.data_dir / "control.db"
    if not settings.database_url and not file.exists():
        raise Unavailable(f"There is no {file}")
    db = Database(settings.control_database)
    try:
        with db.read() as session:
            found = [audit.verify(session, chain) for chain in audit.chains(session)]
    finally:
        db.close()
    for each in found:
        good = each.broken is None
        mark = "[green]ok  [/]" if good else "[red]FAIL[/]"
        what = f"{each.entries:,} entries, {each.hash}" if good else f"entry {each.broken} {each.reason}"
        console.print(f"{mark} {each.chain}: {what}", soft_wrap=True)
    return all(each.broken is None for each in found)


def _demo_project(session: Session, project_id: str | None, now: datetime) -> projects.ProjectView:
    if project_id is None:
        return projects.make_demo_project(session, now)
    return projects.any_project(session, project_id)


def _put(parts: Parts, project_id: str) -> Put:
    def put(events: list[Event]) -> int:
        now = int(parts.clock().timestamp() * 1000)
        parts.spool.put_now(Parcel(project_id, now, len(events), encode(events), IMPORTS))
        return parts.writer.drain()

    return put
