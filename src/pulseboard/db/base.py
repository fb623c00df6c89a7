"""What every table is made of: one metadata with named constraints, string ids, and times that are always aware UTC."""

from datetime import datetime
from typing import Annotated

from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

# Names that do not depend on the engine: without them a later migration cannot drop a constraint on both.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[str, mapped_column(String(36))]
Moment = Annotated[datetime, mapped_column(DateTimeUTC)]


class Base(DeclarativeBase):
    """Parent of every control-plane table."""

    metadata = MetaData(naming_convention=NAMING)
