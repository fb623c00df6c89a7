"""What the installation's owner looks after: tenants, settings, letters, jobs, and events that could not be stored."""

from pulseboard.admin import desk_routes, event_routes, outbox_routes, settings_routes, tenant_routes
from pulseboard.admin.audit_routes import list_platform_log
from pulseboard.admin.mail_preview import preview_mail
from pulseboard.admin.routes import routes as _routes

control_routes = [
    *tenant_routes.routes,
    *settings_routes.routes,
    *outbox_routes.routes,
    list_platform_log,
    preview_mail,
]
routes = [*_routes, *desk_routes.routes, event_routes.search_all_events, *control_routes]

__all__ = ["control_routes", "routes"]
