# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object groups of a Cisco IOS or IOS-XE configuration, expanded: what an entry that names one means.

A group that is empty, names itself, or has a line that is not understood is left out; entries that name it stay opaque.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_entry import (
    Groups,
    Service,
    icmp_of,
    port_set,
    protocol_of,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ALL_ADDRESSES,
    ANY,
    PROTOCOLS,
    Address,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.words import Words

_HEAD = re.compile(r"object-group (network|service) (\S+)$")
_NOTES = ("description ", "!")
_T = TypeVar("_T", Address, Service)


def parse_groups(text: str) -> Groups:
    """Read the object groups of a configuration."""
    bodies: dict[str, dict[str, list[str]]] = {"network": {}, "service": {}}
    current: list[str] | None = None
    for raw in text.splitlines():
        line = raw.rstrip()
        head = _HEAD.match(line)
        if head:
            current = bodies[head[1]].setdefault(head[2], [])
        elif line and not line[0].isspace():
            current = None
        elif line.strip() and current is not None and not line.strip().startswith(_NOTES):
            current.append(line.strip())
    return Groups(_expanded(bodies["network"], _networks), _expanded(bodies["service"], _services))


def _expanded(bodies: Mapping[str, Sequence[str]], read: Callable[[Words], list[_T]]) -> dict[str, tuple[_T, ...]]:
    """Put the members of inner groups in the place of their names."""

    def members(name: str, outer: tuple[str, ...]) -> list[_T]:
        if name in outer or not bodies[name]:
            raise LookupError(name)
        found: list[_T] = []
        for line in bodies[name]:
            words = Words(line.split())
            if words.took("group-object"):
                found += members(words.take(), (*outer, name))
            else:
                found += read(words)
            if words.left:
                raise LookupError(line)
        return found

    groups: dict[str, tuple[_T, ...]] = {}
    for name in bodies:
        try:
            groups[name] = tuple(dict.fromkeys(members(name, ())))
        except (LookupError, ValueError, InputError):
            continue
    return groups


def _networks(words: Words) -> list[Address]:
    """Read one line of a network group; its masks are subnet masks, unlike those of lists."""
    word = words.take()
    if word == "any":
        return [ANY]
    if word == "host":
        return [Address(int(ipaddress.IPv4Address(words.take())), 0)]
    if word == "range":
        first, last = ipaddress.IPv4Address(words.take()), ipaddress.IPv4Address(words.take())
        spans = ipaddress.summarize_address_range(first, last)
        return [Address(int(span.network_address), int(span.hostmask)) for span in spans]
    if "/" in word:
        return [Address.of(word)]
    mask = int(ipaddress.IPv4Address(words.take()))
    return [Address.masked(int(ipaddress.IPv4Address(word)), mask ^ ALL_ADDRESSES)]


def _services(words: Words) -> list[Service]:
    """Read one line of a service group: protocol, ``source`` ports, destination ports or ICMP type."""
    word = words.take()
    protocols = [PROTOCOLS["tcp"], PROTOCOLS["udp"]] if word == "tcp-udp" else [protocol_of(word, "ipv4")]
    found: list[Service] = []
    for protocol in protocols:
        rest = Words(words.left)
        src_ports = port_set(rest, protocol) if rest.took("source") else None
        found.append(Service(protocol, src_ports, port_set(rest, protocol), icmp_of(rest, protocol)))
        if rest.left:
            raise LookupError(rest.peek())
    words.left.clear()
    return found
