# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines typed inside an access list of the simulated NX-OS switch; each takes effect at once. Source: 2.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Reply
from ..rule_reader import parse_rule
from .config import STATISTICS
from .tables import SYNTAX

if TYPE_CHECKING:
    from ..box import Box
    from ..rules import Rule, RuleList
    from .session import Session

MAX_SEQUENCE = 4294967295
ENTRY_WORDS = ("permit", "deny", "remark")


def run_acl_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line of list mode; None if it is no entry and another mode may know it."""
    negated = words[0].text.lower() == "no" and len(words) > 1
    rest = words[1:] if negated else words
    if " ".join(word.text.lower() for word in rest) == STATISTICS:
        return _change(session, lambda one: _count(one, "" if negated else STATISTICS))
    sequence = rest[0] if rest[0].text.isdigit() else None
    body = rest[1:] if sequence else rest
    if negated and sequence and not body:
        number = _number(sequence)
        return _change(session, lambda one: _remove(one, number))
    if not body:
        raise CliError("incomplete")
    if not _is_entry(body[0].text):
        if sequence:
            raise CliError("invalid", body[0].column)
        return None
    rule = parse_rule(body, SYNTAX, session.mode)
    if negated:
        return _change(session, lambda one: _remove(one, one.number_of(rule.body)))
    wanted = _number(sequence) if sequence else None
    return _change(session, lambda one: _add(one, rule, wanted))


def _is_entry(text: str) -> bool:
    return len(text) >= 3 and any(word.startswith(text.lower()) for word in ENTRY_WORDS)


def _number(word: Token) -> int:
    if not 1 <= int(word.text) <= MAX_SEQUENCE:
        raise CliError("invalid", word.column)
    return int(word.text)


def _change(session: Session, edit: Callable[[RuleList], bool]) -> Reply:
    """Edit the list of this session; a bound one goes through the hardware."""
    key = f"{session.mode} {session.target}"

    def work(box: Box) -> bool:
        if key not in box.lists:  # another session deleted it meanwhile
            raise CliError("message", text=f"ERROR: Access list {session.target} does not exist")
        return edit(box.lists[key])

    return session.change(work, bool(session.box.bound(key)))


def _count(one: RuleList, wanted: str) -> bool:
    changed = one.counted != wanted
    one.counted = wanted
    return changed


def _add(one: RuleList, rule: Rule, wanted: int | None) -> bool:
    """[documented] The same rule may stand under two numbers. [assumed] A live number is refused."""
    number = wanted or next(reversed(one.entries), 0) + 10
    if number in one.entries:
        if one.entries[number].body == rule.body:
            return False
        raise CliError("message", text=f"ERROR: Sequence number {number} is in use")
    one.put(number, rule)
    return True


def _remove(one: RuleList, number: int | None) -> bool:
    """Drop a rule; one that is not there is an error (wording [assumed])."""
    if number is None or number not in one.entries:
        raise CliError("message", text="ERROR: Entry does not exist in the access list")
    one.take(number)
    return True
