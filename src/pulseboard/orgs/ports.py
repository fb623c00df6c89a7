"""What this room needs of rooms that build on it."""

from typing import Protocol, TypeAlias

from litestar.di import NamedDependency
from litestar.params import SkipValidation


class KeyCache(Protocol):
    """The cache of key look-ups; ``projects.Grants`` is one."""

    def forget(self, *, key_id: str = "", org_id: str = "", project_id: str = "") -> None:
        """Drops what is cached for the key, the organisation or the project."""


GivenKeys: TypeAlias = NamedDependency[SkipValidation[KeyCache]]  # a protocol has nothing to be checked by at run time
