"""What is no password: what breaches have shown, names, dates, and what is built around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseboard.accounts.passwords import check_password
from pulseboard.errors import Invalid


@pytest.mark.parametrize(
    "password",
    ["manchester", "Manchester!", "strawberry1990", "harrypotter7", "1029384756", "7ugd5hip2j", "leavemealone!!",
     "sojdlg123aljg", "gfhjkmgfhjkm", "Johnson1985!", "alexandra2001", "19850412198504", "+4917112345678901",
     "T1nkerb3ll2024", "REALMADRID99", "ghostriderghostrider"],
)  # fmt: skip
def test_what_breaches_have_shown_is_refused_however_it_is_dressed_up(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, "dana@example.com")


@pytest.mark.parametrize(
    "password",
    ["manchester rains on strawberries", "harry met a potter", "48151623421123581321345589", "sieben graue Esel 7",
     "Xk4$wqZ9!pLm", "violet-otter-canyon-52", "мой дядя самых честных", "👩‍🚀🪐🛰️🌌🚀🛸☄️🌠🔭🌍"],
)  # fmt: skip
def test_what_only_has_such_words_in_it_is_taken(password: str) -> None:
    check_password(password, "dana@example.com")


@given(st.text(max_size=300), st.text(max_size=60))
def test_every_text_is_taken_or_refused_by_name(password: str, email: str) -> None:
    try:
        check_password(password, email)
    except Invalid as refused:
        assert [fault.path for fault in refused.errors] == ["password"]
