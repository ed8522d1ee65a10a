# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the lists on stations' ports had matched when they were last replaced, from the evidence of switches. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def hits_by_station(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the last counters of each station's list.

    The intent of a swap holds, by switch, the bindings and the counters of the lists that were bound before it.

    Args:
        entries: the evidence, in order.

    Returns:
        [{"station", "switch", "list", "time", "hits": total, "counted": how many entries the switch counts, "unused":
        [entries that nothing matched]}] by station; none for a list that the switch does not count at all.
    """
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        data = entry.get("data")
        if (
            entry.get("kind") != "intent"
            or not isinstance(data, Mapping)
            or not isinstance(data.get("counters"), Mapping)
        ):
            continue
        for binding in data.get("bindings") or []:
            row = _row(entry, binding, data["counters"])
            if row:
                last[row["station"], row["switch"]] = row
    return [last[key] for key in sorted(last)]


def _row(entry: Mapping[str, Any], binding: Any, counters: Mapping[str, Any]) -> dict[str, Any] | None:
    if not isinstance(binding, Mapping) or not binding.get("before"):
        return None
    name = str(binding["before"])
    listed = counters.get(name)
    found = [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    counted = [item for item in found if isinstance(item.get("hits"), int)]
    if not counted:
        return None
    return {
        "station": str(binding.get("name") or ""),
        "switch": str(entry.get("subject") or ""),
        "list": name,
        "time": str(entry.get("time") or ""),
        "hits": sum(item["hits"] for item in counted),
        "counted": len(counted),
        "unused": [str(item.get("entry") or "") for item in counted if item["hits"] == 0],
    }
