# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration commands of the simulated EOS switch. Source: switch-acl.md section 2.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..box import Port
from ..entry import CliError, Token
from ..grammar import Command, Handler, Reply, command
from ..rules import RuleList
from ..verbatim import keep, text_of
from . import candidates
from .acl import READONLY
from .config import NAMES

if TYPE_CHECKING:
    from .session import Session


def _did(session: Session, changed: bool, effective: bool = False) -> Reply:
    """Nothing typed into a configure session lets other packets through."""
    return Reply("", changed, effective and not session.candidate)


def _hostname(session: Session, words: list[Token]) -> Reply:
    box = session.box
    changed = box.hostname != words[0].text
    box.hostname = words[0].text
    return _did(session, changed)


def _routing(wanted: bool) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        box = session.box
        changed = box.ip_routing != wanted
        box.ip_routing = wanted
        return _did(session, changed, changed)

    return handler


def _open_list(kind: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """Edit a copy; [assumed] an empty list exists once list mode is left."""
        name = words[0].text
        if name == READONLY:  # [documented] it cannot be changed; wording [assumed]
            raise CliError("message", text=f"% Error: {READONLY} is read-only")
        made = RuleList(name, kind)
        found = session.box.lists.get(made.key)
        if found and found.kind != kind:  # [assumed] wording
            raise CliError("message", text=f"% Error: access list {name} already exists with another type")
        session.enter("acl", name)
        session.edited = found.copy() if found else made
        return Reply()

    return handler


def _drop_list(family: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[documented] A binding stays and permits everything from now on."""
        box, key = session.box, f"{family} {words[0].text}"
        if box.lists.pop(key, None) is None:
            return Reply()
        return _did(session, True, bool(box.bound(key)))

    return handler


def _interface(session: Session, words: list[Token]) -> Reply:
    box, name = session.box, NAMES.full(text_of(words))
    if name is None or (name not in box.ports and not name.startswith(NAMES.virtual)):
        raise CliError("invalid", words[-1].column)
    made = name not in box.ports
    if made:
        box.ports[name] = Port(name)
    session.enter("if", name)
    return _did(session, made)


def _drop_interface(session: Session, words: list[Token]) -> Reply:
    box, name = session.box, NAMES.full(text_of(words))
    if name is None or name not in box.ports or not name.startswith(NAMES.virtual):
        raise CliError("invalid", words[-1].column)
    del box.ports[name]
    return _did(session, True, True)


def _acl_of(session: Session) -> dict[str, str]:
    session.own_lines()  # refuses where a commit took the interface away meanwhile
    return session.box.ports[session.target].acl


def _bind(prefix: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[documented] The new name replaces the old one in one step; no need that the list exists."""
        way = words[1].text.lower()
        if way not in ("in", "out"):
            raise CliError("invalid", words[1].column)
        acl = _acl_of(session)
        if acl.get(prefix + way) == words[0].text:
            return Reply()
        acl[prefix + way] = words[0].text
        return _did(session, True, True)

    return handler


def _unbind(prefix: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[assumed] Another name than the bound one changes nothing."""
        way = words[-1].text.lower()
        if way not in ("in", "out"):
            raise CliError("invalid", words[-1].column)
        acl = _acl_of(session)
        if prefix + way not in acl or (len(words) == 2 and acl[prefix + way] != words[0].text):
            return Reply()
        del acl[prefix + way]
        return _did(session, True, True)

    return handler


def _vlan(session: Session, words: list[Token]) -> Reply:
    if not words[0].text.isdigit() or not 1 <= int(words[0].text) <= 4094:
        raise CliError("invalid", words[0].column)
    vlans, number = session.box.vlans, int(words[0].text)
    made = number not in vlans
    vlans.setdefault(number, "")
    session.enter("vlan", words[0].text)
    return _did(session, made)


def _vlan_name(session: Session, words: list[Token]) -> Reply:
    session.box.vlans[int(session.target)] = words[0].text
    return _did(session, True)


def _mode(name: str) -> Handler:
    def handler(session: Session, _words: list[Token]) -> Reply:
        session.enter(name)
        return Reply()

    return handler


def _no_session(session: Session, words: list[Token]) -> Reply:
    found = session.switch.candidates.get(words[0].text)
    if found is None:
        return Reply()
    return Reply("", True, candidates.abort(session.switch, found, "deleted"))


def _commit(session: Session, words: list[Token]) -> Reply:
    """`commit` and `commit timer HH:MM:SS` of the session one is in."""
    found = candidates.find_candidate(session.switch, session.candidate)
    candidates.commit(session.switch, found, candidates.seconds_of(words[0]) if words else 0)
    session.enter("exec")
    return Reply("", True, True)


def _abort(session: Session, _words: list[Token]) -> Reply:
    found = session.switch.candidates.get(session.candidate)
    session.enter("exec")
    return Reply("", True, bool(found) and candidates.abort(session.switch, found, "abort")) if found else Reply()


def _exit(session: Session, _words: list[Token]) -> Reply:
    """[documented] A configure session that is left stays pending."""
    session.enter("exec" if session.mode == "config" else "config")
    return Reply()


def _end(session: Session, _words: list[Token]) -> Reply:
    session.enter("exec")
    return Reply()


LEAVE = [command("exit", _exit), command("end", _end)]
WITHIN_SESSION = [
    command("commit", _commit),
    command("commit timer <word>", _commit),
    command("abort", _abort),
]
SINGLE = ("description", "ip address", "switchport mode", "switchport access vlan", "speed", "mtu", "shutdown")
GLOBAL: list[Command] = [
    command("hostname <word>", _hostname),
    command("ip routing", _routing(True)),
    command("no ip routing", _routing(False)),
    command("ip access-list <word>", _open_list("ip")),
    command("ip access-list standard <word>", _open_list("standard")),
    command("ipv6 access-list <word>", _open_list("ipv6")),
    command("no ip access-list <word>", _drop_list("ip")),
    command("no ip access-list standard <word>", _drop_list("ip")),
    command("no ipv6 access-list <word>", _drop_list("ipv6")),
    command("interface <rest>", _interface),
    command("no interface <rest>", _drop_interface),
    command("vlan <word>", _vlan),
    command("system control-plane", _mode("cp")),
    command("management ssh", _mode("ssh")),
    command("no configure session <word>", _no_session),
    *keep("logging,ntp,snmp-server,username,service,spanning-tree,aaa,alias,clock,banner,hardware"),
    *keep("ip route,ip name-server,ip domain-name,ipv6 unicast-routing,errdisable,dot1x,queue-monitor"),
]
SUBMODES: dict[str, list[Command]] = {
    "if": [
        command("ip access-group <word> <word>", _bind("")),
        command("no ip access-group <word> <word>", _unbind("")),
        command("no ip access-group <word>", _unbind("")),
        command("ipv6 access-group <word> <word>", _bind("ipv6 ")),
        command("no ipv6 access-group <word> <word>", _unbind("ipv6 ")),
        command("no ipv6 access-group <word>", _unbind("ipv6 ")),
        *keep("description,shutdown,switchport,ip address,ip helper-address,speed,mtu,channel-group", SINGLE),
        *keep("spanning-tree,storm-control,load-interval,service-policy,ipv6 address,ipv6 enable,lldp,dot1x", SINGLE),
    ],
    "vlan": [command("name <word>", _vlan_name)],
    "cp": keep("ip access-group,ipv6 access-group"),
    "ssh": keep("ip access-group,ipv6 access-group,idle-timeout,authentication,connection,shutdown"),
}
