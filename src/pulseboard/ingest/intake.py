"""From what a door read to a parcel for the spool: limits of the plan, schemas, quota. Every door goes through here."""

from dataclasses import dataclass

import msgspec

from pulseboard.errors import AppError, FieldError, Invalid, QuotaExceeded, sentence
from pulseboard.ingest import event as canonical_event
from pulseboard.ingest.drops import SCHEMA_WARNING, Drops
from pulseboard.ingest.event import Event
from pulseboard.ingest.parsed import Parsed, Rejected
from pulseboard.ingest.raw import MAX_PROPERTIES, Bounds, RawEvent, bounds_at, canonical
from pulseboard.projects import Grant
from pulseboard.spool.base import Parcel

SCHEMA_VIOLATION = "schema-violation"
_encoder = msgspec.json.Encoder()


class Refused(Invalid):
    """The one event of a request is refused; ``event_name`` is told where its schema is the reason."""

    def __init__(self, refusal: Rejected, event_name: str) -> None:
        super().__init__(sentence(refusal.errors), errors=refusal.errors, type=refusal.type)
        self.event_name = event_name


@dataclass(frozen=True, slots=True)
class Visit:
    """The browser behind a request: its address and user agent become the event's."""

    address: str
    user_agent: str


class Intake(msgspec.Struct):
    """What one request brought for a grant: the good events and the refused, each with its place in the request."""

    grant: Grant
    at: int  # ms since 1970
    size: int  # bytes of the body
    many: bool
    events: list[Event]
    places: list[int]
    rejected: list[Rejected]
    unfit: dict[tuple[str, str], int]  # what is counted of events that do not fit their schema, and their names
    charged: int = 0

    def parcel(self) -> Parcel:
        """What goes into the spool."""
        body = canonical_event.encode(self.events)
        return Parcel(
            self.grant.project_id, self.at, len(self.events), body, self.grant.key_id, self.size, self.charged
        )

    def answer(self) -> bytes:
        """The body of the 202."""
        if not self.many:
            return b'{"status":"queued","id":%b}' % _encoder.encode(self.events[0].id)
        rejected = sorted(self.rejected, key=lambda refusal: refusal.index)
        return _encoder.encode({"status": "queued", "accepted": len(self.events), "rejected": rejected})

    def leave_out(self, over: set[int]) -> None:
        """Refuses the events at these positions of ``events``, because the quota is used up."""
        fault = (FieldError("", QuotaExceeded.title),)
        self.rejected += [Rejected(self.places[position], fault, QuotaExceeded.type) for position in sorted(over)]
        self.events = [event for position, event in enumerate(self.events) if position not in over]
        self.places = [place for position, place in enumerate(self.places) if position not in over]


def sort_out(parsed: Parsed, grant: Grant, at: int, size: int, visit: Visit | None) -> Intake:
    """The canonical events of what a door read, within the limits of the plan.

    Raises:
        Invalid: the request is a single event, and a bad one.
    """
    terms = grant.terms
    bounds = bounds_at(at, terms.retention, terms.property_bytes)
    intake = Intake(grant, at, size, parsed.many, [], [], [], {})
    may_be_large = size > min(MAX_PROPERTIES, terms.property_bytes)
    for index, raw in enumerate(parsed.raws):
        made = raw if isinstance(raw, Rejected) else _made(index, raw, at, bounds, visit, may_be_large=may_be_large)
        if grant.rules and not isinstance(made, Rejected):
            made = _by_its_schema(index, made, intake)
        if isinstance(made, Rejected):
            intake.rejected.append(made)
        else:
            intake.events.append(made)
            intake.places.append(index)
    if intake.rejected and not parsed.many:
        (refusal,) = intake.rejected
        raise Refused(refusal, next((name for _, name in intake.unfit), ""))
    return intake


def _made(
    index: int, raw: RawEvent, at: int, bounds: Bounds, visit: Visit | None, *, may_be_large: bool
) -> Event | Rejected:
    try:
        event = canonical(raw, at, bounds, may_be_large=may_be_large)
    except Invalid as wrong:
        return Rejected(index, wrong.errors)
    if visit is None:
        return event
    return msgspec.structs.replace(event, address=visit.address, user_agent=visit.user_agent, web=True)


def _by_its_schema(index: int, event: Event, intake: Intake) -> Event | Rejected:
    rule = intake.grant.rules.get(event.name)
    if rule is None or rule.fits(event.properties):
        return event
    if not rule.refuses:
        _count(intake, SCHEMA_WARNING, event.name)
        return event
    _count(intake, SCHEMA_VIOLATION, event.name)
    return Rejected(index, rule.faults(event.properties, briefly=intake.many), SCHEMA_VIOLATION)


def _count(intake: Intake, reason: str, name: str) -> None:
    intake.unfit[reason, name] = intake.unfit.get((reason, name), 0) + 1


def count_faults(drops: Drops, intake: Intake) -> None:
    """Counts each refused event by its reason, and each that is taken although it does not fit its schema."""
    project, source = intake.grant.project_id, intake.grant.key_id
    for refusal in intake.rejected:
        if refusal.type != SCHEMA_VIOLATION:
            drops.count(project, source, refusal.type, intake.at)
    for (reason, name), events in intake.unfit.items():
        drops.count(project, source, reason, intake.at, detail=name, events=events)


def count_refusal(drops: Drops, grant: Grant, refusal: AppError, at: int) -> None:
    """Counts a request that was refused as a whole."""
    detail = refusal.event_name if isinstance(refusal, Refused) else ""
    drops.count(grant.project_id, grant.key_id, refusal.type, at, detail=detail)
