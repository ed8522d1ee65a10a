# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of an access list: from what is typed to what the switch stores and prints.

Source: switch-acl.md sections 1, 2.1 and 3. Everything here is the simulated switch's own reading of the syntax.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from .conditions import ALL_ONES, MAX_PORT, Address, Ports, intervals
from .tables import ICMP_TYPES, PORT_TABLES, PROTOCOLS, icmp_name, port_name, protocol_name

# [documented] switch-acl.md 3, "Unknown line": words that narrow a rule in ways this switch stores and never matches.
OPAQUE_TAILS = (
    "dscp", "precedence", "tos", "time-range", "ttl", "fragments", "option", "reflect", "match-all", "match-any",
    "ack", "fin", "psh", "rst", "syn", "urg",
)  # fmt: skip


class Token(NamedTuple):
    """A word of a typed line and the column where it starts."""

    text: str
    column: int


class CliError(Exception):
    """The line is refused; ``kind`` is ``invalid``, ``incomplete``, ``ambiguous`` or ``message``."""

    def __init__(self, kind: str, column: int = 0, text: str = "") -> None:
        super().__init__(text or kind)
        self.kind = kind
        self.column = column
        self.text = text


def tokens_of(line: str, start: int = 0) -> list[Token]:
    """Cut a line into words with their columns."""
    return [Token(found.group(), found.start()) for found in re.finditer(r"\S+", line) if found.start() >= start]


@dataclass(frozen=True)
class Entry:
    """One entry without its number. ``body`` is the stored spelling and its identity."""

    kind: str  # rule | remark | opaque
    body: str
    action: str = ""
    protocol: int = 0
    src: Address = Address(0, ALL_ONES)
    src_ports: Ports | None = None
    dst: Address = Address(0, ALL_ONES)
    dst_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None
    established: bool = False
    src_group: str = ""  # names of object groups
    dst_group: str = ""
    service: str = ""
    shown: str = ""  # what `show ip access-lists` prints where it differs from the running configuration


class Reader:
    """Walks over the words of one entry."""

    def __init__(self, words: list[Token], end: int) -> None:
        self.words = words
        self.position = 0
        self.end = end

    def peek(self) -> str:
        return self.words[self.position].text.lower() if self.position < len(self.words) else ""

    def take(self) -> Token:
        if self.position >= len(self.words):
            raise CliError("incomplete", self.end)
        word = self.words[self.position]
        self.position += 1
        return word

    def rest(self) -> list[str]:
        words = [word.text for word in self.words[self.position :]]
        self.position = len(self.words)
        return words

    def refuse(self) -> CliError:
        """Build the refusal of the word taken last."""
        return CliError("invalid", self.words[self.position - 1].column)


def parse_entry(words: list[Token], standard: bool) -> Entry:
    """Read an entry (its number already taken off).

    Raises:
        CliError: with the column of the word that is not understood, or ``incomplete``.
    """
    if not words:
        raise CliError("incomplete")
    reader = Reader(words, words[-1].column + len(words[-1].text))
    first = reader.take().text.lower()
    if "remark".startswith(first) and len(first) >= 3:
        return Entry("remark", " ".join(["remark", *reader.rest()]).rstrip())
    if first in ("evaluate", "dynamic") and not standard:
        return Entry("opaque", " ".join(word.text for word in words))
    action = next((name for name in ("permit", "deny") if name.startswith(first)), "")
    if not action:
        raise CliError("invalid", words[0].column)
    return _standard(reader, action) if standard else _extended(reader, action)


def _standard(reader: Reader, action: str) -> Entry:
    src = _address(reader, bare=True)
    log = ""
    if reader.peek() == "log":
        reader.take()
        log = " log"
    if reader.rest():
        raise reader.refuse()
    # [documented] Standard lists pad `deny` and spell the wildcard out in the show command.
    shown = src.text(standard=True)
    if src.wildcard not in (0, ALL_ONES):
        shown = shown.replace(" ", ", wildcard bits ")
    return Entry(
        "rule", f"{action:<6} {src.text(standard=True)}{log}", action, src=src, shown=f"{action:<6} {shown}{log}"
    )


