# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import BLOCKER_FIELDS, REQUIRED_GATES

MODEL: dict[str, Any] = {
    "site": {
        "id": "plant-a",
        "timezone": "Europe/Berlin",
        "owner_ot": "ot-plant-a",
        "owner_it": "it-plant-a",
        "signers": {"ot": "ot@plant-a", "it": "it@plant-a"},
        "controller_address": "10.20.90.5",
        "convert_minutes": 20,
        "fallback_minutes": 10,
        "igel_os": 12,
        "firmware": {"product": "IGEL OS 12", "version": "12.9.0"},
        "staging": {
            "converter": {"url": "https://10.20.90.20:8443/c.msi", "sha256": "a" * 64},
            "image": {"url": "https://10.20.90.20:8443/osc.iso", "sha256": "b" * 64},
        },
    },
    "zones": [
        {"id": "OPZ", "cidrs": ["10.20.1.0/26"]},
        {"id": "LCZ", "cidrs": ["10.20.1.64/28"]},
        {"id": "SUP", "cidrs": ["10.20.50.0/24"]},
        {"id": "MGT", "cidrs": ["10.20.90.0/24"]},
        {"id": "MGT-UMS", "cidrs": ["10.20.90.20/32"], "parent": "MGT"},
    ],
    "conduits": [
        {
            "id": "opz-sup",
            "from": "OPZ",
            "to": "SUP",
            "services": [{"protocol": "tcp", "ports": [443]}],
            "phases": ["before", "after", "island"],
            "owner": "ot-plant-a",
            "justification": "Web HMIs",
            "review_by": "2027-05-31",
        },
        {
            "id": "mgt-lcz",
            "from": "MGT",
            "to": "LCZ",
            "services": [{"service": "winrm"}],
            "phases": ["before", "after"],
            "owner": "it-plant-a",
            "justification": "Readable",
            "review_by": "2027-05-31",
        },
    ],
    "lines": {"line-1": {"state_source": {"type": "opcua", "stopped_values": ["stopped"]}}},
    "station_roles": {"operator": {"profiles": ["base", "role-operator"]}, "legacy_hmi": {"profiles": []}},
    "windows": [{"id": "night-1", "start": "2026-12-05T02:00:00", "end": "2026-12-05T06:00:00"}],
    "freeze_days": [{"date": "2026-12-24", "reason": "stock taking"}],
    "waves": [
        {"id": "wave-1", "window": "night-1", "stations": ["op1"]},
        {"id": "wave-2", "window": "night-1", "stations": ["hmi1"]},
    ],
    "services": {},
    "stations": {
        "op1": {
            "line": "line-1",
            "role": "operator",
            "zone": "OPZ",
            "switch": "sw-l1",
            "port": "Gi1/0/1",
            "address": "10.20.1.11",
            "mac": "00:1B:1B:00:11:01",
            "apps": [{"name": "MES", "delivery": "web"}],
            "flows": [{"to": "10.20.50.20", "protocol": "tcp", "ports": [443]}],
            "flows_complete": False,
            "backup": {"id": "img", "sha256": "c" * 64, "restore_tested_on": "2026-10-20"},
            "containment": None,
        },
        "hmi1": {
            "line": "line-1",
            "role": "legacy_hmi",
            "zone": "LCZ",
            "switch": "sw-l1",
            "port": "Gi1/0/2",
            "address": "10.20.1.65",
            "mac": "00:1B:1B:00:11:04",
            "apps": [{"name": "Panel", "delivery": "local_only"}],
            "flows": [{"to": "10.20.11.10", "protocol": "tcp", "ports": [102]}],
            "flows_complete": True,
            "backup": None,
            "containment": {"owner": "ot-plant-a", "review_by": "2027-04-30", "exit_condition": "new panel"},
        },
    },
    "switches": {"sw-l1": {}},
    "ums": {"name": "ums-1", "host": "10.20.90.20", "port": 8443, "address": "10.20.90.20"},
}


def _assessment(station: str) -> dict[str, Any]:
    fields: dict[str, Any] = {key: {"value": [], "origin": "x", "available": True} for key in BLOCKER_FIELDS}
    fields["bios.serial"] = {"value": f"S-{station}", "origin": "x", "available": True}
    fields["system.uuid"] = {"value": "4C4C", "origin": "x", "available": True}
    mac = {"op1": "001B1B001113"}.get(station, "001B1B001114")
    fields["network.adapters"] = {"value": [{"mac": mac}], "origin": "x", "available": True}
    return {
        "format": 1,
        "station": station,
        "fields": fields,
        "gates": [{"code": code, "ok": True, "text": code} for code in REQUIRED_GATES],
        "blockers": [],
    }


@pytest.fixture
def model() -> dict[str, Any]:
    return copy.deepcopy(MODEL)


@pytest.fixture
def assessments() -> dict[str, dict[str, Any]]:
    return {name: _assessment(name) for name in MODEL["stations"]}
