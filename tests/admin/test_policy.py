"""What is chosen in the app holds, unless the environment says otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pulseboard.db import Database, migrate
from pulseboard.errors import Conflict
from pulseboard.policy import Policy, choose, fixed, policy
from pulseboard.settings import Access, Settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CHOSEN = Settings()
BY_ENVIRONMENT = replace(CHOSEN, access=Access(registration="open"))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    migrate(url)
    made = Database(url)
    yield made
    made.close()


def test_nobody_registers_and_everybody_signs_in_as_they_like_until_somebody_chooses(db: Database) -> None:
    assert policy(db, CHOSEN) == Policy("invite", True, True, True, "")


def test_a_choice_is_kept_and_what_changed_is_told(db: Database) -> None:
    with db.write() as session:
        before, after = choose(session, CHOSEN, {"registration": "open", "banner": "hello"}, NOW)
    assert (before["registration"], after["registration"]) == ("invite", "open")
    assert policy(db, CHOSEN).registration == "open" and policy(db, CHOSEN).banner == "hello"


def test_the_environment_beats_a_choice_and_refuses_another(db: Database) -> None:
    with db.write() as session:
        choose(session, CHOSEN, {"registration": "invite"}, NOW)
    assert policy(db, BY_ENVIRONMENT).registration == "open"
    assert fixed(BY_ENVIRONMENT) == {"registration": "open"} and fixed(CHOSEN) == {}
    with pytest.raises(Conflict) as refused, db.write() as session:
        choose(session, BY_ENVIRONMENT, {"registration": "invite", "banner": "x"}, NOW)
    assert refused.value.type == "set-by-environment"
    assert policy(db, BY_ENVIRONMENT).banner == ""
