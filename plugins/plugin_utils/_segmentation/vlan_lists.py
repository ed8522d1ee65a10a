# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of a VLAN interface that serves several stations: each by its own phase, restricted to its address (pure).

A list on a VLAN interface filters what is routed; within the VLAN nothing is enforced (reference ot-segmentation.md
section 5), so it never makes a PC contained. Direction in sees what stations send, direction out what comes to them:
there the stateless mirror of each rule stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ALL_ADDRESSES,
    ANY,
    Address,
    Rule,
)

DIRECTIONS = ("in", "out")
OTHERS = ("permit", "deny")
NOT_WITHIN = "not enforced within its VLAN: a VLAN interface filters only what is routed"
_TCP = 6
# A station without an address yet sends from nothing, and is answered by broadcast.
_NOBODY, _EVERYBODY = Address(0, 0), Address(ALL_ADDRESSES, 0)


@dataclass(frozen=True)
class Member:
    """One station behind the interface: its address, and the rules in force of the phase it is to have."""

    name: str
    address: Address
    rules: Sequence[Rule]


def vlan_list(members: Iterable[Member], direction: str = "in", others: str = "permit") -> tuple[Rule, ...]:
    """Give the ordered rules of a VLAN interface.

    Each station is treated exactly as on a port of its own: a block of its rules restricted to its address, up to and
    including what happens to the rest. Rules that match whatever the address is (DHCP) also hold for a station that has
    none yet. What is no station's address ends at ``others``, logged.

    Args:
        members: the stations behind the interface; their addresses differ.
        direction: in or out.
        others: permit or deny, for addresses of no station.
    """
    stations = sorted(members, key=lambda member: member.address)
    found = [
        # Named, so that no two remarks of a list are the same and a person finds the station.
        replace(rule, remark=f"{member.name}: {rule.remark}" if rule.remark else member.name)
        for member in stations
        for rule in restricted(_seen(member.rules, direction), member.address, direction)
    ]
    for member in stations:
        early = [rule for rule in member.rules if rule.action == "permit" and rule.protocol is not None]
        anybody = [rule for rule in _seen(early, direction) if _side(rule, direction) == ANY]
        found += restricted(anybody, _NOBODY if direction == "in" else _EVERYBODY, direction)
    unlike: dict[tuple[object, ...], Rule] = {}
    for rule in found:
        unlike.setdefault(rule.decides, rule)
    text = "addresses of no station are permitted and logged" if others == "permit" else "everything else is denied"
    return (*unlike.values(), Rule(others, log=True, remark=text))


def restricted(rules: Iterable[Rule], address: Address, direction: str = "in") -> list[Rule]:
    """Keep the rules that can match packets from (out: to) one address, narrowed to it."""
    seen = [rule for rule in rules if _side(rule, direction).covers(address.value)]
    return [replace(rule, src=address) if direction == "in" else replace(rule, dst=address) for rule in seen]


def _side(rule: Rule, direction: str) -> Address:
    return rule.src if direction == "in" else rule.dst


def _seen(rules: Iterable[Rule], direction: str) -> Iterable[Rule]:
    return rules if direction == "in" else (mirrored(rule) for rule in rules)


def mirrored(rule: Rule) -> Rule:
    """Give what belongs to a rule on the way back.

    A request over tcp is answered with ACK or RST set; what is permitted as an answer was asked for before.
    """
    answer = rule.protocol == _TCP and rule.action == "permit" and not rule.established
    back = replace(
        rule, src=rule.dst, dst=rule.src, src_ports=rule.dst_ports, dst_ports=rule.src_ports, established=answer
    )
    return replace(back, remark=f"back: {rule.remark}") if rule.protocol is not None and rule.remark else back


@dataclass(frozen=True)
class VlanList:
    """One entry of site_vlan_lists with the stations it is for."""

    id: str
    switch: str
    interface: str
    stations: tuple[str, ...]
    networks: tuple[Address, ...]
    directions: tuple[str, ...] = ("in",)
    others: str = "permit"

    def rules(
        self, rules: Mapping[str, Mapping[str, Sequence[Rule]]], addresses: Mapping[str, str], phases: Mapping[str, str]
    ) -> dict[str, tuple[Rule, ...]]:
        """Give the rules of each direction.

        Args:
            rules: rules in force by station and phase.
            addresses: station to its address.
            phases: station to its phase, of every station.
        """
        members = [Member(name, Address.of(addresses[name]), rules[name][phases[name]]) for name in self.stations]
        return {way: vlan_list(members, way, self.others) for way in self.directions}
