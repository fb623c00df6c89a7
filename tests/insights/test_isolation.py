"""One project's reads see its own events only, whatever is sent as a name, a property or a value."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.insights.reading import NOON, Happened, Reader, millis, put
from tests.insights.test_parameters import READS

from pulseboard.insights.query import Listing, Period, Query
from pulseboard.kit.ids import new_id
from pulseboard.store import PlatformScope, ProjectScope

NOW = millis(NOON)
# Each would show, change or break something if it ever became part of a statement.
ATTEMPTS = (
    "' OR 1 = 1 --",
    "') OR 1 = 1 --",
    "x' UNION ALL SELECT user_id FROM events --",
    "\\' OR 1 = 1 --",
    "'; DROP TABLE events; --",
    "{project:UUID}",
    "{filter_0:Array(String)}",
    "{{}}",
    "%s %(a)s {0} $1",
    "`",
    '"',
    "\\",
    "\\N",
    "a\tb\nc\rd\be\ff",
    "['a']",
    "properties",
    "person, session",
    "*",
    "\u2028\U0001f980",
)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
ANY = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def counts(reader: Reader, project: str, word: str) -> tuple[int, int, int, int]:
    """Events with the word as name, as type, as a property's key, and as its value."""

    def filtered(**one: object) -> int:
        return int(reader.get("/analytics/events/count", project, filters=[one])["count"])

    return (
        int(reader.get("/analytics/events/count", project, name=word)["count"]),
        int(reader.get("/analytics/events/count", project, type=word)["count"]),
        filtered(property="properties." + word, operator="set"),
        filtered(property="properties." + word, operator="is", value=word),
    )


@pytest.mark.parametrize("word", ATTEMPTS)
def test_hostile_words_are_only_ever_compared(reader: Reader, project: str, word: str) -> None:
    put(reader.store, project, [Happened(NOW - 1), Happened(NOW - 2, word, word, properties={word: word, "n": 1})])
    assert counts(reader, project, word) == (1, 1, 1, 1)
    series = reader.get("/metrics/events/timeseries", project, breakdown="properties." + word)["series"]
    assert {line["label"]: line["total"] for line in series} == {"(not set)": 1, word: 1}
    assert reader.get("/metrics", project, event=word)["total"] == 1
    (event,) = reader.get("/events", project, name=word)["items"]
    assert (event["name"], event["properties"]) == (word, {word: word, "n": 1})


@ANY
@given(texts, texts)
def test_any_text_finds_itself_and_nothing_else(reader: Reader, word: str, other: str) -> None:
    project = new_id()
    put(reader.store, project, [Happened(NOW - 1, word, word, properties={word: word})])
    assert counts(reader, project, word) == (1, 1, 1, 1)
    if other not in (word, "CUSTOM"):
        assert counts(reader, project, other)[0] == 0


@pytest.mark.parametrize("path", READS)
def test_anothers_events_change_nothing(reader: Reader, path: str) -> None:
    alices, charlies = new_id(), new_id()
    put(reader.store, alices, [Happened(NOW - i, type="ERROR", person=1, session=1) for i in range(1, 4)])
    before = reader.get(path, alices)
    assert reader.get(path, charlies) != before
    put(reader.store, charlies, [Happened(NOW - i, type="ERROR", person=2, session=2) for i in range(1, 9)])
    assert reader.get(path, alices) == before


def test_a_query_without_a_projects_scope_cannot_be_made() -> None:
    period = Period(NOON.replace(hour=1), NOON)
    for scope in (None, PlatformScope(), "01970000-0000-7000-8000-00000000000a"):
        with pytest.raises(TypeError):
            Query(scope, period, ("events",))  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            Listing(scope, period, 10)  # type: ignore[arg-type]
    for project_id in ("", "*", "1 OR 1"):
        with pytest.raises(ValueError, match="a query needs a project's id"):
            Query(ProjectScope(project_id), period, ("events",))
