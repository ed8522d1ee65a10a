# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""The subset of WQL a client of this collection may use.

`select *|Column, ... from Class [where condition]`; a condition joins `Column op literal`, `Column [not] like 'x%'` and
`Column is [not] null` by and, or, not and parentheses. Literals: 'text' or "text" (backslash escapes), numbers, true,
false. [documented] names and text compare without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Test = Callable[[Row], bool]
_TOKEN = re.compile(r"""\s*(?:('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(<>|!=|<=|>=|[=<>(),*])|([^\s<>=!(),*'"]+))""")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    ">": lambda a, b: bool(a > b),
    "<=": lambda a, b: bool(a <= b),
    ">=": lambda a, b: bool(a >= b),
}


class WqlError(ValueError):
    """Not a query of the subset."""


@dataclass(frozen=True)
class Query:
    """A parsed query: `columns` is empty for `*`; `names` are all columns it mentions."""

    name: str
    columns: tuple[str, ...]
    names: tuple[str, ...]
    test: Test


def parse(text: str) -> Query:
    """Parse a query; WqlError when it is not of the subset."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        position, text = 0, text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise WqlError(f"cannot read {text[position:]!r}")
            self.tokens.append(next(part for part in match.groups() if part is not None))
            position = match.end()
        self.names: list[str] = []

    def query(self) -> Query:
        self._expect("select")
        columns = [self._take()]
        while self._accept(","):
            columns.append(self._take())
        self._expect("from")
        name = self._take()
        test: Test = self._any() if self._accept("where") else _always
        if self.tokens:
            raise WqlError(f"unexpected {self.tokens[0]!r}")
        chosen = () if columns == ["*"] else tuple(columns)
        if "*" in chosen:
            raise WqlError("* among columns")
        return Query(name, chosen, (*chosen, *self.names), test)

    def _take(self) -> str:
        if not self.tokens:
            raise WqlError("the query ends too early")
        return self.tokens.pop(0)

    def _accept(self, word: str) -> bool:
        if self.tokens and self.tokens[0].lower() == word:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise WqlError(f"{word} expected")

    def _any(self) -> Test:
        test = self._all()
        while self._accept("or"):
            test = _either(test, self._all())
        return test

    def _all(self) -> Test:
        test = self._not()
        while self._accept("and"):
            test = _both(test, self._not())
        return test

    def _not(self) -> Test:
        if self._accept("not"):
            inner = self._not()
            return lambda row: not inner(row)
        if self._accept("("):
            inner = self._any()
            self._expect(")")
            return inner
        return self._compare()

    def _compare(self) -> Test:
        name = self._take()
        self.names.append(name)
        if self._accept("is"):
            wanted = not self._accept("not")
            self._expect("null")
            return lambda row: (value_of(row, name) is None) is wanted
        negated = self._accept("not")
        if self._accept("like"):
            pattern = _like(str(_literal(self._take())))
            return lambda row: (pattern.fullmatch(str(value_of(row, name) or "")) is not None) is not negated
        operator = _OPERATORS.get(self._take())
        if operator is None or negated:
            raise WqlError("operator expected")
        literal = _literal(self._take())
        return lambda row: _compared(operator, value_of(row, name), literal)


def value_of(row: Row, name: str) -> Any:
    """Give a property by its name in any case; None where it is missing."""
    for key, value in row.items():
        if key.lower() == name.lower():
            return value
    return None


def _always(row: Row) -> bool:
    return True


def _either(left: Test, right: Test) -> Test:
    return lambda row: left(row) or right(row)


def _both(left: Test, right: Test) -> Test:
    return lambda row: left(row) and right(row)


def _compared(operator: Callable[[Any, Any], bool], value: Any, literal: Any) -> bool:
    if value is None or literal is None or isinstance(value, list):
        return False
    if isinstance(value, bool):
        return operator(value, literal in (True, 1, "true", "True", "TRUE"))
    if isinstance(value, int) and isinstance(literal, str) and literal.lstrip("-").isdigit():
        literal = int(literal)
    if isinstance(value, int) and isinstance(literal, int):
        return operator(value, literal)
    return operator(str(value).lower(), str(literal).lower())


def _literal(token: str) -> Any:
    lowered = token.lower()
    if token[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    if lowered in ("true", "false"):
        return lowered == "true"
    if lowered == "null":
        return None
    if re.fullmatch(r"-?\d+", token):
        return int(token)
    raise WqlError(f"{token!r} is no literal")


def _like(pattern: str) -> re.Pattern[str]:
    parts = {"%": ".*", "_": "."}
    pieces = re.findall(r"\[[^\]]*\]|.", pattern, re.DOTALL)
    return re.compile("".join(one if one[0] == "[" else parts.get(one, re.escape(one)) for one in pieces), re.I | re.S)
