"""The installation's secrets, and what is signed with them: access tokens, refresh tokens, CSRF tokens."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
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
JWT_KEY_LIFE = timedelta(days=30)  # a key that was copied unseen is worth nothing after that

Content = dict[str, Any]  # of the file


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: whose it is and which session it came from."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    session_id: str
    generation: int


@dataclass(slots=True, repr=False)
class Keyring:
    """``jwt_keys`` maps key id to key; ``current`` signs, the others still verify until their tokens are over."""

    path: Path
    current: str
    jwt_keys: dict[str, bytes]
    made_at: float  # seconds since 1970: when ``current`` was made
    refresh_key: bytes
    csrf_key: bytes
    visitor_key: bytes  # what turns addresses into visitors; another one would make everybody a new visitor
    factor_key: bytes  # authenticator apps' secrets come from it; another one would make every app's codes wrong

    def keep_fresh(self, now: datetime) -> None:
        """Signs with a new key once the current one is ``JWT_KEY_LIFE`` old, and drops what signed before that."""
        age = now.timestamp() - self.made_at
        if age >= JWT_KEY_LIFE.total_seconds():
            self.rotate(now)
        elif len(self.jwt_keys) > 1 and age > ACCESS_LIFE.total_seconds():
            self._adopt(_rewritten(self.path, _drop_retired))

    def rotate(self, now: datetime) -> None:
        """Signs with a new key from here on; what the present one has signed is believed until it is over."""
        self._adopt(_rewritten(self.path, lambda content: _add_key(content, now)))

    def _adopt(self, content: Content) -> None:
        # The keys first: a token that is signed with the new one must not meet a reader that does not know it.
        self.jwt_keys = {name: _unpack(key) for name, key in content["jwt"]["keys"].items()}
        self.current, self.made_at = content["jwt"]["current"], float(content["jwt"]["made"])

    def totp_secret(self, serial: str) -> str:
        """An authenticator app's secret in base32; the database has only its ``serial``."""
        digest = hmac.new(self.factor_key, f"totp:{serial}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest[:20]).decode()

    def code_hash(self, user_id: str, code: str) -> str:
        """What is stored of a recovery code: too short for a plain hash, whose few inputs could all be tried."""
        return hmac.new(self.factor_key, f"code:{user_id}:{code}".encode(), hashlib.sha256).hexdigest()

    def shared_key(self) -> bytes:
        """What seals that which the nodes of this installation read from one Redis."""
        return hmac.new(self.csrf_key, b"shared", hashlib.sha256).digest()

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
        if "factors" not in raw or "made" not in raw["jwt"]:
            raw = _rewritten(path, _complete)
        return Keyring(
            path=path,
            current=raw["jwt"]["current"],
            jwt_keys={name: _unpack(key) for name, key in raw["jwt"]["keys"].items()},
            made_at=float(raw["jwt"]["made"]),
            refresh_key=_unpack(raw["refresh"]),
            csrf_key=_unpack(raw["csrf"]),
            visitor_key=_unpack(raw["visitors"]),
            factor_key=_unpack(raw["factors"]),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise ValueError(f"{path} is damaged; restore it, or remove it to sign everybody out") from wrong


def _complete(content: Content) -> None:
    """What files of earlier versions do not have."""
    content.setdefault("factors", _fresh())
    content["jwt"].setdefault("made", time.time())


def _add_key(content: Content, now: datetime) -> None:
    jwt_keys = content["jwt"]
    name = secrets.token_hex(4)
    jwt_keys["keys"] = {jwt_keys["current"]: jwt_keys["keys"][jwt_keys["current"]], name: _fresh()}
    jwt_keys["current"], jwt_keys["made"] = name, now.timestamp()


def _drop_retired(content: Content) -> None:
    jwt_keys = content["jwt"]
    jwt_keys["keys"] = {jwt_keys["current"]: jwt_keys["keys"][jwt_keys["current"]]}


def _rewritten(path: Path, change: Callable[[Content], None]) -> Content:
    """The file's content after ``change``, on disk as a whole or not at all."""
    content: Content = json.loads(path.read_text("utf-8"))
    change(content)
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    _write(beside, content)
    beside.replace(path)
    return content


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(4)
    content: Content = {
        "jwt": {"current": name, "keys": {name: _fresh()}, "made": time.time()},
        "refresh": _fresh(),
        "csrf": _fresh(),
        "visitors": _fresh(),
        "factors": _fresh(),
    }
    with suppress(FileExistsError):
        _write(path, content)


def _write(path: Path, content: Content) -> None:
    # The mode is given at creation: between a write and a chmod the file would be readable.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
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
