# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Nexus switch says about itself, read into plain state. Pure: text in, state out (Cisco NX-OS)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_nxos import parse_lists
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

# Jobs and schedules of ours: otedge-<user>-<something unique>, at most 31 characters.
SCHEDULES = "otedge-"
_USER = 12
ROLES = frozenset({"network-admin", "vdc-admin", "admin"})

_KINDS = (
    ("Ethernet", "e"),
    ("port-channel", "po"),
    ("Vlan", "vl"),
    ("loopback", "lo"),
    ("mgmt", "m"),
)
_BIND = re.compile(
    r"(?:ip (?P<port>port )?access-group|(?P<ipv6>ipv6) (?P<port6>port )?traffic-filter)"
    r" (?P<name>\S+) (?P<direction>in|out)$"
)
_LOGIN = re.compile(r"(?:ip |ipv6 )?access-class (\S+) in$")
_CHANNEL = re.compile(r"channel-group (\d+)")
_JOB = "scheduler job name "
# It has run, or there is no next time.
_FIRED = re.compile(
    r"^\s*(?:Last Execution Time\s*:\s*(?!Yet to be)\S|Next Execution Time\s*:\s*None\b)", re.MULTILINE | re.IGNORECASE
)
_FULL = re.compile(
    r"(?:ACLQOS|ACLMGR|TCAM)\S*.*(?:fail|exceed|insufficient|exhaust|not (?:be )?programmed|full\b)", re.I
)
_HIT = re.compile(r"^\s+(?:\d+\s+)?((?:permit|deny)\s.*?)\s*(?:\[match=(\d+)\])?\s*$")
_ROOM = re.compile(r"^\s*(?P<what>\S.*?)\s{2,}(?P<used>\d+)\s+(?P<free>\d+)\s+\d+\.\d+\s*$", re.MULTILINE)


def interface_name(name: str) -> str:
    """Spell an interface as the configuration does: Eth1/1 is Ethernet1/1."""
    return spelled(name, _KINDS)


def without_jobs(text: str) -> tuple[str, dict[str, list[str]]]:
    """Take banners and the scheduler's jobs out of a configuration: they stand unindented and look like configuration.

    Returns:
        The rest, and the lines of each job by name.
    """
    rest: list[str] = []
    jobs: dict[str, list[str]] = {}
    lines = without_banners(text).splitlines()
    ends = {index for index, line in enumerate(lines) if line.strip() == "end-job"}
    current: list[str] | None = None
    for index, line in enumerate(lines):
        if line.startswith(_JOB):
            current = jobs.setdefault(line.removeprefix(_JOB).strip(), [])
        elif index in ends:
            current = None
        elif current is not None and (line[:1].isspace() or any(end > index for end in ends)):
            current += [line.strip()] if line.strip() else []
        else:
            current = None
            rest.append(line)
    return "\n".join([*rest, ""]), jobs


def parse_config(text: str) -> Config:
    """Read a running or startup configuration."""
    plain, jobs = without_jobs(text)
    found = sections(plain)
    routed = routed_ports(found)
    ports = [_interface(name, body, name in routed) for name, body in _port_sections(found)]
    # A job that a cut run of ours left before it had a schedule never runs: what it names is not in use.
    idle = {
        name for name in jobs if name.startswith(SCHEDULES) and f"scheduler schedule name {name}" not in dict(found)
    }
    elsewhere = named_elsewhere(found, _BIND) | {
        word for name, lines in jobs.items() if name not in idle for line in lines for word in line.split()
    }
    login = frozenset(
        bound[1]
        for head, body in found
        if head == "line vty"
        for line in body
        for bound in [_LOGIN.match(line)]
        if bound
    )
    # The platform routes between its VLAN interfaces always.
    return Config(parse_lists(plain), {port.name: port for port in ports}, True, elsewhere, login)


def _port_sections(found: Iterable[Section]) -> list[Section]:
    return [(head.removeprefix("interface ").strip(), body) for head, body in found if head.startswith("interface ")]


def routed_ports(found: Iterable[Section]) -> frozenset[str]:
    """Name the interfaces that are routed: they take lists by another command than bridged ports.

    A port that says neither is what the switch makes of ports: routed if it prints ``switchport`` at others, or says
    ``no system default switchport``; else bridged.
    """
    found = list(found)
    ports = _port_sections(found)
    default = any("switchport" in body for _name, body in ports) or any(
        head == "no system default switchport" for head, _body in found
    )
    return frozenset(name for name, body in ports if _is_routed(name, body, default))


def _is_routed(name: str, body: Sequence[str], default: bool) -> bool:
    if not name.startswith(("Ethernet", "port-channel")) or "." in name:
        return True
    if "no switchport" in body or any(line.startswith(("ip address ", "ipv6 address ")) for line in body):
        return True
    member = any(_CHANNEL.match(line) for line in body)
    return default and not member and not any(line.startswith("switchport") for line in body)


def _interface(name: str, body: list[str], routed: bool) -> Interface:
    bound = [found for line in body for found in [_BIND.match(line)] if found]
    # What does not fit the kind of the port comes first, so that what fits wins.
    bound.sort(key=lambda found: bool(found["port"] or found["port6"]) != routed)
    lists = {_way(found): found["name"] for found in bound}
    group = next((member[1] for line in body for member in [_CHANNEL.match(line)] if member), "")
    return Interface(name, lists, group, access=not routed and "switchport mode trunk" not in body)


