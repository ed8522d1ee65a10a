# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command words of the simulated switch: abbreviations, and the three ways a line is refused.

[documented] A word may be shortened while it stays unique; the caret stands below the first letter that fits nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .entry import CliError, Token, tokens_of


class Reply(NamedTuple):
    """What a command does to the session."""

    text: str = ""
    changed: bool = False  # the running or startup configuration is another one now
    effective: bool = False  # what passes may be another now
    close: bool = False


Handler = Callable[[Any, list[Token]], Reply]


@dataclass(frozen=True)
class Command:
    """Words of one command: literals, ``<word>`` (captured), ``<rest>`` (all that follows, captured, at least one)."""

    words: tuple[str, ...]
    handler: Handler


def command(pattern: str, handler: Handler) -> Command:
    """Build a command from `show ip access-lists <word>`."""
    return Command(tuple(pattern.split()), handler)


def find(commands: Sequence[Command], line: str) -> tuple[Handler, list[Token]]:
    """Find the command a line means, with the captured words.

    Raises:
        CliError: invalid (column of the first letter that fits nothing), incomplete or ambiguous.
    """
    words = tokens_of(line)
    fitting = [(candidate, []) for candidate in commands]  # type: list[tuple[Command, list[Token]]]
    for index, word in enumerate(words):
        for candidate, captured in fitting:
            if candidate.words[index : index + 1] == ("<rest>",):
                if any(_literal_fits(other, index, word.text) for other, _captured in fitting):
                    break
                return candidate.handler, [*captured, *words[index:]]
        fitting = _narrow(fitting, index, word, line)
    for candidate, captured in fitting:
        if len(candidate.words) == len(words):
            return candidate.handler, captured
    raise CliError("incomplete", len(line))


def _literal_fits(candidate: Command, index: int, text: str) -> bool:
    word = candidate.words[index] if index < len(candidate.words) else "<none>"
    return not word.startswith("<") and word.startswith(text.lower())


def _narrow(
    fitting: list[tuple[Command, list[Token]]], index: int, word: Token, line: str
) -> list[tuple[Command, list[Token]]]:
    """Keep the commands whose next word fits."""
    text = word.text.lower()
    open_ones = [pair for pair in fitting if index < len(pair[0].words)]
    literals = {pair[0].words[index] for pair in open_ones if not pair[0].words[index].startswith("<")}
    exact = {literal for literal in literals if literal == text}
    near = exact or {literal for literal in literals if literal.startswith(text)}
    if len(near) > 1:
        raise CliError("ambiguous", word.column, line)
    if near:
        return [pair for pair in open_ones if pair[0].words[index] in near]
    free = [(pair[0], [*pair[1], word]) for pair in open_ones if pair[0].words[index] == "<word>"]
    if not free:
        fits = max((len(os.path.commonprefix([literal, text])) for literal in literals), default=0)
        raise CliError("invalid", word.column + fits)
    return free


def refusal(error: CliError, prompt: str, line: str) -> str:
    """Print a refusal below the line that was typed behind a prompt."""
    if error.kind == "message":
        return f"{error.text}\n"
    if error.kind == "incomplete":
        return "% Incomplete command.\n\n"
    if error.kind == "ambiguous":
        return f'% Ambiguous command:  "{line.strip()}"\n'
    return f"{' ' * (len(prompt) + error.column)}^\n% Invalid input detected at '^' marker.\n\n"
