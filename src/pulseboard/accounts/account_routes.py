"""E-mail addresses, passwords and leaving, over HTTP."""

from litestar import post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from pulseboard.accounts import addresses, forgotten, leaving
from pulseboard.accounts.account_schemas import (
    ChangeEmailIn,
    ChangePasswordIn,
    EmailMoveOut,
    ForgotIn,
    LeavingOut,
    ResetIn,
    ShowIn,
    TokenIn,
)
from pulseboard.accounts.actor import Actor
from pulseboard.accounts.desk import Desk
from pulseboard.accounts.reauth import reauthenticate
from pulseboard.accounts.routes import OPEN
from pulseboard.audit import Caller
from pulseboard.kit.clock import rfc3339


@post("/api/v1/auth/verify-email", opt=OPEN, tags=["auth"], status_code=204, sync_to_thread=True)
def verify_email(data: JSONBody[TokenIn], desk: Given[Desk], caller: Given[Caller]) -> None:
    """Confirms an e-mail address by the token of the letter."""
    addresses.verify(desk, caller, data.token)


@post("/api/v1/auth/verify-email/resend", tags=["auth"], status_code=202, sync_to_thread=True)
def resend_verification(desk: Given[Desk], actor: Given[Actor]) -> None:
    """Sends the letter again, unless the address is confirmed or the last letter has just left."""
    addresses.ask_again(desk, actor)


@post("/api/v1/auth/forgot-password", opt=OPEN, tags=["auth"], status_code=202, sync_to_thread=True)
def forgot_password(data: JSONBody[ForgotIn], desk: Given[Desk]) -> None:
    """Sends a letter with a link to a new password, if somebody has this address; the answer is always the same."""
    forgotten.ask(desk, data.email)


@post("/api/v1/auth/reset-password", opt=OPEN, tags=["auth"], status_code=204, sync_to_thread=True)
def reset_password(data: JSONBody[ResetIn], desk: Given[Desk], caller: Given[Caller]) -> None:
    """Sets a new password by the token of the letter; ends every session and personal access token of the person."""
    forgotten.reset(desk, caller, data.token, data.password)


@post("/api/v1/auth/change-password", tags=["auth"], status_code=204, sync_to_thread=True)
def change_password(
    data: JSONBody[ChangePasswordIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]
) -> None:
    """Changes the password; ends the person's other sessions."""
    forgotten.change(desk, caller, actor, data.current_password, data.password)


@post("/api/v1/auth/change-email", tags=["auth"], status_code=202, sync_to_thread=True)
def change_email(data: JSONBody[ChangeEmailIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> None:
    """Sends letters to the old and the new address; the account moves once both have confirmed."""
    addresses.ask_to_move(desk, caller, actor, data.email, data.password)


@post(
    "/api/v1/auth/confirm-email",
    opt=OPEN | {"problems": (409,)},
    tags=["auth"],
    status_code=200,
    sync_to_thread=True,
)
def confirm_email(data: JSONBody[TokenIn], desk: Given[Desk], caller: Given[Caller]) -> EmailMoveOut:
    """Confirms one end of a change of the e-mail address, by the token of the letter that came there."""
    return EmailMoveOut(addresses.confirm_move(desk, caller, data.token))


@post("/api/v1/auth/delete-account", opt={"problems": (409,)}, tags=["auth"], status_code=202, sync_to_thread=True)
def delete_account(data: JSONBody[ShowIn], desk: Given[Desk], actor: Given[Actor], caller: Given[Caller]) -> LeavingOut:
    """Closes the account and ends its sessions; it is deleted in 14 days, unless its person signs in before."""
    person_id = reauthenticate(desk, actor, data.password).id
    return LeavingOut(rfc3339(leaving.leave(desk, caller, person_id)))


routes = [
    verify_email,
    resend_verification,
    forgot_password,
    reset_password,
    change_password,
    change_email,
    confirm_email,
    delete_account,
]
