# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration commands of the simulated NX-OS switch. Source: switch-acl.md section 2.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..box import Box, Port
from ..entry import CliError, Token
from ..grammar import Command, Handler, Reply, command
from ..rules import RuleList
from ..verbatim import keep, text_of
from . import batches
from .config import NAMES, SYSTEM, routed
from .groups import drop_group, open_group
from .times import start_line

if TYPE_CHECKING:
    from .session import Session


def _hostname(session: Session, words: list[Token]) -> Reply:
    changed = session.box.hostname != words[0].text
    session.box.hostname = words[0].text
    return Reply("", changed)


def _open_list(kind: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """The empty list exists from this line on."""
        if len(words[0].text) > 64:
            raise CliError("invalid", words[0].column)
        if words[0].text in SYSTEM:  # wording [assumed]
            raise CliError("message", text=f"ERROR: Access list {words[0].text} belongs to the system")
        made = RuleList(words[0].text, kind)
        new = made.key not in session.box.lists
        session.box.lists.setdefault(made.key, made)
        session.enter(kind, words[0].text)
        return Reply("", new)

    return handler


def _drop_list(family: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[documented] A binding stays and permits everything from now on."""
        key = f"{family} {words[0].text}"
        if key not in session.box.lists:
            return Reply()
        return session.change(lambda box: box.lists.pop(key, None) is not None, bool(session.box.bound(key)))

    return handler


def _resequence(family: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        for word in words[1:]:
            if not word.text.isdigit() or int(word.text) < 1:
                raise CliError("invalid", word.column)
        found = session.box.lists.get(f"{family} {words[0].text}")
        if found is None:
            raise CliError("message", text=f"ERROR: Access list {words[0].text} does not exist")
        return Reply("", found.resequence(int(words[1].text), int(words[2].text)))

    return handler


def _interface(session: Session, words: list[Token]) -> Reply:
    box, name = session.box, NAMES.full(text_of(words))
    if name is None or (name not in box.ports and not name.startswith(NAMES.virtual)):
        raise CliError("invalid", words[-1].column)
    if name.startswith("Vlan") and "feature interface-vlan" not in box.lines:
        raise CliError("invalid", words[0].column)
    made = name not in box.ports
    if made:
        box.ports[name] = Port(name)
    session.enter("if", name)
    return Reply("", made)


def _drop_interface(session: Session, words: list[Token]) -> Reply:
    name = NAMES.full(text_of(words))
    if name is None or name not in session.box.ports or not name.startswith(NAMES.virtual):
        raise CliError("invalid", words[-1].column)
    return session.change(lambda box: bool(box.ports.pop(name)), True)


def _checked(session: Session, word: Token, port_list: bool) -> str:
    """Give the direction. [documented] Switched ports take port lists, inwards; routed ones router lists, both ways."""
    session.own_lines()
    port = session.box.ports[session.target]
    if routed(port) == port_list:  # wording [assumed]
        kind = "router" if port_list else "switched"
        raise CliError("message", text=f"ERROR: {port.name} is a {kind} port: this access list cannot be applied")
    if port.member:  # wording [assumed]
        raise CliError("message", text=f"ERROR: {port.name} is a member of a port-channel")
    way = word.text.lower()
    if way not in ("in", "out") or (port_list and way == "out"):
        raise CliError("invalid", word.column)
    return way


def _bind(prefix: str, port_list: bool) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[documented] The new name replaces the old one in one step; no need that the list exists."""
        name, way = words[0].text, prefix + _checked(session, words[1], port_list)
        key = f"{'ipv6' if prefix else 'ip'} {name}"
        if session.box.ports[session.target].acl.get(way) == name:
            return Reply()

        def work(box: Box) -> bool:
            if key in box.lists and not box.bound(key):  # [documented] counters start again
                box.lists[key].counters.clear()
            box.ports[session.target].acl[way] = name
            return True

        return session.change(work, True)

    return handler


def _unbind(prefix: str, port_list: bool) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[assumed] Another name than the bound one changes nothing."""
        way = prefix + _checked(session, words[1], port_list)
        if session.box.ports[session.target].acl.get(way) != words[0].text:
            return Reply()
        return session.change(lambda box: bool(box.ports[session.target].acl.pop(way)), True)

    return handler


def _vlan(session: Session, words: list[Token]) -> Reply:
    if not words[0].text.isdigit() or not 1 <= int(words[0].text) <= 4094:
        raise CliError("invalid", words[0].column)
    vlans, number = session.box.vlans, int(words[0].text)
    made = number not in vlans
    vlans.setdefault(number, "")
    session.enter("vlan", words[0].text)
    return Reply("", made)


def _vlan_name(session: Session, words: list[Token]) -> Reply:
    session.box.vlans[int(session.target)] = words[0].text
    return Reply("", True)


def _block(mode: str, feature: str = "") -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        if feature and f"feature {feature}" not in session.box.lines:
            raise CliError("invalid", 0)
        session.enter(mode, words[0].text if words else "")
        made = not session.own_lines()
        if mode == "job" and not made:  # [documented] a job cannot be changed; wording [assumed]
            session.enter("config")
            raise CliError("message", text=f"ERROR: Job {words[0].text} exists already, delete it first")
        return Reply("", made)

    return handler


def _drop_block(heading: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        return Reply("", session.box.blocks.pop(f"{heading} {words[0].text}", None) is not None)

    return handler


def _time_start(session: Session, words: list[Token]) -> Reply:
    lines = session.own_lines()
    line = start_line(words, session.switch.hooks.now())
    lines[:] = [*(old for old in lines if not old.startswith("time ")), line]
    return Reply("", True)


def _update(atomic: bool) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        """[documented] Atomic updates are the default and not printed."""
        lines, line = session.box.lines, "no hardware access-list update atomic"
        changed = (line in lines) == atomic
        if changed and atomic:
            lines.remove(line)
        elif changed:
            lines.append(line)
        return Reply("", changed)

    return handler


def _exit(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec" if session.mode == "config" else "config")
    return Reply()


def _end(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec")
    return Reply()


LEAVE = [command("exit", _exit), command("end", _end)]
WITHIN_BATCH = [
    command("verify", batches.verify),
    command("commit", batches.commit),
    command("abort", batches.abort),
]
# [documented] A configure session knows lists and where they are bound, nothing else.
BATCH: list[Command] = [
    command("ip access-list <word>", _open_list("ip")),
    command("ipv6 access-list <word>", _open_list("ipv6")),
    command("no ip access-list <word>", _drop_list("ip")),
    command("no ipv6 access-list <word>", _drop_list("ipv6")),
    command("resequence ip access-list <word> <word> <word>", _resequence("ip")),
    command("resequence ipv6 access-list <word> <word> <word>", _resequence("ipv6")),
    command("interface <rest>", _interface),
]
SINGLE = ("description", "ip address", "switchport mode", "switchport access vlan", "speed", "mtu", "shutdown")
GLOBAL: list[Command] = [
    *BATCH,
    command("hostname <word>", _hostname),
    command("no interface <rest>", _drop_interface),
    command("vlan <word>", _vlan),
    command("line vty", _block("line")),
    command("scheduler job name <word>", _block("job", "scheduler")),
    command("no scheduler job name <word>", _drop_block("scheduler job name")),
    command("scheduler schedule name <word>", _block("schedule", "scheduler")),
    command("no scheduler schedule name <word>", _drop_block("scheduler schedule name")),
    command("event manager applet <word>", _block("applet")),
    command("no event manager applet <word>", _drop_block("event manager applet")),
    command("object-group ip address <word>", open_group("ipaddr-ogroup")),
    command("object-group ipv6 address <word>", open_group("ipv6addr-ogroup")),
    command("object-group ip port <word>", open_group("port-ogroup")),
    command("no object-group ip address <word>", drop_group("ipaddr-ogroup")),
    command("no object-group ipv6 address <word>", drop_group("ipv6addr-ogroup")),
    command("no object-group ip port <word>", drop_group("port-ogroup")),
    command("hardware access-list update atomic", _update(True)),
    command("no hardware access-list update atomic", _update(False)),
    *keep("hardware access-list update default-result"),
    *keep("feature,logging,ntp,snmp-server,username,spanning-tree,aaa,banner,clock,cli,copp,rmon"),
    *keep("ip route,ip name-server,ip domain-name,vrf context,scheduler logfile,scheduler aaa-authentication"),
]
SUBMODES: dict[str, list[Command]] = {
    "if": [
        *(
            command(f"{negation}{words} <word> <word>", handler(prefix, port_list))
            for negation, handler in (("", _bind), ("no ", _unbind))
            for words, prefix, port_list in (
                ("ip access-group", "", False),
                ("ip port access-group", "", True),
                ("ipv6 traffic-filter", "ipv6 ", False),
                ("ipv6 port traffic-filter", "ipv6 ", True),
            )
        ),
        *keep("description,shutdown,switchport,ip address,ip dhcp,speed,mtu,channel-group,vrf member", SINGLE),
        *keep("spanning-tree,storm-control,load-interval,service-policy,ipv6 address,lldp,cdp", SINGLE),
    ],
    "vlan": [command("name <word>", _vlan_name)],
    "line": keep("access-class,ip access-class,ipv6 access-class,exec-timeout,session-limit"),
    "job": [command("end-job", _exit)],
    "schedule": [
        command("time start <rest>", _time_start),
        *keep("job name"),
    ],
    "applet": keep("event,action,description", ("event", "description")),
}
