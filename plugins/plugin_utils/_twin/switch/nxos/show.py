# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the show commands of the simulated NX-OS switch print.

Source: switch-acl.md section 2.3; shapes without a mark are [recorded].
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Handler, Reply
from ..verbatim import text_of
from .config import NAMES, SYSTEM, VERSION, acl_lines, port_lines, routed, short, show_lines, text_lines

if TYPE_CHECKING:
    from ..rules import RuleList
    from .session import Session


def reply_of(lines: list[str]) -> Reply:
    """Give lines as the answer of a command."""
    return Reply("".join(f"{line}\n" for line in lines))


def stamp(moment: float) -> str:
    """Print a moment in UTC."""
    return time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(moment))


def version(session: Session, _words: list[Token]) -> Reply:
    """`show version`."""
    switch = session.switch
    up = int(switch.hooks.now() - switch.booted)
    return reply_of(
        [
            "Cisco Nexus Operating System (NX-OS) Software",
            "TAC support: http://www.cisco.com/tac",
            "",
            "Software",
            "  BIOS: version 05.45",
            f"  NXOS: version {VERSION}",
            "  NXOS image file is: bootflash:///nxos.9.3.10.bin",
            "",
            "Hardware",
            "  cisco Nexus9000 C9348GC-FXP Chassis",
            "  Processor Board ID TWIN0000000",
            "",
            f"  Device name: {switch.running.hostname}",
            f"Kernel uptime is {up // 86400} day(s), {up // 3600 % 24} hour(s), {up // 60 % 60} minute(s),"
            f" {up % 60} second(s)",
            "",
        ]
    )


def hostname(session: Session, _words: list[Token]) -> Reply:
    """`show hostname`."""
    return Reply(f"{session.switch.running.hostname} \n")


def _role(session: Session) -> str:
    return "network-admin" if session.admin else "network-operator"


def privilege(session: Session, _words: list[Token]) -> Reply:
    """`show privilege`."""
    level = 15 if session.admin else 1
    return reply_of([f"User name: {session.user}", f"Current privilege level: {level}", "Feature privilege: Disabled"])


def user_account(session: Session, words: list[Token]) -> Reply:
    """`show user-account [USER]`: the only one there is."""
    if words and words[0].text != session.user:
        return Reply()
    lines = [f"user:{session.user}", "        this user account has no expiry date"]
    return reply_of([*lines, f"        roles:{_role(session)} "])


def users(session: Session, _words: list[Token]) -> Reply:
    """`show users`."""
    lines = ["NAME     LINE         TIME         IDLE          PID COMMENT"]
    for other in session.switch.sessions.values():
        mark = " *" if other is session else ""
        lines.append(f"{other.user:<8} pts/{other.number:<8} Nov 22 10:00   .         1{other.number:04d} {mark}")
    return reply_of(lines)


def clock(session: Session, _words: list[Token]) -> Reply:
    """`show clock`."""
    return reply_of([time.strftime("%H:%M:%S.000 UTC %a %b %d %Y", time.gmtime(session.switch.hooks.now()))])


def feature(session: Session, _words: list[Token]) -> Reply:
    """`show feature`, of those that matter here."""
    lines = ["Feature Name          Instance  State", "--------------------  --------  --------"]
    for name in ("interface-vlan", "scheduler"):
        state = "enabled" if f"feature {name}" in session.switch.running.lines else "disabled"
        lines.append(f"{name:<20}  1         {state}")
    return reply_of(lines)


def _head(session: Session, command: str) -> list[str]:
    switch = session.switch
    done = [f"!Running configuration last done at: {stamp(switch.last_change['at'])}"] if switch.last_change else []
    return ["", f"!Command: {command}", *done, f"!Time: {stamp(switch.hooks.now())}", ""]


def running(session: Session, _words: list[Token]) -> Reply:
    """`show running-config`."""
    return reply_of([*_head(session, "show running-config"), *text_lines(session.switch.running)])


def startup(session: Session, _words: list[Token]) -> Reply:
    """`show startup-config`."""
    return reply_of([*_head(session, "show startup-config"), *text_lines(session.switch.startup)])


def acl_config(which: str) -> Handler:
    """`show running-config aclmgr` and of the startup configuration."""

    def handler(session: Session, _words: list[Token]) -> Reply:
        box = session.switch.running if which == "running" else session.switch.startup
        head = _head(session, f"show {which}-config aclmgr")
        return reply_of([*head, f"version {VERSION} Bios:version 05.45", *acl_lines(box)])

    return handler


def running_interface(session: Session, words: list[Token]) -> Reply:
    """`show running-config interface X`."""
    name = NAMES.full(text_of(words))
    if name is None or name not in session.switch.running.ports:
        raise CliError("invalid", words[-1].column)
    head = _head(session, f"show running-config interface {name}")
    return reply_of(
        [*head, f"version {VERSION} Bios:version 05.45", "", *port_lines(session.switch.running.ports[name])]
    )


def _lists(session: Session, family: str, words: list[Token]) -> list[RuleList]:
    lists = [one for one in session.switch.running.lists.values() if family in ("", one.family)]
    return [one for one in sorted(lists, key=lambda one: one.name) if not words or one.name == words[0].text]


