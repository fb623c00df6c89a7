"""HTTP: the router and its guard, problem documents, other places of routes, pages."""

from pulseboard.web.aliases import canonical
from pulseboard.web.attend import attended
from pulseboard.web.build import build_litestar
from pulseboard.web.front import front
from pulseboard.web.problems import problem_response
from pulseboard.web.watch import Watch

__all__ = ["Watch", "attended", "build_litestar", "canonical", "front", "problem_response"]
