# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration lines that a simulated switch only keeps: stored as typed, in the mode they were typed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .entry import Token
from .grammar import Command, Handler, Reply, command


def text_of(words: Sequence[Token]) -> str:
    """Join words again."""
    return " ".join(word.text for word in words)


def _keep(key: str, single: Sequence[str]) -> Handler:
    """Store a line; one with the same single-valued key replaces the old one."""

    def handler(session: Any, words: list[Token]) -> Reply:
        lines, line = session.own_lines(), " ".join([key, text_of(words)]).strip()
        if line in lines:
            return Reply()
        if f"no {line}" in lines:
            lines.remove(f"no {line}")
            return Reply("", True)
        wanted = next((one for one in single if f"{line} ".startswith(f"{one} ")), None)
        for old in [old for old in lines if wanted and f"{old} ".removeprefix("no ").startswith(f"{wanted} ")]:
            lines.remove(old)
        lines.append(line)
        return Reply("", True)

    return handler


def _drop(key: str) -> Handler:
    def handler(session: Any, words: list[Token]) -> Reply:
        lines, line = session.own_lines(), " ".join([key, text_of(words)]).strip()
        gone = [old for old in lines if old == line or old.startswith(f"{line} ")]
        for old in gone:
            lines.remove(old)
        # [documented] `no switchport` is a setting of its own: the port is routed.
        if session.mode == "if" and line == "switchport" and "no switchport" not in lines:
            lines.append("no switchport")
            return Reply("", True)
        return Reply("", bool(gone))

    return handler


def keep(keys: str, single: Sequence[str] = ()) -> list[Command]:
    """Build the commands of lines that are only kept, with and without an argument, and their `no` forms.

    Args:
        keys: first words, separated by commas.
        single: first words of settings that have one value. The session offers ``own_lines()`` and ``mode``.
    """
    made = []
    for key in keys.split(","):
        for tail in ("", " <rest>"):
            made += [command(f"{key}{tail}", _keep(key, single)), command(f"no {key}{tail}", _drop(key))]
    return made
