# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries of platforms that write prefixes (Arista EOS, Cisco NX-OS): both ways, with the platform's names.

Strict: an entry that is not understood to its last word stays opaque (reference switch-acl.md sections 3 and 4).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    BITS,
    PROTOCOL_NAMES,
    WITH_PORTS,
    WITH_TYPES,
    Address,
    Ports,
    Rule,
    normal_ports,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.words import (
    Words,
    clean_remark,
    ports_of,
    prefixes,
)

# Pipes, redirection, command separators and variables of the command lines.
_NOT_IN_REMARKS = str.maketrans("|>;$", "    ")
# A group of addresses or ports multiplies entries: beyond this the line stays opaque.
_MAX_PRODUCT = 4096

Icmp = tuple[int, int | None]


@dataclass(frozen=True)
class Names:
    """What a platform prints instead of numbers.

    ``ports`` is by protocol number, ``icmp`` and ``icmp6`` give type and code; ``host`` says that one address is
    written ``host X``, else ``X/32``; ``icmp_of_ipv6`` is what ICMP for IPv6 is called inside an IPv6 list.
    """

    ports: Mapping[int, Mapping[str, int]]
    protocols: Mapping[str, int]
    icmp: Mapping[str, Icmp]
    icmp6: Mapping[str, Icmp]
    host: bool = True
    icmp_of_ipv6: str = "icmpv6"


@dataclass(frozen=True)
class Groups:
    """Object groups of a configuration, by name; a group with a line that is not understood is not in here."""

    addresses: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    ports: Mapping[str, Ports] = field(default_factory=dict)


NO_GROUPS = Groups()


def family_of(rules: Sequence[Rule]) -> str:
    """Give the family of a list's rules.

    Raises:
        InputError: the rules are of both families.
    """
    families = {rule.family for rule in rules}
    if len(families) > 1:
        raise InputError("A list mixes rules of IPv4 and IPv6.", fix="Write one list a family.")
    return families.pop() if families else "ipv4"


def render_entries(rules: Iterable[Rule], names: Names) -> list[str]:
    """Give the lines of a list's body, in order and without sequence numbers.

    An entry equal to an earlier one is left out: it decides nothing. A remark is written once for the entries that
    share it.
    """
    lines: list[str] = []
    seen: set[str] = set()
    last_remark = ""
    for rule in rules:
        fresh = [line for line in _entries(rule, names) if line.removesuffix(" log") not in seen]
        remark = clean_remark(rule.remark.translate(_NOT_IN_REMARKS))
        if fresh and remark and remark != last_remark:
            lines.append(f"remark {remark}")
        if fresh:
            last_remark = remark
        seen.update(line.removesuffix(" log") for line in fresh)
        lines.extend(fresh)
    return lines


def _entries(rule: Rule, names: Names) -> Iterator[str]:
    tail = ""
    if rule.icmp:
        tail += f" {rule.icmp[0]}" if rule.icmp[1] is None else f" {rule.icmp[0]} {rule.icmp[1]}"
    if rule.established:
        tail += " established"
    if rule.log:
        tail += " log"
    protocol = _protocol_word(rule, names)
    ends = product(_spellings(rule.src, names), _spellings(rule.dst, names))
    for (src, dst), src_ports, dst_ports in product(ends, _port_words(rule.src_ports), _port_words(rule.dst_ports)):
        yield f"{rule.action} {protocol} {src}{src_ports} {dst}{dst_ports}{tail}"


def _protocol_word(rule: Rule, names: Names) -> str:
    if rule.protocol is None:
        return "ip" if rule.family == "ipv4" else "ipv6"
    if rule.family == "ipv6" and PROTOCOL_NAMES.get(rule.protocol) == "icmpv6":
        return names.icmp_of_ipv6
    plain = PROTOCOL_NAMES.get(rule.protocol)
    return plain if plain in ("tcp", "udp") or (plain == "icmp" and rule.family == "ipv4") else str(rule.protocol)


def _port_words(ports: Ports | None) -> list[str]:
    if ports is None:
        return [""]
    return [f" eq {low}" if low == high else f" range {low} {high}" for low, high in ports]


def _spellings(address: Address, names: Names) -> list[str]:
    """Give the spelling of an address; an IPv6 one that is no prefix falls into several."""
    if address.bits == BITS["ipv6"] and not address.is_prefix:
        return [_spell(part, names) for part in prefixes(address)]
    return [_spell(address, names)]


def _spell(address: Address, names: Names) -> str:
    if address.wildcard == 0 and names.host:
        return f"host {str(address).partition('/')[0]}"
    return str(address) if address.is_prefix else str(address).replace("/", " ")


