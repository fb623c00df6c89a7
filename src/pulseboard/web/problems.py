"""Every failure as an RFC 9457 problem document: ours by what they know, the framework's by their status."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from pulseboard.errors import (
    AppError,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotFound,
    PlanLimit,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    WrongMediaType,
    problem_document,
    sentence,
)
from pulseboard.kit.words import plain_words

log = logging.getLogger(__name__)

MOST_FAULTS = 50  # named in one answer
MEDIA_TYPE = "application/problem+json"

_BY_STATUS: dict[int, type[AppError]] = {
    error.status: error
    for error in (
        Malformed,
        Unauthenticated,
        PlanLimit,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        TooLarge,
        WrongMediaType,
        Invalid,
        TooManyRequests,
        Unavailable,
    )
}


def problem_response(request: Request[Any, Any, Any], raised: Exception) -> Response[bytes]:
    """The answer to any exception; what nobody expected is logged whole and shown as nothing but its status."""
    error = as_app_error(raised)
    if error.status >= 500 and not isinstance(raised, AppError):
        log.error("%s %s failed", request.method, request.url.path, exc_info=raised)
    headers = _headers(error, raised)
    body = msgspec.json.encode(problem_document(error))
    return Response(body, status_code=error.status, media_type=MEDIA_TYPE, headers=headers)


def as_app_error(raised: Exception) -> AppError:
    """Our own error for whatever was raised."""
    if isinstance(raised, AppError):
        return raised
    if isinstance(raised, ValidationException):
        return _invalid_parameters(raised)
    if isinstance(raised, HTTPException) and (kind := _BY_STATUS.get(raised.status_code)):
        return kind()
    return AppError()


def _headers(error: AppError, raised: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == Unauthenticated.status:
        headers["WWW-Authenticate"] = "Bearer"
    given = raised.headers if isinstance(raised, HTTPException) else None
    if error.status == MethodNotAllowed.status and given:
        headers["Allow"] = given.get("allow", "")
    return headers


_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")


def _invalid_parameters(raised: ValidationException) -> Invalid:
    """Parameters of the query, the path or the headers; bodies are checked by ``web.request``."""
    if missing := _MISSING.match(raised.detail):
        return Invalid.field(missing[1], "is needed")
    extra = raised.extra if isinstance(raised.extra, list) else []
    faults = tuple(_fault(entry) for entry in extra if isinstance(entry, Mapping))
    if not faults:
        return Invalid.field("", "A parameter is missing or has the wrong form")
    return invalid(faults)


def invalid(faults: Sequence[FieldError]) -> Invalid:
    """The refusal of an input with these faults; the sentence tells the first few, ``errors`` all that are shown."""
    shown = tuple(faults[:MOST_FAULTS])
    return Invalid(sentence(shown), errors=shown)


def _fault(entry: Mapping[str, Any]) -> FieldError:
    if entry.get("key") == "data":
        return FieldError("", "A body is needed")
    return FieldError(wire_name(str(entry.get("key", ""))), plain_words(str(entry.get("message", ""))))


def wire_name(name: str) -> str:
    """``project_id`` as clients know it: ``projectId``."""
    head, *rest = name.strip("_").split("_")
    return head + "".join(word.capitalize() for word in rest)
