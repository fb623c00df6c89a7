"""Every letter that Pulseboard writes. A letter is its words; how it looks stands in ``templates/``.

``{{ word }}`` is filled in when the letter is written; ``sample`` names every word that a letter needs and shows it in
the preview. What strangers chose (names) goes only to addresses whose holder can know the sender: a letter that anybody
can have sent to anybody, as the first one to a new address, says nothing that its sender wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Letter:
    """``button`` is the label of the link; a letter without one has no link. ``closing`` is the small print."""

    name: str
    subject: str
    lines: tuple[str, ...]
    button: str = ""
    closing: str = ""
    sample: Mapping[str, str] = field(default_factory=dict)


NOT_YOU = "If this was not you, set a new password and end all other sessions in your profile."
IGNORE = "If you did not ask for this, you can ignore this letter; nothing changes without the link."

VERIFY_EMAIL = Letter(
    name="verify-email",
    subject="Confirm your e-mail address",
    lines=("Somebody registered at Pulseboard with this address. If it was you, confirm that it is yours.",),
    button="Confirm the address",
    closing="The link works for {{ lasts }}, once. If it was not you, ignore this letter.",
    sample={"lasts": "3 days"},
)
RESET_PASSWORD = Letter(
    name="reset-password",
    subject="Set a new password",
    lines=("Somebody asked for a new password for this address. Setting it ends every session that is open now.",),
    button="Set a new password",
    closing="The link works for {{ lasts }}, once. " + IGNORE,
    sample={"lasts": "1 hour"},
)
CONFIRM_OLD_EMAIL = Letter(
    name="confirm-old-email",
    subject="Confirm that you leave this e-mail address",
    lines=(
        "Your account is to move from this address to {{ email }}.",
        "It moves once both addresses have confirmed it; the other one got a letter of its own.",
    ),
    button="Confirm the move",
    closing="The link works for {{ lasts }}, once. " + NOT_YOU,
    sample={"email": "alice@new.example", "lasts": "1 day"},
)
CONFIRM_NEW_EMAIL = Letter(
    name="confirm-new-email",
    subject="Confirm your new e-mail address",
    lines=("An account at Pulseboard is to move to this address. It moves once both addresses have confirmed it.",),
    button="Confirm the address",
    closing="The link works for {{ lasts }}, once. " + IGNORE,
    sample={"lasts": "1 day"},
)
EMAIL_CHANGED = Letter(
    name="email-changed",
    subject="Your e-mail address was changed",
    lines=("Your account moved to {{ email }}. This address does not belong to it any more.",),
    closing="If this was not you, write to whoever runs this server.",
    sample={"email": "alice@new.example"},
)
INVITATION = Letter(
    name="invitation",
    subject="{{ inviter }} invites you to {{ org }}",
    lines=(
        "{{ inviter }} ({{ inviter_email }}) invites you to the organisation “{{ org }}” as {{ role }}.",
        "Accept with the address to which this letter came.",
    ),
    button="Open the invitation",
    closing="The invitation is open for {{ lasts }}. If you do not know the sender, ignore this letter.",
    sample={
        "inviter": "Alice",
        "inviter_email": "alice@example.com",
        "org": "Alice’s shop",
        "role": "member",
        "lasts": "7 days",
    },
)
PASSWORD_CHANGED = Letter(
    name="password-changed",
    subject="Your password was changed",
    lines=("The password of your account was changed on {{ when }}. All other sessions were ended.",),
    closing="If this was not you, ask for a new password at the sign-in page at once.",
    sample={"when": "15 January 2026, 10:30 UTC"},
)
SECURITY_NOTICE = Letter(
    name="security-notice",
    subject="{{ what }}",
    lines=("{{ what }}, on {{ when }}.",),
    closing=NOT_YOU,
    sample={"what": "A passkey was added to your account", "when": "15 January 2026, 10:30 UTC"},
)
ACCOUNT_DELETION = Letter(
    name="account-deletion",
    subject="Your account will be deleted",
    lines=(
        "Your account will be deleted for good on {{ when }}.",
        "If you change your mind, sign in before that day and everything is as it was.",
    ),
    button="Keep the account",
    closing=NOT_YOU,
    sample={"when": "29 January 2026"},
)

LETTERS: tuple[Letter, ...] = (
    VERIFY_EMAIL,
    RESET_PASSWORD,
    CONFIRM_OLD_EMAIL,
    CONFIRM_NEW_EMAIL,
    EMAIL_CHANGED,
    INVITATION,
    PASSWORD_CHANGED,
    SECURITY_NOTICE,
    ACCOUNT_DELETION,
)
