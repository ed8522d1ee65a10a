# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the lists on stations' ports had matched when their switch was last written, from its evidence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def hits_by_station(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the last counters of each station's lists.

    The intent of a swap holds, by switch, the bindings and the counters of the lists that were bound before it.

    Args:
        entries: the evidence, in order.

    Returns:
        [{"station", "switch", "list", "since": when it was bound, "" if unknown, "time": when it was read, "hits":
        total, "counted": how many entries the switch counts, "unused": [entries that nothing matched]}] by station;
        none for a list that the switch does not count at all.
    """
    last: dict[tuple[str, ...], dict[str, Any]] = {}
    bound: dict[tuple[str, str], str] = {}
    for entry in entries:
        data = entry.get("data")
        if entry.get("kind") != "intent" or not isinstance(data, Mapping):
            continue
        counters = data.get("counters")
        known = counters if isinstance(counters, Mapping) else {}
        for binding in data.get("bindings") or []:
            row = _row(entry, binding, known, bound) if isinstance(binding, Mapping) else None
            if row:
                # A station may have a list for each family and direction.
                way = str(binding.get("family") or "ipv4"), str(binding.get("direction") or "in")
                last[row["station"], row["switch"], *way] = row
    return [last[key] for key in sorted(last)]


def _row(
    entry: Mapping[str, Any], binding: Mapping[str, Any], counters: Mapping[str, Any], bound: dict[tuple[str, str], str]
) -> dict[str, Any] | None:
    """Read one binding, and remember in ``bound`` when which list was bound."""
    name, switch = str(binding.get("before") or ""), str(entry.get("subject") or "")
    since = bound.get((switch, name), "")
    if binding.get("changed") and binding.get("list"):
        bound[switch, str(binding["list"])] = str(entry.get("time") or "")
    listed = counters.get(name)
    found = [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    counted = [item for item in found if isinstance(item.get("hits"), int)]
    if not name or not counted:
        return None
    return {
        "station": str(binding.get("name") or ""),
        "switch": switch,
        "list": name,
        "since": since,
        "time": str(entry.get("time") or ""),
        "hits": sum(item["hits"] for item in counted),
        "counted": len(counted),
        "unused": [str(item.get("entry") or "") for item in counted if item["hits"] == 0],
    }
