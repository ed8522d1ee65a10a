# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One filter rule: plain data in the plan, a normal form for every comparison."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError

PROTOCOLS: dict[str, int] = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
PROTOCOL_NAMES: dict[int, str] = {number: name for name, number in PROTOCOLS.items()}
WITH_PORTS = frozenset({6, 17})
WITH_TYPES = frozenset({1, 58})

# Bits of an address, by family.
BITS = {"ipv4": 32, "ipv6": 128}
ALL_ADDRESSES = 0xFFFFFFFF
ALL_PORTS = (0, 65535)

Ports = tuple[tuple[int, int], ...]


@dataclass(frozen=True, order=True)
class Address:
    """Addresses as a value and the bits that do not matter; host bits are masked away. ``bits`` is 32 or 128."""

    value: int
    wildcard: int
    bits: int = 32

    @classmethod
    def of(cls, text: str) -> Address:
        """Read ``any`` (of IPv4), an address, a prefix, or ``value/wildcard`` with a wildcard that is no prefix.

        Raises:
            InputError: the text is none of these.
        """
        return _read(str(text).strip())

    @classmethod
    def masked(cls, value: int, wildcard: int, bits: int = 32) -> Address:
        """Build from a value whose host bits may still be set."""
        return cls(value & ~wildcard & ((1 << bits) - 1), wildcard, bits)

    @property
    def every(self) -> bool:
        """True for every address of the family."""
        return self.wildcard == (1 << self.bits) - 1

    @property
    def is_prefix(self) -> bool:
        """True if the bits that do not matter are the lowest ones."""
        return self.wildcard & (self.wildcard + 1) == 0

    def __str__(self) -> str:
        return _spelled(self.value, self.wildcard, self.bits)

    def covers(self, address: int) -> bool:
        """True if the address is one of these."""
        return (address ^ self.value) & ~self.wildcard & ((1 << self.bits) - 1) == 0

    def contains(self, other: Address) -> bool:
        """True if every address of the other is one of these."""
        return self.bits == other.bits and self.covers(other.value) and not other.wildcard & ~self.wildcard

    def overlaps(self, other: Address) -> bool:
        """True if some address is one of both."""
        if self.bits != other.bits:
            return False
        return (self.value ^ other.value) & ~self.wildcard & ~other.wildcard & ((1 << self.bits) - 1) == 0


ANY = Address(0, ALL_ADDRESSES)
ANY6 = Address(0, (1 << 128) - 1, 128)


# A site names few addresses, and names them in every station's rules.
@lru_cache(maxsize=65536)
def _read(spelled: str) -> Address:
    if spelled == "any":
        return ANY
    value, _slash, tail = spelled.partition("/")
    try:
        if "." in tail:
            return Address.masked(int(ipaddress.IPv4Address(value)), int(ipaddress.IPv4Address(tail)))
        network = ipaddress.ip_network(spelled, strict=False)
    except ValueError as exc:
        raise InputError(
            f"{spelled!r} is not an address, a prefix or 'any'.", fix="Write it like 10.20.1.0/26 or 2001:db8:1::/64."
        ) from exc
    return Address(int(network.network_address), int(network.hostmask), network.max_prefixlen)


@lru_cache(maxsize=65536)
def _spelled(value: int, wildcard: int, bits: int) -> str:
    if wildcard == (1 << bits) - 1:
        return "any"
    kind = ipaddress.IPv4Address if bits == BITS["ipv4"] else ipaddress.IPv6Address
    if wildcard & (wildcard + 1) == 0:
        return f"{kind(value)}/{bits - wildcard.bit_length()}"
    return f"{kind(value)}/{kind(wildcard)}"


def normal_ports(pairs: Iterable[Iterable[int]] | None) -> Ports | None:
    """Sort and join port intervals; None and the full range both mean every port.

    Raises:
        InputError: a port is outside 0..65535, an interval runs backwards, or there is none.
    """
    if pairs is None:
        return None
    joined: list[tuple[int, int]] = []
    for low, high in sorted((int(low), int(high)) for low, high in pairs):
        if not 0 <= low <= high <= ALL_PORTS[1]:
            raise InputError(f"Port interval {low}-{high} is not within 0..65535.", fix="Correct the ports.")
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    if not joined:
        raise InputError("An empty list of ports matches nothing.", fix="Leave ports out to mean every port.")
    return None if joined == [ALL_PORTS] else tuple(joined)


