# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of a switch that writes addresses as prefixes (EOS, NX-OS): structured, restorable, judging.

How it is printed belongs to the platform. Source: switch-acl.md section 1.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..hooks import Verdict
from .entry import tokens_of
from .rule_reader import Syntax, parse_rule
from .rules import Flow, Groups, RuleList

WAYS = ("in", "out", "ipv6 in", "ipv6 out")


@dataclass
class Port:
    """One interface: ``acl`` maps ``in``, ``out``, ``ipv6 in``, ``ipv6 out`` to names; everything else verbatim."""

    name: str
    lines: list[str] = field(default_factory=list)
    acl: dict[str, str] = field(default_factory=dict)

    @property
    def member(self) -> bool:
        """True for a member of a port channel."""
        return any(line.startswith("channel-group ") for line in self.lines)

    def value(self, prefix: str) -> str:
        """Give what follows a prefix in the first line that has it."""
        return next((line[len(prefix) :].strip() for line in self.lines if line.startswith(prefix)), "")


@dataclass
class Box:
    """A whole configuration (running, startup or candidate)."""

    hostname: str
    ip_routing: bool = False
    vlans: dict[int, str] = field(default_factory=dict)
    ports: dict[str, Port] = field(default_factory=dict)
    lists: dict[str, RuleList] = field(default_factory=dict)  # by RuleList.key
    lines: list[str] = field(default_factory=list)
    blocks: dict[str, list[str]] = field(default_factory=dict)  # heading -> lines below it

    def bound(self, key: str) -> list[str]:
        """Name the interfaces that a list is bound to, given as ``ip NAME`` or ``ipv6 NAME``."""
        return [port.name for port in self.ports.values() if key in _keys(port)]

    def bound_lists(self) -> dict[str, RuleList]:
        """Give the lists that are bound and exist."""
        keys = dict.fromkeys(key for port in self.ports.values() for key in _keys(port))
        return {key: self.lists[key] for key in keys if key in self.lists}

    def evaluate(
        self, port: str, way: str, packet: Mapping[str, Any], counted_at: float | None, groups: Groups | None = None
    ) -> Verdict:
        """Judge a packet. [documented] An empty or missing list that is bound permits everything."""
        flow = Flow.of(packet)
        family = "ipv6" if flow.version == 6 else "ip"
        place = self.ports.get(port)
        name = place.acl.get(f"ipv6 {way}" if family == "ipv6" else way) if place else None
        if name is None:
            return {"permit": True, "rule": "no list"}
        found = self.lists.get(f"{family} {name}")
        if found is None:
            return {"permit": True, "rule": f"missing list {name}"}
        permit, rule = found.decide(flow, counted_at, groups)
        return {"permit": permit, "rule": rule}

    def gateway(self, port: str, packet: Mapping[str, Any]) -> str:
        """Name the SVI that routes a packet which entered at an access port; nothing if it stays in its VLAN."""
        place = self.ports.get(port)
        svi = self.ports.get(f"Vlan{place.value('switchport access vlan ')}") if place else None
        own = svi.value("ip address ").split() if svi else []
        if svi is None or not own or not self.ip_routing or ":" in str(packet["dst"]):
            return ""
        inside = ipaddress.IPv4Address(packet["dst"]) in ipaddress.IPv4Interface(own[0]).network
        return "" if inside else svi.name

    def refuses(self, names: Iterable[str], packet: Mapping[str, Any], groups: Groups | None = None) -> str:
        """Give the line of one of these IPv4 lists that denies a packet, or nothing; missing lists permit."""
        for name in names:
            found = self.lists.get(f"ip {name}")
            permit, rule = found.decide(Flow.of(packet), None, groups) if found else (True, "")
            if not permit:
                return f"list {name}: {rule}"
        return ""

    def hardware_entries(self, groups: Groups | None = None) -> int:
        """Estimate what the bound lists take; each counts once."""
        return sum(one.hardware_entries(groups) for one in self.bound_lists().values())

    def take_counters_of(self, other: Box) -> None:
        """Keep what was counted for the lists that stay as they are."""
        for key, one in self.lists.items():
            before = other.lists.get(key)
            same = one.same_as(before)
            one.counters = dict(before.counters) if before is not None and same else {}
            one.last_hit = dict(before.last_hit) if before is not None and same else {}

    def copy(self) -> Box:
        """Give a configuration that can be changed without touching this one."""
        return Box(
            self.hostname,
            self.ip_routing,
            dict(self.vlans),
            {name: Port(name, list(port.lines), dict(port.acl)) for name, port in self.ports.items()},
            {key: one.copy() for key, one in self.lists.items()},
            list(self.lines),
            {heading: list(lines) for heading, lines in self.blocks.items()},
        )

    def bindings(self) -> dict[str, dict[str, str]]:
        """Give the bindings as the world reads them."""
        return {port.name: dict(port.acl) for port in self.ports.values() if port.acl}

    def plain_lists(self) -> dict[str, list[str]]:
        """Give the lists as the world reads them: IPv4 by name, IPv6 as ``ipv6 NAME``."""
        return {
            key.removeprefix("ip "): [f"{number} {rule.body}" for number, rule in one.entries.items()]
            for key, one in self.lists.items()
        }

    def dump(self) -> dict[str, Any]:
        """Give plain JSON."""
        return {
            "hostname": self.hostname,
            "ip_routing": self.ip_routing,
            "vlans": {str(number): name for number, name in self.vlans.items()},
            "ports": {port.name: {"lines": port.lines, "acl": port.acl} for port in self.ports.values()},
            "lists": [one.dump() for one in self.lists.values()],
            "lines": self.lines,
            "blocks": self.blocks,
        }

    @classmethod
    def load(cls, data: Mapping[str, Any], syntax: Syntax, make: Callable[[str, str], RuleList] = RuleList) -> Box:
        """Read what ``dump`` gave; shares nothing with it.

        Args:
            data: the dump.
            syntax: of the platform.
            make: builds the platform's list from name and kind.
        """
        lists = [_load_list(one, syntax, make) for one in data["lists"]]
        return cls(
            data["hostname"],
            data["ip_routing"],
            {int(number): name for number, name in data["vlans"].items()},
            {name: Port(name, list(port["lines"]), dict(port["acl"])) for name, port in data["ports"].items()},
            {one.key: one for one in lists},
            list(data["lines"]),
            {heading: list(lines) for heading, lines in data["blocks"].items()},
        )


