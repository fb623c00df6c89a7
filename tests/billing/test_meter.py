"""The quota against a slow count of distinct events: never over the limit, exact once everything is written."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pulseboard.billing import Account, Meter
from pulseboard.kit.periods import HOUR, hour_of, month_of
from pulseboard.ledger import Brought, Place, SqliteLedger, Tally
from pulseboard.spool.base import Lease, Parcel
from pulseboard.spool.sqlite import SqliteSpool

LIMIT = 12
MARCH, APRIL = 492_756 * HOUR, 493_200 * HOUR
SHARED = frozenset({"shop", "blog"})
OTHER = frozenset({"wiki"})
Event = tuple[str, str]  # project, id

projects = st.sampled_from(sorted(SHARED | OTHER))
ids = st.lists(st.integers(0, 30).map(str), min_size=1, max_size=8)
moments = st.sampled_from([MARCH, APRIL])


class Quota(RuleBasedStateMachine):
    """Requests, a writer that may die after each of its steps, and what a plain dictionary says of it all."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="meter-"))
        self.claimed: dict[Event, str] = {}  # by which lease
        self.counted: dict[Event, int] = {}  # in which month
        self.open()

    def open(self) -> None:
        self.spool = SqliteSpool(self.folder / "spool.db", max_bytes=1 << 30, max_age=1 << 40)
        self.ledger = SqliteLedger(self.folder / "ledger.db")
        self.meter = Meter(self.ledger.months(without_lease=self.spool.open_lease()), self.spool.waiting())
        self.accounts = [Account(self.meter, LIMIT, shared) for shared in (SHARED, OTHER)]

    @rule()
    def restart(self) -> None:
        self.spool.close()
        self.ledger.close()
        self.open()

    @rule(project=projects, sent=ids, at=moments, disk_refuses=st.booleans())
    def request(self, project: str, sent: list[str], at: int, disk_refuses: bool) -> None:
        """What is counted is free; the rest goes in as far as it fits, and is given back if the disk refuses."""
        free = [id for id in sent if (project, id) in self.claimed]
        rest = [id for id in sent if (project, id) not in self.claimed]
        account = self.accounts[project in OTHER]
        granted = account.take(project, len(rest), at)
        assert 0 <= granted <= len(rest)
        taken = free + rest[:granted]
        if disk_refuses:
            account.give_back(project, granted, at)
        elif taken:
            body = " ".join(taken).encode()
            self.spool.put_now(Parcel(project, at, len(taken), body, "key", len(body), granted))

    @rule(dies_after=st.sampled_from(["claim", "record", "ack", "settle", "nothing"]))
    def write(self, dies_after: str) -> None:
        lease = self.spool.lease(20, 0)
        if lease is None:
            return
        new = self._claim(lease)
        if dies_after == "claim":
            return self.restart()
        sums = self.ledger.record(lease.token, lease.token, Brought(self._sums(lease, new), {}, (), ()))
        self.counted |= new
        if dies_after == "record":
            return self.restart()
        self.spool.ack(lease)
        if dies_after == "ack":
            return self.restart()
        self.meter.settle(lease.records, sums)
        return self.restart() if dies_after == "settle" else None

    def _claim(self, lease: Lease) -> dict[Event, int]:
        new: dict[Event, int] = {}
        for project, id, at in _events(lease):
            if self.claimed.setdefault((project, id), lease.token) == lease.token:
                new.setdefault((project, id), month_of(at))
        return new

    def _sums(self, lease: Lease, new: dict[Event, int]) -> dict[Place, Tally]:
        left = set(new)
        sums: dict[Place, Tally] = {}
        for project, id, at in _events(lease):
            place = Place(project, "key", hour_of(at))
            had = sums.get(place, Tally(0, 0, 0, 0))
            sums[place] = Tally(had.accepted + 1, had.stored + ((project, id) in left), 0, 0)
            left.discard((project, id))
        return sums

    @invariant()
    def no_quota_is_overdrawn(self) -> None:
        for account in self.accounts:
            for month in (202603, 202604):
                used = self.meter.used(account.projects, month)
                assert self.stored(account.projects, month) <= used <= LIMIT

    def stored(self, projects: Iterable[str], month: int) -> int:
        return sum(counted == month and event[0] in projects for event, counted in self.counted.items())

    @rule()
    def everything_is_written(self) -> None:
        while self.spool.backlog().events:
            self.write("nothing")
        for account in self.accounts:
            for month in (202603, 202604):
                assert self.meter.used(account.projects, month) == self.stored(account.projects, month)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.everything_is_written()
            self.spool.close()
            self.ledger.close()
            shutil.rmtree(self.folder)


def _events(lease: Lease) -> list[tuple[str, str, int]]:
    parcels = [record.parcel for record in lease.records]
    return [(parcel.project_id, id, parcel.received_at) for parcel in parcels for id in parcel.body.decode().split()]


Quota.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestQuota = Quota.TestCase
