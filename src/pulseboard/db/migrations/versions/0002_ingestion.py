"""Plans of organisations, what a project collects and from whom, and the schemas of its events."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("orgs", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
    _add("projects", sa.Column("collection", sa.Text(), nullable=False, server_default="{}"))
    _add("api_keys", sa.Column("allowed_origins", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "event_schemas",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("project_id", sa.String(36), nullable=False),
        sa.Column("event_name", sa.String(200), nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_event_schemas_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_schemas")),
        sa.UniqueConstraint("project_id", "event_name", name=op.f("uq_event_schemas_project_id_event_name")),
    )


def _add(table: str, column: sa.Column[str]) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(column)


def downgrade() -> None:
    op.drop_table("event_schemas")
    for table, column in (("api_keys", "allowed_origins"), ("projects", "collection"), ("orgs", "plan")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
