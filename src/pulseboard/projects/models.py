"""Projects and their keys."""

from sqlalchemy import Dialect, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from pulseboard.db import Base, Id, Moment
from pulseboard.projects.alert_defaults import AlertDefaults, AlertDefaultsText
from pulseboard.projects.collection import Collection, CollectionText


class Words(TypeDecorator[tuple[str, ...]]):
    """Words without spaces, kept as one text, so that "has any" is the same plain SQL on every engine."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Joins the words."""
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:  # noqa: ARG002
        """Splits them again."""
        return tuple((value or "").split())


class Project(Base):
    """What events belong to. With a domain it is also a website."""

    __tablename__ = "projects"

    id: Mapped[Id] = mapped_column(primary_key=True)
    org_id: Mapped[Id] = mapped_column(ForeignKey("orgs.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(String(2000), default="")
    environment: Mapped[str] = mapped_column(String(20))
    timezone: Mapped[str] = mapped_column(String(60))
    domains: Mapped[tuple[str, ...]] = mapped_column(Words, default=())
    system: Mapped[bool] = mapped_column(default=False)
    collection: Mapped[Collection] = mapped_column(CollectionText, default=Collection(), server_default="{}")
    alert_defaults: Mapped[AlertDefaults] = mapped_column(
        AlertDefaultsText, default=AlertDefaults(), server_default="{}"
    )
    created_at: Mapped[Moment]
    deleted_at: Mapped[Moment | None]


class ProjectRole(Base):
    """Another role of a member in one project; it counts there instead of the one in the organisation.

    It ends with the membership, and when the member becomes an admin or an owner: a trigger sees to it.
    """

    __tablename__ = "project_roles"

    project_id: Mapped[Id] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[Id] = mapped_column(
        ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(20))


class ApiKey(Base):
    """One key of a project; the key itself is not kept."""

    __tablename__ = "api_keys"

    id: Mapped[Id] = mapped_column(primary_key=True)
    project_id: Mapped[Id] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(20))
    prefix: Mapped[str] = mapped_column(String(20))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(20))
    allowed_origins: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default="")
    allowed_addresses: Mapped[tuple[str, ...]] = mapped_column(Words, default=(), server_default="")
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]
    expires_at: Mapped[Moment | None]


class EventSchema(Base):
    """The JSON Schema (``body``, as text) that the properties of a project's events of one name should fit."""

    __tablename__ = "event_schemas"
    __table_args__ = (UniqueConstraint("project_id", "event_name"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    project_id: Mapped[Id] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    event_name: Mapped[str] = mapped_column(String(200))
    mode: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
