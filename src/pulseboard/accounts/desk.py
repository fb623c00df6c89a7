"""What everything about accounts needs, made once in ``app.py``."""

from dataclasses import dataclass, field

from pulseboard.accounts.elsewhere import Elsewhere
from pulseboard.accounts.keyring import Keyring
from pulseboard.accounts.service import Homes
from pulseboard.db import Database
from pulseboard.kit.clock import Clock
from pulseboard.mail import Mailer
from pulseboard.policy import Policy, policy
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

    @property
    def policy(self) -> Policy:
        """What the installation's owner has chosen."""
        return policy(self.db, self.settings)

    @property
    def oidc_enabled(self) -> bool:
        """Whether people sign in elsewhere, too."""
        return self.settings.oidc.enabled and self.policy.oidc_sign_in
