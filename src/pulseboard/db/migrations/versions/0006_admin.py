"""What the platform's owner sets, and whom they stop."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orgs") as orgs:
        orgs.add_column(sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("login_sessions") as sessions:
        sessions.add_column(sa.Column("via_session_id", sa.String(36), nullable=True))
    op.create_table(
        "policy_choices",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy_choices")),
    )


def downgrade() -> None:
    op.drop_table("policy_choices")
    with op.batch_alter_table("login_sessions") as sessions:
        sessions.drop_column("via_session_id")
    with op.batch_alter_table("orgs") as orgs:
        orgs.drop_column("disabled_at")
