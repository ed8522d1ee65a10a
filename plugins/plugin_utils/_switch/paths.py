# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packets a list must let through, both ways, and the proof that it does. Pure.

Why one proof for each new list is enough for a swap of several bindings, one by one: a packet gets through only if
every list on its way permits it. So a flow that the present lists permit, and that every new list permits, is permitted
by every mix of whole old and new lists: those on the way there and those on the way back. What the present lists
deny already cannot be lost. This holds only with both directions looked at: the replies pass lists too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.assertions import PERMITTED, judge
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    BITS,
    WITH_PORTS,
    Address,
    Rule,
    protocol_number,
)

CLIENT_PORTS = ((1024, 65535),)
_TCP = 6
# What "every protocol" stands for: what a station uses.
_USUAL = {32: (1, 6, 17), 128: (58, 6, 17)}


@dataclass(frozen=True)
class Flow:
    """Who opens connections to whom; ``protocol`` None for every usual one, ``port`` 0 for every port."""

    src: Address
    dst: Address
    protocol: int | None = _TCP
    port: int = 0

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Flow:
        """Read {src, dst, protocol, dst_port}.

        Raises:
            InputError: there is no dst, or a value cannot be read.
        """
        if not plain.get("dst"):
            raise InputError(f"A protected flow has no dst: {dict(plain)}.", fix="Give src, dst, protocol, dst_port.")
        src, dst = Address.of(plain.get("src") or "any"), Address.of(plain["dst"])
        if src == ANY and dst.bits == BITS["ipv6"]:
            src = ANY6
        if src.bits != dst.bits:
            raise InputError(f"A protected flow mixes IPv4 and IPv6: {dict(plain)}.", fix="Write one flow a family.")
        port = int(plain.get("dst_port") or 0)
        if not 0 <= port <= CLIENT_PORTS[0][1]:
            raise InputError(f"A protected flow has port {port}.", fix="Ports are 1 to 65535.")
        return cls(src, dst, protocol_number(plain.get("protocol", "tcp")), port)

    def opening(self, src: Address, dst: Address) -> list[Rule]:
        """Give the packets from client to server, as rules that match exactly them."""
        return [
            Rule("permit", number, src, dst, CLIENT_PORTS, self._ports)
            if number in WITH_PORTS
            else Rule("permit", number, src, dst)
            for number in self._numbers
        ]

    def replies(self, src: Address, dst: Address) -> list[Rule]:
        """Give the packets from server to client; those of tcp are established."""
        return [
            Rule("permit", number, dst, src, self._ports, CLIENT_PORTS, established=number == _TCP)
            if number in WITH_PORTS
            else Rule("permit", number, dst, src)
            for number in self._numbers
        ]

    @property
    def _numbers(self) -> Sequence[int]:
        return _USUAL[self.src.bits] if self.protocol is None else (self.protocol,)

    @property
    def _ports(self) -> tuple[tuple[int, int], ...] | None:
        return ((self.port, self.port),) if self.port else None


def passing(flow: Flow, direction: str, behind: Address | None) -> Iterator[Rule]:
    """Give the packets of a flow that pass a list: those of clients behind the interface, and of servers behind it.

    Args:
        flow: the flow.
        direction: in, from what is behind the interface; out, to it.
        behind: what is behind the interface; where it is not known, any client may be.
    """
    client = flow.src if behind is None else _common(flow.src, behind)
    if client is not None:
        yield from flow.opening(client, flow.dst) if direction == "in" else flow.replies(client, flow.dst)
    server = None if behind is None else _common(flow.dst, behind)
    if server is not None:
        yield from flow.replies(flow.src, server) if direction == "in" else flow.opening(flow.src, server)


def _common(one: Address, two: Address) -> Address | None:
    """Give the smaller of two addresses where one holds the other."""
    if one.bits != two.bits:
        return None
    for wide, narrow in ((one, two), (two, one)):
        if wide.covers(narrow.value) and not narrow.wildcard & ~wide.wildcard:
            return narrow
    return None


def first_denied(rules: Sequence[Rule], packets: Sequence[Rule]) -> str:
    """Prove that a list permits all of these packets; else give the first it does not, in words; "" if proven."""
    if not packets or packets[0].src.bits != rules[0].src.bits:
        return ""
    answer = judge(rules, packets, PERMITTED)
    if answer.holds:
        return ""
    if answer.witness is None:
        return "it could not be proven within the bound on work"
    by = "the end of the list" if answer.rule is None else f"rule {answer.rule + 1}: {in_words(rules[answer.rule])}"
    return f"{answer.witness.to_dict()}, by {by}"


def in_words(rule: Rule) -> str:
    """Spell a rule as messages do."""
    plain = {key: value for key, value in rule.to_dict().items() if value not in (None, False, "")}
    return " ".join(f"{value}" if key in ("action", "protocol") else f"{key} {value}" for key, value in plain.items())
