"""Dead letters and the backlog over HTTP."""

from typing import TypeAlias

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, SkipValidation
from sqlalchemy.orm import Session

from pulseboard.admin import letters
from pulseboard.admin.guard import superadmin
from pulseboard.admin.schemas import BacklogOut, DeadLetterList, DeadLetterOut, OpenLetterOut, QueuedOut
from pulseboard.audit import Caller, Target, record
from pulseboard.db import Database
from pulseboard.kit.clock import Clock, rfc3339_of
from pulseboard.orgs import Actor, Cursor, Limit
from pulseboard.projects import ProjectView, names_of, project_for
from pulseboard.spool.base import DeadLetter, Spool

ALL = "/api/v1/admin/dead-letters"
OWN = "/api/v1/projects/{project_id:str}/dead-letters"
_ONE = "/{letter_id:str}"
_REPLAY = _ONE + "/replay"

GivenConceal: TypeAlias = Given[SkipValidation[letters.Conceal]]
GivenSpool: TypeAlias = Given[SkipValidation[Spool]]  # a protocol cannot be checked at run time


@get(ALL, tags=["admin"], sync_to_thread=True)
def list_all_dead_letters(
    actor: Given[Actor], db: Given[Database], spool: GivenSpool, limit: Limit = 50, cursor: Cursor = None
) -> DeadLetterList:
    """Everybody's dead letters, newest first; for superadmins."""
    superadmin(actor)
    return _listed(spool, db, limit, cursor, None)


@get(ALL + _ONE, opt={"problems": (404,)}, tags=["admin"], sync_to_thread=True)
def get_any_dead_letter(
    letter_id: FromPath[str], actor: Given[Actor], db: Given[Database], spool: GivenSpool, conceal: GivenConceal
) -> OpenLetterOut:
    """A dead letter with its events; for superadmins."""
    superadmin(actor)
    return _opened(db, *letters.open_letter(spool.dead, letter_id), conceal)


@post(ALL + _REPLAY, status_code=202, opt={"problems": (404, 409, 503)}, tags=["admin"], sync_to_thread=True)
def replay_any_dead_letter(
    letter_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    spool: GivenSpool,
    clock: Given[Clock],
) -> QueuedOut:
    """Puts a dead letter back into the queue as it is; for superadmins."""
    superadmin(actor)
    letter = letters.open_letter(spool.dead, letter_id)[0]
    with db.write() as session:
        _note(session, caller, clock, "dead-letter.replayed", letter, "")
        letters.replay(spool, letter)
    return QueuedOut("queued")


@delete(ALL + _ONE, opt={"problems": (404,)}, tags=["admin"], sync_to_thread=True)
def discard_any_dead_letter(
    letter_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    spool: GivenSpool,
    clock: Given[Clock],
) -> None:
    """Deletes a dead letter for good; its events stay counted as refused. For superadmins."""
    superadmin(actor)
    letter = letters.open_letter(spool.dead, letter_id)[0]
    with db.write() as session:
        _note(session, caller, clock, "dead-letter.discarded", letter, "")
        letters.discard(spool.dead, letter)


@get(OWN, opt={"problems": (404,)}, tags=["ingest"], sync_to_thread=True)
def list_dead_letters(
    project_id: FromPath[str],
    actor: Given[Actor],
    db: Given[Database],
    spool: GivenSpool,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> DeadLetterList:
    """The project's events that were acknowledged and could not be stored, newest first."""
    return _listed(spool, db, limit, cursor, _project(db, actor, project_id).id)


@get(OWN + _ONE, opt={"problems": (404,)}, tags=["ingest"], sync_to_thread=True)
def get_dead_letter(
    project_id: FromPath[str],
    letter_id: FromPath[str],
    actor: Given[Actor],
    db: Given[Database],
    spool: GivenSpool,
    conceal: GivenConceal,
) -> OpenLetterOut:
    """One of the project's dead letters with its events, masked as the project would have had them stored."""
    project = _project(db, actor, project_id)
    return _opened(db, *letters.open_letter(spool.dead, letter_id, project.id), conceal)


@post(OWN + _REPLAY, status_code=202, opt={"problems": (404, 409, 503)}, tags=["ingest"], sync_to_thread=True)
def replay_dead_letter(
    project_id: FromPath[str],
    letter_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    spool: GivenSpool,
    clock: Given[Clock],
) -> QueuedOut:
    """Puts one of the project's dead letters back into the queue as it is."""
    project = _project(db, actor, project_id)
    letter = letters.open_letter(spool.dead, letter_id, project.id)[0]
    with db.write() as session:
        _note(session, caller, clock, "dead-letter.replayed", letter, project.org_id)
        letters.replay(spool, letter)
    return QueuedOut("queued")


@delete(OWN + _ONE, opt={"problems": (404,)}, tags=["ingest"], sync_to_thread=True)
def discard_dead_letter(
    project_id: FromPath[str],
    letter_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    spool: GivenSpool,
    clock: Given[Clock],
) -> None:
    """Deletes one of the project's dead letters for good; its events stay counted as refused."""
    project = _project(db, actor, project_id)
    letter = letters.open_letter(spool.dead, letter_id, project.id)[0]
    with db.write() as session:
        _note(session, caller, clock, "dead-letter.discarded", letter, project.org_id)
        letters.discard(spool.dead, letter)


@get("/api/v1/ingest/backlog", tags=["ingest"], sync_to_thread=True)
def get_backlog(spool: GivenSpool, clock: Given[Clock]) -> BacklogOut:
    """What waits to be stored, and for how long: numbers are complete up to then."""
    backlog = spool.backlog()
    now = clock().timestamp()
    return BacklogOut(
        events=backlog.events,
        bytes=backlog.bytes,
        oldest_received_at=None if backlog.oldest is None else rfc3339_of(backlog.oldest),
        lag_seconds=0 if backlog.oldest is None else round(max(0.0, now - backlog.oldest / 1000), 3),
    )


def _note(session: Session, caller: Caller, clock: Clock, action: str, letter: DeadLetter, org_id: str) -> None:
    target = Target("dead-letter", str(letter.id), letter.reason)
    told = {"projectId": letter.project_id, "events": letter.events}
    record(session, caller, clock(), action, target, org_id=org_id, after=told)


def _project(db: Database, actor: Actor, project_id: str) -> ProjectView:
    with db.read() as session:
        return project_for(session, actor, project_id, "dead-letters.handle")


def _listed(spool: Spool, db: Database, limit: int, cursor: str | None, project_id: str | None) -> DeadLetterList:
    found = spool.dead.page(limit + 1, before=letters.before(cursor), project_id=project_id)
    page = found[:limit]
    return DeadLetterList(
        items=_named(db, page),
        total=spool.dead.count(project_id),
        next_cursor=str(page[-1].id) if len(found) > limit else None,
    )


def _named(db: Database, page: list[DeadLetter]) -> list[DeadLetterOut]:
    with db.read() as session:
        names = names_of(session, {letter.project_id for letter in page})
    return [letters.shown(letter, names.get(letter.project_id)) for letter in page]


def _opened(db: Database, letter: DeadLetter, body: bytes, conceal: letters.Conceal) -> OpenLetterOut:
    with db.read() as session:
        names = names_of(session, {letter.project_id})
    return letters.shown_open(letter, body, names.get(letter.project_id), conceal)


routes = [
    list_all_dead_letters,
    get_any_dead_letter,
    replay_any_dead_letter,
    discard_any_dead_letter,
    list_dead_letters,
    get_dead_letter,
    replay_dead_letter,
    discard_dead_letter,
    get_backlog,
]
