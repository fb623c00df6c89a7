"""Insights over HTTP: a body is parsed into a frozen question, which is asked and answered."""

from functools import partial

from litestar import post
from litestar.params import JSONBody

from pulseboard.insights.parameters import BODY, AskedContexts, AskedMetas, AskedStore
from pulseboard.insights.product.funnel import FunnelIn, FunnelUsersIn, parse_funnel, parse_funnel_users
from pulseboard.insights.product.funnel_answer import funnel_answer, funnel_users_answer
from pulseboard.insights.product.paths import PathsIn, parse_paths
from pulseboard.insights.product.paths_answer import paths_answer
from pulseboard.insights.product.retention import (
    ChurnIn,
    RetentionIn,
    RetentionUsersIn,
    parse_churn,
    parse_retention,
    parse_retention_users,
)
from pulseboard.insights.product.retention_answer import churn_answer, retention_answer, retention_users_answer
from pulseboard.insights.product.schemas import (
    ChurnOut,
    FunnelOut,
    PathsOut,
    RetentionOut,
    SessionsOut,
    UsersOut,
)
from pulseboard.insights.product.sessions import SessionsIn, parse_sessions
from pulseboard.insights.product.sessions_answer import sessions_answer

_post = partial(
    post, tags=["insights"], dependencies=BODY, status_code=200, opt={"problems": (404,)}, sync_to_thread=True
)


@_post("/api/v1/insights/funnel")
def funnel(data: JSONBody[FunnelIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas) -> FunnelOut:
    """How many users went through the steps, how far, and how long it took them.

    A user reaches step n with n events that match steps 1 to n, each at or after the one before, all within ``window``
    of the first. The same instant counts, one event counts for one step, and of all such chains the best one counts.
    """
    asked = parse_funnel(data, contexts(data.project_id))
    return funnel_answer(store, asked, metas(asked.frame))


@_post("/api/v1/insights/funnel/users")
def funnel_users(
    data: JSONBody[FunnelUsersIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas
) -> UsersOut:
    """The users who reached a step, by default those of them who did not go on."""
    asked = parse_funnel_users(data, contexts(data.project_id))
    return funnel_users_answer(store, asked, metas(asked.funnel.frame))


@_post("/api/v1/insights/retention")
def retention(
    data: JSONBody[RetentionIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas
) -> RetentionOut:
    """How many users of each day, week or month come back in the ones after."""
    asked = parse_retention(data, contexts(data.project_id))
    return retention_answer(store, asked, metas(asked.frame))


@_post("/api/v1/insights/retention/users")
def retention_users(
    data: JSONBody[RetentionUsersIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas
) -> UsersOut:
    """The users of a cohort who came back after so many periods, or who did not."""
    asked = parse_retention_users(data, contexts(data.project_id))
    return retention_users_answer(store, asked, metas(asked.retention.frame))


@_post("/api/v1/insights/churn")
def churn(data: JSONBody[ChurnIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas) -> ChurnOut:
    """Users who were active in one day, week or month and not in the next."""
    asked = parse_churn(data, contexts(data.project_id))
    return churn_answer(store, asked, metas(asked.frame))


@_post("/api/v1/insights/sessions")
def sessions(data: JSONBody[SessionsIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas) -> SessionsOut:
    """How many sessions there were, how long they took, and where they began and ended."""
    asked = parse_sessions(data, contexts(data.project_id))
    return sessions_answer(store, asked, metas(asked.frame))


@_post("/api/v1/insights/paths")
def paths(data: JSONBody[PathsIn], store: AskedStore, contexts: AskedContexts, metas: AskedMetas) -> PathsOut:
    """What people do next, or did before, as nodes and links."""
    asked = parse_paths(data, contexts(data.project_id))
    return paths_answer(store, asked, metas(asked.frame))


routes = [funnel, funnel_users, retention, retention_users, churn, sessions, paths]
