# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of the simulated NX-OS switch as text, and the one out of the box. Source: switch-acl.md 2.3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..box import Box, Names, Port
from ..rules import RuleList

NAMES = Names(("Vlan", "port-channel", "Ethernet", "mgmt", "loopback"), ("Vlan", "loopback", "port-channel"))
SHORT = {"Ethernet": "Eth", "port-channel": "Po", "loopback": "Lo"}
VERSION = "9.3(10)"
COMMANDS = {"ip": "ip access-list", "ipv6": "ipv6 access-list"}
HEADS = {"ip": "IP access list", "ipv6": "IPv6 access list"}
# [recorded] lists of the CPU, which nobody can edit and no configuration holds, shortened
SYSTEM = {
    "copp-system-p-acl-eigrp": "10 permit eigrp any any",
    "copp-system-p-acl-hsrp": "10 permit udp any 224.0.0.0/24 eq 1985",
    "copp-system-p-acl-radius": "10 permit udp any any eq 1812",
}
STATISTICS = "statistics per-entry"


def short(name: str) -> str:
    """Give `Eth1/1` for `Ethernet1/1`."""
    kind = name.rstrip("0123456789/")
    return f"{SHORT.get(kind, kind)}{name[len(kind) :]}"


def routed(port: Port) -> bool:
    """True for SVIs, loopbacks, mgmt0 and ports with `no switchport`."""
    return port.name.startswith(("Vlan", "loopback", "mgmt")) or "no switchport" in port.lines


def binding_lines(port: Port) -> list[str]:
    """[documented] A switched port has port lists, a routed one router lists: other words."""
    between = "" if routed(port) else "port "
    found = []
    for family, words in (("", f"ip {between}access-group"), ("ipv6 ", f"ipv6 {between}traffic-filter")):
        for way in ("in", "out"):
            if f"{family}{way}" in port.acl:
                found.append(f"{words} {port.acl[family + way]} {way}")
    return found


def port_lines(port: Port) -> list[str]:
    """One interface as it stands in a configuration."""
    return [f"interface {port.name}", *(f"  {line}" for line in [*port.lines, *binding_lines(port)])]


def list_lines(one: RuleList) -> list[str]:
    """A list as it stands in a configuration."""
    lines = [f"{COMMANDS[one.kind]} {one.name}", *([f"  {one.counted}"] if one.counted else [])]
    return [*lines, *(f"  {number} {rule.body}" for number, rule in one.entries.items())]


def show_lines(one: RuleList) -> list[str]:
    """[recorded] A list as `show ip access-lists` prints it: remarks too, counters (0 too) where they are kept."""
    lines = [f"{HEADS[one.kind]} {one.name}", *([f"        {one.counted}"] if one.counted else [])]
    for number, rule in one.entries.items():
        counted = one.counted and rule.kind != "remark"
        lines.append(f"        {number} {rule.body}" + (f" [match={one.counters.get(number, 0)}]" if counted else ""))
    return lines


def acl_lines(box: Box) -> list[str]:
    """Everything about lists: `show running-config aclmgr`."""
    lines: list[str] = []
    for kind in ("ip", "ipv6"):
        for one in sorted(box.lists.values(), key=lambda one: one.name):
            lines += list_lines(one) if one.kind == kind else []
    lines += [""] if lines else []
    for port in sorted(box.ports.values(), key=lambda port: NAMES.order(port.name)):
        if port.acl:
            lines += [f"interface {port.name}", *(f"  {line}" for line in binding_lines(port)), ""]
    return lines


def text_lines(box: Box) -> list[str]:
    """Print the configuration from `version` on."""
    lines = [f"version {VERSION} Bios:version 05.45", f"hostname {box.hostname}"]
    lines += [line for line in box.lines if line.startswith("feature ")]
    lines += ["", "no password strength-check", "ip domain-lookup"]
    for heading, below in box.blocks.items():
        lines += [heading, *(f"  {line}" for line in below)] if heading.startswith("object-group ") else []
    for kind in ("ip", "ipv6"):
        for one in sorted(box.lists.values(), key=lambda one: one.name):
            lines += list_lines(one) if one.kind == kind else []
    lines += [line for line in box.lines if not line.startswith("feature ")]
    lines += ["", f"vlan {','.join(str(number) for number in sorted({1, *box.vlans}))}"]
    for number, name in sorted(box.vlans.items()):
        lines += [f"vlan {number}", f"  name {name}"] if name else []
    lines.append("")
    for port in sorted(box.ports.values(), key=lambda port: NAMES.order(port.name)):
        lines += [*port_lines(port), ""]
    for heading, below in box.blocks.items():
        if heading.startswith("object-group "):
            continue
        # [recorded] The commands of a job stand unindented, up to `end-job`.
        job = heading.startswith("scheduler job ")
        lines += [heading, *(below if job else [f"  {line}" for line in below]), *(["", "end-job"] if job else []), ""]
    return lines


def seed(name: str, options: Mapping[str, Any]) -> Box:
    """Build the configuration of a switch out of the box.

    Args:
        name: inventory name, becomes the host name.
        options: {"vlans": {number: "address/prefix"}, "ports": [names used by stations], "port_count": 48,
            "hostname", "features": ["scheduler", ...]}. [assumed] A switch with SVIs routes.
    """
    made = Box(str(options.get("hostname", name)), bool(options.get("ip_routing", True)))
    addresses = {int(number): str(text) for number, text in dict(options.get("vlans") or {}).items()}
    made.lines = ["feature interface-vlan"] if addresses else []
    made.lines += [f"feature {name}" for name in options.get("features") or []]
    made.vlans = dict.fromkeys(sorted(addresses), "")
    access = next(iter(sorted(addresses)), 1)
    used = [NAMES.full(str(port)) or str(port) for port in options.get("ports") or []]
    own = [f"Ethernet1/{number}" for number in range(1, int(options.get("port_count", 48)) + 1)]
    for port in sorted({*own, *used, "mgmt0"}, key=NAMES.order):
        lines = [f"switchport access vlan {access}"] if port in used and access != 1 else []
        made.ports[port] = Port(port, lines)
    for number, text in addresses.items():
        made.ports[f"Vlan{number}"] = Port(f"Vlan{number}", ["no shutdown", f"ip address {text}"])
    return made
