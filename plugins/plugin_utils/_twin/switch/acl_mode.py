# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines typed inside `ip access-list`: entries by number, `no`, remarks. Source: switch-acl.md section 2.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .acl import MAX_SEQUENCE, AccessList
from .entry import CliError, Token
from .grammar import Reply

if TYPE_CHECKING:
    from .session import Session

ENTRY_WORDS = ("permit", "deny", "remark", "evaluate", "dynamic")


def run_acl_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line of list mode; None if it is no entry and another mode may know it."""
    first = words[0].text.lower()
    if first == "no" and len(words) > 1 and (words[1].text.isdigit() or _is_entry(words[1].text)):
        return _remove(session, words[1:])
    if first.isdigit():
        return _add(session, words[1:], words[0])
    if _is_entry(first):
        return _add(session, words, None)
    return None


def _is_entry(text: str) -> bool:
    return len(text) >= 3 and any(word.startswith(text.lower()) for word in ENTRY_WORDS)


def _list_of(session: Session) -> AccessList:
    """Find the list of this session, made again if another session deleted it meanwhile."""
    running = session.switch.running
    standard = session.mode == "std"
    return running.acl(session.target, standard) or running.new_list(session.target, standard)


def _add(session: Session, words: list[Token], sequence: Token | None) -> Reply:
    if not words:
        raise CliError("incomplete")
    if sequence and not 1 <= int(sequence.text) <= MAX_SEQUENCE:
        raise CliError("invalid", sequence.column)
    if sequence and not _is_entry(words[0].text):
        raise CliError("invalid", words[0].column)
    if sequence and session.switch.running.classic and "remark".startswith(words[0].text.lower()):
        raise CliError("invalid", words[0].column)  # [documented] 15.x: `remark text`
    acl = _list_of(session)
    changed = acl.add(words, sequence)
    session.switch.running.lists[acl.name] = acl
    return Reply("", changed, changed and bool(session.switch.running.bound(acl.name)))


def _remove(session: Session, words: list[Token]) -> Reply:
    acl = _list_of(session)
    if words[0].text.isdigit():
        acl.remove_number(int(words[0].text))
    else:
        acl.remove_entry(words)
    return Reply("", True, bool(session.switch.running.bound(acl.name)))
