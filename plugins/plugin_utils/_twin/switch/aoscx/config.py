# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of the simulated AOS-CX: structured, printable, restorable. Source: switch-acl.md section 2.5."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..entry import tokens_of
from .entry import Address, Entry, Ports, Reader, address, parse_entry, ports

VERSION = "FL.10.13.1010"


def interface_name(text: str) -> str | None:
    """Give `1/1/5`, `vlan101` or `lag1` for what is typed; None if it is no interface name."""
    found = re.fullmatch(r"(?:(\d+/\d+/\d+)|(vlan|lag|loopback)\s*(\d+))", text.strip().lower())
    if not found:
        return None
    return found.group(1) or f"{found.group(2)}{found.group(3)}"


def name_order(name: str) -> tuple[int, list[int]]:
    """Sort key of the running configuration: LAGs, ports, SVIs."""
    place = 0 if name.startswith("lag") else 1 if "/" in name else 2
    return place, [int(number) for number in re.findall(r"\d+", name)]


def key_of(family: str, name: str) -> str:
    """Give what a list is found by, and what bindings hold."""
    return name if family == "ip" else f"{family} {name}"


def spelled(key: str) -> str:
    """Give a list as commands name it: ``ip NAME`` or ``ipv6 NAME``."""
    return key if key.startswith("ipv6 ") else f"ip {key}"


@dataclass
class AccessList:
    """A list. A comment stands at a number of its own, or at the number of its entry.

    [assumed] Each family (``ip``, ``ipv6``) has names of its own.
    """

    name: str
    entries: dict[int, Entry] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    family: str = "ip"

    @property
    def key(self) -> str:
        """What the list is found by: its name, ``ipv6 NAME`` for IPv6."""
        return key_of(self.family, self.name)

    def numbers(self) -> list[int]:
        """Give every number in use, in order."""
        return sorted({*self.entries, *self.comments})

    def next_number(self) -> int:
        """Give the number of an entry that is typed without one."""
        return (max(self.numbers(), default=0)) + 10

    def lines(self) -> list[str]:
        """Print the entries."""
        made = []
        for number in self.numbers():
            made += [f"{number} comment {self.comments[number]}"] if number in self.comments else []
            made += [f"{number} {self.entries[number].body}"] if number in self.entries else []
        return made

    def copy(self, name: str = "") -> AccessList:
        """Give a list that shares nothing."""
        return AccessList(name or self.name, dict(self.entries), dict(self.comments), self.family)

    def dump(self) -> dict[str, Any]:
        """Give plain JSON."""
        return {
            "entries": {str(number): entry.body for number, entry in self.entries.items()},
            "comments": {str(number): text for number, text in self.comments.items()},
        }

    @classmethod
    def load(cls, key: str, data: Mapping[str, Any]) -> AccessList:
        """Read what ``dump`` gave."""
        family, name = spelled(key).split()
        entries = {int(number): parse_entry(tokens_of(body), family) for number, body in data["entries"].items()}
        return cls(name, entries, {int(number): text for number, text in data["comments"].items()}, family)


@dataclass
class Group:
    """An object group: numbers to addresses (kind ip or ipv6) or port conditions (kind port)."""

    kind: str
    name: str
    entries: dict[int, str] = field(default_factory=dict)

    def parts(self) -> list[Address | Ports]:
        """Give what it holds."""
        readers = [Reader(tokens_of(text), self.kind) for _number, text in sorted(self.entries.items())]
        if self.kind != "port":
            return [address(reader, groups=False) for reader in readers]
        return [part for part in (ports(reader, groups=False) for reader in readers) if part]

    @property
    def head(self) -> str:
        """The line it begins with."""
        return f"object-group {'port' if self.kind == 'port' else f'{self.kind} address'} {self.name}"


@dataclass
class Place:
    """A port, LAG, SVI or VLAN: the lists (their keys) by ``in``, ``ipv6 in``, ...; everything else verbatim."""

    name: str
    lines: list[str] = field(default_factory=list)
    acl: dict[str, str] = field(default_factory=dict)

    def value(self, prefix: str) -> str:
        """Give what follows a prefix in the first line that has it."""
        return next((line[len(prefix) :].strip() for line in self.lines if line.startswith(prefix)), "")

    def config_lines(self, head: str) -> list[str]:
        """Print it."""
        return [head, *(f"    {line}" for line in self.lines), *self.applied()]

    def names(self) -> dict[str, str]:
        """Give the names of the lists by ``in``, ``ipv6 in``, ..."""
        return {way: key.removeprefix("ipv6 ") for way, key in self.acl.items()}

    def applied(self) -> list[str]:
        """Print what is applied."""
        return [f"    apply access-list {spelled(key)} {way.split()[-1]}" for way, key in sorted(self.acl.items())]


