"""Other places where the same routes answer: the paths of the five briefs, as data."""

API = "/api/v1"

# The path and everything below it stand under /api/v1 too.
TREES = (
    "/admin",
    "/ai",
    "/alerts",
    "/analytics",
    "/auth",
    "/events",
    "/ingest",
    "/insights",
    "/live",
    "/metrics",
    "/orgs",
    "/projects",
    "/stats",
    "/summaries",
    "/tenants",
    "/webhooks",
    "/websites",
)

# A path, and everything below it, at quite another place.
MOVED = {
    "/api/alerts": "/api/v1/alerts",
    "/api/dashboard": "/api/v1/dashboard",
    "/api/login": "/api/v1/auth/login",
    "/api/metrics": "/api/v1/metrics",
    "/api/projects": "/api/v1/projects",
    "/api/register": "/api/v1/auth/register",
}
# Routes of their own at a place that is otherwise moved: TrackMint's also answers a key.
KEPT = frozenset({("POST", "/api/projects")})

_TREES = frozenset(TREES)


def canonical(path: str, method: str = "GET") -> str:
    """The one path under which the router knows ``path``; a trailing slash never matters."""
    if path.endswith("/") and path != "/":
        path = path.rstrip("/") or "/"
    head = path[: path.find("/", 1)] if "/" in path[1:] else path
    if head in _TREES:
        return API + path
    if not path.startswith("/api/") or (method, path) in KEPT:
        return path
    for old, new in MOVED.items():
        if path == old or path.startswith(old + "/"):
            return new + path[len(old) :]
    return path
