"""The table that a run prints."""

from dataclasses import dataclass

HEAD = ("work", "ours", "against", "ratio", "bar", "")


@dataclass(frozen=True)
class Line:
    """One measurement. ``met`` is None where there is no bar."""

    work: str
    ours: str
    against: str = ""
    ratio: str = ""
    bar: str = ""
    met: bool | None = None


def share(ours: float, rival: float) -> str:
    """``ours`` as a share of ``rival``."""
    return f"{ours / rival:.0%}" if rival else "-"


def times(ours: float, rival: float) -> str:
    """``ours`` as a multiple of ``rival``."""
    return f"{ours / rival:.2f} x" if rival else "-"


def markdown(lines: list[Line]) -> str:
    """All lines as a Markdown table that is also good to read as it is."""
    marks = {True: "met", False: "**missed**", None: ""}
    rows = [HEAD, *((each.work, each.ours, each.against, each.ratio, each.bar, marks[each.met]) for each in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)
