"""From an event to its row: what it tells by itself, what can be found out, and nothing that may not be kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from pulseboard.ingest.event import Event
from pulseboard.projects import Collection
from pulseboard.writer.columns import Row, row_of
from pulseboard.writer.enrich.agent import is_bot, read_agent
from pulseboard.writer.enrich.channel import channel_of
from pulseboard.writer.enrich.geo import Find
from pulseboard.writer.enrich.mask import NESTED, TEXTS, Masker
from pulseboard.writer.enrich.salts import Salts
from pulseboard.writer.enrich.visitor import visitor
from pulseboard.writer.url import is_within

ADDRESSES = ("ip", "ipAddress", "ip_address", "$ip")
AGENTS = ("userAgent", "user_agent", "$user_agent")
_SENT = frozenset((*ADDRESSES, *AGENTS))
_TOLD = _SENT | TEXTS


class Collecting(Protocol):
    """What a project's owner decided; ``domains`` are the project's own sites."""

    @property
    def collection(self) -> Collection: ...
    @property
    def domains(self) -> tuple[str, ...]: ...


class Enrichment:
    """Used by the one writer thread only. ``collecting`` is asked for each request, so it should remember."""

    def __init__(self, collecting: Callable[[str], Collecting], find_place: Find, salts: Salts, masker: Masker) -> None:
        self._collecting = collecting
        self._find_place = find_place
        self._salts = salts
        self._masker = masker

    def rows(self, project_id: str, received_at: int, events: Sequence[Event]) -> list[Row]:
        """The rows of events received at ``received_at`` (ms); person and session are filled in by later steps.

        What the sender says of place and browser is believed before what is looked up.

        Raises:
            Unavailable: what the project collects cannot be read now.
        """
        collecting = self._collecting(project_id)
        masked = bool(collecting.collection.mask)
        rows = []
        for event in events:
            # Most events of servers have nothing to find out, and a batch is tens of thousands of them.
            if masked or event.web or event.address or event.user_agent or _tells_more(event.properties):
                row = self._row(project_id, received_at, event, collecting)
            else:
                row = row_of(project_id, received_at, event)
            if row.kind == "PAGE_VIEW" or row.referrer:
                _fill_channel(row, collecting.domains)
            rows.append(row)
        return rows

    def concealed(self, project_id: str, properties: dict[str, Any]) -> dict[str, Any]:
        """An event's properties as the project would have them stored, for who looks at what could not be.

        Raises:
            Unavailable: what the project collects cannot be read now.
        """
        return self._masker.mask(project_id, self._collecting(project_id).collection, properties)

    def _row(self, project_id: str, received_at: int, event: Event, collecting: Collecting) -> Row:
        address, agent = event.address, event.user_agent
        if not _SENT.isdisjoint(event.properties):
            address = _first(event.properties, ADDRESSES) or address
            agent = _first(event.properties, AGENTS) or agent
        properties = _kept(event, collecting.collection)
        row = row_of(project_id, received_at, event, self._masker.mask(project_id, collecting.collection, properties))
        if address:
            _fill_place(row, self._find_place, address)
        if agent:
            _fill_agent(row, agent)
        if event.web:
            row.bot = int(is_bot(event.user_agent))
            self._name_visitor(row, received_at, event)
        return row

    def _name_visitor(self, row: Row, received_at: int, event: Event) -> None:
        if event.address and not row.user_id and not row.anonymous_id:
            salt = self._salts.of(received_at)
            row.anonymous_id = visitor(salt, row.project_id, event.address, event.user_agent)


def _tells_more(properties: Mapping[str, Any]) -> bool:
    """Whether an address, an agent or a text is among the properties, or something that may have one inside."""
    return not (_TOLD.isdisjoint(properties) and NESTED.isdisjoint(map(type, properties.values())))


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := properties.get(name), str) and value), "")


def _kept(event: Event, collection: Collection) -> dict[str, Any]:
    """The properties, with the visitor's address where the project wants it."""
    if not (collection.keep_address and event.address):
        return event.properties
    return {"ip": event.address, **event.properties}


def _fill_place(row: Row, find: Find, address: str) -> None:
    place = find(address)
    if row.country in ("", place.country):  # a region of another country would be nonsense
        row.country = place.country
        row.region = row.region or place.region
        row.city = row.city or place.city


def _fill_agent(row: Row, user_agent: str) -> None:
    agent = read_agent(user_agent)
    if row.browser in ("", agent.browser):
        row.browser = agent.browser
        row.browser_version = row.browser_version or agent.browser_version
    if row.os in ("", agent.os):
        row.os = agent.os
        row.os_version = row.os_version or agent.os_version
    row.device = row.device or agent.device


def _fill_channel(row: Row, domains: tuple[str, ...]) -> None:
    """A page's own site is no referrer: the way inside of it says nothing of the way to it."""
    sites = (*domains, row.host) if row.host else domains
    inside = is_within(row.referrer_domain, sites)
    if inside:
        row.referrer_domain = ""
    if row.kind != "PAGE_VIEW" or (inside and not (row.utm_source or row.utm_medium or row.click_id)):
        return
    row.channel = channel_of(row.utm_source, row.utm_medium, row.utm_campaign, row.click_id, row.referrer_domain)
