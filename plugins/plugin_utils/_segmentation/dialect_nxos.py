# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in the spelling of Cisco NX-OS: render, and a strict parser of configurations and of the show commands.

Object groups are expanded where the text holds them. A line that is not understood to its last word stays opaque
(reference switch-acl.md sections 2.3, 3 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Lists, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.list_text import ListText, by_key, read_body
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.nxos_names import NXOS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.prefix_entries import (
    NO_GROUPS,
    EntryReader,
    Groups,
    address_of,
    family_of,
    ports_after,
    render_entries,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY6,
    PROTOCOLS,
    Address,
    Ports,
    Rule,
    normal_ports,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.words import Words

HEADS = {"ipv4": "ip access-list", "ipv6": "ipv6 access-list"}

_CONFIG_HEAD = re.compile(r"(?P<ip>ip|ipv6) access-list (?P<name>\S+)$")
_SHOW_HEAD = re.compile(r"(?P<ip>IP|IPV4|IPV6) (?:access list|ACL) (?P<name>\S+)$", re.IGNORECASE)
_GROUP_HEAD = re.compile(r"object-group (?:ip|ipv6) (?P<kind>address|port) (?P<name>\S+)$")
_COUNTER = re.compile(r"(?:\s*\[match=\d+\])+\s*$")
_NUMBER = re.compile(r"^\d+\s+(?=\S)")
# A setting that decides no packet; anything else that is no entry stays opaque.
_NOTES = re.compile(r"statistics per-entry$")
# What stands invisibly in front of the invisible deny of an IPv6 list: neighbour discovery.
_IMPLICIT = tuple(
    Rule("permit", PROTOCOLS["icmpv6"], ANY6, ANY6, icmp=(kind, None), remark="implicit")
    for kind in (136, 135, 134, 133)
)


def render(name: str, rules: Iterable[Rule]) -> list[str]:
    """Give the lines that build the list from nothing; entries are counted.

    Raises:
        InputError: rules of both families, or an IPv6 address that falls into too many prefixes.
    """
    rules = list(rules)
    return [f"{HEADS[family_of(rules)]} {name}", "statistics per-entry", *render_entries(rules, NXOS)]


def parse_lists(text: str) -> Lists:
    """Read every IPv4 and IPv6 list by name; an IPv6 list with the name of an IPv4 one is found as ``NAME (ipv6)``.

    Args:
        text: a configuration, or what ``show ip access-lists`` and ``show ipv6 access-lists`` print.
    """
    found: dict[tuple[str, str], ListText] = {}
    current: ListText | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line or line.strip() == "!":
            continue
        if line[0].isspace():
            if current is not None:
                current.lines.append(line)
            continue
        head = _CONFIG_HEAD.match(line) or _SHOW_HEAD.match(line)
        current = ListText.of(found, head["name"], head["ip"].lower(), "extended") if head else None
    groups = parse_groups(text)
    return Lists(by_key(found), lambda _key, text: _read(text, groups))


def _read(text: ListText, groups: Groups) -> AccessList:
    lines = (_COUNTER.sub("", line).strip() for line in text.lines)
    entries = read_body(EntryReader(NXOS, text.family, groups=groups), lines, _NOTES)
    if text.family == "ipv6" and entries and not _closes(entries[-1]):
        entries = (*entries, *_IMPLICIT)
    return AccessList(text.name, text.shown_kind, entries)


def _closes(entry: Rule | Opaque) -> bool:
    return isinstance(entry, Rule) and entry.match == Rule(entry.action, None, ANY6, ANY6)


def parse_groups(text: str) -> Groups:
    """Read the object groups of a configuration; one with a line that is not understood, or empty, is left out."""
    bodies: dict[tuple[str, str], list[str]] = {}
    current: list[str] | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        if line[:1].isspace():
            if current is not None and line.strip():
                current.append(_NUMBER.sub("", line.strip()))
        elif line:
            head = _GROUP_HEAD.match(line)
            current = bodies.setdefault((head["kind"], head["name"]), []) if head else None
    if not bodies:
        return NO_GROUPS
    addresses: dict[str, tuple[Address, ...]] = {}
    ports: dict[str, Ports] = {}
    for (kind, name), lines in bodies.items():
        try:
            if kind == "address" and lines:
                addresses[name] = tuple(_group_address(line) for line in lines)
            elif lines:
                ports[name] = _group_ports(lines)
        except (LookupError, ValueError, InputError):
            continue
    return Groups(addresses, ports)


def _group_address(line: str) -> Address:
    words = Words(line.split())
    address = address_of(words.take(), words)
    if words.left:
        raise ValueError(line)
    return address


def _group_ports(lines: Iterable[str]) -> Ports:
    """Join the intervals of a group of ports; the group says nothing of the protocol, so names are not read."""
    pairs: list[tuple[int, int]] = []
    for line in lines:
        words = Words(line.split())
        found = ports_after(words, {})
        if words.left or found is None:
            raise ValueError(line)
        pairs.extend(found)
    return normal_ports(pairs) or ((0, 65535),)
