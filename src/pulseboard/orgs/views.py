"""What is learnt of an organisation outside of its rows."""

from dataclasses import dataclass
from datetime import datetime

from pulseboard.orgs.models import Org


@dataclass(frozen=True, slots=True)
class OrgView:
    """An organisation as it was when it was looked at."""

    id: str
    name: str
    personal: bool
    created_at: datetime
    disabled_at: datetime | None
    deleted_at: datetime | None


def view_of(org: Org) -> OrgView:
    """The row's view."""
    return OrgView(
        id=org.id,
        name=org.name,
        personal=org.personal_user_id is not None,
        created_at=org.created_at,
        disabled_at=org.disabled_at,
        deleted_at=org.deleted_at,
    )
