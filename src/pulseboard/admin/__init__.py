"""What the installation's owner looks after: events that could not be stored, what waits to be, and letters."""

from pulseboard.admin.mail_preview import preview_mail
from pulseboard.admin.routes import routes as _routes

routes = [*_routes, preview_mail]

__all__ = ["routes"]
