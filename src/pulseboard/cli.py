"""The ``pulseboard`` command."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from pulseboard import __version__
from pulseboard.kit.lock import FolderInUse
from pulseboard.settings import Settings, SettingsError, load

app = App(name="pulseboard", version=__version__, help="Events in, exact numbers and a live chart out.")
user = App(name="user", help="People of this installation.")
importer = App(name="import", help="Events from other places.")
app.command(user)
app.command(importer)

err = Console(stderr=True, highlight=False)

DataDir = Annotated[Path | None, Parameter(help="Where everything is kept (PULSEBOARD_DATA_DIR, default ./data)")]


def main() -> None:
    """Runs the command line; a fault that the user can mend is one sentence and exit status 1."""
    try:
        app()
    except (SettingsError, FolderInUse) as fault:
        err.print(f"[red]pulseboard:[/] {fault}")
        sys.exit(1)


def _settings(data_dir: Path | None, **server: object) -> Settings:
    settings = load(os.environ)
    changes = {name: value for name, value in server.items() if value is not None}
    if data_dir is not None:
        changes["data_dir"] = data_dir
    return replace(settings, server=replace(settings.server, **changes))  # type: ignore[arg-type]


@app.command
def serve(*, host: str | None = None, port: int | None = None, data_dir: DataDir = None) -> None:
    """Serve everything in this process: the web app, the API, the writer."""
    from pulseboard.serve import serve as run

    run(_settings(data_dir, host=host, port=port))
