"""Alembic's entry point: runs the scripts in one transaction on the engine that ``db.migrate`` made."""

from alembic import context
from sqlalchemy import Engine

engine: Engine = context.config.attributes["engine"]

with engine.execution_options(writes=True).begin() as connection:
    # SQLite cannot alter a column in place; batch mode copies the table and is a no-op elsewhere.
    context.configure(connection=connection, render_as_batch=True)
    context.run_migrations()
