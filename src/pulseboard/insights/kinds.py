"""The kinds of questions that can be kept, as data: the body of each, its parser, and who answers it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from pulseboard.errors import Invalid
from pulseboard.insights.filters import under
from pulseboard.insights.frames import Context
from pulseboard.insights.parameters import Metas
from pulseboard.insights.product import (
    funnel,
    funnel_answer,
    paths,
    paths_answer,
    retention,
    retention_answer,
    sessions,
    sessions_answer,
)
from pulseboard.insights.trend_answer import trends_answer
from pulseboard.insights.trends import TrendsIn, parse_trends
from pulseboard.kit.wire import In, Out
from pulseboard.kit.words import plain_words
from pulseboard.store.base import Store


@dataclass(frozen=True, slots=True)
class Kind:
    """``parse`` makes of a ``body`` and a context what ``answer`` takes, which has a ``frame``."""

    body: type[In]
    parse: Callable[..., Any]
    answer: Callable[..., Out]


KINDS: dict[str, Kind] = {
    "trends": Kind(TrendsIn, parse_trends, trends_answer),
    "funnel": Kind(funnel.FunnelIn, funnel.parse_funnel, funnel_answer.funnel_answer),
    "retention": Kind(retention.RetentionIn, retention.parse_retention, retention_answer.retention_answer),
    "churn": Kind(retention.ChurnIn, retention.parse_churn, retention_answer.churn_answer),
    "sessions": Kind(sessions.SessionsIn, sessions.parse_sessions, sessions_answer.sessions_answer),
    "paths": Kind(paths.PathsIn, paths.parse_paths, paths_answer.paths_answer),
}

Spec = dict[str, Any]


def check_spec(path: str, kind: str, spec: Spec, context: Context) -> None:
    """A question that is to be kept: what the route of its kind takes, but for ``projectId``.

    Raises:
        Invalid: naming ``kind``, or the member below ``path`` that is wrong.
    """
    if kind not in KINDS:
        raise Invalid.field("kind", f"must be one of {', '.join(KINDS)}")
    if "projectId" in spec:
        raise Invalid.field(f"{path}.projectId", "is the project in which it is kept")
    with under(path):
        KINDS[kind].parse(_body(KINDS[kind], spec), context)


def answer_spec(kind: str, spec: Spec, context: Context, store: Store, metas: Metas) -> Spec:
    """The answer to a kept question, as the route of its kind would give it.

    Raises:
        Invalid: it refers to what is no longer there.
    """
    asked = KINDS[kind].parse(_body(KINDS[kind], spec), context)
    found: Spec = msgspec.to_builtins(KINDS[kind].answer(store, asked, metas(asked.frame)))
    return found


_PLACE = re.compile(r"\[(\d+|\.\.\.)\]")
_MEMBER = re.compile("Object (?:missing required|contains unknown) field `(.+)`")


def _body(kind: Kind, spec: Spec) -> In:
    try:
        return msgspec.convert(spec, kind.body)
    except msgspec.ValidationError as wrong:
        message, _, place = str(wrong).partition(" - at `")
        inner = _PLACE.sub(r".\1", place.rstrip("`").removeprefix("$")).strip(".")
        member = _MEMBER.fullmatch(message)
        path = ".".join(filter(None, (inner, member[1] if member else "")))
        raise Invalid.field(path, plain_words(message)) from None
