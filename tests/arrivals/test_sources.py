"""Who counts as a source, and who of them may be missed."""

from datetime import UTC, datetime, timedelta

import pytest

from pulseboard.arrivals import SourceView, sources
from pulseboard.arrivals.counts import Counts
from pulseboard.kit.periods import DAY, HOUR
from pulseboard.ledger import IMPORTS, OWN, VISITORS, Seen
from pulseboard.projects import KeyView

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
AT = int(NOON.timestamp() * 1000)


def key(id: str = "key", *, active: bool = True, expires: datetime | None = None) -> KeyView:
    return KeyView(id, "backend", "pk_live_abcd", active, None, expires)


def stopped(source: str) -> Seen:
    """Came every hour for three days and then stopped, a day ago."""
    return Seen(source, AT - 4 * DAY, AT - DAY, HOUR)


def one(view: list[SourceView]) -> SourceView:
    (found,) = view
    return found


@pytest.mark.parametrize(
    ("known", "status", "silent"),
    [
        ([key()], "active", True),
        ([key(active=False)], "revoked", False),
        ([key(expires=NOON)], "expired", False),
        ([key(expires=NOON + timedelta(seconds=1))], "active", True),
        ([], "deleted", False),
    ],
)
def test_only_a_key_that_may_send_is_missed(known: list[KeyView], status: str, silent: bool) -> None:
    found = one(sources(known, [stopped("key")], {"key": Counts(accepted=1)}, now=AT, up_since=0))
    assert (found.kind, found.status) == ("key", status)
    assert found.silent_since == (AT - DAY if silent else None)


def test_visitors_are_missed_and_nobody_expects_an_import_or_pulseboard_itself() -> None:
    seen = [stopped(VISITORS), stopped(IMPORTS), stopped(OWN)]
    found = {view.source: view.silent_since for view in sources([], seen, {}, now=AT, up_since=0)}
    assert found == {VISITORS: AT - DAY, IMPORTS: None, OWN: None}


def test_a_server_that_was_down_misses_nobody_at_once() -> None:
    found = one(sources([key()], [stopped("key")], {}, now=AT, up_since=AT - HOUR))
    assert found.silent_since is None


def test_who_sent_most_comes_first() -> None:
    counts = {"a": Counts(accepted=1), "b": Counts(accepted=5), "c": Counts(refused=9)}
    found = sources([key("d"), key("a")], [], counts, now=AT, up_since=0)
    assert [view.source for view in found] == ["b", "a", "c", "d"]
