"""Making, changing, deleting organisations."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pulseboard import audit
from pulseboard.accounts import Actor, Homes, OrgRef, User
from pulseboard.audit import Caller, Target
from pulseboard.db import Database
from pulseboard.errors import Conflict, Invalid, NotFound
from pulseboard.kit.ids import new_id
from pulseboard.orgs import queries
from pulseboard.orgs.models import Membership, Org

RESTORABLE = timedelta(days=30)
SYSTEM_NAME = "Pulseboard"


def make_org(
    session: Session, name: str, now: datetime, *, personal_user_id: str | None = None, system: bool = False
) -> Org:
    """An organisation without members."""
    org = Org(id=new_id(), name=name.strip(), system=system, created_at=now, deleted_at=None)
    org.personal_user_id = personal_user_id
    session.add(org)
    return org


def make_wanted_org(session: Session, caller: Caller, user_id: str, name: str, now: datetime) -> Org:
    """An organisation that somebody asked for, and owns."""
    org = make_owned_org(session, user_id, name, now)
    audit.record(session, caller, now, "org.made", target_of(org), org_id=org.id, after=_shown(org))
    return org


def make_owned_org(session: Session, user_id: str, name: str, now: datetime, *, personal: bool = False) -> Org:
    """An organisation whose only member is its owner."""
    org = make_org(session, name, now, personal_user_id=user_id if personal else None)
    session.flush()
    session.add(Membership(id=new_id(), org_id=org.id, user_id=user_id, role="owner", created_at=now))
    return org


def _make_home(session: Session, user: User, now: datetime) -> OrgRef:
    org = make_owned_org(session, user.id, user.name or user.email.partition("@")[0], now, personal=True)
    return OrgRef(id=org.id, name=org.name, role="owner")


def _orgs_of(session: Session, user_id: str) -> list[OrgRef]:
    return [OrgRef(id=id_, name=name, role=role) for id_, name, role in queries.org_refs(session, user_id)]


def _with_person(session: Session, user_id: str) -> tuple[User | None, list[OrgRef]]:
    rows = queries.person_and_orgs(session, user_id)
    return rows[0].user if rows else None, [OrgRef(row.id, row.name, row.role) for row in rows if row.id]


def _check_leaving(session: Session, user_id: str) -> None:
    left = [org.name for org, others in queries.owned_alone(session, user_id) if others]
    if left:
        names = ", ".join(left[:3]) + (" ..." if len(left) > 3 else "")
        raise Conflict(f"You are the only owner of {names}; hand over or delete that first", type="last-owner")


def _close(session: Session, user_id: str, now: datetime) -> None:
    for org, _ in queries.owned_alone(session, user_id):
        org.deleted_at = now
        audit.record(session, audit.SYSTEM, now, "org.deleted", target_of(org), org_id=org.id)


HOMES = Homes(make=_make_home, of=_orgs_of, with_person=_with_person, check_leaving=_check_leaving, close=_close)


def ensure_system_org(session: Session, now: datetime) -> Org:
    """Pulseboard's own organisation, which only superadmins see."""
    return queries.system_org(session) or make_org(session, SYSTEM_NAME, now, system=True)


def home_of(session: Session, actor: Actor) -> str:
    """The id of the actor's personal organisation.

    Raises:
        Invalid: they have none, so the organisation must be named.
    """
    org_id = queries.personal_org_id(session, actor.user_id)
    if org_id is None:
        raise Invalid.field("orgId", "is needed: you have no personal organisation")
    return org_id


def rename_org(session: Session, caller: Caller, org: Org, name: str, now: datetime) -> None:
    """Gives the organisation another name."""
    before = {"name": org.name}
    org.name = name.strip()
    audit.record(session, caller, now, "org.changed", target_of(org), org_id=org.id, before=before, after=_shown(org))


def delete_org(session: Session, caller: Caller, org: Org, now: datetime) -> None:
    """Marks the organisation as gone; it can be restored for ``RESTORABLE``.

    Raises:
        Conflict: it is a personal one.
    """
    if org.personal_user_id:
        raise Conflict("A personal organisation stays as long as its person")
    org.deleted_at = now
    audit.record(session, caller, now, "org.deleted", target_of(org), org_id=org.id)


def restore_org(session: Session, caller: Caller, org: Org, now: datetime) -> None:
    """Brings a deleted organisation back.

    Raises:
        NotFound: its time is over.
    """
    if org.deleted_at is None:
        return
    if now - org.deleted_at > RESTORABLE:
        raise NotFound("This organisation was deleted too long ago")
    org.deleted_at = None
    audit.record(session, caller, now, "org.restored", target_of(org), org_id=org.id)


def remove_deleted_orgs(db: Database, now: datetime) -> None:
    """Removes for good what was deleted longer than ``RESTORABLE`` ago; their audit logs stay."""
    with db.read() as session:
        over = queries.orgs_deleted_before(session, now - RESTORABLE)
    for org in over:
        with db.write() as session:
            audit.record(session, audit.SYSTEM, now, "org.removed", target_of(org), org_id=org.id)
            queries.drop_org(session, org.id)


def target_of(org: Org) -> Target:
    """The organisation as the audit log names it."""
    return Target("org", org.id, org.name)


def _shown(org: Org) -> dict[str, object]:
    return {"name": org.name}
