"""What everything about accounts needs, made once in ``app.py``."""

from dataclasses import dataclass, field

from pulseboard.accounts.elsewhere import Elsewhere
from pulseboard.accounts.keyring import Keyring
from pulseboard.accounts.service import Homes
from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.mail import Mailer
from pulseboard.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    db: Database
    clock: Clock
    keyring: Keyring
    mailer: Mailer
    homes: Homes
    settings: Settings
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
