# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the show commands of the simulated AOS-CX print. Source: switch-acl.md 2.5; shapes are [documented]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Handler, Reply
from .config import (
    VERSION,
    AccessList,
    Group,
    interface_line,
    interface_name,
    key_of,
    name_order,
    spelled,
)
from .entry import FAMILIES, Address, Entry, Ports

if TYPE_CHECKING:
    from .device import Switch
    from .session import Session

RULE = "-" * 79
HEAD = [
    "Type       Name",
    "  Sequence Comment",
    "           Action                          L3 Protocol",
    "           Source IP Address               Source L4 Port(s)",
    "           Destination IP Address          Destination L4 Port(s)",
    "           Additional Parameters",
]
LIST_WORDS = ("commands", "configuration")
WAYS = ("in", "out", "routed-in", "routed-out")


def _reply(lines: list[str]) -> Reply:
    return Reply("".join(f"{line}\n" for line in lines))


def warnings(switch: Switch, name: str) -> list[str]:
    """Give the lines in front of a list whose configuration is not what the hardware holds."""
    reset = "! run 'access-list TYPE NAME reset' to reset access-list to match active configuration."
    if switch.processing(name):
        return [f"! access-list {spelled(name)} user configuration currently being processed", reset]
    configured, active = switch.running.lists.get(name), switch.active.lists.get(name)
    same = (configured.lines() if configured else None) == (active.lines() if active else None)
    places = [place for place in switch.running.places() if name in place.acl.values()]
    if same and all(switch.active_place(place.name) == place.acl for place in places):
        return []
    return [f"! access-list {spelled(name)} user configuration does not match active configuration.", reset]


def running(session: Session, words: list[Token]) -> Reply:
    """`show running-config [interface X | vlan N]`."""
    switch = session.switch
    if words:
        text = " ".join(word.text for word in words).removeprefix("interface ")
        name = interface_name(text)
        if name is None or name not in switch.running.interfaces:
            raise CliError("invalid", words[-1].column, words[-1].text)
        return _reply([*switch.running.interfaces[name].config_lines(interface_line(name)), "    exit"])
    marks = {name: warnings(switch, name) for name in switch.running.lists}
    return _reply(["Current configuration:", *switch.running.text_lines(marks)])


def startup(session: Session, _words: list[Token]) -> Reply:
    """`show startup-config`."""
    return _reply(["Startup configuration:", *session.switch.startup.text_lines()])


def access_list(session: Session, words: list[Token]) -> Reply:
    """`show access-list [ip|ipv6 NAME | interface X | vlan N] [in|out...] [commands] [configuration]`."""
    switch = session.switch
    typed = [word.text for word in words]
    options = {word for word in LIST_WORDS if any(_is(word, text, 3) for text in typed)}
    rest = [word for word in words if not any(_is(option, word.text, 3) for option in LIST_WORDS)]
    source = switch.running if "configuration" in options else switch.active
    names = _wanted(switch, rest, source.lists)
    lines: list[str] = [] if "commands" in options else [*HEAD, RULE]
    for name in names:
        lines += warnings(switch, name)
        acl = source.lists.get(name)
        if acl is None:
            continue
        if "commands" in options:
            lines += [f"access-list {spelled(name)}", *(f"    {line}" for line in acl.lines())]
        else:
            lines += [*_table(acl), RULE]
    if "commands" in options and not rest:
        for place in source.places():
            head = place.name if place.name.startswith("vlan ") else interface_line(place.name)
            lines += [head, *place.applied()] if place.acl else []
    return _reply(lines) if names else Reply("No ACLs found.\n")  # [assumed] wording


def _is(word: str, text: str, least: int) -> bool:
    return len(text) >= least and word.startswith(text.lower())


