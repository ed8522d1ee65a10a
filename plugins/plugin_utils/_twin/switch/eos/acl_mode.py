# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines typed inside an access list of the simulated EOS switch. Source: switch-acl.md section 2.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Reply
from . import acl
from .acl import COUNTING, MAX_SEQUENCE
from .acl import config_lines as list_lines

if TYPE_CHECKING:
    from ..rules import RuleList
    from .session import Session

ENTRY_WORDS = ("permit", "deny", "remark")


def run_acl_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line of list mode; None if it belongs to another mode. Nothing takes effect before the mode is left."""
    edited = session.edited
    if edited is None:
        return None
    first, rest = words[0].text.lower(), words[1:]
    if first == "abort" and not rest:  # [documented] only this list's edits are dropped, not the configure session
        session.edited = None
        session.mode = "config"
        return Reply()
    if first == "show" and len(rest) == 1 and rest[0].text.lower() in ("active", "pending", "diff"):
        return _show(session, edited, rest[0].text.lower())
    return Reply() if _edit(edited, first, words) else None


def _edit(edited: RuleList, first: str, words: list[Token]) -> bool:
    """Change the list as the line says; False if it is no line of a list."""
    if first == "no":
        return _no(edited, words[1:])
    counting = _counting(words)
    if counting:
        edited.counted = counting
    elif len(first) >= 4 and "resequence".startswith(first):
        _resequence(edited, words[1:])
    elif first.isdigit():
        if len(words) == 1:
            raise CliError("incomplete")
        if not _is_entry(words[1].text):
            raise CliError("invalid", words[1].column)
        acl.add(edited, words[1:], words[0])
    elif _is_entry(first):
        acl.add(edited, words, None)
    else:
        return False
    return True


def _is_entry(text: str) -> bool:
    return len(text) >= 3 and any(word.startswith(text.lower()) for word in ENTRY_WORDS)


def _counting(words: list[Token]) -> str:
    """[documented] Both spellings exist; each is kept as typed."""
    text = " ".join(word.text.lower() for word in words)
    return text if text in COUNTING else ""


def _no(edited: RuleList, words: list[Token]) -> bool:
    if words and (words[0].text.isdigit() or _is_entry(words[0].text)):
        acl.remove(edited, words)
    elif _counting(words):
        edited.counted = ""
    else:
        return False
    return True


def _resequence(edited: RuleList, words: list[Token]) -> None:
    numbers = [edited.numbered(word.text, word.column, MAX_SEQUENCE) for word in words[:2]]
    if len(words) > 2:
        raise CliError("invalid", words[2].column)
    start, step = [*numbers, 10, 10][:2] if len(numbers) != 1 else (numbers[0], 10)
    edited.resequence(start, step)


def _show(session: Session, edited: RuleList, what: str) -> Reply:
    """[documented] The stored list, the edited one, or both side by side."""
    stored = session.box.lists.get(edited.key)
    before = list_lines(stored) if stored else []
    if what == "active":
        return Reply("".join(f"{line}\n" for line in before))
    after = list_lines(edited)
    if what == "pending":
        return Reply("".join(f"{line}\n" for line in after))
    lines = [f"-{line}" for line in before if line not in after] + [f"+{line}" for line in after if line not in before]
    return Reply("".join(f"{line}\n" for line in lines))
