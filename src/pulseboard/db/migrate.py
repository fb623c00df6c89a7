"""Brings a database to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DatabaseError

from pulseboard.db.database import CURE, make_engine
from pulseboard.errors import Unavailable
from pulseboard.kit.sqlite import is_damage

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Runs every migration that ``url`` has not seen; harmless when there is none.

    Raises:
        Unavailable: the database cannot be used; the message says what to do.
    """
    engine = make_engine(url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, "head")
    except DatabaseError as broken:
        damaged = broken.orig is not None and is_damage(broken.orig)
        raise Unavailable(f"The control database: {broken.orig}" + (f"; {CURE}" if damaged else "")) from broken
    finally:
        engine.dispose()
