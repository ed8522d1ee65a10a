# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the spelling of Aruba AOS-CX: render, and a strict parser of configurations and of ``show ... commands``.

Object groups are expanded where the text holds them. A line that is not understood to its last word stays opaque
(reference switch-acl.md sections 2.5, 3 and 4).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import aoscx_names as names
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Lists, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ALL_ADDRESSES,
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

_STEP = 10
_MAX_EXPANDED = 4096
_HEAD = re.compile(r"access-list (ip|ipv6) (\S+)$")
_GROUP = re.compile(r"object-group (ip address|ipv6 address|port) (\S+)$")
_NUMBER = re.compile(r"(\d+)\s+(?=\S)")
_KINDS = {"ip": "extended", "ipv6": "ipv6"}


@dataclass(frozen=True)
class Groups:
    """Object groups by name; one that was not understood, or is empty, is not there."""

    addresses: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    ports: Mapping[str, Ports] = field(default_factory=dict)


def render(name: str, rules: Iterable[Rule]) -> list[str]:
    """Give the lines that build the list from nothing, numbered by tens.

    Every entry counts its hits. A comment goes to the number of the first entry of its rule, behind that entry. ``log``
    works for deny entries only (vendor's guide), so a permit that should be logged is counted instead. Addresses that
    are no prefix fall into several entries: what the platform makes of such masks is not documented.

    Raises:
        InputError: an address falls into too many prefixes.
    """
    rules = list(rules)
    kind = "ipv6" if rules and rules[0].family == "ipv6" else "ip"
    lines = [f"access-list {kind} {name}"]
    number = 0
    last_remark = ""
    for rule in rules:
        remark = clean_remark(rule.remark)
        for index, entry in enumerate(_entries(rule)):
            number += _STEP
            lines.append(f"{number} {entry}")
            if index == 0 and remark and remark != last_remark:
                lines.append(f"{number} comment {remark}")
        last_remark = remark
    return lines


def _entries(rule: Rule) -> Iterator[str]:
    protocol = "any" if rule.protocol is None else PROTOCOL_NAMES.get(rule.protocol, str(rule.protocol))
    tail = " established" if rule.established else ""
    if rule.icmp:
        tail += f" icmp-type {rule.icmp[0]}" + ("" if rule.icmp[1] is None else f" icmp-code {rule.icmp[1]}")
    tail += " count"
    if rule.log and rule.action == "deny":
        tail += " log"
    for src in prefixes(rule.src):
        for dst in prefixes(rule.dst):
            for src_ports in _port_words(rule.src_ports):
                for dst_ports in _port_words(rule.dst_ports):
                    source, target = _address_words(src), _address_words(dst)
                    yield f"{rule.action} {protocol} {source}{src_ports} {target}{dst_ports}{tail}"


def _port_words(ports: Ports | None) -> list[str]:
    if ports is None:
        return [""]
    return [f" eq {low}" if low == high else f" range {low} {high}" for low, high in ports]


def _address_words(address: Address) -> str:
    # An address of its own is printed without /32.
    return str(address) if address.wildcard else str(address).partition("/")[0]


def parse_lists(text: str, groups: Groups | None = None) -> Lists:
    """Read every IPv4 and IPv6 list by name; an IPv6 list with the name of an IPv4 one is found as ``NAME (ipv6)``.

    Args:
        text: a configuration, or what ``show access-list ip NAME commands`` prints.
        groups: object groups where the text does not hold them itself.
    """
    found = sections(text)
    known = groups or parse_groups(text)
    heads = {head for head, _body in found}
    bodies: dict[str, tuple[str, list[str]]] = {}
    for head, body in found:
        named = _HEAD.match(head)
        if named:
            both = named[1] == "ipv6" and f"access-list ip {named[2]}" in heads
            bodies.setdefault(f"{named[2]} (ipv6)" if both else named[2], (named[1], []))[1].extend(body)
    return Lists(bodies, lambda name, text: _list(name, text[0], text[1], known))


def _list(name: str, kind: str, body: Sequence[str], groups: Groups) -> AccessList:
    return AccessList(name, _KINDS[kind], _read_entries(body, "ipv6" if kind == "ipv6" else "ipv4", groups))


