"""A group's last event, where it was thrown, and what the same person did before."""

from datetime import timedelta

from pulseboard.insights import Dimension, EventOut, Filter, Listing, Period, events, moment
from pulseboard.issues.groups import GROUP
from pulseboard.store import ProjectScope, Store
from pulseboard.writer.stack import Thrown, thrown

BACK = timedelta(hours=24)
CRUMBS = 30
_MOMENT = timedelta(milliseconds=1)
_ERROR = Filter(Dimension("isError"), "is", ("true",))
# Who did it: the first of these that the event has.
_WHO = (("userId", "user_id"), ("anonymousId", "anonymous_id"), ("sessionId", "session_id"))


def last_event(store: Store, scope: ProjectScope, fingerprint: str, at: int) -> EventOut | None:
    """The group's event at a moment (ms since 1970)."""
    period = Period(moment(at), moment(at) + _MOMENT)
    (found, _) = events(store, Listing(scope, period, 1, (Filter(GROUP, "is", (fingerprint,)), _ERROR)))
    return found[0] if found else None


def thrown_in(event: EventOut) -> Thrown:
    """What the event's stack trace says."""
    return thrown(event.properties)


def breadcrumbs(store: Store, scope: ProjectScope, event: EventOut, at: int) -> list[EventOut]:
    """The same person's events of the day before the event that happened ``at`` (ms since 1970), newest first.

    Without a person they are the session's; without that, there are none.
    """
    who = next(((word, value) for word, field in _WHO if (value := getattr(event, field))), None)
    if who is None:
        return []
    filters = (Filter(Dimension(who[0]), "is", (who[1],)),)
    period = Period(moment(at) - BACK, moment(at) + _MOMENT)
    return events(store, Listing(scope, period, CRUMBS, filters, (moment(at), event.id)))[0]
