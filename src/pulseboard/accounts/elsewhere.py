"""Another server that people sign in at (OpenID Connect): what it says of itself, and what it says of somebody."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from pulseboard.settings import Oidc

TIMEOUT = 10  # seconds, for each of its answers
FRESH = timedelta(hours=1)  # how long what it says of itself is believed
LEEWAY = 60  # seconds that its clock may be off
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")  # none with a shared key
LONGEST_SUBJECT = 255
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Distrusted(Exception):
    """The other server does not answer, or answers something that cannot be believed; for the log, not for people."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who signed in there; ``email`` is empty unless that server has verified it."""

    subject: str
    email: str
    name: str


@dataclass(slots=True)
class Elsewhere:
    """What is known of the server, kept for a while."""

    metadata: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    asked_at: datetime | None = None

    def about(self, settings: Oidc, now: datetime) -> dict[str, Any]:
        """Its metadata (OpenID Connect Discovery 1.0).

        Raises:
            Distrusted: there is none, or it is another server's.
        """
        if self.asked_at is None or now - self.asked_at > FRESH:
            found = _get(settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != settings.issuer:
                raise Distrusted(f"it calls itself {found.get('issuer')!r}, not {settings.issuer!r}")
            for name in _ENDPOINTS:
                _check_address(found.get(name), settings)
            self.metadata, self.keys, self.asked_at = found, {}, now
        return self.metadata

    def signing_keys(self, settings: Oidc, now: datetime, *, again: bool = False) -> dict[str, Any]:
        """Its public keys as a JWK set; ``again`` asks anew, because a token names a key that is not among them."""
        if again or not self.keys:
            self.keys = _get(self.about(settings, now)["jwks_uri"])
        return self.keys


def sign_in_address(
    about: Mapping[str, Any], settings: Oidc, redirect_uri: str, state: str, nonce: str, verifier: str
) -> str:
    """Where the browser is sent; ``verifier`` is PKCE's (RFC 7636), of which only the hash travels."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address: str = about["authorization_endpoint"]
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def who_signed_in(
    server: Elsewhere, settings: Oidc, now: datetime, redirect_uri: str, code: str, verifier: str, nonce: str
) -> Somebody:
    """Trades the code for what the server says of the person, and checks every word of it.

    Raises:
        Distrusted: the code is none, or a check of OpenID Connect Core 1.0, section 3.1.3.7, failed.
    """
    about = server.about(settings, now)
    tokens = _trade(about, settings, redirect_uri, code, verifier)
    claims = read_id_token(server, settings, now, str(tokens.get("id_token")), nonce)
    said = claims if "email" in claims else {**claims, **_user_info(about, settings, tokens, str(claims["sub"]))}
    verified = said.get("email_verified") is True and isinstance(said.get("email"), str)
    name = said.get("name")
    return Somebody(str(claims["sub"]), said["email"] if verified else "", name if isinstance(name, str) else "")


def read_id_token(server: Elsewhere, settings: Oidc, now: datetime, token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token.

    Raises:
        Distrusted: it is not signed by that server, not for us, over, or the answer to another question.
    """
    claims = _verified(server, settings, now, token)
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, at = claims.get("exp"), now.timestamp()
    subject = claims.get("sub")
    wrong = {
        "issuer": claims.get("iss") != settings.issuer,
        "audience": settings.client_id not in audiences,
        "party": claims.get("azp", settings.client_id) != settings.client_id,
        "parties": len(audiences) > 1 and "azp" not in claims,
        "expiry": not isinstance(expires, int | float) or at >= expires + LEEWAY,
        "nonce": not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()),
        "subject": not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT,
    }
    if found := [name for name, is_wrong in wrong.items() if is_wrong]:
        raise Distrusted(f"the ID token has a wrong {', '.join(found)}")
    return claims


def _verified(server: Elsewhere, settings: Oidc, now: datetime, token: str) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    failure: Exception | None = None
    for again in (False, True):  # the key may be newer than what we know
        try:
            keys = KeySet.import_key_set(server.signing_keys(settings, now, again=again))  # type: ignore[arg-type]
            return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            failure = wrong
    raise Distrusted(f"the ID token cannot be verified: {failure!r}")


def _trade(about: Mapping[str, Any], settings: Oidc, redirect_uri: str, code: str, verifier: str) -> dict[str, Any]:
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": settings.client_id,
    }
    methods = about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if not settings.client_secret:
        return _ask("POST", about["token_endpoint"], data=body)
    if "client_secret_basic" in methods:
        return _ask("POST", about["token_endpoint"], data=body, auth=_basic(settings))
    return _ask("POST", about["token_endpoint"], data={**body, "client_secret": settings.client_secret})


def _basic(settings: Oidc) -> tuple[str, str]:
    """RFC 6749, section 2.3.1: both parts are form-encoded first."""
    from urllib.parse import quote_plus

    return quote_plus(settings.client_id), quote_plus(settings.client_secret)


def _user_info(about: Mapping[str, Any], settings: Oidc, tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
    address = about.get("userinfo_endpoint")
    if not address or not tokens.get("access_token"):
        return {}
    _check_address(address, settings)
    said = _ask("GET", address, headers={"authorization": f"Bearer {tokens['access_token']}"})
    if said.get("sub") != subject:
        raise Distrusted("its userinfo is about somebody else")
    return said


def _check_address(address: object, settings: Oidc) -> None:
    wanted = urlsplit(settings.issuer).scheme
    if not isinstance(address, str) or urlsplit(address).scheme not in ("https", wanted):
        raise Distrusted(f"it gives {address!r} as an address")


def _get(address: str) -> dict[str, Any]:
    return _ask("GET", address)


def _ask(method: str, address: str, **how: Any) -> dict[str, Any]:  # noqa: ANN401 -- httpx's own arguments
    import httpx

    try:
        answer = httpx.request(
            method, address, timeout=TIMEOUT, headers={"accept": "application/json"} | how.pop("headers", {}), **how
        )
        content = answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError) as broken:
        raise Distrusted(f"{address}: {broken!r}") from broken
    if not isinstance(content, dict):
        raise Distrusted(f"{address} answers {answer.status_code}")
    return content
