"""The ``pulseboard`` command."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Annotated, NoReturn

from cyclopts import App, Parameter, validators
from rich.console import Console
from rich.markup import escape

from pulseboard import __version__
from pulseboard.errors import AppError
from pulseboard.kit.lock import FolderInUse
from pulseboard.settings import Settings, SettingsError, load

app = App(name="pulseboard", version=__version__, help="Events in, exact numbers and a live chart out.")
user = App(name="user", help="People of this installation.")
auditor = App(name="audit", help="The log of who did what.")
importer = App(name="import", help="Events from other places.")
app.command(user)
app.command(auditor)
app.command(importer)

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

DataDir = Annotated[Path | None, Parameter(help="Where everything is kept (PULSEBOARD_DATA_DIR, default ./data)")]
Port = Annotated[int | None, Parameter(validator=validators.Number(gte=0, lte=65535))]


def main() -> None:
    """Runs the command line; a fault that the user can mend is one sentence and exit status 1."""
    try:
        app()
    except OSError as fault:
        _fail(f"{fault.filename}: {fault.strerror}" if fault.filename else str(fault))
    except (SettingsError, FolderInUse, AppError, sqlite3.Error) as fault:
        _fail("; ".join(_told(fault)))


def _told(fault: BaseException) -> Iterator[str]:
    """What the fault says, and what the files that it came from have to add."""
    yield str(fault)
    for wrong in (fault, fault.__cause__):
        yield from getattr(wrong, "__notes__", ())


def _fail(sentence: str) -> NoReturn:
    err.print(f"[red]pulseboard:[/] {escape(sentence)}", soft_wrap=True)
    sys.exit(1)


def _settings(data_dir: Path | None, **server: object) -> Settings:
    settings = load(os.environ)
    changes = {name: value for name, value in server.items() if value is not None}
    if data_dir is not None:
        changes["data_dir"] = data_dir
    return replace(settings, server=replace(settings.server, **changes))  # type: ignore[arg-type]


@app.command
def serve(*, host: str | None = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Serve everything in this process: the web app, the API, the writer."""
    from pulseboard.serve import serve as run

    run(_settings(data_dir, host=host, port=port))


@app.command
def doctor(*, data_dir: DataDir = None) -> None:
    """Look at everything that a start needs, and say what to do about what is wrong."""
    from pulseboard.doctor import examine

    findings = list(examine(_settings(data_dir)))
    for finding in findings:
        mark = "[green]ok  [/]" if finding.good else "[red]FAIL[/]"
        out.print(f"{mark} {finding.name}: {escape(finding.detail)}", soft_wrap=True)
        if not finding.good:
            out.print(f"     {escape(finding.fix)}", soft_wrap=True)
    if not all(finding.good for finding in findings):
        sys.exit(1)


@app.command
def migrate(*, data_dir: DataDir = None) -> None:
    """Bring the data folder to this version's tables, as every start does. Stop the server first."""
    from pulseboard.app import open_parts

    settings = _settings(data_dir)
    with open_parts(settings):
        out.print(f"{settings.server.data_dir} has this version's tables.", soft_wrap=True)


@app.command
def verify(
    *,
    project: str,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    to: date | None = None,
    fix: bool = False,
    data_dir: DataDir = None,
) -> None:
    """Count a project's daily, weekly and monthly summaries again from its events. Stop the server first.

    Prints each figure that differs, and ends with status 1 if there is one that was not repaired.

    Parameters
    ----------
    project
        Id of the project.
    from_
        First day of the first period, in the project's time zone; all periods when left out.
    to
        The day after the first days of the last periods.
    fix
        Write down what was counted.
    """
    from pulseboard.offline import verify as run

    found = run(_settings(data_dir), project, from_, to, fix=fix)
    for each in found:
        out.print(f"{each.type} {each.start} {each.metric}: kept {each.kept:,}, counted {each.counted:,}")
    if not found:
        out.print("The summaries agree with the events.")
    elif fix:
        out.print(f"{len(found):,} figures were repaired.")
    else:
        out.print(f"{len(found):,} figures differ; --fix repairs them.")
        sys.exit(1)


@user.command
def create(email: str, *, name: str = "", superadmin: bool = False, data_dir: DataDir = None) -> None:
    """Make a person. The password is asked for, or read from standard input. Stop the server first.

    Parameters
    ----------
    email
        The e-mail to sign in with.
    name
        How the person is called.
    superadmin
        Whether the person runs this installation.
    """
    from pulseboard.offline import create_user

    create_user(_settings(data_dir), email, _password(), name, superadmin=superadmin)
    out.print(f"{escape(email)} can sign in.")


@auditor.command(name="verify")
def verify_audit(*, data_dir: DataDir = None) -> None:
    """Prove that no entry of any organisation's audit log was changed or removed. Also while the server runs."""
    from pulseboard.offline import verify_audit_log

    if not verify_audit_log(_settings(data_dir), out):
        sys.exit(1)


@app.command
def openapi() -> None:
    """Print the OpenAPI document of this version."""
    from pulseboard.serve import openapi_document

    sys.stdout.buffer.write(openapi_document() + b"\n")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Password: ")
    if password != getpass("Again: "):
        _fail("the passwords differ")
    return password


@importer.command(name="access-log")
def access_log(file: Path, *, project: str, data_dir: DataDir = None) -> None:
    """Read an Apache or nginx access log, plain or gzipped, as REQUEST events at the log's own times.

    A second import of the file, or of the file after it has grown, adds only what is new. Stop the server first.

    Parameters
    ----------
    file
        The log, in the common or the combined format.
    project
        Id of the project that the requests go to.
    """
    from pulseboard.offline import import_access_log

    import_access_log(_settings(data_dir), file, project, out)


@app.command
def demo(*, events: int = 200_000, project: str | None = None, seed: int = 1, data_dir: DataDir = None) -> None:
    """Fill a project with a made-up, believable month. Stop the server first.

    Parameters
    ----------
    events
        How many, from 1,000 on.
    project
        Id of an empty project; without it a new one, called Demo.
    seed
        The same seed in the same hour makes the same events.
    """
    from pulseboard.offline import make_demo

    make_demo(_settings(data_dir), events, seed, project, out)
