# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines typed inside `access-list` and `object-group`: entries by number, comments. Source: switch-acl.md 2.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Reply
from .config import AccessList, Group
from .entry import MAX_SEQUENCE, Address, Reader, address, parse_entry, ports

if TYPE_CHECKING:
    from .session import Session

LISTS = ("acl", "acl6")
ENTRY_WORDS = ("permit", "deny", "comment")
CHANGED = Reply("", True, True)


def run_entry_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line of a list or a group; None if it is no entry and another context may know it."""
    first = words[0].text.lower()
    removing = first == "no" and len(words) > 1 and words[1].text.isdigit()
    if removing:
        number, rest = _number(words[1]), words[2:]
        return _remove(session, number, rest)
    number = _number(words[0]) if first.isdigit() else 0
    rest = words[1:] if number else words
    if number and not rest:
        raise CliError("incomplete")
    if session.mode in LISTS:
        known = any(len(rest[0].text) > 2 and word.startswith(rest[0].text.lower()) for word in ENTRY_WORDS)
        if not known:
            return _unknown(number, rest)
        return _add(session, number, rest)
    if not number and not (first[0].isdigit() or first in ("eq", "gt", "lt", "range")):
        return None
    return _add_member(session, number, rest)


def _unknown(number: int, rest: list[Token]) -> Reply | None:
    if number:
        raise CliError("invalid", rest[0].column, rest[0].text)
    return None


def _number(word: Token) -> int:
    if not 1 <= int(word.text) <= MAX_SEQUENCE:
        raise CliError("invalid", word.column, word.text)
    return int(word.text)


def _list_of(session: Session) -> AccessList:
    """Find the list of this session, made again if it was deleted meanwhile."""
    family, name = session.target.split()
    made = AccessList(name, family=family)
    return session.switch.running.lists.setdefault(made.key, made)


def _add(session: Session, number: int, words: list[Token]) -> Reply:
    """[documented] A number that is in use takes the new entry: the old one is replaced."""
    acl = _list_of(session)
    if "comment".startswith(words[0].text.lower()):
        text = " ".join(word.text for word in words[1:])
        if not text:
            raise CliError("incomplete")
        number = number or acl.next_number()
        if acl.comments.get(number) == text:
            return Reply()
        acl.comments[number] = text
    else:
        entry = parse_entry(words, acl.family)
        number = number or acl.next_number()
        groups = session.switch.running.groups
        for piece in (entry.src, entry.dst, entry.src_ports, entry.dst_ports):
            kind = piece.family if isinstance(piece, Address) else "port"
            if piece is not None and piece.group and f"{kind} {piece.group}" not in groups:  # [assumed]
                raise CliError("invalid", text=piece.group)
        if number in acl.entries and acl.entries[number].body == entry.body:
            return Reply()
        acl.entries[number] = entry
    session.switch.touched(acl.key)
    return CHANGED


def _remove(session: Session, number: int, rest: list[Token]) -> Reply:
    """[documented] `no N` removes the entry, `no N comment` only its comment; without either [assumed] nothing."""
    if session.mode not in LISTS:
        return _remove_member(session, number)
    acl = _list_of(session)
    only_comment = bool(rest) and "comment".startswith(rest[0].text.lower())
    if rest and not only_comment:
        raise CliError("invalid", rest[0].column, rest[0].text)
    gone = acl.comments.pop(number, None) is not None
    if not only_comment:
        gone = (acl.entries.pop(number, None) is not None) or gone
    if not gone:
        return Reply()
    session.switch.touched(acl.key)
    return CHANGED


def _group_of(session: Session) -> Group:
    kind, name = session.target.split()
    return session.switch.running.groups.setdefault(session.target, Group(kind, name))


def _add_member(session: Session, number: int, words: list[Token]) -> Reply:
    group = _group_of(session)
    reader = Reader(words, group.kind)
    part = ports(reader, groups=False) if group.kind == "port" else address(reader, groups=False)
    if part is None or reader.peek():
        word = words[min(reader.position, len(words) - 1)]
        raise CliError("invalid", word.column, word.text)
    number = number or max(group.entries, default=0) + 10
    if group.entries.get(number) == part.text:
        return Reply()
    group.entries[number] = part.text
    session.switch.group_touched(group.name)
    return CHANGED


def _remove_member(session: Session, number: int) -> Reply:
    group = _group_of(session)
    if group.entries.pop(number, None) is None:
        return Reply()
    session.switch.group_touched(group.name)
    return CHANGED
