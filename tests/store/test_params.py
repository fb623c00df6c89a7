"""Parameters as text; that the engine reads them back is in tests/contracts."""

from datetime import datetime

import pytest

from pulseboard.store.base import Param
from pulseboard.store.params import render


def test_each_kind_of_value_has_its_text() -> None:
    params: dict[str, Param] = {"a": "it's\n", "b": 7, "c": 0.5, "d": True, "e": ["x'", "y"], "f": [1, 2], "g": ()}
    assert render(params) == {
        "a": "it\\'s\\n",
        "b": "7",
        "c": "0.5",
        "d": "1",
        "e": "['x\\'','y']",
        "f": "[1,2]",
        "g": "[]",
    }


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        render({"at": datetime(2026, 1, 15)})  # noqa: DTZ001
