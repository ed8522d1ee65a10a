# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many hardware entries lists need, against what the switch has free. Pure (reference switch-acl.md section 6)."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Ports, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Swap
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, IPV6, Config


def entries_needed(rules: Sequence[Rule]) -> int:
    """Give the entries a list takes at most: an entry matches one prefix of ports, so a range falls into several.

    Addresses do not multiply: the hardware matches any wildcard. An entry of IPv6 is counted twice, as its addresses
    are wider than an entry on many models (assumed; errs on the safe side).
    """
    return sum(_WIDTH[rule.family] * _prefixes(rule.src_ports) * _prefixes(rule.dst_ports) for rule in rules)


_WIDTH = {IPV4: 1, IPV6: 2}


def _prefixes(ports: Ports | None) -> int:
    return 1 if ports is None else sum(_pieces(low, high) for low, high in ports)


def _pieces(low: int, high: int) -> int:
    """Count the aligned blocks of an interval; at most 30 of 16 bits."""
    count = 0
    while low <= high:
        size = low & -low or 1 << 16
        while size > high - low + 1:
            size >>= 1
        low += size
        count += 1
    return count


def peak(running: Config, swaps: Sequence[Swap]) -> int:
    """Give the entries needed on top of those in use, at the worst moment: each swap needs the old list and the new."""
    held = most = 0
    for swap in swaps:
        if swap.new:
            held += entries_needed(swap.wanted.rules)
        most = max(most, held)
        old = running.find(swap.old, swap.wanted.family)
        # What is given free is counted at its least, so that the sum errs on the safe side.
        held -= len(old.rules) if old else 0
    return most


def room_problem(running: Config, swaps: Sequence[Swap], room: Room | None) -> tuple[str, str] | None:
    """Give (what was found, what to do) where the new lists may not fit beside the old ones."""
    need = peak(running, swaps) if room else 0
    if room is None or need <= room.free:
        return None
    big = max((swap for swap in swaps if swap.new), key=lambda swap: entries_needed(swap.wanted.rules))
    return (
        f"The new lists need up to {need} hardware entries, and {room.free} of {room.maximum} are free; the largest is"
        f" {big.new} on {big.wanted.interface} with {entries_needed(big.wanted.rules)}",
        "shorten the rules (single ports and aligned ranges need fewest), or free entries for access lists",
    )
