# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object groups of the simulated IOS switch: addresses and services that entries of extended IPv4 lists name.

[documented] Networks, ranges, hosts, services and groups within groups; one that a list names can be neither deleted
nor emptied; each member takes room of its own in the hardware; only extended IPv4 lists know them. That an empty or
missing group matches nothing is assumed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from .conditions import Interval, Ports
from .entry import CliError, Reader, Token, read_icmp, read_ports, tokens_of
from .grammar import Command, Handler, Reply, command
from .tables import PROTOCOLS

if TYPE_CHECKING:
    from .config import Config
    from .session import Session

KINDS = {"network": "Network", "service": "Service"}
CARRIERS = {"tcp": (6,), "udp": (17,), "tcp-udp": (6, 17)}


@dataclass
class Group:
    """A group: its members as they are stored."""

    kind: str  # network | service
    members: list[str] = field(default_factory=list)
    description: str = ""


Groups = Mapping[str, Group]


class Service(NamedTuple):
    """One member of a service group; no protocol means every one."""

    protocols: tuple[int, ...]
    src: Ports | None = None
    dst: Ports | None = None
    icmp: tuple[int, int | None] | None = None


def _dotted(reader: Reader) -> int:
    try:
        return int(ipaddress.IPv4Address(reader.take().text))
    except ValueError:
        raise reader.refuse() from None


def _network(reader: Reader) -> tuple[str, Interval]:
    """Read `any`, `host X`, `range X Y` or `X mask` (or `/n`); give what is stored and the addresses."""
    first = reader.peek()
    if first == "any":
        reader.take()
        return "any", (0, 0xFFFFFFFF)
    if first in ("host", "range"):
        reader.take()
        low = _dotted(reader)
        high = low if first == "host" else _dotted(reader)
        if high < low:
            raise reader.refuse()
        texts = [str(ipaddress.IPv4Address(value)) for value in ([low] if first == "host" else [low, high])]
        return " ".join([first, *texts]), (low, high)
    value, mask = reader.take().text, reader.take().text
    try:
        net = ipaddress.IPv4Network(f"{value}/{mask.removeprefix('/')}", strict=False)
    except ValueError:
        raise reader.refuse() from None
    return f"{net.network_address} {net.netmask}", (int(net[0]), int(net[-1]))


def _service(reader: Reader) -> tuple[str, Service]:
    """Read `tcp source gt 1023 eq 502`, `tcp-udp eq 53`, `icmp echo`, `ip`, `esp`; give what is stored too."""
    word = reader.take().text.lower()
    if word in CARRIERS:
        number = CARRIERS[word][0]
        src = dst = None
        if reader.peek() == "source":
            reader.take()
            src = read_ports(reader, number, bare=True)
        if reader.peek():
            dst = read_ports(reader, number, bare=True)
        parts = [word, f"source {src.text}" if src else "", dst.text if dst else ""]
        return " ".join(part for part in parts if part), Service(CARRIERS[word], src, dst)
    protocol = PROTOCOLS.get(word, int(word) if word.isdigit() and int(word) < 256 else -1)
    if protocol < 0:
        raise reader.refuse()
    if protocol == 1 and reader.peek():
        name, icmp = reader.peek(), read_icmp(reader)
        if icmp is None:
            reader.take()
            raise reader.refuse()
        return f"icmp {name}", Service((1,), icmp=icmp)
    return word, Service((protocol,) if protocol else ())


def _member(kind: str, words: list[Token]) -> tuple[str, Any]:
    """Read a member that is no group.

    Raises:
        CliError: not understood, or something behind it.
    """
    reader = Reader(words, words[-1].column + len(words[-1].text))
    found = _network(reader) if kind == "network" else _service(reader)
    if reader.rest():
        raise reader.refuse()
    return found


@lru_cache(maxsize=4096)
def _meaning(kind: str, text: str) -> Any:
    return _member(kind, tokens_of(text))[1]


def leaves(groups: Groups, name: str, kind: str, seen: tuple[str, ...] = ()) -> list[Any]:
    """Expand a group; one that is missing, of another kind or within itself holds nothing."""
    group = groups.get(name)
    if group is None or group.kind != kind or name in seen:
        return []
    found: list[Any] = []
    for text in group.members:
        inner = text.removeprefix("group-object ")
        found += leaves(groups, inner, kind, (*seen, name)) if inner != text else [_meaning(kind, text)]
    return found


def covers(groups: Groups, name: str, address: int) -> bool:
    """Tell whether an address is in a network group."""
    return any(low <= address <= high for low, high in leaves(groups, name, "network"))


def serves(groups: Groups, name: str, flow: Any) -> bool:
    """Tell whether a packet is one of a service group."""
    return any(_serves(one, flow) for one in leaves(groups, name, "service"))


def _serves(one: Service, flow: Any) -> bool:
    if one.protocols and flow.protocol not in one.protocols:
        return False
    if one.src is not None and not one.src.covers(flow.src_port):
        return False
    if one.dst is not None and not one.dst.covers(flow.dst_port):
        return False
    return one.icmp is None or (flow.icmp_type == one.icmp[0] and one.icmp[1] in (None, flow.icmp_code))


