# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration commands of the simulated switch. Source: switch-acl.md section 2.1; ot-segmentation.md section 5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import acl6, eem, groups
from .config import VIRTUAL, Interface, interface_name
from .entry import CliError, Token
from .grammar import Command, Handler, Reply, command
from .verbatim import keep, text_of

if TYPE_CHECKING:
    from .session import Session

DONE = Reply("", True)
SAME = Reply()


def _hostname(session: Session, words: list[Token]) -> Reply:
    changed = session.switch.running.hostname != words[0].text
    session.switch.running.hostname = words[0].text
    return Reply("", changed)


def _routing(wanted: bool) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        changed = session.switch.running.ip_routing != wanted
        session.switch.running.ip_routing = wanted
        return Reply("", changed, changed)

    return handler


def _is_standard(name: str) -> bool:
    return name.isdigit() and (1 <= int(name) <= 99 or 1300 <= int(name) <= 1999)


def _open_list(standard: bool) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[assumed] The empty list exists from this line on."""
        running, name = session.switch.running, words[0].text
        if name.isdigit() and _is_standard(name) != standard:
            raise CliError("invalid", words[0].column)
        made = running.acl(name, standard) is None
        if made:
            running.lists[name] = running.new_list(name, standard)
        session.enter("std" if standard else "ext", name)
        return Reply("", made)

    return handler


def _drop_list(standard: bool) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[documented] A binding stays and permits everything from now on."""
        running, name = session.switch.running, words[0].text
        if running.acl(name, standard) is None:
            return SAME
        del running.lists[name]
        return Reply("", True, bool(running.bound(name)))

    return handler


def _resequence(session: Session, words: list[Token]) -> Reply:
    acl = session.switch.running.lists.get(words[0].text)
    for word in words[1:]:
        if not word.text.isdigit() or int(word.text) < 1:
            raise CliError("invalid", word.column)
    if acl is None:
        raise CliError("message", text=f"% Access list {words[0].text} does not exist")
    return Reply("", acl.resequence(int(words[1].text), int(words[2].text)))


def _numbered(session: Session, words: list[Token]) -> Reply:
    """`access-list 101 permit ...`: the list of that number, one entry behind the last."""
    running, name = session.switch.running, words[0].text
    if not name.isdigit():
        raise CliError("invalid", words[0].column)
    standard = _is_standard(name)
    acl = running.acl(name, standard) or running.new_list(name, standard)
    changed = acl.add(words[1:])
    running.lists[name] = acl
    return Reply("", changed, changed and bool(running.bound(name)))


def _drop_numbered(session: Session, words: list[Token]) -> Reply:
    return _drop_list(_is_standard(words[0].text))(session, words)


def _interface(session: Session, words: list[Token]) -> Reply:
    running, name = session.switch.running, interface_name(text_of(words))
    if name is None or (name not in running.interfaces and not name.startswith(VIRTUAL)):
        raise CliError("invalid", words[-1].column)
    made = name not in running.interfaces
    if made:
        running.interfaces[name] = Interface(name, ["no ip address"] if name.startswith("Vlan") else [])
    session.enter("if", name)
    return Reply("", made)


def _drop_interface(session: Session, words: list[Token]) -> Reply:
    running, name = session.switch.running, interface_name(text_of(words))
    if name is None or name not in running.interfaces or not name.startswith(VIRTUAL):
        raise CliError("invalid", words[-1].column)
    del running.interfaces[name]
    return Reply("", True, True)