def _wanted(switch: Switch, words: list[Token], lists: Mapping[str, AccessList]) -> list[str]:
    """Read which lists are asked for."""
    family = words[0].text.lower() if words and words[0].text.lower() in FAMILIES else ""
    raw = [word.text for word in words[1 if family else 0 :]]
    texts = [text.lower() for text in raw]
    ways = [text for text in texts if text in WAYS] or list(WAYS)
    raw = [text for text in raw if text.lower() not in WAYS]
    if not raw:
        found = sorted({*lists, *switch.running.lists})
        return [key for key in found if not family or spelled(key).startswith(f"{family} ")]
    if raw[0].lower() in ("interface", "vlan"):
        text = " ".join(raw[1:]) if raw[0].lower() == "interface" else f"vlan {' '.join(raw[1:])}"
        name = text if raw[0].lower() == "vlan" else interface_name(text)
        place = next((one for one in switch.running.places() if one.name == name), None)
        if place is None:
            raise CliError("invalid", words[-1].column, words[-1].text)
        wanted = [key_of(one, way) for one in ([family] if family else FAMILIES) for way in ways]
        return [place.acl[way] for way in wanted if way in place.acl]
    if len(raw) > 1:
        raise CliError("invalid", words[-1].column, raw[-1])
    named = key_of(family or "ip", raw[0])
    return [named] if named in lists or named in switch.running.lists else []


def _table(acl: AccessList) -> list[str]:
    """Print a list as a table, one field a line."""
    lines = [f"{'IPv4' if acl.family == 'ip' else 'IPv6'}       {acl.name}"]
    for number in acl.numbers():
        comment, entry = acl.comments.get(number), acl.entries.get(number)
        lines += [f"{number:>10} {comment}"] if comment is not None else []
        if entry is None:
            continue
        first = " " * 10 if comment is not None else f"{number:>10}"
        lines += [f"{first} {entry.action:<31} {entry.body.split()[1]}"]
        lines += [_side(entry.src, entry.src_ports), _side(entry.dst, entry.dst_ports)]
        lines += [f"           {text}" for text in _additional(entry)]
    return lines


def _side(address: Address, ports: Ports | None) -> str:
    if ports is None:
        return f"           {address.text}"
    sign = {"eq": "=", "gt": ">", "lt": "<"}.get(ports.text.split()[0], ports.text.split()[0])
    return f"           {address.text:<31} {sign:<2} {' '.join(ports.text.split()[1:])}"


def _additional(entry: Entry) -> list[str]:
    words = entry.body.split()
    found = [word for word in ("established",) if word in words]
    found += [f"ICMP-Type: {entry.icmp[0]}"] if entry.icmp[0] is not None else []
    return found + (["Hit-counts: enabled"] if entry.count else [])


def hitcounts(family: str) -> Handler:
    """`show access-list hitcounts ip|ipv6 NAME [interface X | vlan N] [in|out|routed-in|routed-out]`."""

    def handler(session: Session, words: list[Token]) -> Reply:
        return _hitcounts(session, family, words)

    return handler


def _hitcounts(session: Session, family: str, words: list[Token]) -> Reply:
    switch, name = session.switch, key_of(family, words[0].text)
    acl = switch.active.lists.get(name)
    if acl is None:
        raise CliError("message", text=f"% ACL {words[0].text} does not exist")
    texts = [word.text.lower() for word in words[1:]]
    ways = [text for text in texts if text in WAYS]
    named = "".join(text for text in texts if text not in WAYS).removeprefix("interface")
    lines = [f"Statistics for ACL {acl.name} ({'ipv4' if family == 'ip' else 'ipv6'}):"]
    for place in switch.active.places():
        if named and place.name.replace(" ", "") != named:
            continue
        for way in [key.split()[-1] for key, bound in sorted(place.acl.items()) if bound == name]:
            if way not in (ways or WAYS):
                continue
            kind = place.name if place.name.startswith("vlan ") else f"interface {place.name}"
            lines += [f"{kind} ({way}):", f"{'Matched Packets':>20}  Configuration"]
            lines += _hit_lines(switch, acl, f"{name}|{place.name} {key_of(family, way)}")
    return _reply(lines)