@dataclass(frozen=True)
class EntryReader:
    """Reads entries of one list: its family and kind, the platform's names, the configuration's object groups."""

    names: Names
    family: str = "ipv4"
    standard: bool = False
    groups: Groups = NO_GROUPS

    def read(self, body: str, remark: str = "") -> tuple[Rule, ...] | Opaque:
        """Read one entry without its sequence number; entries with object groups give several rules."""
        words = Words(body.split())
        try:
            rules = self._standard(words, remark) if self.standard else self._extended(words, remark)
        except (LookupError, ValueError, InputError):
            return Opaque(body)
        return Opaque(body) if words.left else rules

    def _standard(self, words: Words, remark: str) -> tuple[Rule, ...]:
        action = words.take()
        if words.peek() in ("any", "host") or "/" in words.peek():
            (src,) = self._addresses(words)
        else:
            value = int(ipaddress.IPv4Address(words.take()))
            mask = words.peek()
            wildcard = int(ipaddress.IPv4Address(words.take())) if mask[:1].isdigit() else 0
            src = Address.masked(value, wildcard)
        every = ANY if self.family == "ipv4" else ANY6
        return (Rule(action, None, src, every, log=words.took("log"), remark=remark),)

    def _extended(self, words: Words, remark: str) -> tuple[Rule, ...]:
        action = words.take()
        protocol = self._protocol(words.take())
        sources = self._addresses(words)
        src_ports = self._ports(words, protocol)
        targets = self._addresses(words)
        dst_ports = self._ports(words, protocol)
        icmp = self._icmp(words, protocol)
        established = words.took("established")
        log = words.took("log")
        if len(sources) * len(targets) > _MAX_PRODUCT:
            raise ValueError("too many pairs of addresses")
        return tuple(
            Rule(action, protocol, src, dst, src_ports, dst_ports, icmp, established, log, remark)
            for src in sources
            for dst in targets
        )

    def _protocol(self, word: str) -> int | None:
        if word in ("ip", "ipv4") and self.family == "ipv4":
            return None
        if word == "ipv6" and self.family == "ipv6":
            return None
        if word == "icmp" and self.family == "ipv6":
            # NX-OS calls it icmp inside an IPv6 list.
            return 58 if self.names.icmp_of_ipv6 == "icmp" else 1
        return self.names.protocols[word] if word in self.names.protocols else int(word) or None

    def _addresses(self, words: Words) -> tuple[Address, ...]:
        word = words.take()
        if word == "any":
            return (ANY if self.family == "ipv4" else ANY6,)
        if word == "addrgroup":
            found = self.groups.addresses[words.take()]
            if any(address.bits != BITS[self.family] for address in found):
                raise ValueError("a group of the other family")
            return found
        return (self._own(address_of(word, words)),)

    def _own(self, address: Address) -> Address:
        if address.bits != BITS[self.family]:
            raise ValueError("an address of the other family")
        return address

    def _ports(self, words: Words, protocol: int | None) -> Ports | None:
        if protocol not in WITH_PORTS:
            return None
        if words.took("portgroup"):
            return normal_ports(self.groups.ports[words.take()])
        return ports_after(words, self.names.ports[protocol or 0])

    def _icmp(self, words: Words, protocol: int | None) -> Icmp | None:
        if protocol not in WITH_TYPES:
            return None
        table = self.names.icmp if protocol == 1 else self.names.icmp6
        word = words.peek()
        if word in table:
            return table[words.take()]
        if not word.isdigit():
            return None
        kind = _octet(words.take())
        return (kind, _octet(words.take())) if words.peek().isdigit() else (kind, None)


def address_of(word: str, words: Words) -> Address:
    """Read ``host X``, ``X/n`` or ``X wildcard``, of either family.

    Raises:
        ValueError, InputError, LookupError: not an address.
    """
    if word == "host":
        return Address.of(str(ipaddress.ip_address(words.take())))
    if "/" in word:
        return Address.of(str(ipaddress.ip_interface(word)))
    value = ipaddress.ip_address(word)
    kind, bits = type(value), value.max_prefixlen
    return Address.masked(int(value), int(kind(words.take())), bits)


def ports_after(words: Words, table: Mapping[str, int]) -> Ports | None:
    """Read ``eq a b``, ``neq a``, ``gt a``, ``lt a`` or ``range a b``; anything else is left and means every port.

    Raises:
        ValueError, InputError, LookupError: not ports.
    """
    operator = words.peek()
    if operator not in ("eq", "neq", "gt", "lt", "range"):
        return None
    words.take()
    listed = [_port(words.take(), table)]
    if operator == "range":
        listed.append(_port(words.take(), table))
    while operator in ("eq", "neq") and (words.peek().isdigit() or words.peek() in table):
        listed.append(_port(words.take(), table))
    return ports_of(operator, listed)


def _port(word: str, table: Mapping[str, int]) -> int:
    return int(word) if word.isdigit() else table[word]


def _octet(word: str) -> int:
    number = int(word)
    if number > 255:
        raise ValueError("not within 0..255")
    return number
