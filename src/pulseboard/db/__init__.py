"""The control plane's database: sessions, migrations, the columns every table shares."""

from pulseboard.db.base import Base, Id, Moment
from pulseboard.db.database import Database, after_commit
from pulseboard.db.migrate import migrate
from pulseboard.db.paging import Listing, Page, page
from pulseboard.db.shared import open_shared, redis_version, remembered
from pulseboard.db.upsert import upsert

__all__ = [
    "Base",
    "Database",
    "Id",
    "Listing",
    "Moment",
    "Page",
    "after_commit",
    "migrate",
    "open_shared",
    "page",
    "redis_version",
    "remembered",
    "upsert",
]
