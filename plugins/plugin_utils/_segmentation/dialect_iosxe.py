# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the spelling of Cisco IOS and IOS-XE: render, and a strict parser of what the device prints.

Both forms of a list are read: the section of a configuration and ``show ip access-lists`` (``show ipv6 access-list``).
A line that is not understood to its last word stays opaque (reference switch-acl.md sections 2.1, 3 and 4).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Lists, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_entry import Groups, parse_entry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_groups import parse_groups
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY6,
    PROTOCOL_NAMES,
    PROTOCOLS,
    Address,
    Ports,
    Rule,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.words import clean_remark, prefixes

MAX_NAME = 31

_CONFIG_HEAD = re.compile(r"ip access-list (extended|standard) (\S+)$")
_SHOW_HEAD = re.compile(r"(Extended|Standard) IP access list (\S+)")
_IPV6_HEAD = re.compile(r"(?:ipv6 access-list|IPv6 access list) (\S+)")
_NUMBERED = re.compile(r"access-list (\d+) (.+)$")
_COUNTER = re.compile(r"\s*\(\d+ match(?:es)?\)")
_SEQUENCE = re.compile(r"^(?:sequence\s+)?\d+\s+(?=(?:permit|deny|remark|dynamic|evaluate)\b)")
_SEQUENCE_BEHIND = re.compile(r"\s+sequence\s+\d+$")

# What an IPv6 list permits behind its last entry, before the invisible deny.
_DISCOVERY = tuple(
    Rule("permit", PROTOCOLS["icmpv6"], ANY6, ANY6, icmp=(kind, None), remark="implicit: neighbour discovery")
    for kind in (136, 135)
)


def render(name: str, rules: Iterable[Rule]) -> list[str]:
    """Give the lines that build the list from nothing, in order and without sequence numbers.

    Without numbers the same lines work on classic 15.x and on 17.x, where remarks take numbers too. An entry equal to
    an earlier one is left out, because the device ignores it; a remark is written once for the entries that share it,
    because the device refuses it twice. IPv6 lists know prefixes only, so other wildcards fall into several entries.

    Raises:
        InputError: an IPv6 address falls into too many prefixes.
    """
    rules = list(rules)
    ipv6 = bool(rules) and rules[0].family == "ipv6"
    lines = [f"ipv6 access-list {name}" if ipv6 else f"ip access-list extended {name}"]
    seen: set[str] = set()
    last_remark = ""
    for rule in rules:
        fresh = [line for line in _entries(rule) if line.removesuffix(" log") not in seen]
        remark = clean_remark(rule.remark)
        if fresh and remark and remark != last_remark:
            lines.append(f"remark {remark}")
        if fresh:
            last_remark = remark
        seen.update(line.removesuffix(" log") for line in fresh)
        lines.extend(fresh)
    return lines


def _entries(rule: Rule) -> Iterator[str]:
    tail = ""
    if rule.icmp:
        tail += f" {rule.icmp[0]}" if rule.icmp[1] is None else f" {rule.icmp[0]} {rule.icmp[1]}"
    if rule.established:
        tail += " established"
    if rule.log:
        tail += " log"
    for src in _address_words(rule.src):
        for dst in _address_words(rule.dst):
            for src_ports in _port_words(rule.src_ports):
                for dst_ports in _port_words(rule.dst_ports):
                    yield f"{rule.action} {_protocol_word(rule)} {src}{src_ports} {dst}{dst_ports}{tail}"


def _protocol_word(rule: Rule) -> str:
    if rule.family == "ipv6":
        if rule.protocol is None:
            return "ipv6"
        # The word icmp stands for the ICMP of IPv6 there; the one of IPv4 has nothing but its number.
        named = {PROTOCOLS["icmpv6"]: "icmp", PROTOCOLS["tcp"]: "tcp", PROTOCOLS["udp"]: "udp"}
        return named.get(rule.protocol, str(rule.protocol))
    if rule.protocol is None:
        return "ip"
    return (
        str(rule.protocol)
        if rule.protocol == PROTOCOLS["icmpv6"]
        else PROTOCOL_NAMES.get(rule.protocol, str(rule.protocol))
    )


def _port_words(ports: Ports | None) -> list[str]:
    if ports is None:
        return [""]
    return [f" eq {low}" if low == high else f" range {low} {high}" for low, high in ports]


def _address_words(address: Address) -> list[str]:
    if address.every:
        return ["any"]
    if address.bits == ANY6.bits:
        return [str(one) if one.wildcard else f"host {str(one).partition('/')[0]}" for one in prefixes(address)]
    value = ipaddress.IPv4Address(address.value)
    return [f"host {value}" if address.wildcard == 0 else f"{value} {ipaddress.IPv4Address(address.wildcard)}"]


@dataclass
class _Text:
    """The lines of one list, as they stand."""

    kind: str
    lines: list[str] = field(default_factory=list)


def parse_lists(text: str, groups: Groups | None = None) -> Lists:
    """Read every list of a configuration, or of the show commands, by name.

    An IPv6 list with the name of an IPv4 one is found as ``NAME (ipv6)``.

    Args:
        text: what the device prints.
        groups: object groups where the text does not hold them itself.
    """
    known = groups or parse_groups(text)
    collected: dict[str, _Text] = {}
    current: _Text | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        if line[:1].isspace():
            if current is not None:
                current.lines.append(line)
            continue
        head = _CONFIG_HEAD.match(line) or _SHOW_HEAD.match(line)
        ipv6, numbered = _IPV6_HEAD.match(line), _NUMBERED.match(line)
        if head:
            current = collected.setdefault(head[2], _Text(head[1].lower()))
        elif ipv6:
            taken = ipv6[1] in collected and collected[ipv6[1]].kind != "ipv6"
            current = collected.setdefault(f"{ipv6[1]} (ipv6)" if taken else ipv6[1], _Text("ipv6"))
        elif numbered:
            current = None
            kind = _kind_of_number(int(numbered[1]))
            collected.setdefault(numbered[1], _Text(kind)).lines.append(numbered[2])
        elif line:
            current = None
    return Lists(collected, lambda name, found: AccessList(name, found.kind, _read_entries(found, known)))


def _kind_of_number(number: int) -> str:
    return "standard" if number < 100 or 1300 <= number < 2000 else "extended"


def _read_entries(text: _Text, groups: Groups) -> tuple[Rule | Opaque, ...]:
    entries: list[Rule | Opaque] = []
    remark = ""
    for line in text.lines:
        body = _SEQUENCE_BEHIND.sub("", _COUNTER.sub("", line).strip()) if "remark" not in line else line.strip()
        body = _SEQUENCE.sub("", body, count=1)
        if body.startswith("remark"):
            remark = body[len("remark") :].strip()
            continue
        entries += parse_entry(body, kind=text.kind, remark=remark, groups=groups)
        remark = ""
    if text.kind == "ipv6" and entries and not _closes(entries):
        entries += _DISCOVERY
    return tuple(entries)


def _closes(entries: Sequence[Rule | Opaque]) -> bool:
    """True if the last entry decides everything, so that nothing behind it matters."""
    last = entries[-1]
    return isinstance(last, Rule) and last.match == Rule(last.action, src=ANY6, dst=ANY6)
