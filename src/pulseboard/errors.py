"""Errors that a caller may see. Each knows its HTTP status, a stable type word, and whether trying again helps."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in the input: a dotted path such as ``events.3.name`` (empty for the whole body) and a sentence."""

    path: str
    message: str


def sentence(faults: Sequence[FieldError]) -> str:
    """The first few faults, for whoever reads nothing but the detail."""
    return "; ".join(f"{fault.path}: {fault.message}" if fault.path else fault.message for fault in faults[:3])


class AppError(Exception):
    """Base of every expected failure; rendered as an RFC 9457 problem document by ``web.problems``."""

    status = 500
    type = "internal"
    title = "Something went wrong"

    def __init__(
        self, detail: str = "", *, errors: tuple[FieldError, ...] = (), retry_after: int | None = None, type: str = ""
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors
        self.retry_after = retry_after  # seconds, sent as Retry-After
        self.type = type or self.type


class Malformed(AppError):
    status, type, title = 400, "malformed", "The body could not be read"


class Unauthenticated(AppError):
    status, type, title = 401, "unauthenticated", "No or bad credentials"


class PlanLimit(AppError):
    status, type, title = 402, "plan-limit", "The plan does not include this"


class Forbidden(AppError):
    status, type, title = 403, "forbidden", "Your role does not allow this"


class SenderRefused(Forbidden):
    title = "Events are not taken from there"


class NotFound(AppError):
    status, type, title = 404, "not-found", "Not found"


class MethodNotAllowed(AppError):
    status, type, title = 405, "method-not-allowed", "This path does not answer that method"


class Conflict(AppError):
    status, type, title = 409, "conflict", "This conflicts with what is there"


class TooLarge(AppError):
    status, type, title = 413, "too-large", "The body is too large"


class WrongMediaType(AppError):
    status, type, title = 415, "media-type", "This media type is not supported here"


class Invalid(AppError):
    """Well-formed but wrong; always names the fields."""

    status, type, title = 422, "invalid", "The input is not valid"

    @classmethod
    def field(cls, path: str, message: str) -> "Invalid":
        fault = FieldError(path, message)
        return cls(sentence((fault,)), errors=(fault,))


class TooManyRequests(AppError):
    status, type, title = 429, "rate-limited", "Too many requests"

    @classmethod
    def than(cls, limit: int, reset: int) -> "TooManyRequests":
        """More than ``limit``; ``reset`` is in seconds from now."""
        return cls(f"At most {limit} requests; try again later", retry_after=reset)


class QuotaExceeded(AppError):
    status, type, title = 429, "quota-exceeded", "The plan's events of this month are used up"


class Unavailable(AppError):
    status, type, title = 503, "unavailable", "Not available right now"

    def __init__(self, detail: str = "", *, retry_after: int = 5) -> None:
        super().__init__(detail, retry_after=retry_after)


@contextmanager
def disk_named(what: str) -> Iterator[None]:
    """Turns what a file's disk refuses into what a caller may see; ``what`` is the file's part in the product.

    Raises:
        Unavailable: the disk is full, gone, read only or damaged.
    """
    try:
        yield
    except sqlite3.ProgrammingError:  # ours
        raise
    except sqlite3.DatabaseError as broken:
        log.error("disk refuses", what=what, error=repr(broken), notes=getattr(broken, "__notes__", []))
        raise Unavailable(f"{what} does not answer right now") from broken


def problem_document(error: AppError) -> dict[str, object]:
    """The RFC 9457 body of an error; ``errors`` is there on every 422."""
    document: dict[str, object] = {
        "type": error.type,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
    }
    if error.errors or error.status == Invalid.status:
        faults = error.errors or (FieldError("", error.detail),)
        document["errors"] = [{"path": fault.path, "message": fault.message} for fault in faults]
    return document
