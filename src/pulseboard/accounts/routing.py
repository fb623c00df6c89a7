"""All routes of the room."""

from pulseboard.accounts import account_routes, factor_routes, impersonation_routes, oidc_routes, session_routes
from pulseboard.accounts.routes import routes as sign_in_routes

routes = [
    *sign_in_routes,
    *account_routes.routes,
    *factor_routes.routes,
    *session_routes.routes,
    *oidc_routes.routes,
    *impersonation_routes.routes,
]
