# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object groups of the simulated NX-OS switch: addresses and ports that rules name. [assumed] as a whole.

They stand in the configuration as blocks: heading -> numbered members.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..box import Box
from ..entry import CliError, Token, tokens_of
from ..grammar import Handler, Reply
from ..rule_reader import Reader, address, port_condition
from ..rules import Groups, Net, Ports
from .tables import SYNTAX

if TYPE_CHECKING:
    from .session import Session

# mode -> heading of the block; the mode is also its place in the prompt
HEADINGS = {
    "ipaddr-ogroup": "object-group ip address ",
    "ipv6addr-ogroup": "object-group ipv6 address ",
    "port-ogroup": "object-group ip port ",
}


def groups_of(box: Box) -> Groups:
    """Give the members of every object group of a configuration."""
    found: dict[str, tuple[Net | Ports, ...]] = {}
    for heading, lines in box.blocks.items():
        for mode, start in HEADINGS.items():
            if heading.startswith(start):
                members = [_member(mode, tokens_of(line)[1:]) for line in lines]
                found[heading.removeprefix(start)] = tuple(members)
    return found


def _member(mode: str, words: list[Token]) -> Net | Ports:
    """Read `host X`, `X/n`, `X wildcard`, or a port condition.

    Raises:
        CliError: not understood, or something behind it.
    """
    reader = Reader(words, SYNTAX, "ipv6" if mode == "ipv6addr-ogroup" else "ip")
    if mode == "port-ogroup":
        found: Net | Ports | None = port_condition(reader, 6)
    else:
        found = address(reader)
    if found is None or found.group or reader.peek():
        raise CliError("invalid", words[min(reader.position, len(words) - 1)].column if words else 0)
    return found


def _users(box: Box, name: str) -> list[str]:
    """Name the lists that use a group."""
    return [key for key, one in box.lists.items() if name in one.groups]


def open_group(mode: str) -> Handler:
    """`object-group ... NAME`."""

    def handler(session: Session, words: list[Token]) -> Reply:
        heading = HEADINGS[mode] + words[0].text
        made = heading not in session.box.blocks
        session.box.blocks.setdefault(heading, [])
        session.enter(mode, words[0].text)
        return Reply("", made)

    return handler


def drop_group(mode: str) -> Handler:
    """`no object-group ... NAME`; one that a list names is kept."""

    def handler(session: Session, words: list[Token]) -> Reply:
        if _users(session.box, words[0].text):
            raise CliError("message", text=f"ERROR: Object group {words[0].text} is in use")
        return Reply("", session.box.blocks.pop(HEADINGS[mode] + words[0].text, None) is not None)

    return handler


def run_group_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line within a group; None if it is no member and another mode may know it."""
    negated = words[0].text.lower() == "no" and len(words) > 1
    rest = words[1:] if negated else words
    number = int(rest[0].text) if rest[0].text.isdigit() else None
    body = rest[1:] if number is not None else rest
    heading, mode = HEADINGS[session.mode] + session.target, session.mode
    if body:
        try:
            text = _shown(_member(mode, body))
        except CliError:
            if number is None:
                return None
            raise
    elif negated:
        text = ""
    else:
        raise CliError("incomplete")

    def work(box: Box) -> bool:
        lines = box.blocks.setdefault(heading, [])
        kept = {int(line.split()[0]): line.partition(" ")[2] for line in lines}
        if negated:
            gone = [key for key, old in kept.items() if key == number or (number is None and old == text)]
            for key in gone:
                del kept[key]
        else:
            kept[number or max(kept, default=0) + 10] = text
        after = [f"{key} {kept[key]}" for key in sorted(kept)]
        changed = after != lines
        box.blocks[heading] = after
        return changed

    bound = session.box.bound_lists()
    return session.change(work, any(key in bound for key in _users(session.box, session.target)))


def _shown(member: Net | Ports) -> str:
    """Print a member; a single address as `host X`."""
    if isinstance(member, Net) and member.free == 0:
        return f"host {member.text.partition('/')[0]}"
    return member.text


def show_groups(session: Session, words: list[Token]) -> Reply:
    """`show object-group [NAME]`."""
    lines: list[str] = []
    for heading, members in session.switch.running.blocks.items():
        for start, title in zip(HEADINGS.values(), ("IPv4 address", "IPv6 address", "Protocol port"), strict=True):
            name = heading.removeprefix(start)
            if name != heading and (not words or words[0].text == name):
                lines += [f"{title} object-group {name}", *(f"        {member}" for member in members)]
    return Reply("".join(f"{line}\n" for line in lines))
