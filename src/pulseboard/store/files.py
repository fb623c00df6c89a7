"""SQL text from this room's files: whole fixed reads in ``sql/``, numbered schema steps in ``schema/``."""

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Step(NamedTuple):
    """One file of the schema; ``number`` orders it."""

    number: int
    name: str
    statements: tuple[str, ...]


@cache
def fixed_read(name: str) -> str:
    """The text of ``sql/<name>.sql``."""
    return (files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def schema_steps() -> tuple[Step, ...]:
    """The steps of ``schema/NNNN_name.sql`` in order."""
    folder = files(__package__) / "schema"
    texts = {entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8") for entry in folder.iterdir()}
    return tuple(Step(int(name[:4]), name, _statements(text)) for name, text in sorted(texts.items()))


def _statements(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in text.split(";\n")) if part)