def _bind(family: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[documented] The new name replaces the old one in one step; no need that the list exists."""
        port, way = session.port(), words[1].text.lower()
        if way not in ("in", "out") or (way == "out" and not port.routed):
            raise CliError("invalid", words[1].column)
        if port.member:  # [assumed] wording
            raise CliError("message", text=f"% Command rejected: {port.name} is a member of an EtherChannel")
        if port.acl.get(family + way) == words[0].text:
            return SAME
        port.acl[family + way] = words[0].text
        return Reply("", True, True)

    return handler


def _unbind(family: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[assumed] Another name than the bound one changes nothing."""
        port, way = session.port(), words[-1].text.lower()
        if way not in ("in", "out"):
            raise CliError("invalid", words[-1].column)
        there = port.acl.get(family + way)
        if there is None or (len(words) == 2 and there != words[0].text):
            return SAME
        del port.acl[family + way]
        return Reply("", True, True)

    return handler


def _archive(session: Session, _words: list[Token]) -> Reply:
    session.enter("archive")
    return SAME


def _no_archive(session: Session, _words: list[Token]) -> Reply:
    running = session.switch.running
    changed = bool(running.archive_path)
    running.archive_path, running.archive_maximum, running.archive_write_memory = "", 10, False
    return Reply("", changed)


def _archive_path(session: Session, words: list[Token]) -> Reply:
    path = words[0].text.replace("$h", session.switch.running.hostname) if words else ""
    changed = session.switch.running.archive_path != path
    session.switch.running.archive_path = path
    return Reply("", changed)


def _archive_maximum(session: Session, words: list[Token]) -> Reply:
    if not words[0].text.isdigit() or not 1 <= int(words[0].text) <= 14:
        raise CliError("invalid", words[0].column)
    changed = session.switch.running.archive_maximum != int(words[0].text)
    session.switch.running.archive_maximum = int(words[0].text)
    return Reply("", changed)


def _archive_write(session: Session, _words: list[Token]) -> Reply:
    session.switch.running.archive_write_memory = True
    return DONE


def _line(session: Session, _words: list[Token]) -> Reply:
    session.enter("line")
    return SAME


def _vlan(session: Session, words: list[Token]) -> Reply:
    if not words[0].text.isdigit() or not 1 <= int(words[0].text) <= 4094:
        raise CliError("invalid", words[0].column)
    vlans, number = session.switch.running.vlans, int(words[0].text)
    made = number not in vlans
    vlans.setdefault(number, "")
    session.enter("vlan", words[0].text)
    return Reply("", made)


def _vlan_name(session: Session, words: list[Token]) -> Reply:
    session.switch.running.vlans[int(session.target)] = words[0].text
    return DONE


SINGLE = (
    "description",
    "ip address",
    "switchport mode",
    "switchport access vlan",
    "speed",
    "duplex",
    "mtu",
    "shutdown",
    "configuration mode exclusive",
)


def _keep(keys: str) -> list[Command]:
    return keep(keys, SINGLE)


GLOBAL = [
    command("hostname <word>", _hostname),
    command("ip routing", _routing(True)),
    command("no ip routing", _routing(False)),
    command("ip access-list extended <word>", _open_list(False)),
    command("ip access-list standard <word>", _open_list(True)),
    command("no ip access-list extended <word>", _drop_list(False)),
    command("no ip access-list standard <word>", _drop_list(True)),
    command("ip access-list resequence <word> <word> <word>", _resequence),
    command("access-list <word> <rest>", _numbered),
    command("no access-list <word>", _drop_numbered),
    command("interface <rest>", _interface),
    command("no interface <rest>", _drop_interface),
    command("archive", _archive),
    command("no archive", _no_archive),
    command("line vty <rest>", _line),
    command("vlan <word>", _vlan),
    *eem.GLOBAL,
    *acl6.GLOBAL,
    *groups.GLOBAL,
    *_keep("logging,ntp,snmp-server,username,service,spanning-tree,aaa,crypto,cdp,lldp,banner,time-range"),
    *_keep("event manager,configuration mode,ipv6 unicast-routing,ipv6 route,ipv6 nd,ipv6 dhcp,ipv6 neighbor"),
    *_keep("ip route,ip ssh,ip domain,ip http,ip default-gateway,ip forward-protocol,ip name-server,ip dhcp"),
]
SUBMODES: dict[str, list[Command]] = {
    "if": [
        command("ip access-group <word> <word>", _bind("")),
        command("no ip access-group <word> <word>", _unbind("")),
        command("no ip access-group <word>", _unbind("")),
        *_keep("ipv6 address,ipv6 enable,ipv6 nd,ipv6 dhcp,ipv6 mtu,ipv6 ospf,ipv6 verify"),
        command("ipv6 traffic-filter <word> <word>", _bind("ipv6 ")),
        command("no ipv6 traffic-filter <word> <word>", _unbind("ipv6 ")),
        command("no ipv6 traffic-filter <word>", _unbind("ipv6 ")),
        *_keep("description,shutdown,switchport,ip address,ip helper-address,speed,duplex,mtu,channel-group"),
        *_keep("spanning-tree,storm-control,load-interval,service-policy,authentication,mab,dot1x,cdp,lldp"),
    ],
    "archive": [
        command("path <word>", _archive_path),
        command("no path", _archive_path),
        command("maximum <word>", _archive_maximum),
        command("write-memory", _archive_write),
    ],
    "line": _keep(
        "access-class,ipv6 access-class,transport,exec-timeout,login,logging,length,session-timeout,privilege"
    ),
    "applet": eem.APPLET,
    "vlan": [command("name <word>", _vlan_name)],
}
