"""Formulas: what they mean, and that nothing else gets in."""

import pytest

from pulseboard.errors import Invalid
from pulseboard.insights.formula import parse_formula, series_of, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A", 6),
        ("a+b*2", 14),
        ("(A+B)*2", 20),
        ("A-B-1", 1),
        ("A/B/2", 0.75),
        ("-A", -6),
        ("--A", 6),
        ("A*-B", -24),
        ("2.5 * .5", 1.25),
        (" ( ( A ) ) ", 6),
        ("A/0", None),
        ("A/(B-4)", None),
        ("0*(A/0)", None),
        ("C", None),
        ("A + C", None),
        ("9" * 60 + "*" + "9" * 60, 9.99999999999999e119),
    ],
)
def test_a_formula_means_what_is_taught_in_school(text: str, value: float | None) -> None:
    found = value_of(parse_formula("formula", text, "ABC"), {"A": 6, "B": 4, "C": None})
    assert found == (value if value is None else pytest.approx(value))


def test_what_is_endless_is_no_number() -> None:
    assert value_of(parse_formula("formula", "A*A", "A"), {"A": 1e300}) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "A+", "+A", "(A", "A)", "A B", "A//B", "A**B", "D", "AB", "A;B", "A=B", "1e5", "1.", "()"),
        *("A.b", "A[0]", "__import__('os')", "lambda: A", "\u0661", "\uff21", "A\n+\x00B", "(" * 201, "A" * 201),
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_formula("formula", text, "ABC")
    assert [each.path for each in refused.value.errors] == ["formula"]


def test_the_deepest_formula_that_fits_is_calculated() -> None:
    assert value_of(parse_formula("formula", "(" * 99 + "A" + ")" * 99, "A"), {"A": 1}) == 1
    assert value_of(parse_formula("formula", "-" * 199 + "A", "A"), {"A": 1}) == -1


def test_a_formula_knows_its_series() -> None:
    assert series_of(parse_formula("formula", "(a + 2) / c", "ABC")) == {"A", "C"}
