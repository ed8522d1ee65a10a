# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the show commands of the simulated switch print.

Source: switch-acl.md section 2.1; shapes without a mark are [recorded].
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from . import acl6
from .config import SHORT, Interface, interface_order
from .entry import CliError, Token, tokens_of
from .grammar import Reply

if TYPE_CHECKING:
    from .device import Switch
    from .session import Session

VERSION = "17.09.04a"
FILTERS = ("include", "exclude", "begin", "section", "count")


def _reply(lines: list[str]) -> Reply:
    return Reply("".join(f"{line}\n" for line in lines))


def filtered(text: str, output_filter: str, offset: int) -> str:
    """Apply `| include RE` and its kin.

    Raises:
        CliError: unknown filter, no pattern, or a pattern that is none.
    """
    words = tokens_of(output_filter)
    kinds = [kind for kind in FILTERS if words and kind.startswith(words[0].text.lower())]
    if not words:
        raise CliError("incomplete")
    if not kinds:
        raise CliError("invalid", words[0].column + offset)
    if len(words) == 1:
        raise CliError("incomplete")
    try:
        pattern = re.compile(output_filter[words[1].column :].rstrip())
    except re.error:
        raise CliError("message", text="% Failed to compile regular expression.") from None
    lines = text.splitlines()
    hits = [bool(pattern.search(line)) for line in lines]
    if kinds[0] == "count":
        return f"Number of lines which match regexp = {sum(hits)}\n"
    if kinds[0] == "begin":
        kept = lines[hits.index(True) :] if True in hits else []
    elif kinds[0] == "section":
        kept = _section(lines, hits)
    else:
        kept = [line for line, hit in zip(lines, hits, strict=True) if hit == (kinds[0] == "include")]
    return "".join(f"{line}\n" for line in kept)


def _section(lines: list[str], hits: list[bool]) -> list[str]:
    """A line that matches, and the deeper lines below it."""
    kept: list[str] = []
    depth: int | None = None
    for line, hit in zip(lines, hits, strict=True):
        indent = len(line) - len(line.lstrip())
        if depth is not None and indent <= depth:
            depth = None
        if hit and depth is None:
            depth = indent
        if depth is not None:
            kept.append(line)
    return kept


def _stamp(moment: float) -> str:
    return time.strftime("%H:%M:%S UTC %a %b %e %Y", time.gmtime(moment))


