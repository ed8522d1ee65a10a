# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of the simulated EOS switch as text, and the one out of the box. Source: switch-acl.md 2.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..box import Box, Names, Port
from .acl import config_lines

NAMES = Names(("Port-Channel", "Ethernet", "Loopback", "Management", "Vlan"), ("Vlan", "Loopback", "Port-Channel"))
SHORT = {"Ethernet": "Et", "Management": "Ma", "Port-Channel": "Po", "Vlan": "Vl", "Loopback": "Lo"}
MODEL = "DCS-720XP-48ZC2"
VERSION = "4.30.5M"


def short(name: str) -> str:
    """Give `Et1` for `Ethernet1`."""
    kind = name.rstrip("0123456789/")
    return f"{SHORT.get(kind, kind)}{name[len(kind) :]}"


def routed(port: Port) -> bool:
    """True for SVIs, loopbacks, management and ports with `no switchport`."""
    return port.name.startswith(("Vlan", "Loopback", "Management")) or "no switchport" in port.lines


def port_lines(port: Port) -> list[str]:
    """One interface as it stands in a configuration."""
    lines = [f"interface {port.name}", *(f"   {line}" for line in port.lines)]
    for family, word in (("", "ip"), ("ipv6 ", "ipv6")):
        for way in ("in", "out"):
            if f"{family}{way}" in port.acl:
                lines.append(f"   {word} access-group {port.acl[family + way]} {way}")
    return lines


def text_lines(box: Box) -> list[str]:
    """Print the configuration from `boot system` to `end`."""
    lines = ["! boot system flash:/EOS.swi", "!", "transceiver qsfp default-mode 4x10G", "!"]
    lines += ["service routing protocols model multi-agent", "!", f"hostname {box.hostname}", "!"]
    lines += ["spanning-tree mode mstp", "!"]
    for number, name in sorted(box.vlans.items()):
        lines += [f"vlan {number}", *([f"   name {name}"] if name else []), "!"]
    for port in sorted(box.ports.values(), key=lambda port: NAMES.order(port.name)):
        lines += [*port_lines(port), "!"]
    for kind in ("standard", "ip", "ipv6"):
        for one in sorted(box.lists.values(), key=lambda one: one.name):
            if one.kind == kind:
                lines += [*config_lines(one), "!"]
    lines += ["ip routing" if box.ip_routing else "no ip routing", "!"]
    for line in box.lines:
        lines += [line, "!"]
    for heading, below in box.blocks.items():
        lines += [heading, *(f"   {line}" for line in below), "!"] if below else []
    return [*lines, "end"]


def seed(name: str, options: Mapping[str, Any]) -> Box:
    """Build the configuration of a switch out of the box.

    Args:
        name: inventory name, becomes the host name.
        options: {"vlans": {number: "address/prefix"}, "ports": [names used by stations], "port_count": 48,
            "hostname", "ip_routing": true}.
    """
    made = Box(str(options.get("hostname", name)), bool(options.get("ip_routing", True)))
    addresses = {int(number): str(text) for number, text in dict(options.get("vlans") or {}).items()}
    made.vlans = dict.fromkeys(sorted(addresses), "")
    access = next(iter(sorted(addresses)), 1)
    used = [NAMES.full(str(port)) or str(port) for port in options.get("ports") or []]
    own = [f"Ethernet{number}" for number in range(1, int(options.get("port_count", 48)) + 1)]
    for port in sorted({*own, *used, "Management1"}, key=NAMES.order):
        lines = [f"switchport access vlan {access}"] if port in used and access != 1 else []
        made.ports[port] = Port(port, lines)
    for number, text in addresses.items():
        made.ports[f"Vlan{number}"] = Port(f"Vlan{number}", [f"ip address {text}"])
    return made
