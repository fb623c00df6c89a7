"""The audit log: who did what to what, from where; written with the change itself, never changed, chained by hashes."""

from pulseboard.audit.models import AuditEntry
from pulseboard.audit.queries import AuditFilter, chains, entries, newest
from pulseboard.audit.service import (
    CONSOLE,
    PLATFORM,
    SYSTEM,
    Caller,
    Target,
    Verdict,
    record,
    verify,
)

__all__ = [
    "CONSOLE",
    "PLATFORM",
    "SYSTEM",
    "AuditEntry",
    "AuditFilter",
    "Caller",
    "Target",
    "Verdict",
    "chains",
    "entries",
    "newest",
    "record",
    "verify",
]
