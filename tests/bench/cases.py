# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measured cases that need no simulated site; each runs in a process of its own and prints its rows as JSON.

Usage: python tests/bench/cases.py plan|compile|proof
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_iosxe import render
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import BLOCKER_FIELDS, REQUIRED_GATES
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.plan import build_plan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import digest

LINES, STATIONS = 200, 5000
SWITCH_STATIONS = 4800  # 24 on each of 200 switches
RULES = (100, 1000, 5000)
FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
Row = dict[str, Any]


def measured(work: Callable[[], Any]) -> tuple[Any, Row]:
    """Do the work; give its result and {wall_s, cpu_s, memory_mib} of this process."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, {"wall_s": wall, "cpu_s": cpu, "memory_mib": after.ru_maxrss / 1024}


def _net(line: int) -> str:
    return f"10.{40 + line // 100}.{line % 100}"


def _conduit(line: int, other: str, service: dict[str, Any], *, into: bool = False) -> dict[str, Any]:
    ends = (other, f"OPZ-{line}") if into else (f"OPZ-{line}", other)
    return {
        "id": f"{ends[0]}-{ends[1]}", "from": ends[0], "to": ends[1], "services": [service],
        "phases": ["before", "after", "island"], "owner": "ot", "justification": "bench", "review_by": "2030-01-01",
    }  # fmt: skip


def _site(stations: int = STATIONS) -> dict[str, Any]:
    names = [(f"l{number % LINES:03}-op{number // LINES:02}", number) for number in range(stations)]
    lines = range(LINES)
    return {
        "site": {
            "id": "bench", "timezone": "Europe/Berlin", "signers": {"ot": "ot@bench", "it": "it@bench"},
            "controller_address": "10.20.90.5", "convert_minutes": 20, "fallback_minutes": 10, "igel_os": 12,
            "firmware": FIRMWARE, "staging": {},
        },
        "zones": [
            *({"id": f"OPZ-{line}", "cidrs": [f"{_net(line)}.0/24"]} for line in lines),
            {"id": "SUP", "cidrs": ["10.20.50.0/24"]},
            {"id": "MGT", "cidrs": ["10.20.90.0/24"]},
        ],
        "conduits": [
            *(_conduit(line, "SUP", {"protocol": "tcp", "ports": [80, 443, 3389]}) for line in lines),
            *(_conduit(line, "MGT", {"protocol": "udp", "ports": [53, 123]}) for line in lines),
            *(_conduit(line, "MGT", {"protocol": "tcp", "ports": [5985]}, into=True) for line in lines),
        ],
        "lines": {f"line-{line}": {} for line in lines},
        "station_roles": {"operator": {"profiles": ["base", "role-operator"]}},
        "windows": [{"id": "w", "start": "2027-01-02T01:00", "end": "2027-01-02T05:00"}],
        "freeze_days": [],
        "waves": [{"id": "wave-1", "window": "w", "stations": [name for name, _number in names]}],
        "services": {},
        "switches": {},
        "ums": {"name": "ums", "host": "10.20.90.20", "port": 8443, "address": "10.20.90.20"},
        "stations": {name: _station(number) for name, number in names},
    }  # fmt: skip


def _station(number: int) -> dict[str, Any]:
    line, seat = number % LINES, number // LINES
    return {
        "line": f"line-{line}", "role": "operator", "zone": f"OPZ-{line}", "switch": f"sw-{line}",
        "port": f"Gi1/0/{seat + 1}", "address": f"{_net(line)}.{seat + 10}",
        "mac": f"00:1B:1B:{number >> 8:02X}:{number & 255:02X}:01",
        "apps": [{"name": "Web HMI", "delivery": "web"}],
        "flows": [{"to": "10.20.50.9", "protocol": "tcp", "ports": [8443]}],
        "flows_complete": False, "backup": None, "containment": None,
    }  # fmt: skip


def _assessment(name: str) -> dict[str, Any]:
    seen = [{"address": f"10.20.50.{host}", "protocol": "tcp", "port": 445} for host in range(20, 30)]
    fields = {
        **dict.fromkeys(BLOCKER_FIELDS, []),
        "bios.serial": f"S-{name}", "system.uuid": f"U-{name}", "network.adapters": [], "network.connections": seen,
    }  # fmt: skip
    return {
        "format": 1, "station": name, "blockers": [],
        "gates": [{"code": code, "ok": True, "text": ""} for code in REQUIRED_GATES],
        "fields": {key: {"value": value, "available": True, "origin": "bench"} for key, value in fields.items()},
    }  # fmt: skip


def plan() -> list[Row]:
    """Plan a large site and take the plan's hash."""
    model = _site()
    documents = {name: _assessment(name) for name in model["stations"]}

    def work() -> dict[str, Any]:
        made = build_plan(model, documents)
        digest(made)
        return made

    made, row = measured(work)
    migrate = sum(entry["disposition"] == "migrate" for entry in made["stations"].values())
    return [{"work": f"plan {STATIONS} stations on {LINES} lines ({migrate} migrate)", "target": "5 s, 500 MiB", **row}]


def compiled() -> list[Row]:
    """Compile the rules of every port of a site with 200 switches, for each phase, and spell them for the switches."""
    model = _site(SWITCH_STATIONS)

    def work() -> int:
        lines = 0
        for name in model["stations"]:
            for phase, plain in compile_station(model, name, disposition="migrate").items():
                lines += len(render(f"OTE_{phase}", rules_from(plain)))
        return lines

    lines, row = measured(work)
    work_text = f"compile {LINES} switches with {SWITCH_STATIONS // LINES} stations each, 3 phases: {lines:,} lines"
    return [{"work": work_text, "target": "", **row}]


def proof() -> list[Row]:
    """Prove two long lists equal, and find the packet by which two differ."""
    return [row for count in RULES for row in _proof(count)]


def _proof(count: int) -> list[Row]:
    permits = [
        {"action": "permit", "protocol": "tcp", "src": f"10.{number >> 8}.{number & 255}.0/24", "dst": "10.250.0.0/16",
         "dst_ports": [[port, port + 1]]}
        for number in range(count // 2) for port in (80, 443)
    ]  # fmt: skip
    shuffled = list(permits)
    random.Random(7).shuffle(shuffled)
    last = [{"action": "deny", "log": True}]
    first, second = rules_from([*permits, *last]), rules_from([*shuffled, *last])
    other = rules_from([*shuffled[:-1], *last])
    rows = []
    for name, right, wanted_verdict in (("equal", second, "equal"), ("different by one rule", other, "different")):
        found, row = measured(lambda right=right: compare(first, right))
        verdict = found.verdict if found.verdict == wanted_verdict else f"WRONG: {found.verdict}"
        goal = "2 s" if count == max(RULES) else ""
        rows.append({"work": f"compare two lists of {count:,} rules, {name}: {verdict}", "target": goal, **row})
    return rows


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"plan": plan, "compile": compiled, "proof": proof}[sys.argv[1]]()) + "\n")
