"""A project's keys over HTTP."""

from typing import Any

from litestar import delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit, page
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.orgs import Actor, Cursor, GivenKeys, Limit
from pulseboard.projects import keys, queries
from pulseboard.projects.models import ApiKey
from pulseboard.projects.schemas import KeyIn, KeyList, KeyOut, KeyPatch, NewKeyOut, RotateIn
from pulseboard.projects.scope import key_row, project_row

LIST = "/api/v1/projects/{project_id:str}/api-keys"
ONE = LIST + "/{key_id:str}"


@post(LIST, opt={"secrets": ("key",)}, tags=["keys"], sync_to_thread=True)
def create_api_key(
    project_id: FromPath[str],
    data: JSONBody[KeyIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
) -> NewKeyOut:
    """Makes a key and shows it this once."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "keys.change")
        return _new_key_out(keys.make_wanted_key(session, caller, project, data, clock()))


@get(LIST, tags=["keys"], sync_to_thread=True)
def list_api_keys(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], limit: Limit = 50, cursor: Cursor = None
) -> KeyList:
    """The project's keys, oldest first, without the keys themselves."""
    with db.read() as session:
        project = project_row(session, actor, project_id, "keys.read")
        found = page(session, queries.keys_of(project.id), ApiKey.id, limit, cursor)
    items = [KeyOut(**_key_fields(row)) for (row,) in found.rows]
    return KeyList(items=items, total=found.total, next_cursor=found.next_cursor)


@patch(ONE, tags=["keys"], sync_to_thread=True)
def update_api_key(
    project_id: FromPath[str],
    key_id: FromPath[str],
    data: JSONBody[KeyPatch],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> KeyOut:
    """Revokes a key, makes it work again, renames it, or says from where and until when it may be used."""
    with db.write() as session:
        project, row = key_row(session, actor, project_id, key_id, "keys.change")
        keys.change_key(session, caller, project, row, data, clock())
        after_commit(session, lambda: grants.forget(key_id=key_id))
        return KeyOut(**_key_fields(row))


@delete(ONE, tags=["keys"], sync_to_thread=True)
def delete_api_key(
    project_id: FromPath[str],
    key_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> None:
    """Removes a key for good."""
    with db.write() as session:
        keys.delete_key(session, caller, *key_row(session, actor, project_id, key_id, "keys.change"), clock())
        after_commit(session, lambda: grants.forget(key_id=key_id))


@post(ONE + "/rotate", opt={"secrets": ("key",)}, tags=["keys"], sync_to_thread=True)
def rotate_api_key(
    project_id: FromPath[str],
    key_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
    data: JSONBody[RotateIn | None] = None,
) -> NewKeyOut:
    """Makes a key with the same label, scope, origins and addresses; the old one lives on for `graceSeconds`."""
    with db.write() as session:
        project, old = key_row(session, actor, project_id, key_id, "keys.change")
        made = keys.rotate_key(session, caller, project, old, data or RotateIn(), clock())
        after_commit(session, lambda: grants.forget(key_id=key_id))
        return _new_key_out(made)


def _key_fields(row: ApiKey) -> dict[str, Any]:
    return {
        "id": row.id,
        "prefix": row.prefix,
        "label": row.label,
        "scope": row.scope,
        "status": row.status,
        "allowed_origins": list(row.allowed_origins),
        "allowed_addresses": list(row.allowed_addresses),
        "created_at": rfc3339(row.created_at),
        "last_used_at": rfc3339(row.last_used_at) if row.last_used_at else None,
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
    }


def _new_key_out(made: keys.NewKey) -> NewKeyOut:
    return NewKeyOut(key=made.key, **_key_fields(made.row))


routes = [create_api_key, list_api_keys, update_api_key, delete_api_key, rotate_api_key]
