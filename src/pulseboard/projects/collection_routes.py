"""What a project collects, over HTTP."""

from typing import Annotated, Literal

import msgspec
from litestar import get, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody
from msgspec import Meta, field

from pulseboard.audit import Caller
from pulseboard.db import Database, after_commit
from pulseboard.kit.clock import Clock
from pulseboard.kit.wire import In, Out
from pulseboard.orgs import Actor, GivenKeys
from pulseboard.projects.blocks import clean_networks
from pulseboard.projects.collection import MAX_RULES, Collection, MaskRule
from pulseboard.projects.journal import record
from pulseboard.projects.scope import project_row

Action = Annotated[Literal["drop", "hash"], Meta(description="Left out, or a keyed hash in its place.")]
Property = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=200,
        description="A property's name; dots lead into objects, and through every item of lists.",
    ),
]
Address = Annotated[
    str, Meta(min_length=1, max_length=200, description="An IP address, or a network such as 10.0.0.0/8.")
]
AgentPart = Annotated[
    str, Meta(min_length=1, max_length=200, pattern=r"\S", description="A part of a user agent, in any case.")
]
KeepAddress = Annotated[bool, Meta(description="Whether a visitor's address is stored, as the property `ip`.")]
MaskSecrets = Annotated[
    bool, Meta(description="Whether card numbers, keys and passwords in messages and URLs are masked.")
]


class MaskRuleIn(In):
    property: Property
    action: Action


class CollectionIn(In):
    keep_address: KeepAddress = False
    mask_secrets: MaskSecrets = True
    mask: Annotated[list[MaskRuleIn], Meta(max_length=MAX_RULES)] = field(default_factory=list)
    blocked_addresses: Annotated[list[Address], Meta(max_length=MAX_RULES)] = field(default_factory=list)
    blocked_agents: Annotated[list[AgentPart], Meta(max_length=MAX_RULES)] = field(default_factory=list)


class MaskRuleOut(Out):
    property: str
    action: Action


class CollectionOut(Out):
    keep_address: KeepAddress
    mask_secrets: MaskSecrets
    mask: list[MaskRuleOut]
    blocked_addresses: list[str]
    blocked_agents: list[str]


@get("/api/v1/projects/{project_id:str}/collection", tags=["projects"], sync_to_thread=True)
def get_collection(project_id: FromPath[str], actor: Given[Actor], db: Given[Database]) -> CollectionOut:
    """What the project keeps of its events, and from whom it takes none."""
    with db.read() as session:
        return _out(project_row(session, actor, project_id, "project.read").collection)


@put("/api/v1/projects/{project_id:str}/collection", tags=["projects"], sync_to_thread=True)
def set_collection(
    project_id: FromPath[str],
    data: JSONBody[CollectionIn],
    actor: Given[Actor],
    caller: Given[Caller],
    db: Given[Database],
    clock: Given[Clock],
    grants: GivenKeys,
) -> CollectionOut:
    """Sets all of it; what is left out becomes its default. Counts for events that arrive two seconds later."""
    with db.write() as session:
        project = project_row(session, actor, project_id, "project.change")
        before, project.collection = project.collection, _collection(data)
        record(session, caller, clock(), "collection.changed", project, _told(before), _told(project.collection))
        after_commit(session, lambda: grants.forget(project_id=project_id))
        return _out(project.collection)


def _collection(data: CollectionIn) -> Collection:
    """
    Raises:
        Invalid: an address is none.
    """
    return Collection(
        keep_address=data.keep_address,
        mask_secrets=data.mask_secrets,
        mask=tuple(MaskRule(rule.property, rule.action) for rule in data.mask),
        blocked_addresses=clean_networks(data.blocked_addresses, "blockedAddresses"),
        blocked_agents=tuple(dict.fromkeys(data.blocked_agents)),
    )


def _told(collection: Collection) -> dict[str, object]:
    """In the log the address stands that was blocked, and every rule."""
    told: dict[str, object] = msgspec.to_builtins(_out(collection))
    return told


def _out(collection: Collection) -> CollectionOut:
    return CollectionOut(
        keep_address=collection.keep_address,
        mask_secrets=collection.mask_secrets,
        mask=[MaskRuleOut(rule.property, rule.action) for rule in collection.mask],
        blocked_addresses=list(collection.blocked_addresses),
        blocked_agents=list(collection.blocked_agents),
    )


routes = [get_collection, set_collection]