def sections(text: str) -> list[tuple[str, list[str]]]:
    """Give the sections of a configuration as (head, stripped lines); lines that begin with ``!`` are notes."""
    found: list[tuple[str, list[str]]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("!"):
            continue
        if raw[:1].isspace() and found:
            found[-1][1].append(line)
        else:
            found.append((line, []))
    return found


def parse_groups(text: str) -> Groups:
    """Read the object groups of a configuration."""
    addresses: dict[str, tuple[Address, ...]] = {}
    ports: dict[str, Ports] = {}
    for head, body in sections(text):
        named = _GROUP.match(head)
        lines = [_NUMBER.sub("", line, count=1) for line in body]
        try:
            if named and named[1] == "port":
                ports[named[2]] = _joined(lines)
            elif named and lines:
                family = "ipv6" if named[1].startswith("ipv6") else "ipv4"
                addresses[named[2]] = tuple(_literal(line, family) for line in lines)
        except (LookupError, ValueError, InputError):
            # An entry that names the group stays opaque.
            continue
    return Groups(addresses, ports)


def _joined(lines: Sequence[str]) -> Ports:
    pairs: list[tuple[int, int]] = []
    for line in lines:
        operator, *listed = line.split()
        pairs += ports_of(operator, [_port(port) for port in listed]) or ((0, 65535),)
    return normal_ports(pairs) or ((0, 65535),)


def _read_entries(body: Sequence[str], family: str, groups: Groups) -> tuple[Rule | Opaque, ...]:
    """Read the lines of one list; a comment belongs to the entry of its number, or to the next one."""
    entries: list[tuple[str, Rule | Opaque]] = []
    waiting: tuple[str, str] | None = None
    for line in body:
        numbered = _NUMBER.match(line)
        number, words = (numbered[1], line[numbered.end() :]) if numbered else ("", line)
        if words.split()[0] == "comment":
            text = words[len("comment") :].strip()
            if number and entries and entries[-1][0] == number:
                entries = [
                    (key, replace(entry, remark=text) if key == number and isinstance(entry, Rule) else entry)
                    for key, entry in entries
                ]
            else:
                waiting = number, text
            continue
        remark = waiting[1] if waiting else ""
        waiting = None
        entries += [(number, entry) for entry in parse_entry(words, family=family, groups=groups, remark=remark)]
    return tuple(entry for _number, entry in entries)


def parse_entry(
    body: str, *, family: str = "ipv4", groups: Groups | None = None, remark: str = ""
) -> list[Rule] | list[Opaque]:
    """Read one entry without its number; groups make several rules of it, an unknown word makes it opaque."""
    try:
        return _entry(Words(body.split()), family, groups or Groups(), remark)
    except (LookupError, ValueError, InputError):
        return [Opaque(body)]


def _entry(words: Words, family: str, groups: Groups, remark: str) -> list[Rule]:
    action = words.take()
    protocol = _protocol(words.take())
    sources = _addresses(words.take(), family, groups)
    src_ports = _ports(words, protocol, groups)
    targets = _addresses(words.take(), family, groups)
    dst_ports = _ports(words, protocol, groups)
    icmp = _icmp(words, protocol) if protocol in WITH_TYPES else None
    established = words.took("established")
    words.took("count")
    log = words.took("log")
    words.took("count")
    if words.left or len(sources) * len(targets) > _MAX_EXPANDED:
        raise LookupError(words.peek())
    return [
        Rule(action, protocol, src, dst, src_ports, dst_ports, icmp, established, log, remark)
        for src in sources
        for dst in targets
    ]


def _protocol(word: str) -> int | None:
    if word in ("any", "ip", "ipv6"):
        return None
    # The number 0 is a protocol here, no wildcard; a rule refuses it.
    return names.PROTOCOLS[word] if word in names.PROTOCOLS else int(word)


def _addresses(word: str, family: str, groups: Groups) -> tuple[Address, ...]:
    try:
        return (_literal(word, family),)
    except ValueError:
        found = groups.addresses[word]
    if any(address.bits != BITS[family] for address in found):
        raise LookupError(word)
    return found


def _literal(word: str, family: str) -> Address:
    """Read an address, a prefix, or an address with a subnet mask (1 is compared, unlike in a wildcard)."""
    if word == "any":
        return ANY if family == "ipv4" else ANY6
    value, _slash, tail = word.partition("/")
    if family == "ipv6":
        network = ipaddress.IPv6Network(word, strict=False)
        return Address(int(network.network_address), int(network.hostmask), 128)
    wildcard = 0
    if "." in tail:
        wildcard = int(ipaddress.IPv4Address(tail)) ^ ALL_ADDRESSES
    elif tail:
        wildcard = int(ipaddress.IPv4Network(f"0.0.0.0/{tail}").hostmask)
    return Address.masked(int(ipaddress.IPv4Address(value)), wildcard)


def _ports(words: Words, protocol: int | None, groups: Groups) -> Ports | None:
    if protocol not in WITH_PORTS or words.peek() not in ("eq", "gt", "lt", "range", "group"):
        return None
    operator = words.take()
    if operator == "group":
        return normal_ports(groups.ports[words.take()])
    listed = [words.take() for _count in range(2 if operator == "range" else 1)]
    return ports_of(operator, [_port(port) for port in listed])


def _port(word: str) -> int:
    return int(word) if word.isdigit() else names.PORTS[word]


def _icmp(words: Words, protocol: int | None) -> tuple[int, int | None] | None:
    if not words.took("icmp-type"):
        return None
    word = words.take()
    kind = int(word) if word.isdigit() else names.ICMP[protocol or 0][word]
    code = int(words.take()) if words.took("icmp-code") else None
    if not (0 <= kind <= 255 and 0 <= (code or 0) <= 255):
        raise LookupError(word)
    return kind, code
