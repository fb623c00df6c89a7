"""People, their sessions, and by what else they can show that it is them."""

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulseboard.db import Base, Id, Moment

ACTIVE = "active"
DISABLED = "disabled"
LEAVING = "leaving"  # will be deleted at ``leaves_at``; signing in restores it


class User(Base):
    """A person. ``email`` is as typed; ``email_key`` is what makes two spellings the same person."""

    __tablename__ = "users"

    id: Mapped[Id] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(800), unique=True)  # folding case can lengthen
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))  # empty: signs in otherwise
    status: Mapped[str] = mapped_column(String(20), default=ACTIVE)
    superadmin: Mapped[bool] = mapped_column(default=False)
    email_verified: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Moment]
    leaves_at: Mapped[Moment | None]


class LoginSession(Base):
    """One sign-in and the family of refresh tokens that follows from it.

    ``generation`` counts renewals: the token of any earlier generation is a spent one, and showing it ends the family.
    ``via_session_id`` is the session of the superadmin who acts as this person; it is none of the person's own then.
    """

    __tablename__ = "login_sessions"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    generation: Mapped[int] = mapped_column(default=0)
    user_agent: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    created_at: Mapped[Moment]
    renewed_at: Mapped[Moment]
    expires_at: Mapped[Moment] = mapped_column(index=True)
    revoked_at: Mapped[Moment | None]
    via_session_id: Mapped[Id | None]


class SignInFailures(Base):
    """How often a sign-in failed, for one account from one network; ``key`` is a hash of the two."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[Moment] = mapped_column(index=True)


class AccountToken(Base):
    """What a letter's link carries, as a hash. ``email`` is the address that the token is about."""

    __tablename__ = "account_tokens"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment] = mapped_column(index=True)
    used_at: Mapped[Moment | None]


class PersonalToken(Base):
    """A token by which a person's programs act for them; ``scopes`` are words with spaces between."""

    __tablename__ = "personal_tokens"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    prefix: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment | None]
    last_used_at: Mapped[Moment | None]


class TotpFactor(Base):
    """A person's authenticator app. Its secret is derived from ``serial`` by the keyring and stands nowhere."""

    __tablename__ = "totp_factors"

    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    serial: Mapped[str] = mapped_column(String(36))
    last_step: Mapped[int] = mapped_column(default=0)  # of 30 s since 1970; a code of this one or before is spent
    created_at: Mapped[Moment]
    confirmed_at: Mapped[Moment | None]


class RecoveryCode(Base):
    """One of the codes that stand in for the authenticator app, each once."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[Moment | None]


class Passkey(Base):
    """A WebAuthn credential; ``credential_id`` is base64url, ``public_key`` COSE."""

    __tablename__ = "passkeys"

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment | None]


class Challenge(Base):
    """What was asked of a browser and must be answered once: a passkey's signature, a return from another server."""

    __tablename__ = "challenges"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[Id | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    content: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[Moment] = mapped_column(index=True)


class Identity(Base):
    """A person as another server knows them: OpenID Connect's ``iss`` and ``sub``."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[Moment]
    last_used_at: Mapped[Moment]
