"""Brings a database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from pulseboard.db.database import make_engine

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Runs every migration that ``url`` has not seen; harmless when there is none."""
    engine = make_engine(url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    finally:
        engine.dispose()
