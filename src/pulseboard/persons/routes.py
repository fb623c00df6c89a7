"""Persons over HTTP."""

from functools import partial
from typing import Annotated

from litestar import delete, get
from litestar.di import NamedDependency as Given
from litestar.di import Provide
from litestar.params import FromPath, QueryParameter, SkipValidation

from pulseboard.audit import Caller
from pulseboard.insights import (
    FRAME,
    LISTING,
    AskedFrame,
    AskedMeta,
    AskedProject,
    AskedStore,
    Listing,
    Reach,
    events,
    read_event_cursor,
)
from pulseboard.orgs import Actor
from pulseboard.persons import read
from pulseboard.persons.erase import Eraser
from pulseboard.persons.schemas import ErasureOut, PersonEventsOut, PersonList, ProfileOut
from pulseboard.persons.who import person_of
from pulseboard.projects import ProjectView
from pulseboard.store import Store

ALL = "/api/v1/projects/{project_id:str}/persons"
ONE = ALL + "/{person_id:str}"

AskedNumbered = Given[SkipValidation[Store]]  # the store whose persons are as they were numbered
Search = Annotated[str, QueryParameter(name="search", max_length=200, description="A part of one of their ids.")]
PageSize = Annotated[int, QueryParameter(name="limit", ge=1, le=200, description="How many to return at most.")]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", description="`nextCursor` of the page before.")]


def read_project(reach: Given[Reach], project_id: FromPath[str]) -> ProjectView:
    """The project that the path names; strangers' are not found."""
    return reach(project_id)


_PROJECT = {"project": Provide(read_project, sync_to_thread=True)}
_get = partial(get, opt={"problems": (404,)}, tags=["persons"], sync_to_thread=True)


@_get(ALL, dependencies=FRAME | _PROJECT)
def list_persons(
    store: AskedStore,
    frame: AskedFrame,
    meta: AskedMeta,
    search: Search = "",
    limit: PageSize = 50,
    cursor: PageCursor = None,
) -> PersonList:
    """Who did something in the period, last seen first; an anonymous past counts with the user who it was."""
    before = None if cursor is None else read.read_cursor(cursor)
    return read.list_of(store, frame, search, limit, before, meta)


@_get(ONE, dependencies=LISTING | _PROJECT)
def get_person(
    project: AskedProject, person_id: FromPath[str], numbered: AskedNumbered, frame: AskedFrame
) -> ProfileOut:
    """One person, by user id or else by anonymous id."""
    person = person_of(numbered, project.id, person_id)
    return read.profile(numbered, project.id, person, frame.period.since)


@_get(ONE + "/events", dependencies=LISTING | _PROJECT)
def list_person_events(
    project: AskedProject,
    person_id: FromPath[str],
    numbered: AskedNumbered,
    frame: AskedFrame,
    meta: AskedMeta,
    limit: PageSize = 50,
    cursor: PageCursor = None,
) -> PersonEventsOut:
    """What one person did, newest first, from before it was known who they are, too."""
    before = None if cursor is None else read_event_cursor(cursor)
    person = person_of(numbered, project.id, person_id)
    asked = Listing(frame.scope, frame.period, limit, frame.filters, before, person.numbers)
    items, following = events(numbered, asked)
    return PersonEventsOut(items, None, following, meta)


@delete(ONE, opt={"problems": (404,)}, status_code=200, tags=["persons"], sync_to_thread=True)
def erase_person(
    project_id: FromPath[str],
    person_id: FromPath[str],
    actor: Given[Actor],
    caller: Given[Caller],
    eraser: Given[SkipValidation[Eraser]],
) -> ErasureOut:
    """Erases everything that is known of one person, for good: see docs/privacy.md. Once more changes nothing."""
    report = eraser.erase(actor, caller, project_id, person_id)
    return ErasureOut(report["events"], report["sessions"], report["ids"], report["deadLetters"])


routes = [list_persons, get_person, list_person_events, erase_person]
