# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of the simulated switch: structured, printable, restorable. Source: switch-acl.md section 2.1."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import groups
from .acl import AccessList
from .acl6 import List6
from .entry import CliError
from .groups import Group

TYPES = (
    "GigabitEthernet", "TwoGigabitEthernet", "FiveGigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE",
    "FortyGigabitEthernet", "HundredGigE", "FastEthernet", "AppGigabitEthernet", "Loopback", "Port-channel", "Vlan",
)  # fmt: skip
SHORT = {"GigabitEthernet": "Gi", "TenGigabitEthernet": "Te", "FastEthernet": "Fa", "Port-channel": "Po", "Vlan": "Vl"}
VIRTUAL = ("Vlan", "Loopback", "Port-channel")


def interface_name(text: str) -> str | None:
    """Give the full name of `gi1/0/1`, `Gi 1/0/1`, `vlan 101`; None if it is no interface name or is ambiguous."""
    found = re.fullmatch(r"([A-Za-z-]+)\s*(\d+(?:/\d+)*)", text.strip())
    if not found:
        return None
    word = found.group(1).lower()
    kinds = [kind for kind in TYPES if kind.lower().startswith(word)]
    exact = [kind for kind in kinds if kind.lower() == word]
    kinds = exact or kinds
    return f"{kinds[0]}{found.group(2)}" if len(kinds) == 1 else None


def interface_order(name: str) -> tuple[int, list[int]]:
    """Sort key of the running configuration: physical ports first, SVIs last."""
    found = re.match(r"([A-Za-z-]+)", name)
    kind = found.group(1) if found else ""
    place = TYPES.index(kind) if kind in TYPES else len(TYPES)
    return place, [int(number) for number in re.findall(r"\d+", name)]


