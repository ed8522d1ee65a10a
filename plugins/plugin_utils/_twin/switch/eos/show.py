# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the show commands of the simulated EOS switch print.

Source: switch-acl.md section 2.2; shapes without a mark are [recorded].
"""

from __future__ import annotations

import difflib
import time
from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Handler, Reply
from ..verbatim import text_of
from . import candidates
from .acl import READONLY, READONLY_ENTRIES, readonly_lines, show_lines
from .config import MODEL, NAMES, VERSION, port_lines, routed, short, text_lines

if TYPE_CHECKING:
    from ..box import Box
    from ..rules import RuleList
    from .session import Session


def _reply(lines: list[str]) -> Reply:
    return Reply("".join(f"{line}\n" for line in lines))


def version(session: Session, _words: list[Token]) -> Reply:
    """`show version`."""
    switch = session.switch
    minutes = int((switch.hooks.now() - switch.booted) // 60)
    return _reply(
        [
            f"Arista {MODEL}",
            "Hardware version: 11.01",
            "Serial number: TWIN00000000",
            "System MAC address: 001c.7300.0000",
            "",
            f"Software image version: {VERSION}",
            "Architecture: i686",
            f"Internal build version: {VERSION}-00000000.4305M",
            "",
            f"Uptime: {minutes // 60} hours and {minutes % 60} minutes",
            "Total memory: 3952796 kB",
            "Free memory: 2412468 kB",
            "",
        ]
    )


def hostname(session: Session, _words: list[Token]) -> Reply:
    """`show hostname`."""
    name = session.switch.running.hostname
    return _reply([f"Hostname: {name}", f"FQDN:     {name}"])


def privilege(session: Session, _words: list[Token]) -> Reply:
    """`show privilege`."""
    return Reply(f"Current privilege level is {1 if session.mode == 'user' else 15}\n")


def clock(session: Session, _words: list[Token]) -> Reply:
    """`show clock`."""
    stamp = time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(session.switch.hooks.now()))
    return _reply([stamp, "Timezone: UTC", "Clock source: local"])


def users(session: Session, _words: list[Token]) -> Reply:
    """`show users`."""
    lines = ["    Line      User        Host(s)       Idle        Location"]
    for other in session.switch.sessions.values():
        mark = "*" if other is session else " "
        lines.append(f"{mark} {other.number:>3} vty {other.number:<3} {other.user:<11} idle          00:00:00    -")
    return _reply(lines)


def _head(session: Session, command: str) -> list[str]:
    host = session.switch.running.hostname
    return [f"! Command: {command}", f"! device: {host} ({MODEL}, EOS-{VERSION})", "!"]


def running(session: Session, _words: list[Token]) -> Reply:
    """`show running-config`."""
    return _reply([*_head(session, "show running-config"), *text_lines(session.switch.running)])


def _diff(before: Box, after: Box, names: tuple[str, str]) -> str:
    lines = difflib.unified_diff(text_lines(before), text_lines(after), *names, n=3, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def running_diffs(session: Session, _words: list[Token]) -> Reply:
    """`show running-config diffs`: what is not saved."""
    switch = session.switch
    return Reply(_diff(switch.startup, switch.running, ("flash:/startup-config", "system:/running-config")))


def running_interface(session: Session, words: list[Token]) -> Reply:
    """`show running-config interfaces X`."""
    name = NAMES.full(text_of(words))
    if name is None or name not in session.switch.running.ports:
        raise CliError("invalid", words[-1].column)
    return _reply(port_lines(session.switch.running.ports[name]))


def running_section(session: Session, words: list[Token]) -> Reply:
    """`show running-config section X`: blocks in which a word occurs."""
    blocks: list[list[str]] = []
    for line in text_lines(session.switch.running):
        if line == "!":
            continue
        if line.startswith(" ") and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    wanted = words[0].text.lower()
    return _reply([line for block in blocks if any(wanted in one.lower() for one in block) for line in block])


def startup(session: Session, _words: list[Token]) -> Reply:
    """`show startup-config`."""
    return _reply([*_head(session, "show startup-config"), *text_lines(session.switch.startup)])


def _lists(session: Session, family: str, words: list[Token]) -> list[RuleList]:
    lists = [one for one in session.switch.running.lists.values() if one.family == family]
    return [one for one in sorted(lists, key=lambda one: one.name) if not words or one.name == words[0].text]


def access_lists(family: str) -> Handler:
    """`show ip access-lists [NAME]`, `show ipv6 access-lists [NAME]`; the list of the CPU is among them."""

    def handler(session: Session, words: list[Token]) -> Reply:
        now = session.switch.hooks.now()
        shown = {one.name: show_lines(one, now) for one in _lists(session, family, words)}
        if family == "ip" and (not words or words[0].text == READONLY):
            shown[READONLY] = readonly_lines()
        return _reply([line for name in sorted(shown) for line in [*shown[name], ""]])

    return handler


def summaries(family: str) -> Handler:
    """`show ip access-lists [NAME] summary`: where each list is bound, and where it is in the hardware [assumed]."""

    def handler(session: Session, words: list[Token]) -> Reply:
        lines: list[str] = []
        if family == "ip" and (not words or words[0].text == READONLY):
            lines += [f"IPV4 ACL {READONLY} [readonly]", f"        Total rules configured: {len(READONLY_ENTRIES)}"]
            lines += ["        Configured on: control-plane", "        Active on    : control-plane", ""]
        for one in _lists(session, family, words):
            lines += [*_summary(session, one), ""]
        return _reply(lines)

    return handler


def _summary(session: Session, one: RuleList) -> list[str]:
    head = {"ip": "IPV4 ACL", "standard": "Standard IPV4 ACL", "ipv6": "IPV6 ACL"}[one.kind]
    total = sum(rule.kind != "remark" for rule in one.entries.values())
    lines = [f"{head} {one.name}", f"        Total rules configured: {total}"]
    for way, word in (("in", "Ingress"), ("out", "Egress")):
        key = f"ipv6 {way}" if one.family == "ipv6" else way
        ports = [short(p.name) for p in session.switch.running.ports.values() if p.acl.get(key) == one.name]
        if ports:
            lines.append(f"        Configured on {word}: {','.join(ports)}")
            if one.key not in session.switch.unloaded():
                lines.append(f"        Active on     {word}: {','.join(ports)}")
    return lines


def sessions(detail: bool) -> Handler:
    """`show configuration sessions [detail]`."""

    def handler(session: Session, _words: list[Token]) -> Reply:
        return Reply(candidates.table(session.switch, detail))

    return handler


def session_config(only_differences: bool) -> Handler:
    """`show session-config [named S] [diffs]`; without a name only within a session."""

    def handler(session: Session, words: list[Token]) -> Reply:
        name = words[0].text if words else session.candidate
        if not name:
            raise CliError("message", text="% Not in a configuration session")
        found = candidates.find_candidate(session.switch, name)
        if only_differences:
            return Reply(candidates.differences(session.switch, found))
        return _reply([*_head(session, "show session-config"), *text_lines(found.box)])

    return handler


def interfaces_status(session: Session, _words: list[Token]) -> Reply:
    """`show interfaces status`: a port used by a station is connected."""
    lines = ["Port       Name   Status       Vlan     Duplex Speed  Type            Flags Encapsulation"]
    for port in sorted(session.switch.running.ports.values(), key=lambda port: NAMES.order(port.name)):
        if not port.name.startswith("Ethernet"):
            continue
        vlan = port.value("switchport access vlan ")
        status = "disabled" if "shutdown" in port.lines else "connected" if vlan else "notconnect"
        place = "routed" if routed(port) else vlan or "1"
        lines.append(f"{short(port.name):<10} {'':<6} {status:<12} {place:<8} full   1G     1000BASE-T")
    return _reply(lines)


def ip_interface_brief(session: Session, _words: list[Token]) -> Reply:
    """`show ip interface brief`."""
    lines = ["Interface         IP Address         Status       Protocol            MTU"]
    lines.append("----------------- ------------------ ------------ -------------- ---------")
    for port in sorted(session.switch.running.ports.values(), key=lambda port: NAMES.order(port.name)):
        if routed(port):
            lines.append(f"{port.name:<17} {port.value('ip address ') or 'unassigned':<18} up           up   1500")
    return _reply(lines)


def vlans(session: Session, _words: list[Token]) -> Reply:
    """`show vlan`."""
    lines = ["VLAN  Name                             Status    Ports"]
    lines.append("----- -------------------------------- --------- -------------------------------")
    for number, name in sorted(session.switch.running.vlans.items()):
        lines.append(f"{number:<5} {name or f'VLAN{number:04d}':<32} active")
    return _reply(lines)


def hardware(session: Session, _words: list[Token]) -> Reply:
    """`show hardware capacity`, reduced to the row of access lists [assumed]."""
    used, maximum = session.switch.tcam()
    share = 100 * used // maximum if maximum else 100
    free = max(0, maximum - used)
    return _reply(
        [
            "Forwarding Resources Usage",
            "",
            "Table   Feature   Chip         Used    Used      Free   Committed   Best Case       High",
            "                            Entries     (%)   Entries     Entries         Max  Watermark",
            "                                                                      Entries           ",
            "------- --------- -------- --------- ------- --------- ----------- ----------- ---------",
            f"TCAM    ACL       Linecard0 {used:>8} {f'{share}%':>7} {free:>9} {0:>11} {maximum:>11} {used:>9}",
            "",
        ]
    )


def logging(session: Session, _words: list[Token]) -> Reply:
    """`show logging`: one line for each list that does not fit [assumed]."""
    lines = [f"%ACL-3-HARDWARE_RESOURCE_FULL: {key} is not programmed" for key in session.switch.unloaded()]
    return _reply(["Syslog logging: enabled", "", *lines])
