"""An import as a person sees it: a progress bar, then what the file held."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pulseboard.importers.load import Put, Summary, import_access_log
from pulseboard.kit.clock import Clock, rfc3339


def show_access_log(path: Path, project_id: str, *, key: bytes, clock: Clock, put: Put, console: Console) -> Summary:
    """Imports with a bar on ``console``, and prints the summary there.

    Raises:
        OSError, AppError: as ``import_access_log``.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(path.name, total=path.stat().st_size)
        summary = import_access_log(
            path,
            project_id,
            key=key,
            clock=clock,
            put=put,
            progress=lambda done: bar.update(task, completed=done),
        )
    console.print(_table(summary), highlight=False)
    if summary.broken:
        console.print(f"The file could not be read to its end: {summary.broken}.", style="bold red")
    return summary


def _table(summary: Summary) -> Table:
    table = Table(show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right")
    table.add_row("lines read", f"{summary.lines:,}")
    table.add_row("requests", f"{summary.requests:,}")
    table.add_row("  new", f"{summary.new:,}")
    table.add_row("  there before", f"{summary.requests - summary.new:,}")
    table.add_row("visitors (distinct addresses)", f"{len(summary.visitors):,}")
    for name, count in sorted(summary.classes.items()):
        table.add_row(f"status {name}", f"{count:,}")
    if summary.first is not None and summary.last is not None:
        table.add_row("first", _time(summary.first))
        table.add_row("last", _time(summary.last))
    table.add_row("lines refused", f"{summary.refused.total():,}")
    for reason, count in summary.refused.most_common():
        table.add_row(f"  {reason}", f"{count:,}")
    return table


def _time(milliseconds: int) -> str:
    return rfc3339(datetime.fromtimestamp(milliseconds / 1000, UTC))
