"""Where to report a hole, by RFC 9116."""

from datetime import timedelta

from litestar import MediaType, Response, get
from litestar.di import NamedDependency as Given

from pulseboard.errors import NotFound
from pulseboard.kit.clock import Clock, rfc3339
from pulseboard.settings import Settings

GOOD_FOR = timedelta(days=180)
PATH = "/.well-known/security.txt"


@get(PATH, opt={"public": True}, include_in_schema=False, sync_to_thread=False, media_type=MediaType.TEXT)
def security_txt(settings: Given[Settings], clock: Given[Clock]) -> Response[str]:
    """Whom to tell, when the installation's owner has said so.

    Raises:
        NotFound: they have not.
    """
    contact = settings.access.security_contact
    if not contact:
        raise NotFound("Nobody is named here; ask whoever runs this installation")
    base = settings.server.base_url
    lines = (f"Contact: {contact}", f"Expires: {rfc3339(clock() + GOOD_FOR)}", f"Canonical: {base}{PATH}")
    return Response("\n".join(lines) + "\n", media_type=MediaType.TEXT)
