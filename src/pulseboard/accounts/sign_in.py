"""Signing in with a password, and with a code where the person has asked for one."""

from pulseboard.accounts import codes, leaving, queries, throttle
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.models import ACTIVE, LEAVING, User
from pulseboard.accounts.passwords import matches
from pulseboard.accounts.reauth import tell
from pulseboard.accounts.service import SignedIn, of_person, open_session, target_of
from pulseboard.audit import Caller, record
from pulseboard.errors import Unauthenticated
from pulseboard.kit.addresses import network_of
from pulseboard.kit.emails import email_key

WRONG_LOGIN = "The e-mail address or the password is wrong"
CODES_WRONG = "Somebody signs in with your password and wrong codes"
CODE_NEEDED = "totp-required"
CODE_WRONG = "totp-wrong"


def sign_in(desk: Desk, caller: Caller, email: str, password: str, code: str = "") -> SignedIn:
    """Opens a session.

    Raises:
        Unauthenticated: the same words after the same time whether the address is unknown, the password is wrong, or
            the account is disabled. With the right password, of type ``password-sign-in-off`` where that is chosen, and
            of type ``totp-required`` or ``totp-wrong`` when the person's second factor is missing or wrong.
        TooManyRequests: too many attempts failed for this address from this network, whether anybody has it or not.
    """
    known_as = email_key(email.strip())
    key = throttle.key_of("sign-in", known_as, network_of(caller.address))
    with desk.db.write() as session:
        failures = throttle.enter(session, key, desk.clock())
        user = queries.user_by_email_key(session, known_as)
        if user is not None and failures == throttle.FREE:
            record(session, caller, desk.clock(), "sign-in.slowed", target_of(user))
    right = matches(password, (user.password_hash or None) if user else None)
    if user is None or not right or user.status not in (ACTIVE, LEAVING):
        raise Unauthenticated(WRONG_LOGIN)
    if not (desk.policy.password_sign_in or user.superadmin):
        raise Unauthenticated("People sign in otherwise here", type="password-sign-in-off")
    _check_code(desk, caller, user, code)
    return enter(desk, caller, user.id, "password", throttled=key)


def _check_code(desk: Desk, caller: Caller, user: User, code: str) -> None:
    """
    Raises:
        Unauthenticated: the second factor is missing or wrong.
        TooManyRequests: too many wrong ones of the app, counted over all networks, for a million codes are soon tried
            from many; a recovery code is too long for that, and lets the person in whatever others try.
    """
    with desk.db.write() as session:
        if not codes.has_totp(session, user.id):
            return
        if not code:
            raise Unauthenticated("The code of your authenticator app is needed", type=CODE_NEEDED)
        key = throttle.key_of("code", user.id)
        if codes.of_app(code) and throttle.enter(session, key, desk.clock()) == throttle.FREE:
            tell(desk, session, of_person(caller, user.id), user, "sign-in.codes-wrong", CODES_WRONG)
        right = codes.spend(session, desk.keyring, user.id, code, desk.clock())
        if right:
            throttle.clear(session, key)
    if not right:  # outside, so that the count of failures is kept
        raise Unauthenticated("The code is wrong or was used already", type=CODE_WRONG)


def enter(desk: Desk, caller: Caller, user_id: str, how: str, *, throttled: str = "") -> SignedIn:
    """Opens the session of somebody who has shown who they are; who was leaving stays.

    Raises:
        Unauthenticated: the account is disabled.
    """
    now = desk.clock()
    with desk.db.write() as session:
        user = session.get_one(User, user_id)
        leaving.come_back(session, user, caller, now)
        if user.status != ACTIVE:
            raise Unauthenticated(WRONG_LOGIN)
        login = open_session(session, user.id, caller, now)
        if throttled:
            throttle.clear(session, throttled)
        record(session, of_person(caller, user.id), now, "sign-in.done", target_of(user), after={"how": how})
        session.flush()
        return SignedIn(user, desk.homes.of(session, user.id), login.id)
