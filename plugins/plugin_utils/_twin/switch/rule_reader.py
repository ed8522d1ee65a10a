# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How switches that write addresses as prefixes (EOS, NX-OS) read an entry, and what they store of it.

Source: switch-acl.md sections 2.2, 2.3 and 3. One ``Syntax`` per platform holds what differs.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from .conditions import MAX_PORT, intervals
from .entry import CliError, Token
from .rules import Net, Ports, Rule

Icmp = Mapping[str, tuple[int, int | None]]


@dataclass(frozen=True)
class Syntax:
    """What one platform understands and how it prints it; the first name of a number is the one printed."""

    tcp: Mapping[str, int]
    udp: Mapping[str, int]
    protocols: Mapping[str, int]
    protocols6: Mapping[str, int]
    icmp: Icmp
    icmp6: Icmp
    opaque: tuple[str, ...]  # words that narrow a rule in ways that are stored and never match
    host_word: bool  # prints `host X`, else X/32
    masks_host_bits: bool
    port_list: int  # how many ports may stand after eq
    logs: tuple[str, ...] = ("log",)  # words behind the match that change nothing of it
    groups: bool = False  # understands `addrgroup NAME` and `portgroup NAME`

    def port_table(self, protocol: int) -> Mapping[str, int] | None:
        """Give the names of ports; None for a protocol without ports."""
        return {6: self.tcp, 17: self.udp}.get(protocol)


class Reader:
    """Walks over the words of one entry."""

    def __init__(self, words: list[Token], syntax: Syntax, family: str) -> None:
        self.words = words
        self.syntax = syntax
        self.bits = 128 if family == "ipv6" else 32
        self.position = 0

    def peek(self) -> str:
        """Give the next word in small letters, empty at the end."""
        return self.words[self.position].text.lower() if self.position < len(self.words) else ""

    def take(self) -> str:
        """Take the next word in small letters; CliError at the end."""
        return self.take_as_typed().lower()

    def take_as_typed(self) -> str:
        """Take the next word; CliError at the end."""
        if self.position >= len(self.words):
            raise CliError("incomplete", self.words[-1].column + len(self.words[-1].text) if self.words else 0)
        self.position += 1
        return self.words[self.position - 1].text

    def rest(self) -> list[str]:
        """Take all that is left, as typed."""
        words = [word.text for word in self.words[self.position :]]
        self.position = len(self.words)
        return words

    def refuse(self) -> CliError:
        """Build the refusal of the word taken last."""
        return CliError("invalid", self.words[self.position - 1].column)


def parse_rule(words: list[Token], syntax: Syntax, kind: str) -> Rule:
    """Read an entry (its number already taken off) of a list of kind ``ip``, ``standard`` or ``ipv6``.

    Raises:
        CliError: with the column of the word that is not understood, or ``incomplete``.
    """
    if not words:
        raise CliError("incomplete")
    reader = Reader(words, syntax, kind)
    first = reader.take()
    if "remark".startswith(first) and len(first) >= 3:
        return Rule("remark", " ".join(["remark", *reader.rest()]).rstrip())
    action = next((name for name in ("permit", "deny") if name.startswith(first)), "")
    if not action:
        raise reader.refuse()
    return _standard(reader, action) if kind == "standard" else _extended(reader, action)


def _standard(reader: Reader, action: str) -> Rule:
    src = address(reader)
    tail, opaque = _tail(reader)
    body = " ".join([action, src.text, *tail])
    return Rule("opaque", body) if opaque else Rule("rule", body, action, src=src)


def _extended(reader: Reader, action: str) -> Rule:
    protocol, shown = _protocol(reader)
    src = address(reader)
    src_ports = port_condition(reader, protocol)
    dst = address(reader)
    dst_ports = port_condition(reader, protocol)
    icmp, icmp_text = _icmp(reader) if protocol in (1, 58) else (None, "")
    established = protocol == 6 and reader.peek() == "established"
    if established:
        reader.take()
    tail, opaque = _tail(reader)
    parts = [action, shown, src.text, src_ports.text if src_ports else "", dst.text]
    parts += [dst_ports.text if dst_ports else "", icmp_text, "established" if established else "", *tail]
    body = " ".join(part for part in parts if part)
    if opaque:
        return Rule("opaque", body)
    return Rule("rule", body, action, protocol, src, src_ports, dst, dst_ports, icmp, established)


def _tail(reader: Reader) -> tuple[list[str], bool]:
    """Read what follows the match: `log`, or words that make the entry opaque."""
    tail: list[str] = []
    opaque = False
    while reader.peek():
        word = reader.take()
        if word in reader.syntax.logs:
            tail.append(word)
        elif word in reader.syntax.opaque:
            tail += [word, *reader.rest()]
            opaque = True
        else:
            raise reader.refuse()
    return tail, opaque


