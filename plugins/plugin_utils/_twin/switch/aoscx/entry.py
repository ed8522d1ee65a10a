# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of AOS-CX access lists: from what is typed to what is stored, printed and matched.

Source: switch-acl.md sections 2.5 and 3. This file is the simulated switch's own reading of the syntax.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..entry import CliError, Token
from .tables import FLAGS, ICMP, ICMP6, NARROWING, PORTS, PROTOCOLS, PROTOCOLS6, WITH_PORTS, name_of

MAX_PORT = 65535
MAX_SEQUENCE = 4294967295
Interval = tuple[int, int]
FAMILIES = ("ip", "ipv6")
# (kind "ip", "ipv6" or "port", name) -> what the group holds
Groups = Callable[[str, str], list[Any]]


@dataclass(frozen=True)
class Address:
    """An address: any, a value with its mask, or the name of a group."""

    text: str
    value: int = 0
    mask: int = 0
    group: str = ""
    family: str = "ip"

    def covers(self, address: int, groups: Groups) -> bool:
        """Tell whether a packet's address matches."""
        if self.group:
            return any(part.covers(address, groups) for part in groups(self.family, self.group))
        return (address ^ self.value) & self.mask == 0


@dataclass(frozen=True)
class Ports:
    """A port condition, or the name of a group of them."""

    text: str
    low: int = 0
    high: int = MAX_PORT
    group: str = ""

    def covers(self, port: int | None, groups: Groups) -> bool:
        """Tell whether a packet's port matches; a packet without a port never does."""
        if self.group:
            return any(part.covers(port, groups) for part in groups("port", self.group))
        return port is not None and self.low <= port <= self.high


@dataclass(frozen=True)
class Entry:
    """One rule without its number; ``body`` is the stored spelling."""

    body: str
    action: str
    protocol: int
    src: Address
    dst: Address
    src_ports: Ports | None = None
    dst_ports: Ports | None = None
    icmp: tuple[int | None, int | None] = (None, None)
    established: bool = False
    count: bool = False
    opaque: bool = False
    family: str = "ip"

    def matches(self, packet: Mapping[str, Any], groups: Groups) -> bool:
        """Tell whether a packet (src, dst, protocol, src_port, dst_port, established, icmp_type, icmp_code) matches."""
        protocol = packet.get("protocol", 0)
        known = {**PROTOCOLS, **PROTOCOLS6, "icmp": 58 if self.family == "ipv6" else 1}
        number = known[protocol] if str(protocol) in known else int(protocol)
        number = 58 if (self.family, number) == ("ipv6", 1) else number
        if family_of(packet) != self.family:
            return False
        if self.opaque or self.protocol not in (0, number) or (self.established and not packet.get("established")):
            return False
        if not self.src.covers(int(ipaddress.ip_address(packet["src"])), groups):
            return False
        if not self.dst.covers(int(ipaddress.ip_address(packet["dst"])), groups):
            return False
        for ports, key in ((self.src_ports, "src_port"), (self.dst_ports, "dst_port")):
            if ports is not None and not ports.covers(packet.get(key), groups):
                return False
        wanted = zip(self.icmp, (packet.get("icmp_type"), packet.get("icmp_code")), strict=True)
        return all(want is None or want == found for want, found in wanted)


def family_of(packet: Mapping[str, Any]) -> str:
    """Give ``ip`` or ``ipv6``."""
    return "ipv6" if ":" in str(packet["src"]) else "ip"


class Reader:
    """Walks over the words of one entry of a list or group of a family."""

    def __init__(self, words: list[Token], family: str = "ip") -> None:
        self.words = words
        self.family = family
        self.position = 0

    def peek(self) -> str:
        """Give the next word, lower case, without taking it."""
        return self.words[self.position].text.lower() if self.position < len(self.words) else ""

    def take(self) -> str:
        """Take the next word as typed."""
        if self.position >= len(self.words):
            raise CliError("incomplete")
        self.position += 1
        return self.words[self.position - 1].text

    def refuse(self) -> CliError:
        """Build the refusal of the word taken last."""
        return CliError("invalid", self.words[self.position - 1].column, self.words[self.position - 1].text)


def parse_entry(words: list[Token], family: str = "ip") -> Entry:
    """Read `permit tcp any 10.0.0.0/24 eq 502 count`.

    Raises:
        CliError: with the word that is not understood, or ``incomplete``.
    """
    reader = Reader(words, family)
    typed = reader.take().lower()
    action = next((name for name in ("permit", "deny") if name.startswith(typed)), "")
    if not action:
        raise reader.refuse()
    protocol = _protocol(reader)
    src = address(reader)
    src_ports = ports(reader) if protocol in WITH_PORTS else None
    dst = address(reader)
    dst_ports = ports(reader) if protocol in WITH_PORTS else None
    made: dict[str, Any] = {"icmp": _icmp(reader) if protocol in (1, 58) else (None, None), "family": family}
    tail = _tail(reader, protocol, made)
    protocols = PROTOCOLS6 if family == "ipv6" else PROTOCOLS
    parts = [action, name_of(protocols, protocol), src.text, src_ports.text if src_ports else "", dst.text]
    parts += [dst_ports.text if dst_ports else "", *_icmp_words(family, *made["icmp"]), *tail]
    body = " ".join(part for part in parts if part)
    return Entry(body, action, protocol, src, dst, src_ports, dst_ports, **made)


