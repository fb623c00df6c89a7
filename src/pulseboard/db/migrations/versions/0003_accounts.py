"""Second factors, passkeys, tokens, letters, and what else belongs to a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE")


def upgrade() -> None:
    _letters()
    _people()
    _tokens()
    _factors()
    _elsewhere()


def _letters() -> None:
    op.create_table(
        "outbox_letters",
        _text("id", 36),
        _text("letter", 40),
        _text("recipient", 254),
        _text("subject", 1000),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        _text("secret", 200),
        _moment("secret_until", nullable=True),
        _text("status", 20),
        _count("attempts"),
        _text("error", 500),
        _moment("due_at"),
        _moment("created_at"),
        _moment("sent_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_letters")),
    )
    op.create_index(op.f("ix_outbox_letters_created_at"), "outbox_letters", ["created_at"])
    op.create_index(op.f("ix_outbox_letters_status_due_at"), "outbox_letters", ["status", "due_at"])


def _people() -> None:
    with op.batch_alter_table("users") as users:
        users.add_column(_moment("leaves_at", nullable=True))
    with op.batch_alter_table("login_sessions") as sessions:
        sessions.add_column(_text("address", 45, ""))
    op.create_table(
        "sign_in_failures",
        _text("key", 64),
        _count("failures"),
        _moment("last_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_last_at"), "sign_in_failures", ["last_at"])


def _tokens() -> None:
    op.create_table(
        "account_tokens",
        _text("id", 36),
        _text("user_id", 36),
        _text("purpose", 20),
        _text("email", 254),
        _text("token_hash", 64),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        _of_person("account_tokens"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_tokens_token_hash")),
    )
    op.create_index(op.f("ix_account_tokens_user_id"), "account_tokens", ["user_id"])
    op.create_index(op.f("ix_account_tokens_expires_at"), "account_tokens", ["expires_at"])
    op.create_table(
        "personal_tokens",
        _text("id", 36),
        _text("user_id", 36),
        _text("name", 100),
        _text("prefix", 20),
        _text("token_hash", 64),
        _text("scopes", 100),
        _moment("created_at"),
        _moment("expires_at", nullable=True),
        _moment("last_used_at", nullable=True),
        _of_person("personal_tokens"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_tokens_token_hash")),
    )
    op.create_index(op.f("ix_personal_tokens_user_id"), "personal_tokens", ["user_id"])


def _factors() -> None:
    op.create_table(
        "totp_factors",
        _text("user_id", 36),
        _text("serial", 36),
        _count("last_step"),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
        _of_person("totp_factors"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_totp_factors")),
    )
    op.create_table(
        "recovery_codes",
        _text("id", 36),
        _text("user_id", 36),
        _text("code_hash", 64),
        _moment("used_at", nullable=True),
        _of_person("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_id"), "recovery_codes", ["user_id"])
    op.create_table(
        "passkeys",
        _text("id", 36),
        _text("user_id", 36),
        _text("name", 100),
        _text("credential_id", 1400),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        _text("transports", 200),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _of_person("passkeys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"])
    op.create_table(
        "challenges",
        _text("id", 64),
        _text("purpose", 20),
        sa.Column("user_id", sa.String(36), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        _moment("expires_at"),
        _of_person("challenges"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
    )
    op.create_index(op.f("ix_challenges_expires_at"), "challenges", ["expires_at"])


def _elsewhere() -> None:
    op.create_table(
        "identities",
        _text("id", 36),
        _text("user_id", 36),
        _text("issuer", 500),
        _text("subject", 255),
        _text("email", 254),
        _moment("created_at"),
        _moment("last_used_at"),
        _of_person("identities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identities_issuer_subject")),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"])


def downgrade() -> None:
    tables = (
        "identities",
        "challenges",
        "passkeys",
        "recovery_codes",
        "totp_factors",
        "personal_tokens",
        "account_tokens",
        "sign_in_failures",
        "outbox_letters",
    )
    for table in tables:
        op.drop_table(table)
    with op.batch_alter_table("login_sessions") as sessions:
        sessions.drop_column("address")
    with op.batch_alter_table("users") as users:
        users.drop_column("leaves_at")
