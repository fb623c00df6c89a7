"""E-mail addresses: which ones are taken, and what two spellings of one have in common."""

import re
import unicodedata

LONGEST = 254
# RFC 5321's dot-string and what SMTPUTF8 adds to it; quoted local parts are nobody's, and list separators in one
# would let a letter go to somebody else.
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(\.[^\s@\"(),:;<>\[\]\\.]+)*")
_DOMAIN = re.compile(r"[^\W_]([\w-]*\w)?(\.[^\W_]([\w-]*\w)?)+")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return unicodedata.normalize("NFC", email).casefold()


def is_email(text: str) -> bool:
    """Whether a letter can be sent there; one with invisible characters is refused, for it looks like somebody's."""
    local, _, domain = text.rpartition("@")
    if len(text) > LONGEST or len(local) > 64 or any(unicodedata.category(char) in _HIDDEN for char in text):
        return False
    return bool(_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain))
