# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One entry of a Cisco IOS or IOS-XE list, read to its last word; object groups make several rules of one entry."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import iosxe_names as names
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    BITS,
    PROTOCOLS,
    WITH_PORTS,
    WITH_TYPES,
    Address,
    Ports,
    Rule,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.words import Words, ports_of

_OPERATORS = ("eq", "neq", "gt", "lt", "range")
_MAX_EXPANDED = 4096


@dataclass(frozen=True)
class Service:
    """What an entry says of a packet besides its addresses."""

    protocol: int | None = None
    src_ports: Ports | None = None
    dst_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None


@dataclass(frozen=True)
class Groups:
    """Object groups by name; one that is empty or was not understood is not there."""

    networks: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    services: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)


NO_GROUPS = Groups()


def parse_entry(
    body: str, *, kind: str = "extended", remark: str = "", groups: Groups = NO_GROUPS
) -> list[Rule] | list[Opaque]:
    """Read one entry without its sequence number; a word that is not understood makes it opaque.

    Args:
        body: the entry, without sequence number and counter.
        kind: extended, standard or ipv6.
        remark: what stood before it.
        groups: object groups of the same configuration.
    """
    rules = _read(body, kind, groups) if "object-group" in body else _read_again(body, kind)
    if rules is None:
        return [Opaque(body)]
    return [replace(rule, remark=remark) for rule in rules] if remark else list(rules)


def _read(body: str, kind: str, groups: Groups) -> tuple[Rule, ...] | None:
    """Give the rules of an entry; None if a word is not understood."""
    words = Words(body.replace(",", " ").split())
    try:
        rules = [_standard(words)] if kind == "standard" else _extended(words, kind, groups)
    except (LookupError, ValueError, InputError):
        return None
    return None if words.left else tuple(rules)


@lru_cache(maxsize=65536)
def _read_again(body: str, kind: str) -> tuple[Rule, ...] | None:
    """Read an entry without groups: in one swap the same lines are read six times."""
    return _read(body, kind, NO_GROUPS)


def _standard(words: Words) -> Rule:
    action = words.take()
    if words.peek() in ("any", "host"):
        src = _address(words)
    else:
        value = int(ipaddress.IPv4Address(words.take()))
        words.took("wildcard", "bits")
        wildcard = int(ipaddress.IPv4Address(words.take())) if words.peek()[:1].isdigit() else 0
        src = Address.masked(value, wildcard)
    return Rule(action, None, src, log=words.took("log"))


def _extended(words: Words, kind: str, groups: Groups) -> list[Rule]:
    family = "ipv6" if kind == "ipv6" else "ipv4"
    action = words.take()
    services: Sequence[Service]
    if words.took("object-group"):
        services = groups.services[words.take()]
        sources, targets = _addresses(words, family, groups), _addresses(words, family, groups)
    else:
        protocol = protocol_of(words.take(), family)
        sources = _addresses(words, family, groups)
        src_ports = port_set(words, protocol)
        targets = _addresses(words, family, groups)
        services = [Service(protocol, src_ports, port_set(words, protocol), icmp_of(words, protocol))]
    established = words.took("established") or any(words.took("match-any", *flags) for flags in _ESTABLISHED)
    log = words.took("log") or words.took("log-input")
    if len(services) * len(sources) * len(targets) > _MAX_EXPANDED:
        raise LookupError("object-group")
    return [
        Rule(action, one.protocol, src, dst, one.src_ports, one.dst_ports, one.icmp, established, log)
        for one in services
        for src in sources
        for dst in targets
    ]


_ESTABLISHED = (("+ack", "+rst"), ("+rst", "+ack"))


def protocol_of(word: str, family: str) -> int | None:
    """Read a protocol; inside an IPv6 list ``icmp`` is the ICMP of IPv6.

    Raises:
        ValueError: not a protocol of this family.
    """
    if word in ("ip", "ipv4", "ipv6"):
        if (word == "ipv6") != (family == "ipv6"):
            raise ValueError(word)
        return None
    if word == "icmp" and family == "ipv6":
        return PROTOCOLS["icmpv6"]
    return names.PROTOCOLS[word] if word in names.PROTOCOLS else int(word) or None


def _addresses(words: Words, family: str, groups: Groups) -> tuple[Address, ...]:
    if words.took("object-group"):
        found = groups.networks[words.take()]
        if any(address.bits != BITS[family] for address in found):
            raise ValueError("family")
        return found
    return (_address6(words) if family == "ipv6" else _address(words),)


def _address(words: Words) -> Address:
    word = words.take()
    if word == "any":
        return ANY
    if word == "host":
        return Address(int(ipaddress.IPv4Address(words.take())), 0)
    if "/" in word:
        return Address.of(word)
    return Address.masked(int(ipaddress.IPv4Address(word)), int(ipaddress.IPv4Address(words.take())))


def _address6(words: Words) -> Address:
    word = words.take()
    if word == "any":
        return ANY6
    if word == "host":
        return Address(int(ipaddress.IPv6Address(words.take())), 0, 128)
    if "/" not in word:
        raise ValueError(word)
    network = ipaddress.IPv6Network(word, strict=False)
    return Address(int(network.network_address), int(network.hostmask), 128)


def port_set(words: Words, protocol: int | None) -> Ports | None:
    """Take ports if some come next: one, a range, or several behind one ``eq`` or ``neq``."""
    if protocol not in WITH_PORTS or words.peek() not in _OPERATORS:
        return None
    operator = words.take()
    listed = [_port(words.take(), protocol)]
    if operator == "range":
        listed.append(_port(words.take(), protocol))
    while operator in ("eq", "neq") and _is_port(words.peek(), protocol):
        listed.append(_port(words.take(), protocol))
    return ports_of(operator, listed)


def _port(word: str, protocol: int | None) -> int:
    return int(word) if word.isdigit() else names.PORTS[protocol or 0][word]


def _is_port(word: str, protocol: int | None) -> bool:
    return word.isdigit() or word in names.PORTS[protocol or 0]


def icmp_of(words: Words, protocol: int | None) -> tuple[int, int | None] | None:
    """Take an ICMP type, and its code, if they come next."""
    if protocol not in WITH_TYPES:
        return None
    word = words.peek()
    table = names.ICMP if protocol == PROTOCOLS["icmp"] else names.ICMP6
    if word in table:
        return table[words.take()]
    if not word.isdigit():
        return None
    kind = int(words.take())
    code = int(words.take()) if words.peek().isdigit() else None
    if kind > 255 or (code or 0) > 255:
        raise ValueError(word)
    return kind, code
