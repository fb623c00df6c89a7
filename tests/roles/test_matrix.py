"""Every route x everybody x own and foreign: generated from the list of routes, so that none can be forgotten."""

import re
from typing import Any

import httpx
import pytest
from bench.served import Access
from tests.roles.conftest import NOTHING, ROLES, Operation, Tenant
from tests.roles.matrix import ANYONE, DOOR, ENTRIES, HOW, PERSON, PUBLIC, SUPERADMIN, Entry

from pulseboard.orgs import PERMISSIONS, RANK

KEYS = ("secret key", "ingest key")
_ID = re.compile(r"\{(\w+)\}")
_WORDS = {PUBLIC, DOOR, PERSON, ANYONE, SUPERADMIN}


class Ids(dict[str, str]):
    """The tenant's ids; of what it has none, an id that nothing has."""

    def __missing__(self, name: str) -> str:
        return NOTHING


def filled(value: Any, ids: Ids) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """``value`` with ids where their names stand."""
    if isinstance(value, str):
        return _ID.sub(lambda found: ids[found[1]], value)
    if isinstance(value, dict):
        return {name: filled(inner, ids) for name, inner in value.items()}
    return [filled(inner, ids) for inner in value] if isinstance(value, list) else value


def call(http: httpx.Client, operation: Operation, headers: dict[str, str], ids: Ids) -> httpx.Response:
    entry = ENTRIES[operation.name]
    answer = http.request(
        operation.method,
        filled(operation.path, ids),
        headers=headers,
        params=filled(entry.query, ids),
        json=filled(entry.body, ids),
    )
    http.cookies.clear()
    return answer


def of_tenant(operation: Operation) -> bool:
    """Whether ids of a tenant stand in it."""
    entry = ENTRIES[operation.name]
    return entry.needs in PERMISSIONS and bool(_ID.search(f"{operation.path}{entry.query}{entry.body}"))


def may(entry: Entry, who: str) -> bool:
    """Whether the tables let somebody of the tenant call it."""
    if entry.needs in (PUBLIC, DOOR):
        return True
    if entry.needs in (PERSON, ANYONE):
        return who in ROLES or (entry.needs == ANYONE and who == "secret key")
    if entry.needs == SUPERADMIN:
        return False
    permission = PERMISSIONS[entry.needs]
    return permission.key and who == "secret key" if who in KEYS else RANK[who] >= RANK[permission.role]


def test_every_route_says_what_it_needs(routes: dict[str, Operation]) -> None:
    new = [f"{each.name}: {each.method} {each.path}" for each in routes.values() if each.name not in ENTRIES]
    assert new == [], f"{HOW}\nWithout a line: {new}"
    assert set(ENTRIES) - set(routes) == set(), "these are no routes (any more); take their lines out"


def test_every_need_is_an_action() -> None:
    needed = {entry.needs for entry in ENTRIES.values()} - _WORDS
    assert needed - set(PERMISSIONS) == set(), HOW


@pytest.mark.parametrize("who", [*ROLES, *KEYS])
def test_everybody_may_do_what_the_table_says_and_no_more(
    http: httpx.Client, operations: dict[str, Operation], mine: Tenant, who: str
) -> None:
    wrong = []
    for name, operation in operations.items():
        entry = ENTRIES[name]
        if entry.needs in (PUBLIC, DOOR) or name == "logout":
            continue
        answer = call(http, operation, mine.credentials(who), Ids(mine.ids))
        if not _as_expected(answer.status_code, entry, allowed=may(entry, who)):
            wrong.append((name, entry.needs, answer.status_code, answer.text[:200]))
        if entry.spoils and answer.is_success:
            mine.make()
    assert wrong == []


def _as_expected(status: int, entry: Entry, *, allowed: bool) -> bool:
    if not allowed:
        return status == 403
    return status == 404 if entry.absent else status < 500 and status not in (401, 403, 404)


@pytest.mark.parametrize("who", [*ROLES, *KEYS, "superadmin"])
def test_ids_of_strangers_lead_nowhere_and_tell_nothing(
    http: httpx.Client, operations: dict[str, Operation], mine: Tenant, theirs: Tenant, superadmin: Access, who: str
) -> None:
    headers = superadmin.as_person if who == "superadmin" else mine.credentials(who)
    wrong = []
    for operation in filter(of_tenant, operations.values()):
        answer = call(http, operation, headers, Ids(theirs.ids))
        nothing = call(http, operation, headers, Ids())
        # A key that may only send events is refused before anything is looked up.
        if answer.status_code != (403 if who == "ingest key" else 404) or answer.text != nothing.text:
            wrong.append((operation.name, answer.status_code, answer.text[:200], nothing.text[:200]))
    assert wrong == []


def test_ids_of_two_tenants_do_not_mix(
    http: httpx.Client, operations: dict[str, Operation], mine: Tenant, theirs: Tenant
) -> None:
    wrong = []
    for operation in filter(of_tenant, operations.values()):
        for name in _ID.findall(operation.path)[1:]:
            answer = call(http, operation, mine.credentials("owner"), Ids(mine.ids | {name: theirs.ids.get(name, "")}))
            if theirs.ids.get(name) and answer.status_code != 404:
                wrong.append((operation.name, name, answer.status_code))
    assert wrong == []


def test_nobody_gets_past_any_door_that_is_not_public(
    http: httpx.Client, operations: dict[str, Operation], theirs: Tenant
) -> None:
    wrong = []
    for name, operation in operations.items():
        answer = call(http, operation, {}, Ids(theirs.ids))
        expected = answer.status_code < 500 if ENTRIES[name].needs == PUBLIC else answer.status_code == 401
        if ENTRIES[name].needs == DOOR:
            expected = 400 <= answer.status_code < 500 or name == "trackPicture"
        if not expected:
            wrong.append((name, answer.status_code))
    assert wrong == []


def test_superadmins_may_and_nobody_else(
    http: httpx.Client, operations: dict[str, Operation], theirs: Tenant, superadmin: Access
) -> None:
    wrong = []
    for operation in (each for each in operations.values() if ENTRIES[each.name].needs == SUPERADMIN):
        answer = call(http, operation, superadmin.as_person, Ids(theirs.ids))
        if answer.status_code in (401, 403) or answer.status_code >= 500:
            wrong.append((operation.name, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("bad", ["x", "null", "%00", "..%2f", "é", "0" * 36, "A" * 5000, "%ff", "*", "{orgId}"])
def test_an_id_of_any_form_is_404_and_never_worse(
    http: httpx.Client, operations: dict[str, Operation], mine: Tenant, bad: str
) -> None:
    wrong = []
    for operation in operations.values():
        if of_tenant(operation) and "{" in operation.path:
            path = _ID.sub(lambda _: bad, operation.path)
            body = filled(ENTRIES[operation.name].body, Ids(mine.ids))
            params = filled(ENTRIES[operation.name].query, Ids(mine.ids))
            answer = http.request(operation.method, path, headers=mine.credentials("owner"), params=params, json=body)
            if answer.status_code != 404:
                wrong.append((operation.name, answer.status_code))
    assert wrong == []
