"""What the routes take and give that change an account and what guards it."""

from typing import Annotated, Any, Literal

from litestar.params import QueryParameter
from msgspec import UNSET, Meta, UnsetType

from pulseboard.accounts.schemas import Email, Password
from pulseboard.kit.wire import In, Out, Timestamp

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many to return at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=100, description="`nextCursor` of the page before.")]

Shown = Annotated[
    str, Meta(max_length=1000, description="The present password; left out by who has none and signed in just now.")
]
Token = Annotated[str, Meta(max_length=200, description="From the letter's link.")]
Code = Annotated[str, Meta(min_length=1, max_length=40, description="Of the authenticator app, or a recovery code.")]
Label = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Scope = Literal["read", "write", "admin"]
Credential = Annotated[dict[str, Any], Meta(description="What the browser's `PublicKeyCredential.toJSON()` gives.")]
Options = Annotated[dict[str, Any], Meta(description="For the browser's `navigator.credentials`.")]


class TokenIn(In):
    token: Token


class ForgotIn(In):
    email: Annotated[str, Meta(max_length=254)]


class ResetIn(In):
    token: Token
    password: Password


class ChangePasswordIn(In):
    password: Password
    current_password: Shown = ""


class ChangeEmailIn(In):
    email: Email
    password: Shown = ""


class ShowIn(In):
    """Shows once more that it is the person."""

    password: Shown = ""


class ShowCodeIn(ShowIn, kw_only=True):
    code: Code


class CodeIn(In):
    code: Code


class EmailMoveOut(Out):
    """``moved`` is false while the other address has not confirmed."""

    moved: bool


class LeavingOut(Out):
    deletes_at: Timestamp


class TotpOut(Out):
    """``uri`` is what the app reads from a QR code."""

    secret: str
    uri: str


class RecoveryCodesOut(Out):
    """Shown once; each is good once."""

    codes: list[str]


class IdentityOut(Out):
    id: str
    issuer: str
    email: str
    created_at: Timestamp
    last_used_at: Timestamp


class SecurityOut(Out):
    has_password: bool
    totp: bool
    recovery_codes_left: int
    identities: list[IdentityOut]


class ChallengeOut(Out):
    challenge_id: str
    public_key: Options


class PasskeyIn(In):
    challenge_id: Annotated[str, Meta(max_length=100)]
    name: Label
    credential: Credential


class PasskeySignInIn(In):
    challenge_id: Annotated[str, Meta(max_length=100)]
    credential: Credential


class PasskeyPatch(In):
    name: Label


class PasskeyOut(Out):
    id: str
    name: str
    created_at: Timestamp
    last_used_at: Timestamp | None


class PasskeyList(Out):
    items: list[PasskeyOut]
    total: int | None
    next_cursor: str | None


class SessionOut(Out):
    """``current`` is the one that asks; ``impersonation`` says that a superadmin acts as the person."""

    id: str
    current: bool
    user_agent: str
    address: str
    created_at: Timestamp
    renewed_at: Timestamp
    expires_at: Timestamp
    impersonation: bool


class SessionList(Out):
    items: list[SessionOut]
    total: int | None
    next_cursor: str | None


class PersonalTokenIn(In):
    name: Label
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=3)]
    expires_in_days: Annotated[int, Meta(ge=1, le=366)] | None = 90
    password: Shown = ""


class PersonalTokenOut(Out, kw_only=True):
    id: str
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: Timestamp
    expires_at: Timestamp | None
    last_used_at: Timestamp | None


class PersonalTokenMade(PersonalTokenOut, kw_only=True):
    """``token`` is shown this once."""

    token: str | UnsetType = UNSET


class PersonalTokenList(Out):
    items: list[PersonalTokenOut]
    total: int | None
    next_cursor: str | None


class MethodsOut(Out):
    """``oidcName`` is what the button says that leads elsewhere; null when there is none."""

    registration: str
    password: bool
    passkey: bool
    oidc_name: str | None
