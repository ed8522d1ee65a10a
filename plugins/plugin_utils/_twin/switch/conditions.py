# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an entry of an IPv4 list of the simulated IOS switch asks of addresses and ports."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

ALL_ONES = 0xFFFFFFFF
MAX_PORT = 65535
Interval = tuple[int, int]


@dataclass(frozen=True)
class Address:
    """Value and wildcard (set bit = do not care)."""

    value: int
    wildcard: int

    def covers(self, address: int) -> bool:
        """Tell whether a packet's address matches."""
        return (address ^ self.value) & ~self.wildcard & ALL_ONES == 0

    def text(self, standard: bool = False) -> str:
        """Give the stored spelling: ``any``, ``host X`` (bare X in standard lists) or value and wildcard."""
        if self.wildcard == ALL_ONES:
            return "any"
        value = str(ipaddress.IPv4Address(self.value))
        if self.wildcard == 0:
            return value if standard else f"host {value}"
        return f"{value} {ipaddress.IPv4Address(self.wildcard)}"


@dataclass(frozen=True)
class Ports:
    """A port condition: the intervals it covers and how it is printed."""

    intervals: tuple[Interval, ...]
    text: str

    def covers(self, port: int | None) -> bool:
        """Tell whether a packet's port matches; a packet without a port never does."""
        return port is not None and any(low <= port <= high for low, high in self.intervals)


def intervals(operator: str, numbers: list[int]) -> tuple[Interval, ...]:
    """Give the ports that ``eq``, ``neq``, ``gt``, ``lt`` or ``range`` cover."""
    if operator == "range":
        return ((numbers[0], numbers[1]),)
    if operator == "gt":
        return ((numbers[0] + 1, MAX_PORT),)
    if operator == "lt":
        return ((0, numbers[0] - 1),)
    if operator == "eq":
        return tuple((number, number) for number in numbers)
    edges = [-1, *sorted(numbers), MAX_PORT + 1]
    return tuple((low + 1, high - 1) for low, high in zip(edges, edges[1:], strict=False) if low + 1 <= high - 1)
