# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packets, and which rule of a list decides them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    BITS,
    PROTOCOL_NAMES,
    WITH_PORTS,
    WITH_TYPES,
    Rule,
)

_TCP = 6

Interval = tuple[int, int]


@dataclass(frozen=True)
class Packet:
    """One packet; ``dst_port`` holds type * 256 + code for icmp, ``established`` is ACK or RST for tcp.

    ``bits`` is 32 for IPv4 and 128 for IPv6.
    """

    protocol: int
    src: int
    dst: int
    src_port: int = 0
    dst_port: int = 0
    established: bool = False
    bits: int = 32

    @property
    def point(self) -> tuple[int, ...]:
        """The packet as a point of the six dimensions."""
        return (self.protocol, self.src, self.dst, self.src_port, self.dst_port, int(self.established))

    def to_dict(self) -> dict[str, Any]:
        """Give the packet as a witness a person can read."""
        kind = ipaddress.IPv4Address if self.bits == BITS["ipv4"] else ipaddress.IPv6Address
        plain: dict[str, Any] = {
            "protocol": PROTOCOL_NAMES.get(self.protocol, self.protocol),
            "src": str(kind(self.src)),
            "dst": str(kind(self.dst)),
        }
        if self.protocol in WITH_PORTS:
            plain |= {"src_port": self.src_port, "dst_port": self.dst_port}
        if self.protocol == _TCP:
            plain["established"] = self.established
        if self.protocol in WITH_TYPES:
            plain |= {"icmp_type": self.dst_port >> 8, "icmp_code": self.dst_port & 255}
        return plain


def matches(rule: Rule, packet: Packet) -> bool:
    """True if the rule decides this packet."""
    if rule.src.bits != packet.bits or (rule.protocol is not None and rule.protocol != packet.protocol):
        return False
    if not (rule.src.covers(packet.src) and rule.dst.covers(packet.dst)):
        return False
    if rule.established and not packet.established:
        return False
    if rule.icmp and not icmp_interval(rule.icmp)[0] <= packet.dst_port <= icmp_interval(rule.icmp)[1]:
        return False
    return _within(packet.src_port, rule.src_ports) and _within(packet.dst_port, rule.dst_ports)


def _within(port: int, ports: tuple[Interval, ...] | None) -> bool:
    return ports is None or any(low <= port <= high for low, high in ports)


def first_match(rules: Sequence[Rule], packet: Packet) -> int | None:
    """Give the index of the rule that decides the packet; None means the invisible deny at the end."""
    return next((index for index, rule in enumerate(rules) if matches(rule, packet)), None)


def permits(rules: Sequence[Rule], packet: Packet) -> bool:
    """True if the ordered list lets the packet through."""
    index = first_match(rules, packet)
    return index is not None and rules[index].action == "permit"


def icmp_interval(icmp: tuple[int, int | None]) -> Interval:
    """Give type and code as an interval of type * 256 + code."""
    kind, code = icmp
    return (kind * 256, kind * 256 + 255) if code is None else (kind * 256 + code, kind * 256 + code)
