"""What comes to a project, over HTTP."""

from datetime import datetime
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter, SkipValidation

from pulseboard.arrivals.notices import notices
from pulseboard.arrivals.report import Asked, Now, report
from pulseboard.arrivals.schemas import CatalogOut, Grain, IngestionOut, NameOut, PropertyOut
from pulseboard.db import Database
from pulseboard.insights import Range, Since, Timezone, Until, Watermark, millis, moment, parse_period, parse_timezone
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.ledger import Ledger
from pulseboard.orgs import Actor
from pulseboard.projects import key_views, project_for

GivenLedger: TypeAlias = Given[SkipValidation[Ledger]]  # a protocol cannot be checked at run time
Interval = Annotated[
    Grain | None,
    QueryParameter(name="interval", description="Length of a bucket; one that suits the period when left out."),
]


@get("/api/v1/projects/{project_id:str}/ingestion", tags=["ingest"], sync_to_thread=True)
def get_ingestion(
    project_id: FromPath[str],
    actor: Given[Actor],
    db: Given[Database],
    ledger: GivenLedger,
    clock: Given[Clock],
    watermark: Given[Watermark],
    up_since: Given[datetime],
    since: Since = None,
    until: Until = None,
    range_: Range = None,
    timezone: Timezone = None,
    interval: Interval = None,
) -> IngestionOut:
    """What came, what of it was new, what was refused and why: in all, by source, and hour by hour or day by day."""
    now = Now(clock(), watermark(), up_since)  # before the ledger is read, so that what it promises is in the answer
    with db.read() as session:
        project = project_for(session, actor, project_id, "ingestion.read")
        keys = key_views(session, project.id)
    zone = ZoneInfo(parse_timezone(project.timezone if timezone is None else timezone))
    period = parse_period(since, until, range_, zone, now.at)
    return report(ledger, Asked(project.id, period, zone, interval), keys, now)


@get("/api/v1/projects/{project_id:str}/catalog", tags=["ingest"], sync_to_thread=True)
def get_catalog(
    project_id: FromPath[str], actor: Given[Actor], db: Given[Database], ledger: GivenLedger, clock: Given[Clock]
) -> CatalogOut:
    """The names, types and property keys of a project's events."""
    with db.read() as session:
        project = project_for(session, actor, project_id, "ingestion.read")
    found = ledger.catalog(project.id)
    return CatalogOut(
        names=[NameOut(each.word, each.type, _time(each.first), _time(each.last)) for each in found.names],
        types=sorted({each.type for each in found.names}),
        properties=[PropertyOut(each.word, _time(each.first), _time(each.last)) for each in found.properties],
        notices=notices(found, millis(clock())),
    )


def _time(at: int) -> str:
    return rfc3339(moment(at))


routes = [get_ingestion, get_catalog]