def version(session: Session, _words: list[Token]) -> Reply:
    """`show version`."""
    switch = session.switch
    minutes = int((switch.hooks.now() - switch.booted) // 60)
    ports = [name for name in switch.running.interfaces if name.startswith("GigabitEthernet")]
    if switch.running.classic:
        text = "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E8, RELEASE SOFTWARE (fc1)"
        return _reply([text, "", f"{switch.running.hostname} uptime is {minutes // 60} hours, {minutes % 60} minutes"])
    return _reply(
        [
            f"Cisco IOS XE Software, Version {VERSION}",
            f"Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version {VERSION}, RELEASE"
            " SOFTWARE (fc3)",
            "",
            f"{switch.running.hostname} uptime is {minutes // 60} hours, {minutes % 60} minutes",
            'System image file is "flash:packages.conf"',
            "Last reload reason: PowerOn",
            "",
            "cisco C9300-24T (X86) processor with 1331521K/6147K bytes of memory.",
            "Processor board ID FOC0000TWIN",
            f"{len(ports)} Gigabit Ethernet interfaces",
            "Configuration register is 0x102",
            "",
        ]
    )


def inventory(session: Session, _words: list[Token]) -> Reply:
    """`show inventory`: the box alone [assumed]."""
    kind = "C2960X-24T" if session.switch.running.classic else "C9300-24T"
    return _reply([f'NAME: "Switch 1", DESCR: "{kind}"', f"PID: {kind:<18}, VID: V01  , SN: FOC0000TWIN", ""])


def running(session: Session, _words: list[Token]) -> Reply:
    """`show running-config`."""
    lines = session.switch.running.text_lines()
    change = session.switch.last_change
    head = ["Building configuration...", "", f"Current configuration : {_size(lines)} bytes", "!"]
    if change:
        head += [f"! Last configuration change at {_stamp(change['at'])} by {change['by']}", "!"]
    return _reply([*head, *lines, ""])


def _size(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def running_interface(session: Session, words: list[Token]) -> Reply:
    """`show running-config interface X`."""
    lines = [*session.port(words).config_lines(), "end"]
    return _reply(["Building configuration...", "", f"Current configuration : {_size(lines)} bytes", "!", *lines, ""])


def startup(session: Session, _words: list[Token]) -> Reply:
    """`show startup-config`."""
    lines = session.switch.startup.text_lines()
    return _reply([f"Using {_size(lines)} out of 2097152 bytes", "!", *lines, ""])


def access_lists(session: Session, words: list[Token]) -> Reply:
    """`show ip access-lists [NAME]`; nothing for a list that does not exist. Standard lists come first."""
    lists = session.switch.running.lists.values()
    wanted = [acl for acl in lists if not words or acl.name == words[0].text]
    ordered = sorted(wanted, key=lambda acl: (not acl.standard, acl.name))
    return _reply([line for acl in ordered for line in acl.show_lines()])


def all_access_lists(session: Session, words: list[Token]) -> Reply:
    """`show access-lists [NAME]`: IPv4 first, then IPv6 [recorded]."""
    return Reply(access_lists(session, words).text + acl6.show(session, words).text)


def access_lists_of_interface(session: Session, words: list[Token]) -> Reply:
    """`show ip access-lists interface X [in|out]`."""
    ways = [words[-1].text.lower()] if words[-1].text.lower() in ("in", "out") else ["in", "out"]
    port = session.port(words[:-1] if len(ways) == 1 else words)
    names = [port.acl[way] for way in ways if way in port.acl]
    lists = session.switch.running.lists
    shown = [
        f"{line} {way}" for way in ways if port.acl.get(way) in lists for line in lists[port.acl[way]].show_lines()[:1]
    ]
    if not names:
        return Reply()
    return _reply([shown[0], *lists[names[0]].show_lines()[1:]] if shown else [])


def ip_interface(session: Session, words: list[Token]) -> Reply:
    """`show ip interface [X]`."""
    ports = [session.port(words)] if words else list(session.switch.running.interfaces.values())
    lines: list[str] = []
    for port in ports:
        lines.append(f"{port.name} is {_admin(port)}, line protocol is {'down' if 'shutdown' in port.lines else 'up'}")
        address = port.value("ip address ")
        if address:
            host, mask = address.split()[:2]
            prefix = sum(bin(int(part)).count("1") for part in mask.split("."))
            lines += [f"  Internet address is {host}/{prefix}", "  Broadcast address is 255.255.255.255"]
            lines.append("  MTU is 1500 bytes")
        # [recorded] two blanks behind Inbound
        lines += ["  Outgoing Common access list is not set "] if port.routed else []
        lines.append(f"  Outgoing access list is {port.acl.get('out', 'not set')}")
        lines += ["  Inbound  Common access list is not set "] if port.routed else []
        lines.append(f"  Inbound  access list is {port.acl.get('in', 'not set')}")
    return _reply(lines)


def _admin(port: Interface) -> str:
    return "administratively down" if "shutdown" in port.lines else "up"


def ip_interface_brief(session: Session, _words: list[Token]) -> Reply:
    """`show ip interface brief`."""
    lines = ["Interface              IP-Address      OK? Method Status                Protocol"]
    for port in sorted(session.switch.running.interfaces.values(), key=lambda port: interface_order(port.name)):
        address = (port.value("ip address ") or "unassigned").split()[0]
        lines.append(f"{port.name:<22} {address:<15} YES manual {_admin(port):<21} up")
    return _reply(lines)


def interfaces_status(session: Session, _words: list[Token]) -> Reply:
    """`show interfaces status`: a port used by a station is connected."""
    lines = ["", "Port         Name               Status       Vlan       Duplex  Speed Type"]
    for port in sorted(session.switch.running.interfaces.values(), key=lambda port: interface_order(port.name)):
        kind = re.sub(r"[\d/]+$", "", port.name)
        if port.routed or kind not in SHORT:
            continue
        vlan = port.value("switchport access vlan ")
        status = "disabled" if "shutdown" in port.lines else "connected" if vlan else "notconnect"
        short = f"{SHORT[kind]}{port.name[len(kind) :]}"
        name = port.value("description ")[:18]
        lines.append(f"{short:<12} {name:<18} {status:<12} {vlan or '1':<10} a-full a-1000 10/100/1000BaseTX")
    return _reply(lines)


def vlans(session: Session, _words: list[Token]) -> Reply:
    """`show vlan brief`."""
    lines = [
        "",
        "VLAN Name                             Status    Ports",
        "---- -------------------------------- --------- -----",
    ]
    for number, name in sorted(session.switch.running.vlans.items()):
        lines.append(f"{number:<4} {name or f'VLAN{number:04d}':<32} active")
    return _reply(lines)


def archive(session: Session, _words: list[Token]) -> Reply:
    """`show archive`."""
    switch = session.switch
    if not switch.running.archive_path:
        return Reply("Archive feature not enabled\n")
    lines = [f"The maximum archive configurations allowed is {switch.running.archive_maximum}."]
    lines.append(f"There are currently {len(switch.archives)} archive configurations saved.")
    next_file = f"{switch.running.archive_path}<timestamp>-{switch.archive_index}"
    lines += [f"The next archive file will be named {next_file}", " Archive #  Name"]
    for index in range(switch.running.archive_maximum):
        name = switch.archives[index] if index < len(switch.archives) else ""
        recent = " <- Most Recent" if name and index == len(switch.archives) - 1 else ""
        lines.append(f"   {index + 1:<8} {name}{recent}".rstrip())
    return _reply(lines)


def rollback_timer(session: Session, _words: list[Token]) -> Reply:
    """`show archive config rollback timer`."""
    pending = session.switch.pending
    if not pending:
        return Reply("%No Rollback Confirmed Change pending\n")
    lines = [f"Time configured(UTC): {_stamp(pending['at'])}", "Timer type: absolute timer"]
    return _reply([*lines, f"Timer value: {pending['minutes']} min", f"User: {pending['user']}"])


def users(session: Session, _words: list[Token]) -> Reply:
    """`show users`."""
    lines = ["    Line       User       Host(s)              Idle       Location"]
    for other in session.switch.sessions.values():
        mark = "*" if other is session else " "
        lines.append(
            f"{mark} {other.number:>3} vty {other.number - 1}   {other.user:<10} idle                 00:00:00"
        )
    return _reply(lines)


def logging(session: Session, _words: list[Token]) -> Reply:
    """`show logging`: [documented] the one line that tells of a list that does not fit."""
    return _reply(["Log Buffer (4096 bytes):", "", *unloaded_lines(session.switch)])


def unloaded_lines(switch: Switch) -> list[str]:
    """Log lines of bound lists that are not programmed."""
    lines = []
    for port in switch.running.interfaces.values():
        for way, name in port.acl.items():
            family = "IPv6" if way.startswith("ipv6") else "IPv4"
            if switch.unloaded(f"ipv6 {name}" if family == "IPv6" else name):
                word = "Input" if way.endswith("in") else "Output"
                lines.append(
                    f"%ACL_ERRMSG-4-UNLOADED: 1 fed: {word} {family} {name} on interface {port.name} for label 1 on"
                    " asic255 could not be programmed in hardware and traffic will be dropped."
                )
    return lines


def tcam(session: Session, _words: list[Token]) -> Reply:
    """The resource command of Catalyst 9000, reduced to the row of port lists [assumed]."""
    used, maximum = session.switch.tcam()
    share = f"{100 * used / maximum:.2f}%" if maximum else "100.00%"
    row = f" Security ACL           TCAM         IO       {maximum:>7} {used:>8} {share:>8} {used:>7} 0 0 0"
    return _reply(
        [
            " Table                  Subtype      Dir      Max     Used    %Used       V4 V6 MPLS Other",
            " " + "-" * 84,
            row,
        ]
    )
