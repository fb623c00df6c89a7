"""A writer that is killed after a chosen call: which calls there are, what it finds, and what must come out."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# Imported where they are used: the engine has threads from its import on, and a process with threads cannot be forked.
from pulseboard.kit.ids import new_id
from pulseboard.settings import Server, Settings

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
AT = int(NOON.timestamp() * 1000)
ALICES, CHARLIES = new_id(), new_id()
NOBODYS = "no project's id"  # the engine cannot read it, at no time
LONG_AGO = AT - 400 * 86_400_000
STEPS = {
    "spool": ("lease", "buried", "bury", "ack"),
    "counted": ("claim", "release"),
    "ledger": ("record", "amend", "forget"),
    "store": ("insert",),
    "meter": ("settle",),
}


def open_folder(folder: Path) -> Any:  # noqa: ANN401 -- a context manager of all parts
    from pulseboard.app import open_parts

    server = replace(Server(), data_dir=folder)
    return open_parts(replace(Settings(), server=server, self_monitor=False), lambda: NOON)


def fill(folder: Path) -> None:
    """What waits for the writer: doubles, old events, a record that cannot be stored, one that cannot be read, and
    two dead letters that were put back, of which one can be stored now.
    """
    from pulseboard.spool.base import Lease

    with open_folder(folder) as parts:
        spool = parts.spool
        for body in (_body("replayed-1"), _body("replayed-2"), b"\xc1 never an event"):
            _put(spool, ALICES, body, charged=0)
        lease = spool.lease(100, 0)
        assert isinstance(lease, Lease)
        for record in lease.records:
            spool.bury(record, "of an earlier version")
            parts.ledger.refuse({_refusal(ALICES): 1})
        spool.ack(lease)
        _put(spool, ALICES, _body("order-1", "order-2", "", "order-1"), events=4)
        _put(spool, NOBODYS, _body("poison"))
        _put(spool, ALICES, b"\xc1 no event")
        _put(spool, CHARLIES, _body("order-1", ""), events=2)
        _put(spool, ALICES, _body("order-2", "order-3", at=LONG_AGO), events=2)
        for letter in spool.dead.page(10)[:3:2]:
            assert spool.replay(letter.id)


def drain(folder: Path, kill_after: int) -> None:
    """Writes what waits, and dies as by a power cut after so many calls; for a process of its own."""
    with open_folder(folder) as parts:
        calls = 0

        def counted(call: Callable[..., Any]) -> Callable[..., Any]:
            def watched(*given: Any, **named: Any) -> Any:  # noqa: ANN401
                nonlocal calls
                result = call(*given, **named)
                calls += 1
                if calls == kill_after:
                    os.kill(os.getpid(), signal.SIGKILL)
                return result

            return watched

        for owner, name in _places(parts):
            setattr(owner, name, counted(getattr(owner, name)))
        parts.writer._settle = parts.meter.settle
        parts.writer.drain()
        (folder / "calls").write_text(str(calls))


def _places(parts: Any) -> list[tuple[Any, str]]:  # noqa: ANN401
    writer = parts.writer
    owners = {
        "spool": parts.spool,
        "counted": writer._steps._counted,
        "ledger": parts.ledger,
        "store": parts.store,
        "meter": parts.meter,
    }
    return [(owners[owner], name) for owner, names in STEPS.items() for name in names]


def state(folder: Path) -> dict[str, Any]:
    """What is there after the writer has gone on: rows, the account, what is put aside, what is charged."""
    from pulseboard.store import PlatformScope

    with open_folder(folder) as parts:
        parts.writer.drain()
        rows = parts.store.read("SELECT project_id, id FROM events", {}, PlatformScope())
        found: dict[str, Any] = {"waiting": parts.spool.backlog().events, "dead": sorted(_letters(parts))}
        for name, project in (("alice", ALICES), ("charlie", CHARLIES)):
            mine = [row["id"] for row in rows if row["project_id"] == project]
            found[name] = {
                "own": sorted(id for id in mine if len(id) < 36),
                "made": sum(len(id) == 36 for id in mine),
                "total": parts.ledger.total(project, 0, 10**6)[:2],
                "refused": [(line.reason, line.events) for line in parts.ledger.refused(project, 0, 10**6)],
                "used": parts.meter.used([project], 202603),
            }
        read: dict[str, Any] = json.loads(json.dumps(found))
        return read


def _letters(parts: Any) -> list[tuple[str, int]]:  # noqa: ANN401
    return [
        ("alice" if letter.project_id == ALICES else letter.project_id, letter.events)
        for letter in parts.spool.dead.page(10)
    ]


def _refusal(project: str) -> Any:  # noqa: ANN401
    from pulseboard.kit.periods import hour_of
    from pulseboard.ledger import UNSTORABLE, Refusal

    return Refusal(project, "key", hour_of(AT), UNSTORABLE)


def _body(*ids: str, at: int = AT) -> bytes:
    from pulseboard.ingest.event import Event, encode

    return encode([Event(id or new_id(), bool(id), "CUSTOM", "visit", at, user_id="alice") for id in ids])


def _put(spool: Any, project: str, body: bytes, *, events: int = 1, charged: int | None = None) -> None:  # noqa: ANN401
    from pulseboard.spool.base import Parcel

    spool.put_now(Parcel(project, AT, events, body, "key", len(body), events if charged is None else charged))
