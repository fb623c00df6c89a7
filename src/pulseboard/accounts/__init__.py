"""People: registering, signing in, sessions, and the first superadmin."""

from pulseboard.accounts.actor import Actor, person, signed_in, verified
from pulseboard.accounts.cookies import ACCESS as ACCESS_COOKIE
from pulseboard.accounts.cookies import CSRF_HEADER
from pulseboard.accounts.keyring import Keyring, load_keyring
from pulseboard.accounts.models import User
from pulseboard.accounts.passwords import prepare
from pulseboard.accounts.routes import routes
from pulseboard.accounts.schemas import OrgRef
from pulseboard.accounts.service import Homes, actor_of, add_person, email_key, session_holder
from pulseboard.accounts.setup import setup_token

__all__ = [
    "ACCESS_COOKIE",
    "CSRF_HEADER",
    "Actor",
    "Homes",
    "Keyring",
    "OrgRef",
    "User",
    "actor_of",
    "add_person",
    "email_key",
    "load_keyring",
    "person",
    "prepare",
    "routes",
    "session_holder",
    "setup_token",
    "signed_in",
    "verified",
]