def _hit_lines(switch: Switch, acl: AccessList, key: str) -> list[str]:
    lines = []
    for number, entry in sorted(acl.entries.items()):
        count = str(switch.hits.get(f"{key}|{number}", 0)) if entry.count else "-"
        lines.append(f"{count:>20}  {number} {entry.body}")
    return [*lines, f"{switch.hits.get(f'{key}|deny', 0):>20}  implicit deny any any any count"]


def object_groups(session: Session, words: list[Token]) -> Reply:
    """`show object-group [commands] [configuration]`."""
    groups: list[Group] = list(session.switch.running.groups.values())
    if not groups:
        return Reply("No object group found.\n")
    if any(_is("commands", word.text, 3) for word in words):
        return _reply([line for group in groups for line in (group.head, *_members(group, 4))])
    lines = ["Type       Name", "  Sequence L4 Port(s)/IP Address", RULE]
    for group in groups:
        kind = {"ip": "IPv4", "ipv6": "IPv6"}.get(group.kind, "Port")
        lines += [f"{kind:<10} {group.name}", *_members(group, 10)]
    return _reply(lines)


def _members(group: Group, width: int) -> list[str]:
    pad = " " * 4 if width == 4 else ""
    return [f"{pad}{number:>{0 if pad else width}} {text}" for number, text in sorted(group.entries.items())]


def version(session: Session, _words: list[Token]) -> Reply:
    """`show version`."""
    return _reply(
        [
            "-" * 77,
            "ArubaOS-CX",
            "(c) Copyright 2017-2026 Hewlett Packard Enterprise Development LP",
            "-" * 77,
            f"Version      : {VERSION}",
            "Build Date   : 2024-05-01 00:00:00 UTC",
            f"Build ID     : ArubaOS-CX:{VERSION}:twin",
            "Active Image : primary",
            "",
            "Service OS Version : FL.01.14.0002",
            "BIOS Version       : FL.01.0002",
        ]
    )


def capacities(session: Session, _words: list[Token]) -> Reply:
    """`show capacities-status`, reduced to the rows of access lists."""
    used, maximum = session.switch.tcam()
    count = len(session.switch.running.lists)
    lines = ["", "System Capacities Status", f"{'Capacities Status Name':<74} Value Maximum", RULE]
    lines.append(f"{'Number of Access Control Entries currently configured':<70} {used:>9} {maximum:>7}")
    return _reply([*lines, f"{'Number of Access Control Lists currently configured':<70} {count:>9} {512:>7}"])


def interfaces(session: Session, _words: list[Token]) -> Reply:
    """`show interface brief`."""
    lines = [
        "-" * 99,
        "Port      Native  Mode   Type           Enabled Status  Reason                  Speed   Description",
        "          VLAN                                                                  (Mb/s)",
        "-" * 99,
    ]
    ports = sorted(session.switch.running.interfaces.values(), key=lambda port: name_order(port.name))
    for port in ports:
        vlan, down = port.value("vlan access ") or "--", "shutdown" in port.lines
        state = f"{'no' if down else 'yes':<7} {'down' if down else 'up':<7}"
        lines.append(
            f"{port.name:<9} {vlan:<7} access 1GbT           {state} {'':<23} 1000    {port.value('description')}"
        )
    return _reply([line.rstrip() for line in lines])


def vlans(session: Session, _words: list[Token]) -> Reply:
    """`show vlan`."""
    lines = ["-" * 92, "VLAN  Name                              Status  Reason                  Type        Interfaces"]
    for number, vlan in sorted(session.switch.running.vlans.items()):
        name = vlan.value("name ") or ("DEFAULT_VLAN_1" if number == 1 else f"VLAN{number}")
        lines.append(f"{number:<5} {name:<33} up      ok                      static")
    return _reply(lines)


def checkpoints(session: Session, _words: list[Token]) -> Reply:
    """`show checkpoint list`."""
    return _reply(list(session.switch.checkpoints))


def users(session: Session, _words: list[Token]) -> Reply:
    """`show user-sessions`, as it were [assumed]."""
    return _reply([f"{other.user:<20} ssh {other.number}" for other in session.switch.sessions.values()])