@dataclass(frozen=True)
class Rule:
    """One entry of an ordered list: the first that matches decides.

    ``protocol`` is a number, None for every protocol; ports are intervals, None for every port; ``icmp`` is a
    type and a code (None: every code); ``established`` means ACK or RST is set. ``log`` and ``remark`` decide nothing.
    """

    action: str
    protocol: int | None = None
    src: Address = ANY
    dst: Address = ANY
    src_ports: Ports | None = None
    dst_ports: Ports | None = None
    icmp: tuple[int, int | None] | None = None
    established: bool = False
    log: bool = False
    remark: str = ""

    def __post_init__(self) -> None:
        """Refuse what no device can mean."""
        if self.action not in ("permit", "deny"):
            raise InputError(f"Rule action {self.action!r} is neither permit nor deny.", fix="Use one of the two.")
        if self.protocol is not None and not 0 < self.protocol <= 255:
            raise InputError(f"Protocol {self.protocol} is not within 1..255.", fix="Use ip for every protocol.")
        if (self.src_ports or self.dst_ports) and self.protocol not in WITH_PORTS:
            raise InputError("Ports need protocol tcp or udp.", fix="Set the rule's protocol, or drop its ports.")
        if self.established and self.protocol != PROTOCOLS["tcp"]:
            raise InputError("Only tcp knows 'established'.", fix="Mirror the ports for udp replies.")
        if self.icmp and self.protocol not in WITH_TYPES:
            raise InputError("An ICMP type needs protocol icmp or icmpv6.", fix="Set the rule's protocol.")
        if self.src.bits != self.dst.bits:
            raise InputError(f"A rule mixes IPv4 and IPv6: {self.src} to {self.dst}.", fix="Write one rule a family.")

    @property
    def family(self) -> str:
        """``ipv4`` or ``ipv6``."""
        return "ipv4" if self.src.bits == BITS["ipv4"] else "ipv6"

    @property
    def decides(self) -> tuple[Any, ...]:
        """What the decision depends on, as a key: all but log and remark."""
        return (
            self.action, self.protocol, self.src, self.dst, self.src_ports, self.dst_ports, self.icmp, self.established
        )  # fmt: skip

    @property
    def match(self) -> Rule:
        """The same decision without log and remark: two rules with equal matches treat every packet alike."""
        return replace(self, log=False, remark="")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Rule:
        """Read the plain form that plan and options use.

        Keys: action, protocol (ip, tcp, udp, icmp or a number), src and dst (prefix or any), src_ports and dst_ports
        ([[low, high]] or null), established, log, remark, and icmp ([type, code or null]) where one is meant; family
        (ipv4 or ipv6) where both addresses are any.

        Raises:
            InputError: an unknown key, or a value that cannot be read.
        """
        unknown = sorted(set(data) - _KEYS)
        if unknown:
            raise InputError(
                f"A rule has no key {', '.join(unknown)}.", fix=f"Its keys are {', '.join(sorted(_KEYS))}."
            )
        icmp = data.get("icmp")
        src, dst = _ends(data)
        return cls(
            action=str(data.get("action", "")),
            protocol=protocol_number(data.get("protocol", "ip")),
            src=src,
            dst=dst,
            src_ports=normal_ports(data.get("src_ports")),
            dst_ports=normal_ports(data.get("dst_ports")),
            icmp=(int(icmp[0]), None if icmp[1] is None else int(icmp[1])) if icmp else None,
            established=bool(data.get("established")),
            log=bool(data.get("log")),
            remark=str(data.get("remark") or ""),
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form of from_dict, in normal spelling."""
        plain: dict[str, Any] = {
            "action": self.action,
            "protocol": "ip" if self.protocol is None else PROTOCOL_NAMES.get(self.protocol, self.protocol),
            "src": str(self.src),
            "src_ports": [list(pair) for pair in self.src_ports] if self.src_ports else None,
            "dst": str(self.dst),
            "dst_ports": [list(pair) for pair in self.dst_ports] if self.dst_ports else None,
            "established": self.established,
            "log": self.log,
            "remark": self.remark,
        }
        if self.icmp:
            plain["icmp"] = list(self.icmp)
        if self.family == "ipv6":
            plain["family"] = "ipv6"
        return plain


_KEYS = frozenset(
    ["action", "protocol", "src", "src_ports", "dst", "dst_ports", "established", "log", "remark", "icmp", "family"]
)


def _ends(data: Mapping[str, Any]) -> tuple[Address, Address]:
    """Give source and destination; ``any`` is of the family that the other end or the rule says."""
    src, dst = Address.of(data.get("src") or "any"), Address.of(data.get("dst") or "any")
    family = data.get("family") or ("ipv6" if BITS["ipv6"] in (src.bits, dst.bits) else "ipv4")
    if family not in BITS:
        raise InputError(f"Family {family!r} is unknown.", fix="Use ipv4 or ipv6.")
    every = ANY if family == "ipv4" else ANY6
    ends = tuple(every if end == ANY else end for end in (src, dst))
    if any(end.bits != BITS[family] for end in ends):
        raise InputError(f"A rule of {family} names {src} and {dst}.", fix="Correct its family or its addresses.")
    return ends[0], ends[1]


@lru_cache(maxsize=512)
def protocol_number(protocol: str | int | None) -> int | None:
    """Read a protocol by name or number; ``ip`` is every protocol and gives None.

    Raises:
        InputError: not a protocol.
    """
    spelled = str(protocol).strip().lower()
    if spelled in ("ip", "any", "ipv4", "ipv6", "0"):
        return None
    if spelled in PROTOCOLS:
        return PROTOCOLS[spelled]
    if spelled == "icmp6":
        return PROTOCOLS["icmpv6"]
    if spelled.isdigit() and 0 < int(spelled) <= 255:
        return int(spelled)
    raise InputError(
        f"Protocol {protocol!r} is unknown.", fix="Use ip, tcp, udp, icmp, icmpv6 or a number from 1 to 255."
    )


def rules_from(data: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Read an ordered list of plain rules."""
    return tuple(Rule.from_dict(item) for item in data)
