"""Our own rules over the sources, in one parse of each file.

Escape: ``# rule: allow <name> — <reason>`` on the line of the finding or on the line above it. An escape without a
reason, or one that nothing needs, is a finding itself.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FUNCTION = 60  # lines, from the first decorator's `def` to the last statement
MAX_FILE = 500  # lines

# A statement, not prose: two words of SQL in capitals, in their order.
SQL = re.compile(
    r"\A\s*SELECT\s|\b(?:SELECT\b.+\bFROM\b|INSERT\s+INTO\b|DELETE\s+FROM\b|UPDATE\s+\w+\s+SET\b|PRAGMA\s+\w"
    r"|(?:CREATE|ALTER|DROP|TRUNCATE|OPTIMIZE|DETACH|ATTACH)\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|MATERIALIZED|DICTIONARY|DATABASE|INDEX)\b)",
    re.DOTALL,
)
# `db/` sets SQLite up and migrates; the last ones keep a SQLite file of their own, which nobody else opens.
SQL_DRAWERS = (
    "store/",
    "insights/catalog.py",
    "insights/conditions.py",
    "insights/render.py",
    "insights/statement.py",
    "db/",
    "spool/",
    "kit/sqlite.py",
    "ledger/",
    "summaries/kept.py",
    "writer/counted.py",
    "writer/enrich/salts.py",
)
STATEMENTS = frozenset({"select", "insert", "update", "delete", "text"})
DRIVERS = frozenset({"chdb", "clickhouse_connect", "clickhouse_driver"})
ESCAPE = re.compile(r"#\s*rule:\s*allow\s+([\w-]+)(?:\s*(?:—|--|-)\s*(\S.*))?")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: ``room`` is its path inside ``src/pulseboard``, empty for a file elsewhere."""

    path: str
    room: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


Rule = Callable[[Source], Iterator[Finding]]


def sql_drawers(source: Source) -> Iterator[Finding]:
    """SQL text only where SQL lives."""
    if not source.room or source.room.startswith(SQL_DRAWERS):
        return
    documentation = set(_docstrings(source.tree))
    for node in ast.walk(source.tree):
        text = _text(node)
        if text is not None and node not in documentation and SQL.search(text):
            yield _finding(source, node, "sql", f"SQL outside its drawers ({', '.join(SQL_DRAWERS)} and .sql files)")


def statement_drawers(source: Source) -> Iterator[Finding]:
    """SQLAlchemy statements only in a room's ``queries.py`` and in ``db/``."""
    if not source.room or source.room.startswith("db/") or source.room.endswith("/queries.py"):
        return
    for node in ast.walk(source.tree):
        for name in _sqlalchemy_names(node):
            if name in STATEMENTS:
                yield _finding(source, node, "statements", f"SQLAlchemy's {name}() belongs into the room's queries.py")


def drivers(source: Source) -> Iterator[Finding]:
    """Engine drivers only in the store."""
    if not source.room or source.room.startswith("store/"):
        return
    for node in ast.walk(source.tree):
        for name in _imported(node):
            if name.partition(".")[0] in DRIVERS:
                yield _finding(source, node, "driver", f"{name} is imported outside store/")


def long_functions(source: Source) -> Iterator[Finding]:
    for node in _functions(source.tree):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > MAX_FUNCTION:
            yield _finding(source, node, "long-function", f"{node.name} has {lines} lines, more than {MAX_FUNCTION}")


def long_files(source: Source) -> Iterator[Finding]:
    lines = source.text.count("\n")
    if lines > MAX_FILE:
        yield Finding(source.path, 1, "long-file", f"{lines} lines, more than {MAX_FILE}")


def untyped(source: Source) -> Iterator[Finding]:
    """Every function says what it takes and gives."""
    for node in _functions(source.tree):
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        variadic = [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
        missing = [a.arg for a in arguments + variadic if a.annotation is None and a.arg not in ("self", "cls")]
        if missing or node.returns is None:
            what = ", ".join(missing) or "the result"
            yield _finding(source, node, "untyped", f"{node.name} has no type for {what}")


RULES: tuple[Rule, ...] = (sql_drawers, statement_drawers, drivers, long_functions, long_files, untyped)


def check(path: str, text: str) -> list[Finding]:
    """Findings of all rules in one file, after its escapes; ``path`` is relative to the repository.

    Raises:
        SyntaxError: the text is not Python.
    """
    room = path.removeprefix("src/pulseboard/") if path.startswith("src/pulseboard/") else ""
    source = Source(path, room, text, ast.parse(text))
    found = {finding for rule in RULES for finding in rule(source)}
    return sorted(_after_escapes(source, found))


def check_plain(path: str, text: str) -> list[Finding]:
    """Findings in a file that is not Python: its length alone."""
    return list(long_files(Source(path, "", text, ast.Module([], []))))


def _after_escapes(source: Source, found: Iterable[Finding]) -> Iterator[Finding]:
    escapes = dict(_escapes(source.text))
    used: set[int] = set()
    for finding in found:
        line = next((n for n in (finding.line, finding.line - 1) if _allows(escapes.get(n), finding.rule)), None)
        if line is None:
            yield finding
        else:
            used.add(line)
    for line, match in escapes.items():
        if not match[2]:
            yield Finding(source.path, line, "escape", f"say why: # rule: allow {match[1]} — reason")
        elif line not in used:
            yield Finding(source.path, line, "escape", f"nothing here needs 'allow {match[1]}'")


def _escapes(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Line number and match of every escape that is a real comment, not words in a string."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and (match := ESCAPE.match(token.string)):
            yield token.start[0], match


def _allows(escape: re.Match[str] | None, rule: str) -> bool:
    return escape is not None and escape[1] == rule


def _finding(source: Source, node: ast.AST, rule: str, message: str) -> Finding:
    return Finding(source.path, getattr(node, "lineno", 1), rule, message)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _text(node: ast.AST) -> str | None:
    """The words of a string; of an f-string those that stand in it, with a placeholder for each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else " x " for part in node.values)
    return None


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def _sqlalchemy_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "sqlalchemy":
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("sa", "sqlalchemy"):
        yield node.attr


def _python_files(root: Path) -> Iterator[Path]:
    for folder in ("src", "tests", "tools", "bench"):
        yield from sorted((root / folder).rglob("*.py"))


def _dashboard_files(root: Path) -> Iterator[Path]:
    for path in sorted((root / "dashboard" / "src").rglob("*.ts*")):
        if not path.name.endswith((".d.ts", ".gen.ts")):  # written by generators
            yield path


def main(root: Path) -> int:
    """Checks the repository at ``root``, prints the findings, and returns how many there are."""
    found: list[Finding] = []
    for path in _python_files(root):
        found += check(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    for path in _dashboard_files(root):
        found += check_plain(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    for finding in found:
        print(finding)
    print(f"rules: {len(found)} finding(s)" if found else "rules: clean")
    return len(found)


if __name__ == "__main__":
    sys.exit(1 if main(Path(__file__).resolve().parent.parent) else 0)
