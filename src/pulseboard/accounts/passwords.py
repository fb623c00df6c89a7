"""Passwords: slow hashes, and a refusal of those that are guessed first."""

import gzip
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pulseboard.errors import Invalid, Unavailable

SHORTEST = 10
LONGEST = 256  # characters; longer input only makes the hash dear
FEWEST_DISTINCT = 5
FEWEST_DIGITS = 20  # of a password that has nothing else: below it are dates, and numbers of phones and cards

# 32 MiB and three passes: 66 ms on one core of a small server, three times what 19 MiB and two passes cost (21 ms).
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
# Each hash holds 32 MiB and a core: a burst of logins waits here instead of taking the machine's memory ...
_cores = BoundedSemaphore(max(1, os.cpu_count() or 1))
# ... and a flood is turned away, so that it cannot hold every thread that other requests need.
_line = BoundedSemaphore(16)

SHORTEST_KNOWN = 4  # letters of a core; shorter ones are in every second password
WALKED_SHARE = 0.6  # prose stays under 0.25
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LINES = (*_ROWS, *(row[::-1] for row in _ROWS))
_LOOKALIKES = str.maketrans("01345789@$!|", "oleastbgasil")


def hash_password(password: str) -> str:
    """An argon2id hash with its salt and costs in the text.

    Raises:
        Unavailable: too many others wait for theirs.
    """
    with _turn():
        return _hasher.hash(password)


@contextmanager
def _turn() -> Iterator[None]:
    if not _line.acquire(blocking=False):
        raise Unavailable("Too many people sign in at this moment", retry_after=2)
    try:
        with _cores:
            yield
    finally:
        _line.release()


def matches(password: str, hashed: str | None) -> bool:
    """Whether the password is the hash's. ``None`` (nobody has that e-mail) costs the same time and is False.

    Raises:
        Unavailable: too many others wait for theirs.
    """
    with _turn():
        try:
            return _hasher.verify(hashed or _nobody(), password) and hashed is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobody() -> str:
    return _hasher.hash("a password that nobody has")


def prepare() -> None:
    """Makes the hash that unknown e-mails are compared with; called at start, so that no login waits for it."""
    _nobody()


def check_password(password: str, email: str, path: str = "password") -> None:
    """Refuses what guessers try first.

    Raises:
        Invalid: too short, too long, too uniform, a keyboard walk, nothing but digits, built around a well-known word,
            a name or what stood in a breach, or the e-mail itself.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid.field(path, f"must have {SHORTEST} to {LONGEST} characters")
    plain = password.casefold()
    if len(set(plain)) < FEWEST_DISTINCT or _is_walk(plain):
        raise Invalid.field(path, "is too easy to guess: it repeats or follows the keyboard")
    if plain.isdecimal() and len(plain) < FEWEST_DIGITS:
        raise Invalid.field(path, "is too easy to guess: it has nothing but digits")
    unit = _repeated_unit(plain)
    # A 1 stands for either letter.
    if _is_known(_core(unit)) or _is_known(_core(unit.replace("1", "i"))) or _is_of_email(plain, email.casefold()):
        raise Invalid.field(path, "is too easy to guess: it is built around a common word or your e-mail address")


def _is_walk(plain: str) -> bool:
    """Whether most neighbours in the text are neighbours on a keyboard row or in the alphabet, in either direction."""
    pairs = [plain[i : i + 2] for i in range(len(plain) - 1)]
    walked = sum(any(pair in line for line in _LINES) for pair in pairs)
    return walked >= WALKED_SHARE * len(pairs)


def _repeated_unit(text: str) -> str:
    """The shortest text whose repetition is ``text``; ``text`` itself if there is none."""
    sizes = (size for size in range(1, len(text) // 2 + 1) if len(text) % size == 0)
    return next((text[:size] for size in sizes if text[:size] * (len(text) // size) == text), text)


def _core(plain: str) -> str:
    """The word that is left when digits and signs around it are taken off and look-alikes are read as letters."""
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    return re.sub(r"[^a-z]", "", inner.translate(_LOOKALIKES))


def _is_of_email(plain: str, email: str) -> bool:
    bare = _letters(plain)
    local = email.partition("@")[0]
    return plain == email or (len(bare) >= 3 and bare in (_letters(local), _letters(email)))


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _is_known(core: str) -> bool:
    # The list is searched as it is: a set of it would take ten times its memory, for a few questions a day.
    return core in _common() or (len(core) >= SHORTEST_KNOWN and f"\n{core}\n".encode() in _breached())


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.split() if line)


@cache
def _breached() -> bytes:
    """Cores of the passwords that breaches have shown most often, and of first and last names, one a line.

    From the frequency lists of zxcvbn 4.5.0 (MIT licence, copyright 2016 Daniel Wolf, 2012-2016 Dan Wheeler and
    Dropbox): every entry of ``passwords``, ``male_names``, ``female_names`` and ``surnames`` through ``_core``.
    """
    return gzip.decompress(Path(__file__).with_name("breached_passwords.txt.gz").read_bytes())
