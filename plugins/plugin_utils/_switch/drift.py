# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What somebody else changed on a switch between the plan and the swap. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.paths import in_words
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.wanted import Swap


def moved(running: Config, swaps: Sequence[Swap]) -> list[str]:
    """Name every binding that is another one by now, and every list to be replaced that was edited, with the line."""
    found: list[str] = []
    for swap in swaps:
        port = running.interfaces.get(swap.wanted.interface)
        now = port.lists.get(swap.wanted.way) if port else None
        if now != swap.old:
            found.append(f"{swap.wanted.interface} has {now or 'no list'} instead of {swap.old or 'no list'}")
        elif swap.old and (line := _edited(swap.was, running.find(swap.old, swap.wanted.family))):
            found.append(f"list {swap.old} on {swap.wanted.interface} was edited: {line}")
    return found


def unused(running: Config, names: Iterable[str]) -> list[str]:
    """Give those of these lists that are there and that nothing uses."""
    return [
        name
        for name in names
        if name in running.lists and not running.places(name) and name not in running.other_uses | running.login_lists
    ]


def fresh(now: Sequence[str], known: Sequence[str]) -> list[str]:
    """Give the log lines that came; one without a date may say the same as an earlier one."""
    return list((Counter(now) - Counter(known)).elements())


def _edited(was: AccessList | None, now: AccessList | None) -> str:
    """Give the first entry that came or went since the plan was made, or ""."""
    before, after = (_entries(one) for one in (was, now))
    if before == after:
        return ""
    came = next((entry for entry in after if entry not in before), None)
    gone = next((entry for entry in before if entry not in after), None)
    if came is not None:
        return f"'{_spelled(came)}' came"
    return f"'{_spelled(gone)}' went" if gone is not None else "its entries stand in another order"


def _entries(one: AccessList | None) -> list[Rule | Opaque]:
    """What decides: remarks may change."""
    return [entry if isinstance(entry, Opaque) else entry.match for entry in (one.entries if one else ())]


def _spelled(entry: Rule | Opaque) -> str:
    return entry.line if isinstance(entry, Opaque) else in_words(entry)
