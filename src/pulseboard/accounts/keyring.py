"""The installation's secrets, and what is signed with them: access tokens, refresh tokens, CSRF tokens."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt

from pulseboard.errors import Unauthenticated
from pulseboard.kit.ids import is_uuid

ACCESS_LIFE = timedelta(minutes=15)
REFRESH_LIFE = timedelta(days=30)
FILE = "secrets.json"
ALGORITHM = "HS256"
ISSUER = "pulseboard"


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: whose it is and which session it came from."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    session_id: str
    generation: int


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """``jwt_keys`` maps key id to key; ``current`` signs, the others still verify until they are taken out."""

    current: str
    jwt_keys: dict[str, bytes]
    refresh_key: bytes
    csrf_key: bytes
    visitor_key: bytes  # what turns addresses into visitors; another one would make everybody a new visitor

    def access_token(self, user_id: str, session_id: str, now: datetime) -> str:
        """A JWT for ``ACCESS_LIFE``."""
        claims = {"iss": ISSUER, "sub": user_id, "sid": session_id, "iat": now, "exp": now + ACCESS_LIFE}
        return jwt.encode(claims, self.jwt_keys[self.current], ALGORITHM, headers={"kid": self.current})

    def read_access_token(self, token: str, now: datetime) -> Claims:
        """What the token says.

        Raises:
            Unauthenticated: not ours, tampered with, or expired.
        """
        claims = self._claims(token)
        if not isinstance(claims["exp"], int) or now.timestamp() >= claims["exp"]:
            raise Unauthenticated("The access token has expired")
        return Claims(str(claims["sub"]), str(claims["sid"]))

    def _claims(self, token: str) -> dict[str, Any]:
        required: dict[str, Any] = {"require": ["exp", "sub", "sid"], "verify_exp": False, "verify_iat": False}
        try:
            key = self.jwt_keys.get(str(jwt.get_unverified_header(token).get("kid")))
            if key is None:
                raise Unauthenticated("The access token is not valid")
            # The algorithm is ours, never the token's; expiry is checked by the caller against the injected clock.
            return jwt.decode(token, key, algorithms=[ALGORITHM], issuer=ISSUER, options=required)  # type: ignore[arg-type]
        except (jwt.PyJWTError, ValueError) as wrong:
            raise Unauthenticated("The access token is not valid") from wrong

    def refresh_token(self, session_id: str, generation: int) -> str:
        """``session.generation.mac``: nothing of it is stored, so a copy of the database renews no session."""
        text = f"{session_id}.{generation}"
        return f"{text}.{_mac(self.refresh_key, text)}"

    def read_refresh_token(self, token: str) -> RefreshClaims:
        """What the token says; whether it is spent, only the session's row knows.

        Raises:
            Unauthenticated: not one that we made.
        """
        text, _, mac = token.rpartition(".")
        session_id, _, generation = text.partition(".")
        genuine = hmac.compare_digest(mac.encode(), _mac(self.refresh_key, text).encode())
        if not (genuine and is_uuid(session_id) and generation.isdecimal()):
            raise Unauthenticated("The refresh token is not valid")
        return RefreshClaims(session_id, int(generation))

    def csrf_token(self, session_id: str) -> str:
        """Bound to the session, so that a cookie planted by a neighbouring subdomain does not pass."""
        return _mac(self.csrf_key, session_id)


def _mac(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def load_keyring(data_dir: Path) -> Keyring:
    """Reads ``secrets.json`` of the data folder, and makes it (mode 600) at the first start.

    Raises:
        ValueError: the file is there but is not one of ours.
    """
    path = data_dir / FILE
    if not path.exists():
        _make(path)
    try:
        raw = json.loads(path.read_text("utf-8"))
        return Keyring(
            current=raw["jwt"]["current"],
            jwt_keys={name: _unpack(key) for name, key in raw["jwt"]["keys"].items()},
            refresh_key=_unpack(raw["refresh"]),
            csrf_key=_unpack(raw["csrf"]),
            visitor_key=_unpack(raw["visitors"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise ValueError(f"{path} is damaged; restore it, or remove it to sign everybody out") from wrong


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(4)
    content = {
        "jwt": {"current": name, "keys": {name: _fresh()}},
        "refresh": _fresh(),
        "csrf": _fresh(),
        "visitors": _fresh(),
    }
    try:
        # The mode is given at creation: between a write and a chmod the file would be readable.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _unpack(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as wrong:
        raise ValueError("not base64") from wrong
    if len(key) < 32:
        raise ValueError("a key is too short")
    return key
