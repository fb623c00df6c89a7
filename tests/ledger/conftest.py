"""A ledger in a file of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulseboard.ledger import SqliteLedger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    ledger = SqliteLedger(tmp_path / "ledger.db")
    yield ledger
    ledger.close()
