"""Invitations, roles in projects, the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Entries are only ever added. Whoever may change the tables can drop this too; the chain of hashes is what tells.
_SQLITE = (
    """
    CREATE TRIGGER audit_entries_end AFTER INSERT ON audit_entries BEGIN
        INSERT INTO audit_heads (chain, number, hash) VALUES (NEW.chain, NEW.number, NEW.hash)
        ON CONFLICT (chain) DO UPDATE SET number = excluded.number, hash = excluded.hash;
    END
    """,
    """
    CREATE TRIGGER audit_entries_unchanged BEFORE UPDATE ON audit_entries BEGIN
        SELECT RAISE(ABORT, 'entries of the audit log are never changed');
    END
    """,
    """
    CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries BEGIN
        SELECT RAISE(ABORT, 'entries of the audit log are never removed');
    END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_entries_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO audit_heads (chain, number, hash) VALUES (NEW.chain, NEW.number, NEW.hash)
        ON CONFLICT (chain) DO UPDATE SET number = excluded.number, hash = excluded.hash;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION audit_entries_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'entries of the audit log are never changed or removed'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_entries_end AFTER INSERT ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_end()
    """,
    """
    CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entries_kept()
    """,
    # The end of a chain is what its writers lock, and the first two of them may come at once.
    """
    CREATE FUNCTION audit_heads_begin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO audit_heads (chain, number, hash) VALUES (NEW.id, 0, '') ON CONFLICT DO NOTHING;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER audit_heads_begin AFTER INSERT ON orgs FOR EACH ROW EXECUTE FUNCTION audit_heads_begin()",
    "INSERT INTO audit_heads (chain, number, hash) SELECT id, 0, '' FROM orgs",
    "INSERT INTO audit_heads (chain, number, hash) VALUES ('platform', 0, '')",
)
# Who becomes an admin has one role everywhere; what they had before must not come back when they are none any more.
_PROMOTED = "AFTER UPDATE OF role ON memberships FOR EACH ROW WHEN (NEW.role IN ('admin', 'owner'))"
_ONE_ROLE_SQLITE = (
    f"""
    CREATE TRIGGER memberships_one_role {_PROMOTED} BEGIN
        DELETE FROM project_roles WHERE membership_id = NEW.id;
    END
    """,  # noqa: S608 -- words of this file
)
_ONE_ROLE_POSTGRESQL = (
    """
    CREATE FUNCTION memberships_one_role() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM project_roles WHERE membership_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    f"CREATE TRIGGER memberships_one_role {_PROMOTED} EXECUTE FUNCTION memberships_one_role()",
)


def upgrade() -> None:
    _audit()
    _invitations()
    _projects()
    _answers()


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _belongs_to(column: str, target: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")


def _audit() -> None:
    op.create_table(
        "audit_entries",
        _text("id", 36),
        _text("chain", 36),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("at"),
        _text("actor_kind", 20),
        _text("actor_id", 36),
        _text("via_id", 36),
        _text("action", 60),
        _text("target_kind", 30),
        _text("target_id", 100),
        _text("target_name", 254),
        sa.Column("details", sa.Text(), nullable=False),
        _text("address", 45),
        _text("user_agent", 300),
        _text("hash", 64),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("chain", "number", name=op.f("uq_audit_entries_chain_number")),
    )
    op.create_table(
        "audit_heads",
        _text("chain", 36),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("hash", 64),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_heads")),
    )
    _execute(_SQLITE, _POSTGRESQL)


def _execute(in_sqlite: tuple[str, ...], in_postgresql: tuple[str, ...]) -> None:
    for statement in in_postgresql if _is_postgresql() else in_sqlite:
        op.execute(statement)


def _invitations() -> None:
    op.create_table(
        "invitations",
        _text("id", 36),
        _text("org_id", 36),
        _text("email", 254),
        _text("email_key", 800),
        _text("role", 20),
        _text("token_hash", 64),
        _text("invited_by", 36),
        _moment("created_at"),
        _moment("sent_at"),
        _moment("expires_at"),
        _belongs_to("org_id", "orgs.id", "invitations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("org_id", "email_key", name=op.f("uq_invitations_org_id_email_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )


def _projects() -> None:
    op.create_table(
        "project_roles",
        _text("project_id", 36),
        _text("membership_id", 36),
        _text("role", 20),
        _belongs_to("project_id", "projects.id", "project_roles"),
        _belongs_to("membership_id", "memberships.id", "project_roles"),
        sa.PrimaryKeyConstraint("project_id", "membership_id", name=op.f("pk_project_roles")),
    )
    op.create_index(op.f("ix_project_roles_membership_id"), "project_roles", ["membership_id"])
    _execute(_ONE_ROLE_SQLITE, _ONE_ROLE_POSTGRESQL)
    with op.batch_alter_table("projects") as batch:
        batch.add_column(sa.Column("alert_defaults", sa.Text(), nullable=False, server_default="{}"))
    with op.batch_alter_table("api_keys") as batch:
        batch.add_column(sa.Column("allowed_addresses", sa.Text(), nullable=False, server_default=""))


def _answers() -> None:
    op.create_table(
        "repeated_answers",
        _text("id", 64),
        _text("request_hash", 64),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _text("media_type", 100),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeated_answers")),
    )
    op.create_index(op.f("ix_repeated_answers_created_at"), "repeated_answers", ["created_at"])


def downgrade() -> None:
    for table, column in (("api_keys", "allowed_addresses"), ("projects", "alert_defaults")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.execute("DROP TRIGGER memberships_one_role" + (" ON memberships" if _is_postgresql() else ""))
    for table in ("repeated_answers", "project_roles", "invitations", "audit_entries", "audit_heads"):
        op.drop_table(table)
    if _is_postgresql():
        op.execute("DROP TRIGGER audit_heads_begin ON orgs")
        op.execute("DROP FUNCTION audit_entries_end, audit_entries_kept, audit_heads_begin, memberships_one_role")


def _is_postgresql() -> bool:
    return str(op.get_bind().dialect.name) == "postgresql"
