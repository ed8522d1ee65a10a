# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a switch says about itself, read into plain state. Pure: text in, state out (Cisco IOS and IOS-XE)."""

from __future__ import annotations

import re

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_iosxe import parse_lists
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.config_text import without_banners
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    Config,
    Interface,
    Timer,
    way_of,
)

_BIND = re.compile(r"^ (?:ip access-group|(?P<ipv6>ipv6) traffic-filter) (?P<name>\S+) (?P<direction>in|out)$")
_BINDING = re.compile(r"^ (?:ip access-group|ipv6 traffic-filter) ")
_NOT_USES = ("ip access-list ", "ipv6 access-list ", "object-group ")
_CHANNEL = re.compile(r"^ channel-group (\d+)")
_LOGIN = re.compile(r"^ (?:ipv6 )?access-class (\S+) in\b")
_LIST = re.compile(r"^(?:(?:Extended|Standard) IP|IPv6) access list (\S+)")
# Entries of IPv6 lists have their number behind them.
_ENTRY = re.compile(r"^\s+(?:\d+\s+)?((?:permit|deny)\b.*?)(?:\s+\((\d+) match(?:es)?\))?(?:\s+sequence\s+\d+)?\s*$")
# The row of port and router lists: table, subtype, direction, maximum, used.
_ROOM = re.compile(r"^\s*Security ACL\S*\s+TCAM\s+\S+\s+(\d+)\s+(\d+)\s", re.MULTILINE)
_ABBREVIATIONS = (
    ("GigabitEthernet", "gi"),
    ("TenGigabitEthernet", "te"),
    ("TwoGigabitEthernet", "tw"),
    ("FiveGigabitEthernet", "fi"),
    ("TwentyFiveGigE", "twe"),
    ("FortyGigabitEthernet", "fo"),
    ("HundredGigE", "hu"),
    ("FastEthernet", "fa"),
    ("Ethernet", "et"),
    ("Port-channel", "po"),
    ("Vlan", "vl"),
)


def interface_name(name: str) -> str:
    """Spell an interface as the configuration does: Gi1/0/1 is GigabitEthernet1/0/1."""
    found = re.fullmatch(r"([A-Za-z-]+?)\s*(\d[\d/.:]*)", name.strip())
    if not found:
        return name.strip()
    kind, number = found[1].lower(), found[2]
    for full, short in _ABBREVIATIONS:
        if kind == full.lower() or (full.lower().startswith(kind) and kind.startswith(short)):
            return f"{full}{number}"
    return name.strip()


def parse_config(text: str) -> Config:
    """Read a running or startup configuration."""
    text = without_banners(text)
    sections = _sections(text)
    interfaces = {
        port.name: port
        for head, body in sections
        if head.startswith("interface ")
        for port in [_interface(head.removeprefix("interface ").strip(), body)]
    }
    # Any word outside lists may be the name of a list in use (access-class, route-map, NAT ...), and so may what an
    # interface says besides its bindings (mac access-group, policies).
    elsewhere = {
        word
        for head, body in sections
        if not head.startswith(_NOT_USES)
        for line in ((*body,) if head.startswith("interface ") else (head, *body))
        if not (_BIND.match(line) or line.startswith(" description "))
        for word in line.split()
    }
    heads = {head for head, _body in sections}
    logins = {
        found[1]
        for head, body in sections
        if head.startswith("line vty")
        for line in body
        if (found := _LOGIN.match(line))
    }
    return Config(parse_lists(text), interfaces, "ip routing" in heads, frozenset(elsewhere), frozenset(logins))


def _sections(text: str) -> list[tuple[str, list[str]]]:
    sections: list[tuple[str, list[str]]] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if line[:1] == " " and sections:
            sections[-1][1].append(line)
        elif line and line != "!":
            sections.append((line, []))
    return sections


def _interface(name: str, body: list[str]) -> Interface:
    lists: dict[str, str] = {}
    group = ""
    for line in body:
        bound, channel = _BIND.match(line), _CHANNEL.match(line)
        if bound:
            lists[way_of(bound["direction"], bound["ipv6"] or IPV4)] = bound["name"]
        elif channel:
            group = channel[1]
    routed = any(
        line.strip() == "no switchport" or line.startswith((" ip address ", " ipv6 address ")) for line in body
    )
    svi = name.lower().startswith("vlan")
    unread = next((line.strip() for line in body if _BINDING.match(line) and not _BIND.match(line)), "")
    return Interface(name, lists, group, access=not (routed or svi or _may_be_trunk(body)), unread=unread)


def _may_be_trunk(body: list[str]) -> bool:
    """True if a port carries several VLANs, or may come to do so; whoever says no mode may say it of its trunk."""
    mode = next((line.split()[2] for line in body if re.match(r" switchport mode \S", line)), "")
    return mode in ("trunk", "dynamic") or (not mode and any(line.startswith(" switchport trunk ") for line in body))


def parse_timer(text: str) -> Timer | None:
    """Read ``show archive config rollback timer``; anything but a clear "none" is a pending timer."""
    if "No Rollback Confirmed Change pending" in text:
        return None
    user = re.search(r"^\s*User\s*:\s*(\S+)", text, re.MULTILINE)
    return Timer(user[1] if user else "", text.strip(), "show archive config rollback timer")


def exclusive_mode(text: str) -> str:
    """Give how a configuration lets one session keep the others out: auto, manual, or "" for not at all."""
    found = re.search(r"^configuration mode exclusive(?: (\w+))?", text, re.MULTILINE)
    return (found[1] or "auto") if found else ""


def parse_privilege(text: str) -> int:
    """Read ``show privilege``; what cannot be read counts as none."""
    found = re.search(r"privilege level is (\d+)", text)
    return int(found[1]) if found else 0


def parse_archive(text: str) -> bool:
    """Read ``show archive``: without an archive there is no revert timer."""
    return "not enabled" not in text and not text.lstrip().startswith("%")


def parse_hits(text: str) -> dict[str, list[Hits]]:
    """Read the counters of ``show ip access-lists``; an entry without one was not hit (reference section 2.1)."""
    found: dict[str, list[Hits]] = {}
    current: list[Hits] | None = None
    for line in text.splitlines():
        head, entry = _LIST.match(line), _ENTRY.match(line)
        if head:
            current = found.setdefault(head[1], [])
        elif entry and current is not None:
            current.append(Hits(" ".join(entry[1].split()), int(entry[2] or 0)))
    return found


def parse_room(text: str) -> Room | None:
    """Read the utilization table of a Catalyst 9000; other models print another one or none, and give None."""
    rows = [(int(row[1]), int(row[2])) for row in _ROOM.finditer(text)]
    if not rows:
        return None
    # One row a direction or ASIC on some models: the tightest counts.
    maximum, used = min(rows, key=lambda row: row[0] - row[1])
    return Room(used, maximum)
