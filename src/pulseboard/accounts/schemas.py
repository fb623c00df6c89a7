"""What the auth routes take and give."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from pulseboard.kit.wire import In, Out, Timestamp

Email = Annotated[str, Meta(min_length=3, max_length=254, description="Compared without case.")]
Password = Annotated[str, Meta(min_length=1, max_length=1000, description="10 or more characters, not a common one.")]
PersonName = Annotated[str, Meta(max_length=200)]


class RegisterIn(In):
    email: Email
    password: Password
    name: PersonName = ""


class SetupIn(RegisterIn, kw_only=True):
    token: Annotated[str, Meta(max_length=200, description="From the link that `pulseboard serve` prints.")]


class LoginIn(In):
    email: Annotated[str, Meta(max_length=254)]
    password: Annotated[str, Meta(max_length=1000)]
    totp: Annotated[str, Meta(max_length=40, description="A code of the authenticator app, or a recovery code.")] = ""


class RefreshIn(In):
    refresh_token: Annotated[str, Meta(max_length=500)] = ""


class TokenRefreshIn(In):
    refresh: Annotated[str, Meta(max_length=500)] = ""
    refresh_token: Annotated[str, Meta(max_length=500)] = ""


class ProfileIn(In):
    name: PersonName | UnsetType = UNSET


class OrgRef(Out):
    id: str
    name: str
    role: str


class ImpersonationOut(Out):
    """A superadmin acts as the person; ``by`` is the superadmin's e-mail address."""

    by: str
    ends_at: Timestamp


class UserOut(Out):
    """``banner`` is what the installation's owner tells everybody; empty when there is nothing."""

    id: str
    email: str
    name: str
    email_verified: bool
    roles: list[str]
    status: str
    orgs: list[OrgRef]
    banner: str
    impersonation: ImpersonationOut | None


class TokensOut(Out, kw_only=True):
    """``refreshToken`` is left out when the refresh came by cookie: then it travels in the HttpOnly cookie alone."""

    access_token: str
    refresh_token: str | UnsetType = UNSET
    token_type: str = "Bearer"  # noqa: S105 -- the scheme's name, not a secret
    expires_in: Annotated[int, Meta(description="Seconds.")]


class SignedInOut(TokensOut, kw_only=True):
    user: UserOut


class TokenPairOut(TokensOut, kw_only=True):
    """TrackMint's names stand beside ours."""

    access: str
    refresh: str | UnsetType = UNSET


class SetupOut(Out):
    needed: bool
    registration: str