def _protocol(reader: Reader) -> int:
    word = reader.take().lower()
    protocols = PROTOCOLS6 if reader.family == "ipv6" else PROTOCOLS
    if word in protocols:
        return protocols[word]
    if word.isdigit() and int(word) <= 255:
        return int(word)
    raise reader.refuse()


def address(reader: Reader, groups: bool = True) -> Address:
    """Read `any`, an address, address/prefix, address/mask or a group's name.

    [documented] Masks are printed dotted and host bits stay as typed. [assumed] /32 is printed without a mask, IPv6
    prefixes are printed as prefixes and /128 without one.
    """
    word = reader.take()
    if word.lower() == "any" and groups:
        return Address("any")
    host, slash, mask_text = word.partition("/")
    try:
        value = ipaddress.ip_address(host)
    except ValueError:
        if not groups or slash or not word[0].isalpha():
            raise reader.refuse() from None
        return Address(word, group=word, family=reader.family)
    if (value.version == 6) != (reader.family == "ipv6"):
        raise reader.refuse()
    if value.version == 6:
        return _address6(reader, value, mask_text if slash else "128")
    try:
        network = ipaddress.IPv4Network(f"0.0.0.0/{mask_text}") if slash else ipaddress.IPv4Network("0.0.0.0/32")
    except ValueError:
        raise reader.refuse() from None
    if network.prefixlen == 0:
        raise reader.refuse()  # [documented] 1 to 32
    text = str(value) if network.prefixlen == 32 else f"{value}/{network.netmask}"
    return Address(text, int(value), int(network.netmask))


def _address6(reader: Reader, value: ipaddress.IPv6Address, length: str) -> Address:
    if not length.isdigit() or not 1 <= int(length) <= 128:
        raise reader.refuse()
    mask = int(ipaddress.IPv6Network(f"::/{length}").netmask)
    return Address(f"{value}" if length == "128" else f"{value}/{length}", int(value) & mask, mask, family="ipv6")


def _port(reader: Reader) -> int:
    word = reader.take().lower()
    if word in PORTS:
        return PORTS[word]
    if word.isdigit() and int(word) <= MAX_PORT:
        return int(word)
    raise reader.refuse()


def ports(reader: Reader, groups: bool = True) -> Ports | None:
    """Read `eq`, `gt`, `lt`, `range` or `group`; [documented] there is no `neq` and no list of ports."""
    word = reader.peek()
    if word == "group" and groups:
        reader.take()
        name = reader.take()
        return Ports(f"group {name}", group=name)
    if word not in ("eq", "gt", "lt", "range"):
        return None
    reader.take()
    first = _port(reader)
    last = _port(reader) if word == "range" else first
    if word == "range" and last < first:
        raise reader.refuse()
    text = " ".join([word, name_of(PORTS, first), *([name_of(PORTS, last)] if word == "range" else [])])
    low, high = {"gt": (first + 1, MAX_PORT), "lt": (0, first - 1)}.get(word, (first, last))
    return Ports(text, low, high)


def _icmp(reader: Reader) -> tuple[int | None, int | None]:
    found: list[int | None] = [None, None]
    types = ICMP6 if reader.family == "ipv6" else ICMP
    for index, word in enumerate(("icmp-type", "icmp-code")):
        if reader.peek() == word:
            reader.take()
            value = reader.take().lower()
            if index == 0 and value in types:
                found[0] = types[value]
            elif value.isdigit() and int(value) <= 255:
                found[index] = int(value)
            else:
                raise reader.refuse()
    return found[0], found[1]


def _icmp_words(family: str, kind: int | None, code: int | None) -> list[str]:
    words = [] if kind is None else ["icmp-type", name_of(ICMP6 if family == "ipv6" else ICMP, kind)]
    return words + ([] if code is None else ["icmp-code", str(code)])


def _tail(reader: Reader, protocol: int, made: dict[str, Any]) -> list[str]:
    """Read what stands behind the match; ``made`` learns what it means. Gives the words in printing order."""
    flags: list[str] = []
    narrowing: list[str] = []
    last: list[str] = []
    while reader.peek():
        word = reader.take().lower()
        if word == "established" and protocol == 6:
            made["established"] = True
            flags.append(word)
        elif word in FLAGS and protocol == 6:
            flags.append(word)
            made["opaque"] = True
        elif word == "fragment":
            narrowing.append(word)
            made["opaque"] = True
        elif word in NARROWING:
            narrowing += [word, reader.take()]
            made["opaque"] = True
        elif word in ("count", "log"):
            last.append(word)
            made["count"] = made.get("count", False) or word == "count"
        else:
            raise reader.refuse()
    return [*narrowing, *flags, *sorted(set(last))]
