# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lists had matched, by station: one row for each list that its port had."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report_hits import hits_by_station

FOUR, SIX = "OTE_l1_op1_in_00000001", "OTE_l1_op1_in6_00000002"


def _intent(time: str, **hits: int) -> dict[str, Any]:
    rows = [{"name": "l1-op1", "direction": "in", "before": FOUR, "list": "OTE_l1_op1_in_00000003", "changed": True},
            {"name": "l1-op1", "direction": "in", "family": "ipv6", "before": SIX, "list": SIX}]  # fmt: skip
    counters = {FOUR: [{"entry": "deny ip any any", "hits": hits["four"]}],
                SIX: [{"entry": "deny ipv6 any any", "hits": hits["six"]}]}  # fmt: skip
    return {
        "kind": "intent", "subject": "sw-l1", "time": time, "data": {"bindings": rows, "counters": counters}
    }  # fmt: skip


def test_a_station_with_a_list_for_each_family_has_a_row_for_each() -> None:
    found = hits_by_station([_intent("t1", four=1, six=0), _intent("t2", four=7, six=0)])
    assert [(row["station"], row["list"], row["time"], row["hits"]) for row in found] == [
        ("l1-op1", FOUR, "t2", 7),
        ("l1-op1", SIX, "t2", 0),
    ]
    assert found[1]["unused"] == ["deny ipv6 any any"]