def access_lists(family: str) -> Handler:
    """`show ip access-lists [NAME]`, of IPv6, or of both; the lists of the CPU are among them."""

    def handler(session: Session, words: list[Token]) -> Reply:
        shown = [(one.name, show_lines(one)) for one in _lists(session, family, words)]
        for name, entry in SYSTEM.items() if family != "ipv6" else ():
            if not words or words[0].text == name:
                shown.append((name, [f"IP access list {name}", f"        {entry}"]))
        return reply_of([line for _name, lines in sorted(shown) for line in ["", *lines]])

    return handler


def summaries(family: str) -> Handler:
    """`show ip access-lists [NAME] summary`: where each list is bound."""

    def handler(session: Session, words: list[Token]) -> Reply:
        lines: list[str] = []
        for one in _lists(session, family, words):
            total = sum(rule.kind != "remark" for rule in one.entries.values())
            lines += [f"{'IPV6' if family == 'ipv6' else 'IPV4'} ACL {one.name}"]
            lines += [f"        {one.counted}"] if one.counted else []
            lines.append(f"        Total ACEs Configured: {total}")
            places = _places(session, one)
            for head in ("Configured on interfaces:", "Active on interfaces:"):
                lines += [f"        {head}", *(f"                {place}" for place in places)]
        return reply_of(lines)

    return handler


def _places(session: Session, one: RuleList) -> list[str]:
    found = []
    for port in session.switch.running.ports.values():
        for way, word in (("in", "ingress"), ("out", "egress")):
            if port.acl.get(f"ipv6 {way}" if one.family == "ipv6" else way) == one.name:
                found.append(f"{port.name} - {word} ({'Router' if routed(port) else 'Port'} ACL)")
    return found


def hardware(session: Session, _words: list[Token]) -> Reply:
    """`show hardware access-list resource utilization`, reduced to the row of lists inwards [assumed]."""
    used, maximum = session.switch.tcam()
    share = f"{100 * used / maximum:.2f}" if maximum else "100.00"
    lines = ["slot  1", "=======", "", "         INSTANCE 0x0", "         -------------", ""]
    lines += ["         ACL Hardware Resource Utilization (Mod 1)"]
    lines += ["         ----------------------------------------------------------"]
    lines += ["                                         Used    Free    Percent", " " * 57 + "Utilization"]
    lines += ["-" * 69, f"Ingress PACL/RACL                         {used:<7} {max(0, maximum - used):<7} {share}", ""]
    return reply_of(lines)


def interface_status(session: Session, _words: list[Token]) -> Reply:
    """`show interface status`: a port used by a station is connected."""
    rule = "-" * 80
    lines = ["", rule, "Port          Name               Status    Vlan      Duplex  Speed   Type", rule]
    for port in sorted(session.switch.running.ports.values(), key=lambda port: NAMES.order(port.name)):
        if not port.name.startswith("Ethernet"):
            continue
        vlan = port.value("switchport access vlan ")
        status = "disabled" if "shutdown" in port.lines else "connected" if vlan else "notconnec"
        place = "routed" if routed(port) else vlan or "1"
        lines.append(f"{short(port.name):<13} {'--':<18} {status:<9} {place:<9} full    1000    10/100/1000-T")
    return reply_of(lines)


def ip_interface_brief(session: Session, _words: list[Token]) -> Reply:
    """`show ip interface brief`."""
    lines = ['IP Interface Status for VRF "default"(1)', "Interface            IP Address      Interface Status"]
    for port in sorted(session.switch.running.ports.values(), key=lambda port: NAMES.order(port.name)):
        address = port.value("ip address ")
        if address:
            lines.append(f"{port.name:<20} {address.partition('/')[0]:<15} protocol-up/link-up/admin-up")
    return reply_of(lines)


def vlans(session: Session, _words: list[Token]) -> Reply:
    """`show vlan brief`."""
    lines = ["", "VLAN Name                             Status    Ports"]
    lines.append("---- -------------------------------- --------- -------------------------------")
    for number, name in sorted({1: "default", **session.switch.running.vlans}.items()):
        lines.append(f"{number:<4} {name or f'VLAN{number:04d}':<32} active")
    return reply_of(lines)


def batch(session: Session, words: list[Token]) -> Reply:
    """`show configuration session [NAME]`: the lines of configure sessions."""
    lines: list[str] = []
    for name, typed in session.switch.batches.items():
        if not words or words[0].text == name:
            lines += [f"config session name {name}"]
            lines += [f"{number:04d}  {line}" for number, line in enumerate(typed, 1)]
    return reply_of([*lines, "Number of active configuration sessions = " + str(len(session.switch.batches))])


def batch_summary(session: Session, _words: list[Token]) -> Reply:
    """`show configuration session summary`."""
    lines = ["Name                      Session Owner             Creation Time"] if session.switch.batches else []
    lines += [f"{name:<25} {session.user}" for name in session.switch.batches]
    return reply_of([*lines, "Number of active configuration sessions = " + str(len(session.switch.batches))])


def logging(session: Session, _words: list[Token]) -> Reply:
    """`show logging logfile`: updates of lists that did not fit [assumed: wording]."""
    return reply_of(session.switch.log)
