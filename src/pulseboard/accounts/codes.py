"""The second factor: an authenticator app's codes (RFC 6238), and recovery codes for when it is lost."""

import hmac
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.accounts.keyring import ISSUER, Keyring
from pulseboard.accounts.models import RecoveryCode, TotpFactor
from pulseboard.errors import Conflict, Invalid
from pulseboard.kit.ids import new_id

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off, in either direction
COUNT = 10  # recovery codes
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


def has_totp(session: Session, user_id: str) -> bool:
    """Whether signing in needs a code."""
    factor = queries.totp_of(session, user_id)
    return factor is not None and factor.confirmed_at is not None


def begin(session: Session, keyring: Keyring, user_id: str, account: str, now: datetime) -> tuple[str, str]:
    """A new secret for the app, as base32 and as an ``otpauth`` address; it counts once a code of it was shown.

    Raises:
        Conflict: the person has an app already.
    """
    import pyotp

    if has_totp(session, user_id):
        raise Conflict("An authenticator app is set up already; remove it first")
    factor = TotpFactor(user_id=user_id, serial=new_id(), last_step=0, created_at=now, confirmed_at=None)
    session.merge(factor)
    secret = keyring.totp_secret(factor.serial)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER.capitalize())


def confirm(session: Session, keyring: Keyring, user_id: str, code: str, now: datetime) -> list[str]:
    """Makes the app count, and gives the recovery codes.

    Raises:
        Conflict: none was begun, or it counts already.
        Invalid: the code is not the app's.
    """
    factor = queries.totp_of(session, user_id)
    if factor is None or factor.confirmed_at is not None:
        raise Conflict("No authenticator app waits to be confirmed")
    if not _spend_app_code(session, keyring, factor, code, now):
        raise Invalid.field("code", "is not the code that the app shows now")
    factor.confirmed_at = now
    return fresh_recovery_codes(session, keyring, user_id)


def spend(session: Session, keyring: Keyring, user_id: str, code: str, now: datetime) -> bool:
    """Whether the code is the app's or a recovery code; either is good once."""
    factor = queries.totp_of(session, user_id)
    if factor is None or factor.confirmed_at is None:
        return False
    plain = _plain(code)
    if of_app(code):
        return _spend_app_code(session, keyring, factor, plain, now)
    return queries.spend_recovery_code(session, user_id, keyring.code_hash(user_id, plain), now)


def of_app(code: str) -> bool:
    """Whether it looks like an app's code, of which there are few enough to try them all."""
    plain = _plain(code)
    return len(plain) == 6 and plain.isdecimal()


def _plain(code: str) -> str:
    return "".join(char for char in code.casefold() if char.isascii() and char.isalnum())


def _spend_app_code(session: Session, keyring: Keyring, factor: TotpFactor, code: str, now: datetime) -> bool:
    import pyotp

    app = pyotp.TOTP(keyring.totp_secret(factor.serial))
    current = int(now.timestamp()) // STEP
    steps = range(current - DRIFT, current + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(app.at(step * STEP).encode(), code.encode())]
    return bool(right) and queries.spend_step(session, factor.user_id, max(right))


def remove(session: Session, user_id: str) -> None:
    """Signing in needs no code any more."""
    queries.drop_totp(session, user_id)
    queries.drop_recovery_codes(session, user_id)


def fresh_recovery_codes(session: Session, keyring: Keyring, user_id: str) -> list[str]:
    """New recovery codes, shown once; the old ones stop working. 50 bits each."""
    queries.drop_recovery_codes(session, user_id)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(COUNT)]
    for code in codes:
        session.add(RecoveryCode(id=new_id(), user_id=user_id, code_hash=keyring.code_hash(user_id, code)))
    return [f"{code[:5]}-{code[5:]}" for code in codes]
