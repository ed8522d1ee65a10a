# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Giving a port back: what was bound before our first list, and what that means on the switch as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted, is_own
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import IPV4, SwitchState, way_of

# The action under which the evidence of a switch tells of its bindings.
BINDING = "bind lists"


def bound_before(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Give the list each port had when a list of ours last took its place: {(interface, way): name}.

    Args:
        entries: the evidence of one switch, in order. The intent counts: it names what was found before the first line.
    """
    found: dict[tuple[str, str], str] = {}
    for place, row in _rows(entries):
        before, new = str(row.get("before") or ""), str(row.get("list") or "")
        if OURS.fullmatch(new) and not OURS.fullmatch(before):
            found[place] = before
    return {place: name for place, name in found.items() if name}


def ours_since(entries: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Give the places, as (interface, way), where a list of ours was bound last; the intent counts."""
    found: dict[tuple[str, str], bool] = {}
    for place, row in _rows(entries):
        found[place] = OURS.fullmatch(str(row.get("list") or "")) is not None
    return {place for place, ours in found.items() if ours}


def _rows(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    """Give every binding that the evidence says was to be changed, with its place."""
    for entry in entries:
        if entry.get("action") != BINDING or entry.get("kind") != "intent":
            continue
        for row in (entry.get("data") or {}).get("bindings") or []:
            if row.get("changed"):
                way = way_of(str(row.get("direction")), str(row.get("family") or IPV4))
                yield (str(row.get("interface")), way), row


def resolved(state: SwitchState, want: Wanted) -> Wanted:
    """Fill in what a port that is given back ends up with: the restored list, or what is bound if that is not ours."""
    if not want.absent:
        return want
    port = state.running.interfaces.get(want.interface)
    now = port.lists.get(want.way) if port else None
    target = want.restore if is_own(want, now) else now
    return replace(want, target=target, rules=state.running.effective(target, want.family))