def room(groups: Groups, names: Iterable[tuple[str, str]]) -> int:
    """Give how many hardware entries an entry takes, given its (group, kind) pairs; a service counts its protocols."""
    total = 1
    for name, kind in names:
        found = leaves(groups, name, kind)
        total *= len(found) if kind == "network" else sum(max(1, len(one.protocols)) for one in found)
    return total


def _users(running: Config, name: str) -> list[str]:
    """Name the lists and groups that name a group."""
    found = [key for key, own in running.lists.items() if name in own.groups]
    return found + [key for key, own in running.groups.items() if f"group-object {name}" in own.members]


def _judges(running: Config, name: str, seen: tuple[str, ...] = ()) -> bool:
    """Tell whether what passes may depend on a group."""
    users = [user for user in _users(running, name) if user not in seen]
    return any(running.bound(user) or _judges(running, user, (*seen, user)) for user in users)


def open_group(kind: str) -> Handler:
    """`object-group network NAME`, `object-group service NAME`."""

    def handler(session: Session, words: list[Token]) -> Reply:
        groups, name = session.switch.running.groups, words[0].text
        made = name not in groups
        if not made and groups[name].kind != kind:  # [assumed] wording
            raise CliError("message", text=f"% Object-group {name} exists with another type")
        groups.setdefault(name, Group(kind))
        session.enter(f"{kind}-group", name)
        return Reply("", made)

    return handler


def drop_group(kind: str) -> Handler:
    """`no object-group ... NAME`; wording of the refusal [assumed]."""

    def handler(session: Session, words: list[Token]) -> Reply:
        running, name = session.switch.running, words[0].text
        group = running.groups.get(name)
        if group is None or group.kind != kind:
            return Reply()
        if _users(running, name):
            raise CliError("message", text=f"% Object-group {name} is in use and cannot be removed")
        del running.groups[name]
        return Reply("", True)

    return handler


def run_line(session: Session, words: list[Token]) -> Reply | None:
    """Run a line within a group; None if it is no member and another mode may know it."""
    running, name, kind = session.switch.running, session.target, session.mode.removesuffix("-group")
    negated = words[0].text.lower() == "no" and len(words) > 1
    rest = words[1:] if negated else words
    first = rest[0].text.lower()
    group = running.groups.setdefault(name, Group(kind))
    if first == "description":
        group.description = "" if negated else " ".join(word.text for word in rest[1:])
        return Reply("", True)
    if first == "group-object":
        text = _nested(running, kind, name, rest)
    elif _looks_like_member(kind, rest):
        text = _member(kind, rest)[0]
    else:
        return None
    after = [one for one in group.members if one != text] if negated else [*group.members, text]
    if (text in group.members) != negated:
        return Reply()
    if not after and _users(running, name):  # [documented]; wording [assumed]
        raise CliError("message", text=f"% Object-group {name} is in use and cannot be empty")
    group.members[:] = after
    return Reply("", True, _judges(running, name))


def _nested(running: Config, kind: str, name: str, words: list[Token]) -> str:
    """Read `group-object NAME`: of the same kind, and without a loop [assumed]."""
    if len(words) != 2:
        raise CliError("incomplete" if len(words) == 1 else "invalid", words[-1].column)
    inner = words[1].text
    group = running.groups.get(inner)
    if group is None or group.kind != kind or inner == name or _holds(running.groups, inner, name):
        raise CliError("message", text=f"% Object-group {inner} cannot be a member of {name}")
    return f"group-object {inner}"


def _holds(groups: Groups, name: str, wanted: str) -> bool:
    inner = [text.removeprefix("group-object ") for text in groups[name].members if text.startswith("group-object ")]
    return wanted in inner or any(_holds(groups, one, wanted) for one in inner)


def _looks_like_member(kind: str, words: list[Token]) -> bool:
    first = words[0].text.lower()
    if kind == "network":
        return first in ("any", "host", "range") or first[0].isdigit()
    return first in CARRIERS or first == "icmp" or (len(words) == 1 and (first in PROTOCOLS or first.isdigit()))


def config_lines(groups: Groups) -> list[str]:
    """Every group as it stands in a configuration."""
    lines: list[str] = []
    for name, group in sorted(groups.items()):
        lines += [
            f"object-group {group.kind} {name}",
            *([f" description {group.description}"] * bool(group.description)),
        ]
        lines += [*(f" {text}" for text in group.members), "!"]
    return lines


def show(session: Session, words: list[Token]) -> Reply:
    """`show object-group [NAME]` [recorded]."""
    lines: list[str] = []
    for name, group in sorted(session.switch.running.groups.items()):
        if not words or words[-1].text == name:
            lines += [f"{KINDS[group.kind]} object group {name}"]
            lines += [f" Description {group.description}"] if group.description else []
            lines += [f" {text}" for text in group.members]
    return Reply("".join(f"{line}\n" for line in lines))


def dump(groups: Groups) -> dict[str, Any]:
    """Give plain JSON."""
    return {name: [group.kind, group.description, list(group.members)] for name, group in groups.items()}


def load(data: Mapping[str, Any]) -> dict[str, Group]:
    """Read what ``dump`` gave."""
    return {name: Group(kind, list(members), text) for name, (kind, text, members) in data.items()}


GLOBAL: list[Command] = [
    *(command(f"object-group {kind} <word>", open_group(kind)) for kind in KINDS),
    *(command(f"no object-group {kind} <word>", drop_group(kind)) for kind in KINDS),
]
