"""What the admin routes give."""

from typing import Annotated, Any

from msgspec import Meta

from pulseboard.kit.wire import Out, Timestamp


class DeadLetterOut(Out):
    """What one request brought and no try could store."""

    id: str
    reason: str
    project_id: Annotated[str | None, Meta(description="Null when nothing of it can be read.")]
    project_name: str | None
    source: Annotated[str, Meta(description="The key's id, or a word for what comes without a key.")]
    events: int
    bytes: int
    received_at: Timestamp
    buried_at: Timestamp


class DeadLetterList(Out):
    items: list[DeadLetterOut]
    total: int
    next_cursor: str | None


class LetterEventOut(Out):
    """One event of a letter: as it was sent, or the first bytes of what cannot be read."""

    index: int
    event: dict[str, Any] | None
    unreadable: Annotated[str | None, Meta(description="Hexadecimal.")]


class OpenLetterOut(DeadLetterOut):
    contents: Annotated[
        list[LetterEventOut], Meta(description="The first events; empty when they cannot be told apart.")
    ]
    head: Annotated[str, Meta(description="The first bytes, hexadecimal, of a letter of which nothing can be told.")]


class QueuedOut(Out):
    status: str


class BacklogOut(Out):
    """What was acknowledged and is not stored yet, of everybody together."""

    events: int
    bytes: int
    oldest_received_at: Timestamp | None
    lag_seconds: Annotated[float, Meta(description="How long the oldest has waited.")]