def _extended(reader: Reader, action: str) -> Entry:
    words = [word.text for word in reader.words]
    if any(word in ("addrgroup", "portgroup") for word in words):
        return Entry("opaque", " ".join([action, *words[1:]]))
    service = _group(reader)
    protocol = 0 if service else _protocol(reader)
    src_group = _group(reader)
    src = Address(0, ALL_ONES) if src_group else _address(reader)
    src_ports = read_ports(reader, protocol)
    dst_group = _group(reader)
    dst = Address(0, ALL_ONES) if dst_group else _address(reader)
    dst_ports = read_ports(reader, protocol)
    icmp = read_icmp(reader) if protocol == 1 else None
    established = protocol == 6 and reader.peek() == "established"
    if established:
        reader.take()
    tail, opaque = _tail(reader)
    parts = [action, f"object-group {service}" if service else protocol_name(protocol)]
    parts += [f"object-group {src_group}" if src_group else src.text(), src_ports.text if src_ports else ""]
    parts += [f"object-group {dst_group}" if dst_group else dst.text(), dst_ports.text if dst_ports else ""]
    parts += [icmp_name(*icmp) if icmp else "", "established" if established else "", *tail]
    body = " ".join(part for part in parts if part)
    if opaque:
        return Entry("opaque", body, src_group=src_group, dst_group=dst_group, service=service)
    rule = Entry("rule", body, action, protocol, src, src_ports, dst, dst_ports, icmp, established)
    return replace(rule, src_group=src_group, dst_group=dst_group, service=service)


def _group(reader: Reader) -> str:
    """Read `object-group NAME`; nothing if there is none."""
    if reader.peek() != "object-group":
        return ""
    reader.take()
    return reader.take().text


def _tail(reader: Reader) -> tuple[list[str], bool]:
    """Read what follows the match: log words, or words that make the entry opaque."""
    tail: list[str] = []
    opaque = False
    while reader.peek():
        word = reader.take()
        if word.text.lower() in ("log", "log-input"):
            tail.append(word.text.lower())
        elif word.text.lower() in OPAQUE_TAILS:
            tail += [word.text.lower(), *reader.rest()]
            opaque = True
        else:
            raise reader.refuse()
    return tail, opaque


def _protocol(reader: Reader) -> int:
    word = reader.take().text.lower()
    if word in PROTOCOLS:
        return PROTOCOLS[word]
    if word.isdigit() and int(word) <= 255:
        return int(word)
    raise reader.refuse()


def _dotted(reader: Reader) -> int:
    word = reader.take()
    try:
        return int(ipaddress.IPv4Address(word.text))
    except ValueError:
        raise reader.refuse() from None


def _address(reader: Reader, bare: bool = False) -> Address:
    word = reader.peek()
    if word == "any":
        reader.take()
        return Address(0, ALL_ONES)
    if word == "host":
        reader.take()
        return Address(_dotted(reader), 0)
    value = _dotted(reader)
    if bare and (not reader.peek() or reader.peek() == "log"):
        return Address(value, 0)
    wildcard = _dotted(reader)
    return Address(value & ~wildcard & ALL_ONES, wildcard)


def _port(reader: Reader, protocol: int) -> int:
    word = reader.take().text.lower()
    if word in PORT_TABLES[protocol]:
        return PORT_TABLES[protocol][word]
    if word.isdigit() and int(word) <= MAX_PORT:
        return int(word)
    raise reader.refuse()


def read_ports(reader: Reader, protocol: int, bare: bool = False) -> Ports | None:
    """Read a port condition, if there is one; ``bare``: a port without a word before it means `eq`."""
    named = reader.peek() in ("eq", "neq", "gt", "lt", "range")
    if protocol not in PORT_TABLES or not (named or bare):
        return None
    operator = reader.take().text.lower() if named else "eq"
    numbers = [_port(reader, protocol)]
    if operator == "range":
        numbers = sorted([*numbers, _port(reader, protocol)])
    while operator in ("eq", "neq") and len(numbers) < 10 and _is_port(reader.peek(), protocol):
        numbers.append(_port(reader, protocol))
    text = " ".join([operator, *(port_name(protocol, number) for number in numbers)])
    return Ports(intervals(operator, numbers), text)


def _is_port(word: str, protocol: int) -> bool:
    return word.isdigit() or word in PORT_TABLES[protocol]


def read_icmp(reader: Reader) -> tuple[int, int | None] | None:
    """Read an ICMP type by name, or type and code by number; None if there is none."""
    word = reader.peek()
    if word in ICMP_TYPES:
        reader.take()
        return ICMP_TYPES[word]
    if not word.isdigit():
        return None
    kind = int(reader.take().text)
    code = int(reader.take().text) if reader.peek().isdigit() else None
    return kind, code
