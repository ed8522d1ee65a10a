# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration commands of the simulated AOS-CX. Source: switch-acl.md section 2.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..entry import CliError, Token
from ..grammar import Command, Handler, Reply, command
from .config import AccessList, Group, Place, interface_name, key_of
from .entry import FAMILIES

if TYPE_CHECKING:
    from .session import Session

SAME = Reply()
CHANGED = Reply("", True, True)
WAYS = {"if": ("in", "out"), "lag": ("in", "out"), "vlan": ("in", "out"), "svi": ("routed-in", "routed-out")}


def _refuse(word: Token) -> CliError:
    return CliError("invalid", word.column, word.text)


def _hostname(session: Session, words: list[Token]) -> Reply:
    changed = session.switch.running.hostname != words[0].text
    session.switch.running.hostname = words[0].text
    return Reply("", changed)


def _open_list(session: Session, words: list[Token]) -> Reply:
    """[assumed] The empty list exists from this line on."""
    acl = AccessList(words[1].text, family=_family(words[0]))
    made = acl.key not in session.switch.running.lists
    if made:
        session.switch.running.lists[acl.key] = acl
        session.switch.touched(acl.key)
    session.enter("acl" if acl.family == "ip" else "acl6", f"{acl.family} {acl.name}")
    return Reply("", made, made)


def _family(word: Token) -> str:
    if word.text.lower() not in FAMILIES:
        raise _refuse(word)
    return word.text.lower()


def _key(words: list[Token]) -> str:
    return key_of(_family(words[0]), words[1].text)


def _drop_list(session: Session, words: list[Token]) -> Reply:
    """[assumed] A list goes together with everything it is applied to."""
    switch, name = session.switch, _key(words)
    if switch.running.lists.pop(name, None) is None:
        return SAME
    for place in switch.running.places():
        for way in [way for way, acl in place.acl.items() if acl == name]:
            del place.acl[way]
            switch.touched(name, place.name, way)
    switch.running.control_plane = {vrf: acl for vrf, acl in switch.running.control_plane.items() if acl != name}
    switch.touched(name)
    return CHANGED


def _list_named(session: Session, words: list[Token]) -> AccessList:
    acl = session.switch.running.lists.get(_key(words))
    if acl is None:  # [assumed] wording
        raise CliError("message", text=f"% ACL {words[1].text} does not exist")
    return acl


def _resequence(session: Session, words: list[Token]) -> Reply:
    acl = _list_named(session, words)
    for word in words[2:]:
        if not word.text.isdigit() or int(word.text) < 1:
            raise _refuse(word)
    start, step = int(words[2].text), int(words[3].text)
    numbers = {old: start + index * step for index, old in enumerate(acl.numbers())}
    if all(old == new for old, new in numbers.items()):
        return SAME
    acl.entries = {numbers[old]: entry for old, entry in acl.entries.items()}
    acl.comments = {numbers[old]: text for old, text in acl.comments.items()}
    session.switch.touched(acl.key)
    return CHANGED


def _copy_list(session: Session, words: list[Token]) -> Reply:
    acl = _list_named(session, words).copy(words[2].text)
    session.switch.running.lists[acl.key] = acl
    session.switch.touched(acl.key)
    return CHANGED


def _reset_list(session: Session, words: list[Token]) -> Reply:
    """[documented] What is active becomes what is configured."""
    switch, name = session.switch, _key(words)
    acl = switch.active.lists.get(name)
    if acl is None:
        raise CliError("message", text=f"% ACL {words[1].text} does not exist")
    switch.running.lists[name] = acl.copy()
    switch.work = [item for item in switch.work if item[3] != name]
    for place in switch.running.places():
        active = switch.active_place(place.name)
        for way in [way for way, bound in place.acl.items() if bound == name and active.get(way) != name]:
            del place.acl[way]
    return CHANGED


