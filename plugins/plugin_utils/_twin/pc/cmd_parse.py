# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""Read a cmd.exe command line into a tree: quotes, carets, `&`, `&&`, `||`, `|`, redirections, groups, if.

[documented] a quote switches quoting on and off wherever it stands (`\"` is no escape for cmd); precedence, weakest
first: `&`, `||`, `&&`, `|`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LEVELS = ("&", "||", "&&", "|")
_OPERATOR = re.compile(r"&&|\|\||[&|()]")
_REDIRECT = re.compile(r"([12]?)(>>|>|<)(&[12])?")


class CmdSyntaxError(ValueError):
    """Cmd would not run any part of this line."""


@dataclass
class Simple:
    """One command: text as typed without carets; redirects are (stream, `>`|`>>`|`<`, target or `&1`)."""

    text: str
    redirects: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class Chain:
    """Two commands joined by one of LEVELS."""

    operator: str
    left: Node
    right: Node


@dataclass
class Group:
    """Commands in parentheses."""

    inner: Node
    redirects: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class If:
    """`if [not] exist PATH | errorlevel N | a==b` with an optional else."""

    negated: bool
    kind: str
    left: str
    right: str
    then: Node
    otherwise: Node | None


Node = Simple | Chain | Group | If


def parse(line: str) -> Node:
    """Parse a line; CmdSyntaxError when cmd would say that something was unexpected."""
    parser = _Parser(line)
    node = parser.chain(0)
    if parser.rest():
        raise CmdSyntaxError(parser.rest()[:1])
    return node


class _Parser:
    def __init__(self, line: str) -> None:
        self.line, self.at = line, 0

    def rest(self) -> str:
        return self.line[self.at :].strip()

    def _skip(self) -> None:
        while self.at < len(self.line) and self.line[self.at] in " \t,;=@":
            self.at += 1

    def _operator(self) -> str:
        match = _OPERATOR.match(self.line, self.at)
        return match.group() if match else ""

    def chain(self, level: int) -> Node:
        if level == len(LEVELS):
            return self._unit()
        node = self.chain(level + 1)
        while True:
            while self.at < len(self.line) and self.line[self.at] in " \t":
                self.at += 1
            if self._operator() != LEVELS[level]:
                return node
            self.at += len(LEVELS[level])
            if not self.rest() and LEVELS[level] == "&":
                return node
            node = Chain(LEVELS[level], node, self.chain(level + 1))

    def _unit(self) -> Node:
        self._skip()
        if self._operator() == "(":
            self.at += 1
            inner = self.chain(0)
            self._expect(")")
            group = Group(inner)
            while (match := _REDIRECT.match(self.line, self._blank())) is not None:
                group.redirects.append(self._redirect(match))
            return group
        if re.match(r"if\s", self.line[self.at :], re.I):
            self.at += 2
            return self._if()
        return self._simple()

    def _blank(self) -> int:
        while self.at < len(self.line) and self.line[self.at] in " \t":
            self.at += 1
        return self.at

    def _expect(self, text: str) -> None:
        self._blank()
        if not self.line.startswith(text, self.at):
            raise CmdSyntaxError(self.rest()[:1] or text)
        self.at += len(text)

    def _if(self) -> If:
        negated = self._keyword("not")
        if self._keyword("/i"):
            negated = negated or self._keyword("not")
        for kind in ("exist", "errorlevel", "defined"):
            if self._keyword(kind):
                left, right = self._word(), ""
                break
        else:
            kind, left = "equal", self._word("=")
            self._expect("==")
            right = self._word()
        then = self.chain(1) if self._next() != "(" else self._unit()
        otherwise = None
        if self._keyword("else"):
            otherwise = self._unit()
        return If(negated, kind, left, right, then, otherwise)

    def _next(self) -> str:
        self._blank()
        return self.line[self.at : self.at + 1]

    def _keyword(self, word: str) -> bool:
        match = re.compile(rf"\s*{re.escape(word)}(?=[\s(]|$)", re.I).match(self.line, self.at)
        if match:
            self.at = match.end()
        return match is not None

    def _word(self, stop: str = "") -> str:
        self._blank()
        start, quoted = self.at, False
        while self.at < len(self.line):
            char = self.line[self.at]
            if char == '"':
                quoted = not quoted
            elif not quoted and (char in " \t&|<>()" or char in stop):
                break
            self.at += 1
        if start == self.at:
            raise CmdSyntaxError(self.line[start : start + 1])
        return self.line[start : self.at]

    def _simple(self) -> Simple:
        command, text, quoted = Simple(""), [], False
        while self.at < len(self.line):
            char = self.line[self.at]
            if char == '"':
                quoted = not quoted
            elif not quoted and char == "^":
                self.at += 1
                text.append(self.line[self.at : self.at + 1])
                self.at += 1
                continue
            elif not quoted and (char in "&|" or char == ")"):
                break
            elif not quoted and (match := self._redirect_at(text)) is not None:
                command.redirects.append(self._redirect(match))
                continue
            text.append(char)
            self.at += 1
        command.text = "".join(text)
        if not command.text.strip() and not command.redirects:
            raise CmdSyntaxError(self.line[self.at : self.at + 1])
        return command

    def _redirect_at(self, before: list[str]) -> re.Match[str] | None:
        """Find a redirection here; a digit glued to a word belongs to the word."""
        match = _REDIRECT.match(self.line, self.at)
        if match is not None and match.group(1) and before and before[-1] not in " \t":
            return None
        return match

    def _redirect(self, match: re.Match[str]) -> tuple[int, str, str]:
        self.at = match.end()
        stream = int(match.group(1) or ("0" if match.group(2) == "<" else "1"))
        target = match.group(3) or self._word()
        return stream, match.group(2), target


def argv(text: str) -> list[str]:
    r"""Split an argument string as a C program does: `\"` is a quote, backslashes count only before one."""
    words, word, quoted, given, at = [], "", False, False, 0
    while at < len(text):
        run = len(text[at:]) - len(text[at:].lstrip("\\"))
        after = text[at + run : at + run + 1]
        if run and after == '"':
            word += "\\" * (run // 2)
            at += run
            if run % 2:
                word, at = word + '"', at + 1
            given = True
            continue
        if run:
            word, at, given = word + "\\" * run, at + run, True
            continue
        char = text[at]
        at += 1
        if char == '"':
            quoted, given = not quoted, True
        elif char in " \t" and not quoted:
            if given:
                words.append(word)
            word, given = "", False
        else:
            word, given = word + char, True
    return [*words, word] if given else words