def _way(bound: re.Match[str]) -> str:
    return way_of(bound["direction"], bound["ipv6"] or IPV4)


@dataclass(frozen=True)
class Schedule:
    """A schedule of the scheduler: whose it is, and whether it has run."""

    name: str
    user: str
    fired: bool


def parse_schedules(text: str) -> list[Schedule]:
    """Read ``show scheduler schedule``."""
    found: list[Schedule] = []
    for block in re.split(r"^\s*(?=Schedule Name\s*:)", text, flags=re.MULTILINE):
        name = re.search(r"^Schedule Name\s*:\s*(\S+)", block)
        if name:
            user = re.search(r"^\s*User Name\s*:\s*(\S+)", block, re.MULTILINE)
            found.append(Schedule(name[1], user[1] if user else "", _FIRED.search(block) is not None))
    return found


def own_name(user: str, token: str) -> str:
    """Give the name of a job and schedule of this user's runs."""
    return f"{SCHEDULES}{re.sub(r'[^A-Za-z0-9_]', '_', user)[:_USER]}-{token}"


def is_own(name: str, user: str) -> bool:
    """True if a job or schedule was made by a run of this user."""
    return name.startswith(own_name(user, ""))


def parse_timer(text: str, user: str) -> Timer | None:
    """Find the revert timer of a run, of this user or of another one, in ``show scheduler schedule``.

    One that has run is over; it counts only where it is ours, so that it is taken away.
    """
    found = [one for one in parse_schedules(text) if one.name.startswith(SCHEDULES)]
    timers = [one for one in found if is_own(one.name, user) or not one.fired]
    # One of somebody else stops, so it is told first.
    timers.sort(key=lambda one: is_own(one.name, user))
    for one in timers:
        ours = is_own(one.name, user) and one.user in ("", user)
        whose = user if ours else (one.user if one.user != user else f"of schedule {one.name}")
        return Timer(whose, text.strip(), "show scheduler schedule")
    return None


def no_timer(found: Iterable[Section]) -> tuple[str, str] | None:
    """Say why the scheduler cannot take a change back, as (what was found, what to do), or None."""
    heads = [head for head, _body in found]
    if "feature scheduler" not in heads:
        return (
            "The scheduler is off, so there is no revert timer",
            "configure 'feature scheduler', or set allow_no_revert_timer",
        )
    remote = any(head.startswith("aaa authentication login default group ") for head in heads)
    if remote and not any(head.startswith("scheduler aaa-authentication ") for head in heads):
        return (
            "Logins are checked by a server, and the scheduler has no password for this user: its job would not run",
            "configure 'scheduler aaa-authentication', or set allow_no_revert_timer",
        )
    return None


def parse_roles(text: str) -> frozenset[str]:
    """Read ``show user-account NAME``; empty where it does not say."""
    found = re.search(r"^\s*roles:\s*(.*)$", text, re.MULTILINE)
    return frozenset(found[1].split()) if found else frozenset()


def way_back(lines: Sequence[str]) -> list[str]:
    """Give the lines of a job that types these configuration lines: one line an interface, each from exec mode on."""
    job: list[str] = []
    for line in lines:
        if line.startswith("interface "):
            job.append(f"configure terminal ; {line}")
        else:
            job[-1] += f" ; {line}"
    return job


def bindings_of(job: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """Read the lines of a job of ours back: [(interface, way, configuration lines)]."""
    found: list[tuple[str, str, list[str]]] = []
    for line in job:
        _enter, _semicolon, rest = line.partition(" ; ")
        lines = [part.strip() for part in rest.split(";")]
        bound = _BIND.match(lines[-1].removeprefix("no "))
        if bound and lines[0].startswith("interface "):
            found.append((lines[0].removeprefix("interface ").strip(), _way(bound), lines))
    return found


def hardware_errors(log: str) -> list[str]:
    """Give the log lines about lists that did not fit into the hardware."""
    return [line for line in log.splitlines() if _FULL.search(line)]


def parse_room(text: str, family: str = IPV4) -> Room | None:
    """Read ``show hardware access-list resource utilization``: the tightest region for lists that has any room at all.

    Regions of IPv6 have it in their name (assumed).

    Regions of size zero are not set up on this model and take no list; binding says so then.
    """
    rooms = [
        Room(int(row["used"]), int(row["used"]) + int(row["free"]))
        for row in _ROOM.finditer(text)
        if re.search(r"\b(?:PACL|RACL|Tcam)\b", row["what"], re.IGNORECASE)
        and ("IPv6" in row["what"]) == (family != IPV4)
    ]
    return min((room for room in rooms if room.maximum), key=lambda room: room.free, default=None)


def parse_hits(text: str) -> list[Hits]:
    """Read the counters of one list from ``show ip access-lists``; without statistics nothing is counted."""
    return [
        Hits(hit[1], int(hit[2]) if hit[2] is not None else None)
        for line in text.splitlines()
        for hit in [_HIT.match(line)]
        if hit
    ]
