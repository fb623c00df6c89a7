"""What this room needs of rooms that build on it."""

from typing import Protocol


class KeyCache(Protocol):
    """The cache of key look-ups; ``projects.Grants`` is one."""

    def forget(self, *, key_id: str = "", org_id: str = "", project_id: str = "") -> None:
        """Drops what is cached for the key, the organisation or the project."""
