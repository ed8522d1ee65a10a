# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an Arista switch says about itself, read into plain state. Pure: text in, state out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_eos import parse_lists
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.config_text import (
    Section,
    named_elsewhere,
    sections,
    spelled,
    without_banners,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    Config,
    Interface,
    Timer,
    way_of,
)

# Configuration sessions of ours: otedge-<user>-<something unique>.
SESSIONS = "otedge-"

_KINDS = (
    ("Ethernet", "et"),
    ("Management", "ma"),
    ("Port-Channel", "po"),
    ("Vlan", "vl"),
    ("Loopback", "lo"),
    ("Vxlan", "vx"),
)
_BIND = re.compile(r"(?:ip|(?P<ipv6>ipv6)) access-group (?P<name>\S+) (?P<direction>in|out)$")
_LOGIN = re.compile(r"(?:ip|ipv6) access-group (\S+)(?: vrf \S+)? in$")
_LOGIN_SECTIONS = ("management ssh", "system control-plane", "control-plane")
_CHANNEL = re.compile(r"channel-group (\d+)")
_PENDING = re.compile(r"^Session with pending commit timer:\s*(\S+)", re.MULTILINE)
_ROW = re.compile(
    r"^[* ]\s*(?P<name>\S+)[ \t]+(?P<state>pendingCommitTimer|pending|committed|completed|aborted)\b(?P<rest>.*)$",
    re.MULTILINE,
)
_TERMINAL = re.compile(r"(?:vty|con|tty|pts)\S*$")
_FULL = re.compile(
    r"\b(?:ACL|TCAM)\S*.*"
    r"(?:not (?:be )?(?:programmed|installed)|unprogrammed|exhausted|exceed|out of|insufficient|full\b)",
    re.IGNORECASE,
)
# Table, feature (one of them names lists), chip, used entries, used share, free entries.
_CAPACITY = re.compile(r"^(?=.{0,40}ACL).*?\s(\d+)\s+\d+%\s+(\d+)\s", re.MULTILINE)
_HIT = re.compile(r"^\s+(?:\d+\s+)?((?:permit|deny)\s.*?)\s*(?:\[match (\d+)[^\]]*\])?\s*$")

SHOW = "show configuration sessions detail"


def interface_name(name: str) -> str:
    """Spell an interface as the configuration does: Et1 is Ethernet1."""
    return spelled(name, _KINDS)


def parse_config(text: str) -> Config:
    """Read a running or startup configuration."""
    text = without_banners(text)
    found = sections(text)
    default = any(head == "switchport default mode routed" for head, _body in found)
    ports = [
        _interface(head.removeprefix("interface ").strip(), body, default)
        for head, body in found
        if head.startswith("interface ")
    ]
    return Config(
        parse_lists(text),
        {port.name: port for port in ports},
        any(head == "ip routing" or head.startswith("ip routing ") for head, _body in found),
        named_elsewhere(found, _BIND),
        _login_lists(found),
    )


def _login_lists(found: list[Section]) -> frozenset[str]:
    return frozenset(
        bound[1]
        for head, body in found
        if head in _LOGIN_SECTIONS
        for line in body
        for bound in [_LOGIN.match(line)]
        if bound
    )


def _interface(name: str, body: list[str], default: bool) -> Interface:
    lists = {
        way_of(bound["direction"], bound["ipv6"] or IPV4): bound["name"]
        for line in body
        for bound in [_BIND.match(line)]
        if bound
    }
    group = next((member[1] for line in body for member in [_CHANNEL.match(line)] if member), "")
    bridged = any(line.startswith("switchport") for line in body) or not (default or "." in name)
    routed = (
        not bridged
        or "no switchport" in body
        or any(line.startswith(("ip address ", "ipv6 address ")) for line in body)
    )
    plain = name.startswith(("Ethernet", "Port-Channel"))
    return Interface(name, lists, group, access=plain and not routed and "switchport mode trunk" not in body)


@dataclass(frozen=True)
class Session:
    """A configuration session: its state, and the terminal that is in it, or ""."""

    name: str
    state: str
    terminal: str


def parse_sessions(text: str) -> list[Session]:
    """Read ``show configuration sessions detail``."""
    rows = []
    for row in _ROW.finditer(text):
        terminal = next((word for word in row["rest"].split() if _TERMINAL.match(word)), "")
        rows.append(Session(row["name"], row["state"], terminal))
    return rows


def pending_session(text: str) -> str | None:
    """Give the name of the session whose commit timer runs; older versions say so in the table only."""
    said = _PENDING.search(text)
    if said:
        return said[1]
    return next((row.name for row in parse_sessions(text) if row.state == "pendingCommitTimer"), None)


def parse_timer(text: str, user: str) -> Timer | None:
    """Read ``show configuration sessions detail``; what cannot be read counts as a timer of somebody.

    Args:
        text: what the switch said.
        user: who is logged in; a session of ours carries its name.
    """
    if not has_sessions(text):
        return None if text.lstrip().startswith("%") else Timer("", text.strip(), SHOW)
    name = pending_session(text)
    if name is None:
        return None
    return Timer(user if name.startswith(own_prefix(user)) else f"of session {name}", text.strip(), SHOW)


def has_sessions(text: str) -> bool:
    """True if the switch has configuration sessions at all."""
    return "Maximum number of" in text


def own_prefix(user: str) -> str:
    """Give what the names of sessions of this user's runs begin with."""
    return f"{SESSIONS}{re.sub(r'[^A-Za-z0-9_]', '_', user)}-"


def parse_privilege(text: str) -> int:
    """Read ``show privilege``; what cannot be read counts as none."""
    found = re.search(r"privilege level is (\d+)", text)
    return int(found[1]) if found else 0


def changed_lines(diffs: str) -> list[str]:
    """Give what a unified diff of a session adds and removes, without indentation."""
    lines = [line[1:].strip() for line in diffs.splitlines() if re.match(r"[+-](?![+-]{2} )", line)]
    return [line for line in lines if line and line != "!"]


def hardware_errors(log: str) -> list[str]:
    """Give the log lines about lists that did not fit into the hardware."""
    return [line for line in log.splitlines() if _FULL.search(line) and "ACL-6-IPACCESS" not in line]


def parse_room(text: str) -> Room | None:
    """Read ``show hardware capacity``: the tightest table that is for lists; None if no row names one."""
    rooms = [Room(int(row[1]), int(row[1]) + int(row[2])) for row in _CAPACITY.finditer(text)]
    return min(rooms, key=lambda room: room.free, default=None)


def parse_hits(text: str) -> list[Hits]:
    """Read the counters of one list from ``show ip access-lists``; entries that never matched show none."""
    counted = re.search(r"^\s+(?:counters|statistics) per-entry", text, re.MULTILINE) is not None
    return [
        Hits(hit[1], int(hit[2]) if hit[2] else (0 if counted else None))
        for line in text.splitlines()
        for hit in [_HIT.match(line)]
        if hit
    ]
