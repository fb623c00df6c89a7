"""Formulas over series: numbers, the series' letters, ``+ - * /`` and parentheses, and nothing else.

An expression grammar by recursive descent; https://en.wikipedia.org/wiki/Recursive_descent_parser.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pulseboard.errors import Invalid

MAX_FORMULA = 200  # characters, which also bounds how deep it can nest
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z])|([-+*/()]))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Operation:
    """Two formulas and what is done with their values: one of ``+ - * /``."""

    sign: str
    left: "Formula"
    right: "Formula"


Formula = float | str | Operation  # a number, a series' letter in upper case, or two of them put together


def parse_formula(path: str, text: str, letters: str) -> Formula:
    """A formula over the series called ``letters``.

    Raises:
        Invalid: it is none, is too long, or names a series that is not there.
    """
    if not 0 < len(text) <= MAX_FORMULA:
        raise Invalid.field(path, f"must have 1 to {MAX_FORMULA} characters")
    tokens = _tokens(path, text, letters)
    found = _sum(path, tokens)
    if tokens:
        raise Invalid.field(path, f"has {tokens[0]} where it should end or go on with + - * /")
    return found


def series_of(formula: Formula) -> frozenset[str]:
    """The letters of the series that a formula is made of."""
    match formula:
        case str():
            return frozenset(formula)
        case Operation():
            return series_of(formula.left) | series_of(formula.right)
        case _:
            return frozenset()


def value_of(formula: Formula, values: Mapping[str, float | None]) -> float | None:
    """The formula's value; None where a part of it has none, a division is by zero, or the result is endless."""
    match formula:
        case str():
            return values.get(formula)
        case Operation():
            left, right = value_of(formula.left, values), value_of(formula.right, values)
            return None if left is None or right is None else _combined(formula.sign, left, right)
        case _:
            return formula


def _combined(sign: str, left: float, right: float) -> float | None:
    match sign:
        case "+":
            found = left + right
        case "-":
            found = left - right
        case "*":
            found = left * right
        case _:
            if right == 0:
                return None
            found = left / right
    return found if math.isfinite(found) else None


def _tokens(path: str, text: str, letters: str) -> list[str]:
    tokens: list[str] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Invalid.field(path, f"cannot be read from {text[at : at + 10].strip()!r} on")
        if match[2] and match[2].upper() not in letters:
            raise Invalid.field(path, f"names a series {match[2]}, but there are only {', '.join(letters)}")
        tokens.append(match[0].strip().upper())
        at = match.end()
    return tokens


def _sum(path: str, tokens: list[str]) -> Formula:
    found = _product(path, tokens)
    while tokens and tokens[0] in "+-":
        found = Operation(tokens.pop(0), found, _product(path, tokens))
    return found


def _product(path: str, tokens: list[str]) -> Formula:
    found = _factor(path, tokens)
    while tokens and tokens[0] in "*/":
        found = Operation(tokens.pop(0), found, _factor(path, tokens))
    return found


def _factor(path: str, tokens: list[str]) -> Formula:
    if not tokens:
        raise Invalid.field(path, "ends where a series or a number should stand")
    word = tokens.pop(0)
    if word == "-":
        return Operation("-", 0.0, _factor(path, tokens))
    if word == "(":
        found = _sum(path, tokens)
        if not tokens or tokens.pop(0) != ")":
            raise Invalid.field(path, "has a parenthesis that is not closed")
        return found
    if word in "+*/)":
        raise Invalid.field(path, f"has {word} where a series or a number should stand")
    return word if word.isalpha() else float(word)
