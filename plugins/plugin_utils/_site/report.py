# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the report says: numbers, waves, stations, refused gates, releases, conduits, evidence, exceptions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.matrix import heat
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report_hits import hits_by_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_date

FUNNEL = ("planned", "staged", "converting", "thin_client", "verified", "contained")
_AT_LEAST = {
    "planned": None,
    "staged": {"staged", "armed", "converting", "thin_client", "verified"},
    "converting": {"converting", "thin_client", "verified"},
    "thin_client": {"thin_client", "verified"},
    "verified": {"verified"},
    "contained": {"contained"},
}


@dataclass
class Inputs:
    """Everything the report is made from; the same inputs give the same bytes."""

    plan: Mapping[str, Any] = field(default_factory=dict)
    plan_hash: str = ""
    model: Mapping[str, Any] = field(default_factory=dict)
    stations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    chain_problem: str = ""
    exceptions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    releases: list[dict[str, Any]] = field(default_factory=list)


def build(given: Inputs) -> dict[str, Any]:
    """Give the report's content as plain data; see the keys below. 'As of' is the last evidence, never a clock."""
    as_of = str(given.entries[-1]["time"]) if given.entries else ""
    rows = _stations(given)
    return {
        "site": str(given.plan.get("site") or given.model.get("site", {}).get("id") or ""),
        "as_of": as_of,
        "plan_hash": given.plan_hash,
        "numbers": _numbers(rows),
        "stations": rows,
        "waves": _waves(given, rows),
        "refused": _refused(given.entries),
        "releases": given.releases,
        "conduits": heat(given.model),
        "hits": hits_by_station(given.entries),
        "evidence": {
            "verified": not given.chain_problem,
            "count": len(given.entries),
            "problem": given.chain_problem,
            "last_hash": str(given.entries[-1]["hash"]) if given.entries else "",
        },
        "exceptions": [_exception(name, item, as_of) for name, item in sorted(given.exceptions.items())],
    }


def _stations(given: Inputs) -> list[dict[str, Any]]:
    rows = []
    planned = given.plan.get("stations", {})
    for name in sorted(set(planned) | set(given.stations)):
        entry, seen = planned.get(name, {}), given.stations.get(name) or {}
        rows.append(
            {
                "name": name,
                "line": entry.get("line") or "",
                "role": entry.get("role") or "",
                "zone": entry.get("zone") or "",
                "wave": entry.get("wave") or "",
                "disposition": entry.get("disposition") or "not planned",
                "why": [str(reason.get("text", "")) for reason in entry.get("reasons", [])],
                "stage": seen.get("stage") or "not observed",
                "stage_why": [str(reason.get("text", "")) for reason in seen.get("reasons") or []],
                "phase": str((seen.get("observations") or {}).get("phase") or "not observed"),
                "wanted_phase": seen.get("phase") or "",
            }
        )
    return rows


def _done(row: Mapping[str, Any]) -> bool:
    return (row["disposition"], row["stage"]) in (("migrate", "verified"), ("contain", "contained"))


def _numbers(rows: list[dict[str, Any]]) -> dict[str, int]:
    dispositions = Counter(row["disposition"] for row in rows)
    return {
        "stations": len(rows),
        **{key: dispositions.get(key, 0) for key in ("migrate", "contain", "retire", "defer")},
        "verified": sum(row["stage"] == "verified" for row in rows),
        "contained": sum(row["stage"] == "contained" for row in rows),
        "remaining": sum(row["disposition"] in ("migrate", "contain") and not _done(row) for row in rows),
    }


def _waves(given: Inputs, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_name = {row["name"]: row for row in rows}
    found = []
    for wave in given.plan.get("waves", []):
        members = [by_name[name] for name in wave["stations"] if name in by_name]
        counts = {}
        for step in FUNNEL:
            stages = _AT_LEAST[step]
            counts[step] = sum(stages is None or row["stage"] in stages for row in members)
        found.append({"id": wave["id"], "window": wave.get("window") or "", "counts": counts})
    return found


def _refused(entries: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Give the closed gates that were met, each with its last time."""
    last: dict[tuple[str, str, str], dict[str, str]] = {}
    for entry in entries:
        data = entry.get("data") or {}
        found = data.get("gates")
        gates: dict[str, Any] = found if isinstance(found, dict) else {}
        for gate, result in gates.items():
            if isinstance(result, dict) and result.get("open") is False:
                row = {"time": entry["time"], "station": entry["subject"], "gate": str(gate)}
                row |= {"read": str(result.get("read", "")), "needs": str(result.get("needs", ""))}
                last[(row["station"], row["gate"], row["read"])] = row
        if entry.get("outcome") == "refused" and not gates:
            row = {"time": entry["time"], "station": entry["subject"], "gate": str(entry.get("action"))}
            row |= {"read": str(data.get("error", "")), "needs": ""}
            last[(row["station"], row["gate"], row["read"])] = row
    return sorted(last.values(), key=lambda row: (row["time"], row["station"], row["gate"]))


def _exception(name: str, item: Mapping[str, Any], as_of: str) -> dict[str, Any]:
    try:
        overdue = bool(as_of) and parse_date(item.get("review_by") or "") < parse_date(as_of[:10])
    except ValueError:
        overdue = True
    keys = ("owner", "review_by", "exit_condition")
    return {"station": name, **{key: str(item.get(key) or "") for key in keys}, "overdue": overdue}
