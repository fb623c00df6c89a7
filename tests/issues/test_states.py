"""What orders releases, and what brings a resolved group back."""

import pytest
from tests.insights.reading import NOON, millis

from pulseboard.issues.states import InRelease, State, shown, version

NOW = millis(NOON)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.9", "1.10"),
        ("v1.2.3", "1.2.4"),
        ("shop@1.2.3-rc.1", "shop@1.2.3"),
        ("1.2.3-alpha", "1.2.3-beta"),
        ("1.2", "1.2.1"),
        ("web-1.4", "web-2.0"),
    ],
)
def test_versions_are_ordered_as_people_read_them(older: str, newer: str) -> None:
    one, other = version(older), version(newer)
    assert one is not None and other is not None and one < other
    assert version("1.2.0") == version("1.2") == version("v1.2")


@pytest.mark.parametrize("release", ["", "3f2a1b9c", "main", "build-7", "2026", "1." + "9" * 400])
def test_what_is_no_version_has_no_order(release: str) -> None:
    found = version(release)
    assert found is None or release.startswith("1.")


@pytest.mark.parametrize(
    ("release", "first", "last", "fixed_in", "expected"),
    [
        ("1.0.0", -9, 1, "", "regressed"),
        ("1.0.0", -9, 0, "", "resolved"),
        ("1.0.0", -9, 1, "1.1.0", "resolved"),
        ("1.1.0", -9, 1, "1.1.0", "regressed"),
        ("1.2.0", 1, 1, "1.1.0", "regressed"),
        ("", -9, 1, "1.1.0", "regressed"),
        ("3f2a1b9c", -9, 1, "77777777", "resolved"),
        ("3f2a1b9c", 1, 1, "77777777", "regressed"),
    ],
)
def test_an_event_after_the_fix_brings_a_group_back(
    release: str, first: int, last: int, fixed_in: str, expected: str
) -> None:
    seen = InRelease(release, 1, 1, NOW + first, NOW + last)
    assert shown(State("resolved", NOON, None, fixed_in), [seen]) == expected


def test_an_ignored_group_stays_ignored_and_one_that_nobody_decided_about_is_open() -> None:
    seen = InRelease("1.0.0", 1, 1, NOW - 1, NOW + 1)
    assert shown(State("ignored", NOON), [seen]) == "ignored"
    assert shown(State("open", NOON), [seen]) == "open"
    assert shown(None, [seen]) == "open"
