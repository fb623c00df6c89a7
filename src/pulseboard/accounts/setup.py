"""The first start: who holds the one-time token from the server's console becomes the platform's superadmin."""

import hmac
import os
import secrets
from pathlib import Path

from sqlalchemy.orm import Session

from pulseboard.accounts import queries
from pulseboard.db import Database, after_commit
from pulseboard.errors import Conflict, Forbidden

FILE = "setup-token"


def setup_needed(db: Database) -> bool:
    """Whether nobody runs this installation yet."""
    with db.read() as session:
        return not queries.superadmin_exists(session)


def setup_token(db: Database, data_dir: Path) -> str | None:
    """The token to show on the console, made when there is none; None once set-up is done."""
    if not setup_needed(db):
        return None
    path = data_dir / FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text("ascii").strip()


def claim(session: Session, data_dir: Path, token: str) -> None:
    """Checks the token inside the transaction that makes the superadmin; the file goes once that is committed.

    Raises:
        Conflict: somebody has done it already.
        Forbidden: the token is not the one on the console.
    """
    if queries.superadmin_exists(session):
        raise Conflict("Pulseboard is set up already")
    path = data_dir / FILE
    expected = path.read_text("ascii").strip() if path.exists() else ""
    if not expected or not hmac.compare_digest(expected.encode(), token.encode()):
        raise Forbidden("The set-up token is not the one that the server printed", type="setup-token")
    after_commit(session, lambda: path.unlink(missing_ok=True))