def _protocol(reader: Reader) -> tuple[int, str]:
    """Give the number and the printed name."""
    names = reader.syntax.protocols6 if reader.bits == 128 else reader.syntax.protocols
    word = reader.take()
    if word in names:
        number = names[word]
    elif word.isdigit() and int(word) <= 255:
        number = int(word)
    else:
        raise reader.refuse()
    if number == 0 and word.isdigit():  # [assumed] protocol 0 is "any protocol" on input
        return 0, next(name for name, value in names.items() if value == 0)
    return number, next((name for name, value in names.items() if value == number), str(number))


def _plain(reader: Reader, word: str) -> int:
    try:
        found = ipaddress.ip_address(word)
    except ValueError:
        raise reader.refuse() from None
    if found.max_prefixlen != reader.bits:
        raise reader.refuse()
    return int(found)


def _show(reader: Reader, value: int) -> str:
    return str(ipaddress.IPv6Address(value) if reader.bits == 128 else ipaddress.IPv4Address(value))


def address(reader: Reader) -> Net:
    """Read `any`, `host X`, `X/n`, or in IPv4 `X wildcard`.

    Raises:
        CliError: not an address of the list's family.
    """
    word = reader.take()
    everything = (1 << reader.bits) - 1
    if word == "any":
        return Net(0, everything)
    if word == "addrgroup" and reader.syntax.groups:
        name = reader.take_as_typed()
        return Net(0, 0, f"addrgroup {name}", name)
    if word == "host":
        return _stored(reader, _plain(reader, reader.take()), 0)
    value, slash, length = word.partition("/")
    number = _plain(reader, value)
    if slash:
        if not length.isdigit() or int(length) > reader.bits:
            raise reader.refuse()
        return _stored(reader, number, everything >> int(length))
    if reader.bits == 128:
        raise reader.refuse()
    if reader.position == 2 and reader.peek() in ("", "log"):  # a standard list: the address alone
        return _stored(reader, number, 0)
    return _stored(reader, number, _plain(reader, reader.take()))


def _stored(reader: Reader, value: int, free: int) -> Net:
    """Print a prefix or, where the wildcard is none, value and wildcard.

    [documented] Host bits are masked on EOS; [recorded] NX-OS prints them as typed.
    """
    everything = (1 << reader.bits) - 1
    shown = value & ~free & everything if reader.syntax.masks_host_bits else value
    length = reader.bits - free.bit_length()
    if free == 0 and reader.syntax.host_word:
        text = f"host {_show(reader, value)}"
    elif free == everything:
        text = "any"
    elif free & (free + 1) == 0:
        text = f"{_show(reader, shown)}/{length}"
    else:
        text = f"{_show(reader, value & ~free & everything)} {_show(reader, free)}"
    return Net(value & ~free & everything, free, text)


def port_condition(reader: Reader, protocol: int) -> Ports | None:
    """Read `eq`, `neq`, `gt`, `lt` or `range` with names or numbers; None if there is none."""
    table = reader.syntax.port_table(protocol)
    if table is not None and reader.syntax.groups and reader.peek() == "portgroup":
        reader.take()
        name = reader.take_as_typed()
        return Ports((), f"portgroup {name}", name)
    if table is None or reader.peek() not in ("eq", "neq", "gt", "lt", "range"):
        return None
    operator = reader.take()
    numbers = [_port(reader, table)]
    if operator == "range":
        numbers = [*numbers, _port(reader, table)]
        if numbers[0] > numbers[1]:
            raise reader.refuse()
    most = reader.syntax.port_list
    while operator in ("eq", "neq") and len(numbers) < most and (reader.peek() in table or reader.peek().isdigit()):
        numbers.append(_port(reader, table))
    names = {number: name for name, number in reversed(list(table.items()))}
    return Ports(intervals(operator, numbers), " ".join([operator, *(names.get(one, str(one)) for one in numbers)]))


def _port(reader: Reader, table: Mapping[str, int]) -> int:
    word = reader.take()
    if word in table:
        return table[word]
    if word.isdigit() and int(word) <= MAX_PORT:
        return int(word)
    raise reader.refuse()


def _icmp(reader: Reader) -> tuple[tuple[int, int | None] | None, str]:
    """Read an ICMP type by name, or type and code by number; give it with its printed name."""
    table = reader.syntax.icmp6 if reader.bits == 128 else reader.syntax.icmp
    word = reader.peek()
    if word in table:
        reader.take()
        pair = table[word]
    elif word.isdigit():
        reader.take()
        code = int(reader.take()) if reader.peek().isdigit() else None
        pair = (int(word), code)
    else:
        return None, ""
    shown = " ".join(str(part) for part in pair if part is not None)
    return pair, next((name for name, value in table.items() if value == pair), shown)