def _open_group(kind: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        key = f"{kind} {words[0].text}"
        made = key not in session.switch.running.groups
        if made:
            session.switch.running.groups[key] = Group(kind, words[0].text)
        session.enter({"ip": "addrgroup", "ipv6": "addrgroup6"}.get(kind, "portgroup"), key)
        return Reply("", made)

    return handler


def _drop_group(kind: str) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        """[assumed] A group that a list uses stays."""
        name = words[0].text
        if session.switch.lists_with_group(name):
            raise CliError("message", text=f"% Object group {name} is in use")
        return Reply("", session.switch.running.groups.pop(f"{kind} {name}", None) is not None)

    return handler


def _interface(session: Session, words: list[Token]) -> Reply:
    running, typed = session.switch.running, " ".join(word.text for word in words)
    name = interface_name(typed)
    if name is None or (name not in running.interfaces and "/" in name):
        raise CliError("invalid", words[-1].column, typed)
    if name.startswith("vlan") and int(name[4:]) not in running.vlans:  # [assumed] wording
        raise CliError("message", text=f"% VLAN {name[4:]} must be created first")
    made = name not in running.interfaces
    if made:
        running.interfaces[name] = Place(name, ["no shutdown", "no routing"] if name.startswith("lag") else [])
    session.enter("svi" if name.startswith("vlan") else "lag" if name.startswith("lag") else "if", name)
    return Reply("", made)


def _vlan(session: Session, words: list[Token]) -> Reply:
    if not words[0].text.isdigit() or not 1 <= int(words[0].text) <= 4094:
        raise _refuse(words[0])
    vlans, number = session.switch.running.vlans, int(words[0].text)
    made = number not in vlans
    vlans.setdefault(number, Place(f"vlan {number}"))
    session.enter("vlan", words[0].text)
    return Reply("", made)


def _place(session: Session) -> Place:
    if session.mode == "vlan":
        return session.switch.place(f"vlan {session.target}")
    return session.switch.place(session.target)


def _apply(session: Session, words: list[Token]) -> Reply:
    """[documented] The new list replaces the old one in one step."""
    place, way = _place(session), _way(session, words)
    acl = _list_named(session, words)
    if place.value("lag "):  # [assumed] wording
        raise CliError("message", text=f"% Interface {place.name} is a member of a LAG")
    if place.acl.get(way) == acl.key:
        return SAME
    place.acl[way] = acl.key
    session.switch.touched(acl.key, place.name, way)
    return CHANGED


def _way(session: Session, words: list[Token]) -> str:
    """Give the way of ``apply access-list FAMILY NAME WAY``: each family has a list of its own."""
    if words[2].text.lower() not in WAYS[session.mode]:
        raise _refuse(words[2])
    return key_of(_family(words[0]), words[2].text.lower())


def _no_apply(session: Session, words: list[Token]) -> Reply:
    """[assumed] Another name than the one applied changes nothing."""
    place, way = _place(session), _way(session, words)
    if place.acl.get(way) != _key(words):
        return SAME
    del place.acl[way]
    session.switch.touched(_key(words), place.name, way)
    return CHANGED


def _control_plane(wanted: bool) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        running = session.switch.running
        if words[0].text not in running.lists:  # [assumed] wording
            raise CliError("message", text=f"% ACL {words[0].text} does not exist")
        if wanted:
            running.control_plane[words[1].text] = words[0].text
        elif running.control_plane.get(words[1].text) == words[0].text:
            del running.control_plane[words[1].text]
        session.switch.touched(words[0].text)
        return CHANGED

    return handler


def _store(keys: str) -> list[Command]:
    """Build the commands of lines that are only kept, and their `no` forms."""
    made = []
    for key in keys.split(","):
        for tail in ("", " <rest>"):
            made += [command(f"{key}{tail}", _keep(key, True)), command(f"no {key}{tail}", _keep(key, False))]
    return made


def _keep(key: str, wanted: bool) -> Handler:
    def handler(session: Session, words: list[Token]) -> Reply:
        lines = _place(session).lines if session.mode in WAYS else session.switch.running.lines
        line = " ".join([key, *(word.text for word in words)])
        before = list(lines)
        for old in [
            old for old in lines if f"{old} ".removeprefix("no ").startswith(f"{key} ") and _same(old, line, key)
        ]:
            lines.remove(old)
        if wanted or key in ("shutdown", "routing"):
            lines.append(line if wanted else f"no {line}")
        return Reply("", sorted(lines) != sorted(before))

    return handler


def _same(old: str, line: str, key: str) -> bool:
    """Tell whether a new line replaces an old one: single settings do, others only what is equal."""
    return key in SINGLE or old.removeprefix("no ") == line


SINGLE = ("shutdown", "routing", "description", "vlan access", "ip address", "name", "mtu", "lag")
GLOBAL = [
    command("hostname <word>", _hostname),
    command("access-list <word> <word>", _open_list),
    command("no access-list <word> <word>", _drop_list),
    command("access-list <word> <word> resequence <word> <word>", _resequence),
    command("access-list <word> <word> copy <word>", _copy_list),
    command("access-list <word> <word> reset", _reset_list),
    command("apply access-list ip <word> control-plane vrf <word>", _control_plane(True)),
    command("no apply access-list ip <word> control-plane vrf <word>", _control_plane(False)),
    command("object-group ip address <word>", _open_group("ip")),
    command("no object-group ip address <word>", _drop_group("ip")),
    command("object-group ipv6 address <word>", _open_group("ipv6")),
    command("no object-group ipv6 address <word>", _drop_group("ipv6")),
    command("object-group port <word>", _open_group("port")),
    command("no object-group port <word>", _drop_group("port")),
    command("interface <rest>", _interface),
    command("vlan <word>", _vlan),
    *_store("ntp,logging,snmp-server,ip route,user,banner,ssh,https-server,spanning-tree,clock,cli-session"),
]
APPLY = [
    command("apply access-list <word> <word> <word>", _apply),
    command("no apply access-list <word> <word> <word>", _no_apply),
]
PORT = _store("shutdown,routing,description,vlan access,vlan trunk,mtu,lag,lacp,spanning-tree,qos,speed,ip address")
CONTEXTS: dict[str, list[Command]] = {
    "if": [*APPLY, *PORT],
    "lag": [*APPLY, *PORT],
    "svi": [*APPLY, *_store("shutdown,description,ip address,ip helper-address,vrf")],
    "vlan": [*APPLY, *_store("name,description,shutdown")],
}
