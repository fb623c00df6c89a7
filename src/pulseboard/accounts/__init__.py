"""People: registering, signing in, sessions, and the first superadmin."""

from pulseboard.accounts.actor import Actor, person, signed_in, verified
from pulseboard.accounts.chores import answer_letters, tidy
from pulseboard.accounts.cookies import ACCESS as ACCESS_COOKIE
from pulseboard.accounts.cookies import CSRF_HEADER
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.keyring import Keyring, load_keyring
from pulseboard.accounts.models import LoginSession, User
from pulseboard.accounts.passwords import prepare
from pulseboard.accounts.personal_tokens import PREFIX as TOKEN_PREFIX
from pulseboard.accounts.personal_tokens import bearer_actor, check_scope
from pulseboard.accounts.queries import revoke_sessions as end_sessions
from pulseboard.accounts.routing import routes
from pulseboard.accounts.schemas import OrgRef
from pulseboard.accounts.service import Homes, actor_of, add_person, session_holder
from pulseboard.accounts.setup import setup_token
from pulseboard.kit.emails import email_key

__all__ = [
    "ACCESS_COOKIE",
    "CSRF_HEADER",
    "TOKEN_PREFIX",
    "Actor",
    "Desk",
    "Homes",
    "Keyring",
    "LoginSession",
    "OrgRef",
    "User",
    "actor_of",
    "add_person",
    "answer_letters",
    "bearer_actor",
    "check_scope",
    "email_key",
    "end_sessions",
    "load_keyring",
    "person",
    "prepare",
    "routes",
    "session_holder",
    "setup_token",
    "signed_in",
    "tidy",
    "verified",
]
