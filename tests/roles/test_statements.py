"""What every operation costs in SQL statements: generated from the list of routes, so that none can be forgotten.

Who asks is remembered for a second and costs nothing within it; the first call of a second pays one statement more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from bench.control import served_here
from bench.served import UNLIMITED
from sqlalchemy import event, text
from tests.roles.conftest import ROLES, Operation, Tenant, operations_of, sign_up
from tests.roles.matrix import DOOR, ENTRIES, PUBLIC, SUPERADMIN
from tests.roles.test_matrix import Ids, call

from pulseboard.app import Parts, open_parts
from pulseboard.db import Database
from pulseboard.settings import Access, Limits, Server, Settings

MOST = 3
WHO = "users.email_verified, login_sessions.revoked_at"  # in the statement that asks
# SQLite writes one table in a statement; where the look-up, three tables and the log are needed, or more, it says why.
DEARER = {
    "addMember": 4,  # the letter beside the invitation
    "createProjectWithKey": 4,  # a project and its key
    "erasePerson": 5,  # noted before anything is erased, and ended after it: whatever is cut off is finished
    "resendInvitation": 4,  # as a new one
    "updateAnyUser": 4,  # the sessions of who is stopped
}
# What costs most, where the body that the matrix sends changes less, or nothing.
BODIES: dict[str, object] = {
    "updateAnyOrg": {"plan": "pro", "status": "active"},
    "updateAnyUser": {"status": "disabled"},
    "updateSettings": {"banner": "x", "passkeySignIn": True},
    "updateEventSchema": {"schema": {"required": ["plan", "seats"]}, "eventName": "renamed"},
    "updateMe": {"name": "renamed"},
}
# There is nothing of it here: no letter failed, no event either, and nobody acts as somebody else.
ABSENT = {"retentionUsers", "endImpersonation", "getOutboxLetter", "resendOutboxLetter"}
ABSENT |= {"getAnyDeadLetter", "discardAnyDeadLetter", "replayAnyDeadLetter"}
# Answered with an error in the matrix; tests/control/test_statements.py has what it costs when it goes well.
_SHOW_AGAIN = {"changePassword", "changeEmail", "deleteAccount", "beginTotp", "confirmTotp", "renewRecoveryCodes"}
_SHOW_AGAIN |= {"removeTotp", "beginPasskey", "addPasskey", "makeToken", "logout"}


@dataclass
class House:
    """The application in this process, its tenant and its owner, and the statements since they were last cleared."""

    db: Database
    http: httpx.Client
    tenant: Tenant
    boss: dict[str, str]
    helper_id: str
    operations: dict[str, Operation]
    statements: list[str]
    failed: list[str] = field(default_factory=list)

    def cost(self, name: str) -> int:
        """Statements of one good call, without the one that asks who somebody is."""
        entry, operation = ENTRIES[name], self.operations[name]
        who = "member" if name == "leaveOrg" else "owner"  # the last owner may not
        headers = self.boss if entry.needs == SUPERADMIN else self.tenant.credentials(who)
        ids = Ids(self.tenant.ids | {"userId": self.helper_id, "jobName": "retention", "letter": "invitation"})
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(ENTRIES, name, replace(entry, body=BODIES.get(name, entry.body)))
            with self.db.write() as session:
                session.execute(text("UPDATE invitations SET sent_at = '2026-01-01 00:00:00'"))  # long enough ago
            self.http.get("/api/v1/auth/me", headers=headers)
            self.statements.clear()
            answer = call(self.http, operation, headers, ids)
        spent = [each for each in self.statements if not each.startswith(("BEGIN", "PRAGMA"))]
        if not answer.is_success and not (entry.absent or name in ABSENT):
            self.failed.append(f"{name}: {answer.status_code} {answer.text}")
        if entry.spoils and answer.is_success:
            self.tenant.make()
        return len([each for each in spent if WHO not in each])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    limits = Limits(auth=UNLIMITED, read=UNLIMITED)
    server = replace(Server(), data_dir=tmp_path_factory.mktemp("statements"))
    settings = replace(Settings(), server=server, limits=limits, access=Access("open"), self_monitor=False)
    with open_parts(settings) as parts, served_here(parts) as url, httpx.Client(base_url=url, timeout=60) as http:
        yield _furnished(parts, http)


def _furnished(parts: Parts, http: httpx.Client) -> House:
    people = {name: sign_up(http, f"{name}@costs.example") for name in (*ROLES, "boss", "helper")}
    with parts.db.write() as session:
        session.execute(text("UPDATE users SET email_verified = true, superadmin = email LIKE 'boss%'"))
        helper_id: Any = session.scalar(text("SELECT id FROM users WHERE email LIKE 'helper%'"))
    boss = {"authorization": f"Bearer {people.pop('boss')['token']}"}
    tenant = Tenant(http, people, people.pop("helper")["email"]).make()
    statements: list[str] = []
    event.listen(parts.db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    return House(parts.db, http, tenant, boss, helper_id, operations_of(http), statements)


def test_every_operation_costs_few_statements(house: House) -> None:
    walked = [n for n, entry in ENTRIES.items() if entry.needs not in (PUBLIC, DOOR) and n not in _SHOW_AGAIN]
    found = {name: house.cost(name) for name in walked}
    assert house.failed == []
    assert {name: spent for name, spent in found.items() if spent > MOST} == DEARER
