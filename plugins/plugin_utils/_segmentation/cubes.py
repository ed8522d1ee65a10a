# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exact comparison of two ordered rule lists over interval cubes, standard library only.

A packet is a point in six dimensions: protocol, source, destination, two port dimensions and the TCP state. Each rule
is a set of boxes in that space. Both lists are cut along one dimension after the other; where the rules left over are
the same on both sides, or one rule covers all that is left, the cut is decided without going deeper. Work is bounded:
beyond the bound the answer is "not decided", never a false "equal" (reference switch-acl.md sections 5 and 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import (
    Interval,
    Packet,
    icmp_interval,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ALL_PORTS,
    ANY,
    ANY6,
    BITS,
    Address,
    Rule,
)

WORK = 2_000_000
_MAX_PIECES = 256
_MAX_BOXES = 30_000

Box = tuple[Interval, ...]

# For tcp and udp the port dimensions are ports. For icmp the second one is type * 256 + code. Elsewhere unused.
_FULL: dict[int, Box] = {
    bits: ((0, 255), (0, (1 << bits) - 1), (0, (1 << bits) - 1), ALL_PORTS, ALL_PORTS, (0, 1)) for bits in BITS.values()
}


@dataclass(frozen=True)
class Comparison:
    """What compare() found: "equal", "different" with a witness and both verdicts, or "not decided"."""

    verdict: str
    witness: Packet | None = None
    first: str = ""
    second: str = ""

    @property
    def equal(self) -> bool:
        """True only if equality is proven."""
        return self.verdict == "equal"


class NotDecided(Exception):
    """The bound on work was reached before an answer was."""


def compare(first: Sequence[Rule], second: Sequence[Rule], *, work: int = WORK) -> Comparison:
    """Prove two ordered lists equal, or give a packet they treat differently.

    Args:
        first: an ordered list with at least the invisible deny at its end.
        second: the other one.
        work: how many boxes may be looked at before the answer is "not decided".
    """
    _family(first, second)
    if [rule.decides for rule in first] == [rule.decides for rule in second]:
        return Comparison("equal")
    try:
        walk = _Walk(first, second, work, limit=1)
        for box, permitted in walk.differences():
            protocol, src, dst, src_port, dst_port, flags = (low for low, _high in box)
            packet = Packet(protocol, src, dst, src_port, dst_port, bool(flags), walk.bits)
            verdicts = ("permit", "deny") if permitted else ("deny", "permit")
            return Comparison("different", packet, *verdicts)
    except NotDecided:
        return Comparison("not decided")
    return Comparison("equal")


def difference(
    first: Sequence[Rule], second: Sequence[Rule], *, work: int = WORK, limit: int = 1000
) -> list[tuple[Box, bool]]:
    """Give the disjoint boxes of packets that the lists treat differently; True where the first one permits.

    Raises:
        NotDecided: the bound on work or on boxes was reached.
    """
    found = _Walk(first, second, work, limit=limit + 1).differences()
    if len(found) > limit:
        raise NotDecided
    return found


def _pieces(address: Address) -> list[Interval]:
    """Give an address as intervals; a wildcard that is no prefix falls into several."""
    run = 0
    while run < address.bits and address.wildcard >> run & 1:
        run += 1
    low_mask = (1 << run) - 1
    values = [address.value]
    for bit in range(run, address.bits):
        if address.wildcard >> bit & 1:
            values += [value | 1 << bit for value in values]
        if len(values) > _MAX_PIECES:
            raise NotDecided
    return [(value, value | low_mask) for value in sorted(values)]


def boxes(rule: Rule) -> Iterator[Box]:
    """Give the boxes of packets that one rule matches.

    Raises:
        NotDecided: a wildcard falls into more pieces than can be handled.
    """
    protocol = (0, 255) if rule.protocol is None else (rule.protocol, rule.protocol)
    flags = (1, 1) if rule.established else (0, 1)
    last: Iterable[Interval] = [icmp_interval(rule.icmp)] if rule.icmp else rule.dst_ports or [ALL_PORTS]
    targets = list(last)
    for src in _pieces(rule.src):
        for dst in _pieces(rule.dst):
            for src_port in rule.src_ports or [ALL_PORTS]:
                for dst_port in targets:
                    yield (protocol, src, dst, src_port, dst_port, flags)


def _family(*lists: Sequence[Rule]) -> int:
    """Give the bits of the one family that both lists speak of.

    Raises:
        InputError: they speak of both.
    """
    found = {rule.src.bits for rules in lists for rule in rules}
    if len(found) > 1:
        raise InputError(
            "A list of IPv4 rules cannot be compared with one of IPv6.", fix="Compare one family at a time."
        )
    return found.pop() if found else BITS["ipv4"]


class _Walk:
    """Cut both lists along each dimension in turn; boxes of a list are ordered, and bits of a mask name them."""

    def __init__(self, first: Sequence[Rule], second: Sequence[Rule], work: int, limit: int) -> None:
        self._boxes: list[Box] = []
        self._permit = 0
        self._work = work
        self._limit = limit
        self._memo: dict[tuple[int, int, int], list[tuple[Box, bool]]] = {}
        self.bits = _family(first, second)
        self._full = _FULL[self.bits]
        self._first = self._load(first)
        self._second = self._load(second)

    def _load(self, rules: Sequence[Rule]) -> int:
        """Number the boxes of one list in order; the invisible deny comes last."""
        mask = 0
        every = ANY if self.bits == BITS["ipv4"] else ANY6
        for rule in [*rules, Rule("deny", src=every, dst=every)]:
            for box in boxes(rule):
                bit = 1 << len(self._boxes)
                self._boxes.append(box)
                mask |= bit
                if rule.action == "permit":
                    self._permit |= bit
                if len(self._boxes) > _MAX_BOXES:
                    raise NotDecided
        return mask

    def _spend(self, cuts: int) -> None:
        self._work -= cuts
        if self._work < 0:
            raise NotDecided

    def differences(self) -> list[tuple[Box, bool]]:
        """Give boxes where the verdicts differ, at most as many as the limit."""
        return self._decide(0, self._first, self._second)

    def _trim(self, dimension: int, mask: int) -> tuple[int, ...]:
        """Give what is left of a list: up to the first box that covers the rest, without needless entries before it."""
        left: list[int] = []
        full = self._full[dimension:]
        while mask:
            low = mask & -mask
            index = low.bit_length() - 1
            mask ^= low
            left.append(index)
            if self._boxes[index][dimension:] == full:
                break
        while len(left) > 1 and (self._permit >> left[-1] & 1) == (self._permit >> left[-2] & 1):
            del left[-2]
        return tuple(left)

    def _verdict(self, index: int) -> bool:
        return bool(self._permit >> index & 1)

    def _decide(self, dimension: int, first: int, second: int) -> list[tuple[Box, bool]]:
        """Give the differing boxes of the dimensions from this one on."""
        one, two = self._trim(dimension, first), self._trim(dimension, second)
        self._spend(len(one) + len(two))
        if len(one) == 1 and len(two) == 1:
            verdicts = self._verdict(one[0]), self._verdict(two[0])
            return [] if verdicts[0] == verdicts[1] else [(self._full[dimension:], verdicts[0])]
        if self._same(dimension, one, two):
            return []
        masks = sum(1 << index for index in one), sum(1 << index for index in two)
        key = (dimension, *masks)
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._cut(dimension, one, two)
        return known

    def _same(self, dimension: int, one: tuple[int, ...], two: tuple[int, ...]) -> bool:
        return len(one) == len(two) and all(
            self._boxes[a][dimension:] == self._boxes[b][dimension:] and self._verdict(a) == self._verdict(b)
            for a, b in zip(one, two, strict=True)
        )

    def _cut(self, dimension: int, one: tuple[int, ...], two: tuple[int, ...]) -> list[tuple[Box, bool]]:
        """Cut along one dimension at every bound, and decide each piece in the dimensions behind it."""
        changes: dict[int, list[int]] = {}
        for side, indices in enumerate((one, two)):
            for index in indices:
                low, high = self._boxes[index][dimension]
                changes.setdefault(low, [0, 0])[side] ^= 1 << index
                changes.setdefault(high + 1, [0, 0])[side] ^= 1 << index
        bounds = sorted(changes)
        first = second = 0
        found: list[tuple[Box, bool]] = []
        for low, after in zip(bounds, bounds[1:], strict=False):
            first ^= changes[low][0]
            second ^= changes[low][1]
            for box, permitted in self._decide(dimension + 1, first, second):
                found.append((((low, after - 1), *box), permitted))
                if len(found) >= self._limit:
                    return found
        return found