def _keys(port: Port) -> list[str]:
    return [f"{'ipv6' if way.startswith('ipv6') else 'ip'} {name}" for way, name in port.acl.items()]


def _load_list(data: Mapping[str, Any], syntax: Syntax, make: Callable[[str, str], RuleList]) -> RuleList:
    made = make(data["name"], data["kind"])
    made.counted = data["counted"]
    for number, body, count, at in data["entries"]:
        made.entries[int(number)] = parse_rule(tokens_of(body), syntax, made.kind)
        if count:
            made.counters[int(number)] = int(count)
            made.last_hit[int(number)] = float(at)
    return made


@dataclass(frozen=True)
class Names:
    """How a platform names interfaces: kinds in the order of the configuration, those made by typing them."""

    kinds: tuple[str, ...]
    virtual: tuple[str, ...]

    def full(self, text: str) -> str | None:
        """Give the full name of `et1`, `Ethernet 1/1`, `vlan101`; None if it is none or ambiguous."""
        found = re.fullmatch(r"([A-Za-z-]+)\s*(\d+(?:/\d+)*)", text.strip())
        if not found:
            return None
        word = found[1].lower()
        fits = [kind for kind in self.kinds if kind.lower().startswith(word)]
        exact = [kind for kind in fits if kind.lower() == word]
        fits = exact or fits
        return f"{fits[0]}{found[2]}" if len(fits) == 1 else None

    def order(self, name: str) -> tuple[int, list[int]]:
        """Sort key of the configuration."""
        found = re.match(r"([A-Za-z-]+)", name)
        kind = found[1] if found else ""
        place = self.kinds.index(kind) if kind in self.kinds else len(self.kinds)
        return place, [int(number) for number in re.findall(r"\d+", name)]
