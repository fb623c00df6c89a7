"""Every letter with sample words, on one page, for superadmins."""

from html import escape

from litestar import MediaType, Response, get
from litestar.di import NamedDependency as Given

from pulseboard.admin.guard import superadmin
from pulseboard.mail import LETTERS, Letter, preview
from pulseboard.orgs import Actor
from pulseboard.settings import Settings

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Letters</title></head>
<body style="margin:24px;font-family:system-ui,sans-serif">
<h1>Letters</h1>
{letters}
</body>
</html>
"""
# A letter is a document of its own: in a frame that may do nothing, its look is that of a mail program.
_LETTER = """<section style="margin:0 0 48px">
<h2>{name}</h2>
<p>Subject: <b>{subject}</b></p>
<div style="display:flex;gap:16px;flex-wrap:wrap">
<iframe title="{name}" sandbox srcdoc="{html}" style="width:600px;height:620px;border:1px solid #ccc"></iframe>
<pre style="margin:0;padding:16px;width:420px;white-space:pre-wrap;overflow-wrap:anywhere">{text}</pre>
</div>
</section>"""


@get("/api/v1/admin/mail-preview", tags=["admin"], media_type=MediaType.HTML, sync_to_thread=True)
def preview_mail(actor: Given[Actor], settings: Given[Settings]) -> Response[str]:
    """Every letter that Pulseboard writes, with sample words; for superadmins."""
    superadmin(actor)
    letters = "\n".join(_shown(letter, settings.server.base_url) for letter in LETTERS)
    return Response(_PAGE.format(letters=letters), media_type=MediaType.HTML)


def _shown(letter: Letter, base_url: str) -> str:
    written = preview(letter, base_url)
    return _LETTER.format(
        name=escape(letter.name),
        subject=escape(written.subject),
        html=escape(written.html),
        text=escape(written.text),
    )
