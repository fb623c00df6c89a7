"""Writes docs/roles.md from the table of permissions: ``python tools/roles.py``."""

from pathlib import Path

from pulseboard.orgs import PERMISSIONS, RANK, Permission

PAGE = Path(__file__).resolve().parents[1] / "docs" / "roles.md"

HEAD = """# Roles

Every organisation has people with one of four roles, each of which may do what the ones before it may.

| role | TrackMint's word | in short |
| --- | --- | --- |
| viewer | Viewer | reads |
| member | Developer | also makes and changes insights, boards, alerts and the schemas of events |
| admin | Admin | also makes projects and keys, invites people, reads the audit log |
| owner | Admin | also deletes the organisation, hands it over, pays, and makes other owners |

- An organisation keeps at least one owner, whoever asks otherwise and at whatever moment.
- In a single project a viewer or a member may have another role, up to admin: it counts there instead of the one in
  the organisation, and may be a higher or a lower one. An admin's and an owner's role holds in every project, for
  they could give it back to themselves.
- A superadmin runs the installation, and is a stranger in organisations whose member they are not: 404, as everybody.
- A project's secret key (`sk_...`) reads that project and nothing else; an ingest key (`pk_...`) reads nothing.
- A personal access token does what its person may, as far as its scope goes: `read` what is asked with GET, `write`
  all of it. What a superadmin may needs the scope `admin`, too.
- Somebody whose e-mail address is not verified invites nobody.

Written by `python tools/roles.py` from `src/pulseboard/orgs/permissions.py`, which is what the guards ask.
`tests/roles` walks every route with every role, in the own organisation and in a stranger's.

"""


def page() -> str:
    """The page's text."""
    roles = sorted(RANK, key=lambda role: RANK[role])
    lines = [
        f"| action | what it is | {' | '.join(roles)} | secret key |",
        "| --- | --- |" + " :-: |" * (len(roles) + 1),
        *(_line(action, permission, roles) for action, permission in PERMISSIONS.items()),
    ]
    return HEAD + "\n".join(lines) + "\n"


def _line(action: str, permission: Permission, roles: list[str]) -> str:
    marks = ["x" if RANK[role] >= RANK[permission.role] else "" for role in roles]
    cells = [f"`{action}`", permission.about, *marks, "x" if permission.key else ""]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
