"""Whom an id means: a person's numbers and names, those included under which they came before it was known."""

from dataclasses import dataclass
from urllib.parse import unquote

from pulseboard.errors import NotFound
from pulseboard.store import Store, merges_into, merges_lookup, persons_lookup, persons_names
from pulseboard.writer.numbers import person_key

USER, ANONYMOUS = "u:", "a:"


@dataclass(frozen=True, slots=True)
class Person:
    """``numbers`` begin with the person's own; ``keys`` are as ``person_key`` makes them."""

    numbers: tuple[int, ...]
    keys: tuple[str, ...]

    @property
    def user_id(self) -> str:
        """Empty for somebody of whom only anonymous ids are known."""
        return next((key.removeprefix(USER) for key in self.keys if key.startswith(USER)), "")

    @property
    def anonymous_ids(self) -> list[str]:
        return [key.removeprefix(ANONYMOUS) for key in self.keys if key.startswith(ANONYMOUS)]


def find_person(store: Store, project_id: str, id: str) -> Person | None:
    """Who has the user id, else the anonymous id. A slash in it is encoded twice: servers take single ones apart."""
    for wanted in dict.fromkeys((id, unquote(id))):
        names = [person_key(wanted, ""), person_key("", wanted)]
        known = persons_lookup(store, project_id, names)
        number = next((known[name] for name in names if name in known), None)
        if number is not None:
            return _whole(store, project_id, number)
    return None


def person_of(store: Store, project_id: str, id: str) -> Person:
    """
    Raises:
        NotFound: nobody has it.
    """
    found = find_person(store, project_id, id)
    if found is None:
        raise nobody()
    return found


def nobody() -> NotFound:
    return NotFound("There is no such person")


def _whole(store: Store, project_id: str, number: int) -> Person:
    own = merges_lookup(store, project_id, [number]).get(number, number)
    numbers = (own, *merges_into(store, project_id, own))
    return Person(numbers, tuple(key for _, key in persons_names(store, project_id, numbers)))