@dataclass
class Config:
    """A whole configuration (running or startup)."""

    hostname: str = "switch"
    lists: dict[str, AccessList] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)  # "ip NAME", "ipv6 NAME", "port NAME"
    vlans: dict[int, Place] = field(default_factory=dict)
    interfaces: dict[str, Place] = field(default_factory=dict)
    control_plane: dict[str, str] = field(default_factory=dict)  # vrf -> list
    lines: list[str] = field(default_factory=list)

    def places(self) -> list[Place]:
        """Give everything a list may be applied to."""
        return [*self.interfaces.values(), *self.vlans.values()]

    def bound(self, name: str) -> list[str]:
        """Name what a list is applied to."""
        return [place.name for place in self.places() if name in place.acl.values()] + [
            f"vrf {vrf}" for vrf, acl in self.control_plane.items() if acl == name
        ]

    def text_lines(self, warnings: Mapping[str, list[str]] | None = None) -> list[str]:
        """Print the configuration; ``warnings`` are lines in front of a list."""
        lines = ["!", f"!Version ArubaOS-CX {VERSION}", "!export-password: default", f"hostname {self.hostname}"]
        lines += ["!", "!", "ssh server vrf default", "ssh server vrf mgmt"]
        lines += [f"{line}" for line in self.lines]
        for group in self.groups.values():
            lines += [group.head, *(f"    {number} {text}" for number, text in sorted(group.entries.items()))]
        for name in sorted(self.lists):
            lines += [*(warnings or {}).get(name, []), f"access-list {spelled(name)}"]
            lines += [f"    {line}" for line in self.lists[name].lines()]
        lines += [f"apply access-list ip {name} control-plane vrf {vrf}" for vrf, name in self.control_plane.items()]
        for number, vlan in sorted(self.vlans.items()):
            lines += vlan.config_lines(f"vlan {number}")
        lines += ["interface mgmt", "    no shutdown", "    ip dhcp"]
        for port in sorted(self.interfaces.values(), key=lambda port: name_order(port.name)):
            lines += port.config_lines(interface_line(port.name))
        return [*lines, "!", "!", "https-server vrf default", "https-server vrf mgmt"]

    def dump(self) -> dict[str, Any]:
        """Give plain JSON that shares nothing with this."""
        return {
            "hostname": self.hostname,
            "lists": {name: acl.dump() for name, acl in self.lists.items()},
            "groups": {
                key: {"kind": group.kind, "name": group.name, "entries": {str(n): t for n, t in group.entries.items()}}
                for key, group in self.groups.items()
            },
            "vlans": {str(n): {"lines": [*vlan.lines], "acl": {**vlan.acl}} for n, vlan in self.vlans.items()},
            "interfaces": {n: {"lines": [*port.lines], "acl": {**port.acl}} for n, port in self.interfaces.items()},
            "control_plane": {**self.control_plane},
            "lines": [*self.lines],
        }

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Config:
        """Read what ``dump`` gave; shares nothing with it."""
        groups = {
            key: Group(one["kind"], one["name"], {int(n): text for n, text in one["entries"].items()})
            for key, one in data["groups"].items()
        }
        return cls(
            data["hostname"],
            {name: AccessList.load(name, acl) for name, acl in data["lists"].items()},
            groups,
            {int(n): Place(f"vlan {n}", list(v["lines"]), dict(v["acl"])) for n, v in data["vlans"].items()},
            {n: Place(n, list(port["lines"]), dict(port["acl"])) for n, port in data["interfaces"].items()},
            dict(data["control_plane"]),
            list(data["lines"]),
        )

    def copy(self) -> Config:
        """Give a configuration that shares nothing."""
        return Config.load(self.dump())


def interface_line(name: str) -> str:
    """Give the line an interface begins with: `interface vlan 101`, `interface 1/1/5`."""
    found = re.fullmatch(r"([a-z]+)(\d+)", name)
    return f"interface {found.group(1)} {found.group(2)}" if found else f"interface {name}"


def seed(name: str, config: Mapping[str, Any]) -> Config:
    """Build the configuration of a switch out of the box.

    Args:
        name: inventory name, becomes the host name.
        config: {"vlans": {number: "address/prefix"}, "ports": [names used by stations], "port_count": 24, "hostname"}.
    """
    made = Config(str(config.get("hostname", name)))
    addresses = {int(number): str(text) for number, text in dict(config.get("vlans") or {}).items()}
    made.vlans = {number: Place(f"vlan {number}") for number in sorted({1, *addresses})}
    access = min(addresses, default=1)
    used = {interface_name(str(port)) or str(port) for port in config.get("ports") or []}
    names = {f"1/1/{number}" for number in range(1, int(config.get("port_count", 24)) + 1)} | used
    for port in sorted(names, key=name_order):
        lines = ["no shutdown", "no routing", f"vlan access {access if port in used else 1}"]
        made.interfaces[port] = Place(port, lines)
    for number, text in addresses.items():
        line = f"ip address {ipaddress.IPv4Interface(text).with_prefixlen}"
        made.interfaces[f"vlan{number}"] = Place(f"vlan{number}", [line])
    return made
