"""People, sessions, organisations, projects, keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _belongs_to(column: str, target: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def upgrade() -> None:
    _people()
    _orgs()
    _projects()


def _people() -> None:
    op.create_table(
        "users",
        _text("id", 36),
        _text("email", 254),
        _text("email_key", 800),
        _text("name", 200),
        _text("password_hash", 200),
        _text("status", 20),
        sa.Column("superadmin", sa.Boolean(), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
    )
    op.create_table(
        "login_sessions",
        _text("id", 36),
        _text("user_id", 36),
        sa.Column("generation", sa.Integer(), nullable=False),
        _text("user_agent", 300),
        _moment("created_at"),
        _moment("renewed_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        _belongs_to("user_id", "users.id", "login_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
    )
    op.create_index(op.f("ix_login_sessions_expires_at"), "login_sessions", ["expires_at"])
    op.create_index(op.f("ix_login_sessions_user_id"), "login_sessions", ["user_id"])


def _orgs() -> None:
    op.create_table(
        "orgs",
        _text("id", 36),
        _text("name", 200),
        sa.Column("personal_user_id", sa.String(36), nullable=True),
        sa.Column("system", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("deleted_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["personal_user_id"], ["users.id"], name=op.f("fk_orgs_personal_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orgs")),
        sa.UniqueConstraint("personal_user_id", name=op.f("uq_orgs_personal_user_id")),
    )
    op.create_table(
        "memberships",
        _text("id", 36),
        _text("org_id", 36),
        _text("user_id", 36),
        _text("role", 20),
        _moment("created_at"),
        _belongs_to("org_id", "orgs.id", "memberships"),
        _belongs_to("user_id", "users.id", "memberships"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("org_id", "user_id", name=op.f("uq_memberships_org_id_user_id")),
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"])


def _projects() -> None:
    op.create_table(
        "projects",
        _text("id", 36),
        _text("org_id", 36),
        _text("name", 200),
        _text("description", 2000),
        _text("environment", 20),
        _text("timezone", 60),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("system", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("deleted_at", nullable=True),
        _belongs_to("org_id", "orgs.id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index(op.f("ix_projects_org_id"), "projects", ["org_id"])
    op.create_table(
        "api_keys",
        _text("id", 36),
        _text("project_id", 36),
        _text("label", 200),
        _text("scope", 20),
        _text("prefix", 20),
        _text("key_hash", 64),
        _text("status", 20),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _moment("expires_at", nullable=True),
        _belongs_to("project_id", "projects.id", "api_keys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(op.f("ix_api_keys_project_id"), "api_keys", ["project_id"])


def downgrade() -> None:
    for table in ("api_keys", "projects", "memberships", "orgs", "login_sessions", "users"):
        op.drop_table(table)