@dataclass
class Interface:
    """One interface: ``acl`` maps ``in``, ``out``, ``ipv6 in``, ``ipv6 out`` to names; everything else verbatim."""

    name: str
    lines: list[str] = field(default_factory=list)
    acl: dict[str, str] = field(default_factory=dict)

    @property
    def routed(self) -> bool:
        """True for SVIs, loopbacks and ports with `no switchport`."""
        return self.name.startswith(("Vlan", "Loopback")) or "no switchport" in self.lines

    @property
    def member(self) -> bool:
        """True for a member of an EtherChannel."""
        return any(line.startswith("channel-group ") for line in self.lines)

    def value(self, prefix: str) -> str:
        """Give what follows a prefix in the first line that has it."""
        return next((line[len(prefix) :].strip() for line in self.lines if line.startswith(prefix)), "")

    def networks(self, version: int) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Give the networks of its own addresses, IPv4 or IPv6."""
        start = "ipv6 address " if version == 6 else "ip address "
        own = [line.removeprefix(start).split() for line in self.lines if line.startswith(start)]
        texts = [words[0] if version == 6 else "/".join(words[:2]) for words in own]
        return [ipaddress.ip_interface(text).network for text in texts if "/" in text]

    def config_lines(self) -> list[str]:
        """The interface as it stands in a configuration."""
        bindings = [f" ip access-group {self.acl[way]} {way}" for way in ("in", "out") if way in self.acl]
        both = [way for way in ("in", "out") if f"ipv6 {way}" in self.acl]
        bindings += [f" ipv6 traffic-filter {self.acl[f'ipv6 {way}']} {way}" for way in both]
        return [f"interface {self.name}", *(f" {line}" for line in self.lines), *bindings]


@dataclass
class Config:
    """A whole configuration (running or startup)."""

    hostname: str = "Switch"
    ip_routing: bool = False
    archive_path: str = ""
    archive_maximum: int = 10
    archive_write_memory: bool = False
    vlans: dict[int, str] = field(default_factory=dict)
    interfaces: dict[str, Interface] = field(default_factory=dict)
    lists: dict[str, AccessList] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    vty: list[str] = field(default_factory=list)
    classic: bool = False  # IOS 15.x
    lists6: dict[str, List6] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    applets: dict[str, list[str]] = field(default_factory=dict)  # EEM: name -> lines

    def new_list(self, name: str, standard: bool) -> AccessList:
        """Make an empty list of this release."""
        return AccessList(name, standard, classic=self.classic)

    def acl(self, name: str, standard: bool) -> AccessList | None:
        """Find a list.

        Raises:
            CliError: it lives under this name as the other kind (wording [assumed]).
        """
        if name in self.lists6:  # [documented] the two families share their names
            raise CliError("message", text="% A named IPv6 access list with this name already exists")
        found = self.lists.get(name)
        if found and found.standard != standard:
            kind = "standard" if found.standard else "extended"
            raise CliError("message", text=f"% A named {kind} IP access list with this name already exists")
        return found

    def bound(self, name: str) -> list[str]:
        """Name the interfaces an IPv4 list is bound to."""
        return [port.name for port in self.interfaces.values() if name in (port.acl.get("in"), port.acl.get("out"))]

    def bound6(self, name: str) -> list[str]:
        """Name the interfaces an IPv6 list is bound to."""
        ways = ("ipv6 in", "ipv6 out")
        return [port.name for port in self.interfaces.values() if name in map(port.acl.get, ways)]

    def all_lists(self) -> dict[str, AccessList | List6]:
        """Give every list: IPv4 by name, IPv6 as ``ipv6 NAME``."""
        return {**self.lists, **{f"ipv6 {name}": own for name, own in self.lists6.items()}}

    def bound_lists(self) -> dict[str, AccessList | List6]:
        """Give the lists that are bound and exist, by the same names."""
        names = [
            f"ipv6 {name}" if way.startswith("ipv6 ") else name
            for port in self.interfaces.values()
            for way, name in port.acl.items()
        ]
        lists = self.all_lists()
        return {name: lists[name] for name in names if name in lists}

    def text_lines(self) -> list[str]:
        """Print the configuration from `version` to `end`."""
        lines = [
            f"version {'15.2' if self.classic else '17.9'}",
            "service timestamps debug datetime msec",
            "service timestamps log datetime msec",
            "!",
        ]
        lines += [f"hostname {self.hostname}", "!", "no aaa new-model", "!"]
        lines += ["ip routing", "!"] if self.ip_routing else ["no ip routing", "!"]
        lines += ["no ip domain lookup", "!"]
        if self.archive_path or self.archive_maximum != 10 or self.archive_write_memory:
            lines += self.archive_lines() + ["!"]
        for number, name in sorted(self.vlans.items()):
            lines += [f"vlan {number}", *([f" name {name}"] if name else []), "!"]
        lines += groups.config_lines(self.groups)
        for port in sorted(self.interfaces.values(), key=lambda port: interface_order(port.name)):
            lines += [*port.config_lines(), "!"]
        for standard in (True, False):
            for acl in sorted(self.lists.values(), key=lambda acl: acl.name):
                if acl.standard == standard:
                    lines += [*acl.config_lines(), "!"]
        lines += [*self.lines, "!"] if self.lines else []
        for name in sorted(self.lists6):
            lines += [*self.lists6[name].config_lines(), "!"]
        lines += ["line con 0", " stopbits 1", "line vty 0 15", *(f" {line}" for line in self.vty), "!"]
        for name, own in self.applets.items():
            lines += [f"event manager applet {name}", *(f" {line}" for line in own), "!"]
        return [*lines, "end"]

    def archive_lines(self) -> list[str]:
        """Print the archive block."""
        lines = ["archive"]
        lines += [f" path {self.archive_path}"] if self.archive_path else []
        lines += [f" maximum {self.archive_maximum}"] if self.archive_maximum != 10 else []
        return lines + ([" write-memory"] if self.archive_write_memory else [])

    def dump(self) -> dict[str, Any]:
        """Give plain JSON."""
        return {
            "hostname": self.hostname,
            "ip_routing": self.ip_routing,
            "archive": [self.archive_path, self.archive_maximum, self.archive_write_memory],
            "vlans": {str(number): name for number, name in self.vlans.items()},
            "interfaces": {port.name: {"lines": port.lines, "acl": port.acl} for port in self.interfaces.values()},
            "lists": {name: acl.dump() for name, acl in self.lists.items()},
            "lines": self.lines,
            "vty": self.vty,
            "classic": self.classic,
            "lists6": [own.dump() for own in self.lists6.values()],
            "groups": groups.dump(self.groups),
            "applets": self.applets,
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Config:
        """Read what ``dump`` gave; shares nothing with it."""
        path, maximum, write_memory = data["archive"]
        return cls(
            data["hostname"],
            data["ip_routing"],
            path,
            maximum,
            write_memory,
            {int(number): name for number, name in data["vlans"].items()},
            {n: Interface(n, list(port["lines"]), dict(port["acl"])) for n, port in data["interfaces"].items()},
            {name: AccessList.load(name, acl, bool(data.get("classic"))) for name, acl in data["lists"].items()},
            list(data["lines"]),
            list(data["vty"]),
            bool(data.get("classic")),
            {own["name"]: List6.load(own, bool(data.get("classic"))) for own in data.get("lists6") or ()},
            groups.load(data.get("groups") or {}),
            {name: list(lines) for name, lines in (data.get("applets") or {}).items()},
        )


def physical_ports(count: int, named: Iterable[str]) -> list[str]:
    """Name the ports of the box: its own and those the site model uses."""
    names = {f"GigabitEthernet1/0/{number}" for number in range(1, count + 1)}
    names |= {f"TenGigabitEthernet1/1/{number}" for number in (1, 2)}
    names |= {interface_name(str(name)) or str(name) for name in named}
    return sorted(names, key=interface_order)


def seed(name: str, config: Mapping[str, Any]) -> Config:
    """Build the configuration of a switch out of the box.

    Args:
        name: inventory name, becomes the host name.
        config: {"vlans": {number: "address/prefix"}, "ports": [names used by stations], "port_count": 24,
            "hostname", "ip_routing": true, "archive_path": "flash:NAME-", "" for none}.
    """
    made = Config(str(config.get("hostname", name)), bool(config.get("ip_routing", True)))
    made.classic = config.get("platform") == "ios15"
    made.archive_path = str(config.get("archive_path", f"flash:{name}-"))
    addresses = {int(number): str(address) for number, address in dict(config.get("vlans") or {}).items()}
    made.vlans = dict.fromkeys(sorted(addresses), "")
    access = next(iter(sorted(addresses)), 1)
    used = {interface_name(str(port)) or str(port) for port in config.get("ports") or []}
    for port in physical_ports(int(config.get("port_count", 24)), used):
        lines = [f"switchport access vlan {access}", "switchport mode access"] if port in used else []
        made.interfaces[port] = Interface(port, lines)
    for number, text in addresses.items():
        made.interfaces[f"Vlan{number}"] = Interface(f"Vlan{number}", [f"ip address {_dotted(text)}"])
    return made


def _dotted(text: str) -> str:
    address, _slash, prefix = text.partition("/")
    mask = (0xFFFFFFFF << (32 - int(prefix or 32))) & 0xFFFFFFFF
    return f"{address} {'.'.join(str(mask >> shift & 255) for shift in (24, 16, 8, 0))}"
