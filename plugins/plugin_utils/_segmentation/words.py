# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the dialects share: the words of one entry, port operators, remarks, addresses that are no prefix."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ALL_PORTS,
    Address,
    Ports,
    normal_ports,
)

_MAX_REMARK = 100
_MAX_PREFIXES = 256


class Words:
    """The words of one entry, taken from the left."""

    def __init__(self, words: Iterable[str]) -> None:
        self.left = list(words)

    def take(self) -> str:
        """Take the next word; IndexError at the end."""
        return self.left.pop(0)

    def peek(self) -> str:
        """Give the next word without taking it, or ""."""
        return self.left[0] if self.left else ""

    def took(self, *words: str) -> bool:
        """Take these words if they come next."""
        if self.left[: len(words)] != list(words):
            return False
        del self.left[: len(words)]
        return True


def ports_of(operator: str, listed: list[int]) -> Ports | None:
    """Give what a port operator (eq, neq, gt, lt, range) matches as intervals.

    Raises:
        InputError: it matches no port at all.
        LookupError: not an operator.
    """
    if operator == "range":
        return normal_ports([sorted(listed)])
    if operator == "gt":
        return normal_ports([(listed[0] + 1, ALL_PORTS[1])])
    if operator == "lt":
        return normal_ports([(0, listed[0] - 1)])
    if operator == "eq":
        return normal_ports((port, port) for port in listed)
    if operator != "neq":
        raise LookupError(operator)
    gaps = zip([-1, *sorted(listed)], [*sorted(listed), ALL_PORTS[1] + 1], strict=True)
    return normal_ports((low + 1, high - 1) for low, high in gaps if low + 1 <= high - 1)


def clean_remark(text: str) -> str:
    """Keep what a device takes as one line of remark: printable ASCII without ``?`` (help), at most 100 characters."""
    printable = "".join(char if " " <= char <= "~" and char != "?" else " " for char in text)
    return " ".join(printable.split())[:_MAX_REMARK].strip()


def prefixes(address: Address) -> list[Address]:
    """Give an address as prefixes; a wildcard that is no prefix falls into several.

    Raises:
        InputError: into more than anybody would want in a list.
    """
    run = (~address.wildcard & (address.wildcard + 1)).bit_length() - 1
    high = [bit for bit in range(run, address.bits) if address.wildcard >> bit & 1]
    if 1 << len(high) > _MAX_PREFIXES:
        raise InputError(
            f"{address} falls into {1 << len(high)} prefixes, and the platform takes nothing but prefixes.",
            fix=f"Write it as at most {_MAX_PREFIXES} prefixes.",
        )
    values = [address.value]
    for bit in high:
        values += [value | 1 << bit for value in values]
    return [Address(value, (1 << run) - 1, address.bits) for value in sorted(values)]
