"""The page of roles is what the guards ask."""

from tools import roles


def test_the_page_of_roles_says_what_the_table_says() -> None:
    assert roles.PAGE.read_text(encoding="utf-8") == roles.page(), "python tools/roles.py writes it again"
