# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of switches that write addresses as prefixes (EOS, NX-OS), and the packets they are held against.

Source: switch-acl.md sections 1 and 3. IPv4 and IPv6.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .conditions import Interval
from .entry import CliError

NUMBERS = {"ip": 0, "icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "icmpv6": 58}


@dataclass(frozen=True)
class Flow:
    """A packet as numbers."""

    version: int
    src: int
    dst: int
    protocol: int
    src_port: int | None
    dst_port: int | None
    established: bool
    icmp: tuple[int | None, int | None]

    @classmethod
    def of(cls, packet: Mapping[str, Any]) -> Flow:
        """Read a packet: src, dst, protocol (name or number), src_port, dst_port, established, icmp_type, icmp_code."""
        src, dst = ipaddress.ip_address(packet["src"]), ipaddress.ip_address(packet["dst"])
        protocol = packet.get("protocol", 0)
        number = NUMBERS[str(protocol)] if str(protocol) in NUMBERS else int(protocol)
        return cls(
            src.version,
            int(src),
            int(dst),
            58 if src.version == 6 and number == 1 else number,
            packet.get("src_port"),
            packet.get("dst_port"),
            bool(packet.get("established", False)),
            (packet.get("icmp_type"), packet.get("icmp_code")),
        )


@dataclass(frozen=True)
class Net:
    """An address condition: value, the bits that do not matter, and how it is printed."""

    value: int = 0
    free: int = (1 << 128) - 1
    text: str = "any"
    group: str = ""  # an object group stands here instead

    def covers(self, address: int, groups: Groups | None = None) -> bool:
        """Tell whether a packet's address matches; a group that is empty or missing covers nothing [assumed]."""
        if self.group:
            return any(one.covers(address) for one in (groups or {}).get(self.group, ()) if isinstance(one, Net))
        return (address ^ self.value) & ~self.free == 0


@dataclass(frozen=True)
class Ports:
    """A port condition: the intervals it covers and how it is printed."""

    intervals: tuple[Interval, ...]
    text: str
    group: str = ""

    def covers(self, port: int | None, groups: Groups | None = None) -> bool:
        """Tell whether a packet's port matches; a packet without a port never does."""
        if self.group:
            return any(one.covers(port) for one in (groups or {}).get(self.group, ()) if isinstance(one, Ports))
        return port is not None and any(low <= port <= high for low, high in self.intervals)


# object groups: name -> members
Groups = Mapping[str, tuple[Net | Ports, ...]]


@dataclass(frozen=True)
class Rule:
    """One entry without its number. ``body`` is the stored spelling and its identity."""

    kind: str  # rule | remark | opaque
    body: str
    action: str = ""
    protocol: int = 0
    src: Net = Net()
    src_ports: Ports | None = None
    dst: Net = Net()
    dst_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None
    established: bool = False

    def matches(self, flow: Flow, groups: Groups | None = None) -> bool:
        """Tell whether the rule matches; remarks and opaque entries never do [assumed for opaque ones]."""
        if self.kind != "rule" or self.protocol not in (0, flow.protocol):
            return False
        if self.established and not flow.established:
            return False
        if not (self.src.covers(flow.src, groups) and self.dst.covers(flow.dst, groups)):
            return False
        if self.src_ports is not None and not self.src_ports.covers(flow.src_port, groups):
            return False
        if self.dst_ports is not None and not self.dst_ports.covers(flow.dst_port, groups):
            return False
        return self.icmp is None or (flow.icmp[0] == self.icmp[0] and self.icmp[1] in (None, flow.icmp[1]))

    @property
    def groups(self) -> frozenset[str]:
        """The object groups that it names."""
        places = (self.src, self.dst, self.src_ports, self.dst_ports)
        return frozenset(place.group for place in places if place is not None and place.group)

    def hardware_entries(self, groups: Groups | None = None) -> int:
        """Estimate the room it takes: one entry for each combination of group members and port intervals."""
        total = 0 if self.kind == "remark" else 1
        for place in (self.src, self.dst, self.src_ports, self.dst_ports):
            if place is not None and place.group:
                total *= len((groups or {}).get(place.group, ()))
            elif isinstance(place, Ports):
                total *= len(place.intervals)
        return total


@dataclass
class RuleList:
    """A list: numbers to rules in numeric order. ``kind`` is ``ip``, ``standard`` or ``ipv6``."""

    name: str
    kind: str = "ip"
    counted: str = ""  # the line that turns counters on, as typed
    entries: dict[int, Rule] = field(default_factory=dict)
    counters: dict[int, int] = field(default_factory=dict)
    last_hit: dict[int, float] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """``ip`` or ``ipv6``."""
        return "ipv6" if self.kind == "ipv6" else "ip"

    @property
    def key(self) -> str:
        """The name together with its family: each has names of its own."""
        return f"{self.family} {self.name}"

    @property
    def effective(self) -> bool:
        """False for a list that permits everything because it holds no entry but remarks."""
        return any(rule.kind != "remark" for rule in self.entries.values())

    def put(self, number: int, rule: Rule) -> None:
        """Store a rule and keep the order."""
        appended = number > next(reversed(self.entries), 0)
        self.entries[number] = rule
        if not appended:
            self.entries = dict(sorted(self.entries.items()))

    def take(self, number: int) -> None:
        """Drop a rule with its counter."""
        del self.entries[number]
        self.counters.pop(number, None)
        self.last_hit.pop(number, None)

    def number_of(self, body: str) -> int | None:
        """Find a rule by its stored spelling."""
        return next((number for number, rule in self.entries.items() if rule.body == body), None)

    def resequence(self, start: int, step: int) -> bool:
        """Renumber; give whether a number changed."""
        numbers = {old: start + index * step for index, old in enumerate(self.entries)}
        if all(old == new for old, new in numbers.items()):
            return False
        self.entries = {numbers[old]: rule for old, rule in self.entries.items()}
        self.counters = {numbers[old]: count for old, count in self.counters.items()}
        self.last_hit = {numbers[old]: at for old, at in self.last_hit.items()}
        return True

    @property
    def groups(self) -> frozenset[str]:
        """The object groups that its rules name."""
        return frozenset(name for rule in self.entries.values() for name in rule.groups)

    def hardware_entries(self, groups: Groups | None = None) -> int:
        """Estimate the room of the list, its implicit deny included."""
        return 1 + sum(rule.hardware_entries(groups) for rule in self.entries.values())

    def decide(self, flow: Flow, counted_at: float | None = None, groups: Groups | None = None) -> tuple[bool, str]:
        """First match: (permit, text of the deciding line); a time moves the counter."""
        if not self.effective:
            return True, f"empty list {self.name}"
        for number, rule in self.entries.items():
            if rule.matches(flow, groups):
                if counted_at is not None:
                    self.counters[number] = self.counters.get(number, 0) + 1
                    self.last_hit[number] = counted_at
                return rule.action == "permit", f"{number} {rule.body}"
        return False, "implicit deny"

    def same_as(self, other: RuleList | None) -> bool:
        """Tell whether another list holds the same, whatever was counted."""
        mine = (self.kind, self.counted, self.entries)
        return other is not None and mine == (other.kind, other.counted, other.entries)

    def copy(self) -> RuleList:
        """Give a list that can be edited without touching this one."""
        return RuleList(
            self.name, self.kind, self.counted, dict(self.entries), dict(self.counters), dict(self.last_hit)
        )

    def numbered(self, word: str, column: int, most: int) -> int:
        """Read a sequence number.

        Raises:
            CliError: none, or out of range.
        """
        if not word.isdigit() or not 1 <= int(word) <= most:
            raise CliError("invalid", column)
        return int(word)

    def dump(self) -> dict[str, Any]:
        """Give plain JSON."""
        entries = [
            [number, rule.body, self.counters.get(number, 0), self.last_hit.get(number)]
            for number, rule in self.entries.items()
        ]
        return {"name": self.name, "kind": self.kind, "counted": self.counted, "entries": entries}
