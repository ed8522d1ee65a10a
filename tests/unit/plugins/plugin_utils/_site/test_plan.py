# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site import plan as plan_module
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import observed_flows
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.plan import build_plan, mac_key
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import digest


def test_plan_of_a_small_site(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    plan = build_plan(model, assessments)
    op1, hmi1 = plan["stations"]["op1"], plan["stations"]["hmi1"]
    assert (op1["disposition"], hmi1["disposition"]) == ("migrate", "contain")
    assert op1["candidate_macs"] == ["001B1B001101", "001B1B001113"]
    assert op1["expect"] == {"serial": "S-op1", "uuid": "4C4C"}
    assert op1["ums"] == {
        "name": "op1",
        "directory": "plant-a/line-1",
        "profiles": ["base", "role-operator"],
        "firmware": {"product": "IGEL OS 12", "version": "12.9.0"},
    }
    assert plan["ums_directories"] == ["plant-a", "plant-a/line-1"]
    assert plan["windows"] == [{"id": "night-1", "start": "2026-12-05T01:00:00Z", "end": "2026-12-05T05:00:00Z"}]
    assert [wave["stations"] for wave in plan["waves"]] == [["op1"], ["hmi1"]]
    assert plan["blast_radius"][0] == {"wave": "wave-1", "stations": 1, "per_line": {"line-1": 1}, "lines": ["line-1"]}
    assert op1["rules"]["before"][-1]["action"] == "permit"
    assert op1["rules"]["after"][-1]["action"] == "deny"
    assert hmi1["rules"]["before"][-1]["action"] == "deny"
    assert any(rule["dst"] == "10.20.11.10/32" for rule in hmi1["rules"]["after"])


def test_plan_does_not_depend_on_any_order(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    first = digest(build_plan(model, assessments))
    shuffled = copy.deepcopy(model)
    shuffled["stations"] = dict(reversed(list(shuffled["stations"].items())))
    mixed = {name: copy.deepcopy(assessments[name]) for name in reversed(assessments)}
    for document in mixed.values():
        random.Random(7).shuffle(document["gates"])
        document["fields"]["os.last_boot"] = {"value": "2026-01-01", "available": True}
    assert digest(build_plan(shuffled, mixed)) == first


def test_another_reading_of_the_same_meaning_keeps_the_hash(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    def planned(memory: str, *blockers: str) -> str:
        document = copy.deepcopy(assessments["hmi1"])
        gate = next(gate for gate in document["gates"] if gate["code"] == "memory")
        gate |= {"ok": False, "text": f"{memory} GiB of memory (needs 4 GB)", "needs": "4 GB of memory"}
        document["blockers"] = [{"code": "opc_server", "text": text} for text in blockers]
        plan = build_plan(model, {**assessments, "hmi1": document})
        assert memory not in str(plan["stations"]["hmi1"]["reasons"])
        return digest(plan)

    assert planned("1.9", "A", "B") == planned("2.1", "B", "A")
    assert planned("1.9", "A") != planned("1.9", "A", "C")


def test_deferred_stations_are_in_no_wave(model: dict[str, Any]) -> None:
    plan = build_plan(model, {})
    assert plan["stations"]["op1"]["disposition"] == "defer"
    assert plan["waves"][0]["stations"] == [] and plan["ums_directories"] == []
    assert plan["stations"]["op1"]["wave"] == "wave-1"


def test_a_survey_with_holes_defers_and_plans_no_rules(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    model["stations"]["op1"].update(zone=None, port=None)
    entry = build_plan(model, assessments)["stations"]["op1"]
    assert entry["disposition"] == "defer" and entry["rules"] == {"before": [], "after": [], "island": []}
    assert "station_zone, station_port" in entry["reasons"][0]["text"]


def test_rules_that_would_break_todays_flows_are_refused(
    model: dict[str, Any], assessments: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise RefusedError("would deny 10.20.50.20")

    monkeypatch.setattr(plan_module, "compile_station", refuse)
    entry = build_plan(model, assessments)["stations"]["op1"]
    assert entry["disposition"] == "defer" and entry["reasons"][-1]["code"] == "rules_refused"
    assert entry["rules"]["before"] == []


def test_observed_flows_are_permitted_before(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    seen = [
        {"address": "10.20.77.7", "protocol": "tcp", "port": 8080},
        {"address": "10.20.90.5", "protocol": "tcp", "port": 40000},
        {"address": "10.20.60.10", "protocol": "tcp", "port": 49152},
        {"address": "fe80::1", "protocol": "tcp", "port": 445},
    ]
    assessments["hmi1"]["fields"]["network.connections"] = {"value": seen, "available": True}
    assert observed_flows(assessments["hmi1"], "10.20.90.5") == [
        {"to": "10.20.77.7", "protocol": "tcp", "ports": [8080]}
    ]
    before = build_plan(model, assessments)["stations"]["hmi1"]["rules"]["before"]
    assert any(rule["dst"] == "10.20.77.7/32" and rule["action"] == "permit" for rule in before)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (("site", {"id": "x", "timezone": None, "convert_minutes": 1, "fallback_minutes": 1}), "site_timezone"),
        (("windows", [{"id": "w", "start": "2026-03-29T02:30:00", "end": "2026-03-29T06:00:00"}]), "does not exist"),
        (("freeze_days", [{"date": "24.12."}]), "freeze day"),
    ],
)
def test_a_model_that_cannot_be_read(model: dict[str, Any], change: tuple[str, Any], text: str) -> None:
    with pytest.raises(InputError, match=text):
        build_plan({**model, change[0]: change[1]}, {})


@pytest.mark.parametrize("text", ["00:1b:1b:00:11:01", "00-1B-1B-00-11-01", "001b.1b00.1101", "001B1B001101"])
def test_macs_have_one_form(text: str) -> None:
    assert mac_key(text) == "001B1B001101"


@pytest.mark.parametrize("text", ["", None, "00:1B:1B:00:11", "00:1B:1B:00:11:0G", 1101])
def test_what_is_no_mac(text: Any) -> None:
    with pytest.raises(ValueError, match="not a MAC"):
        mac_key(text)


def test_cutting_the_model_down_loses_no_rule(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    conduit = {**model["conduits"][0], "id": "inner", "from": "OPZ-IN", "to": "MGT-UMS"}
    model["conduits"].append(conduit)
    model["conduits"].append({**conduit, "id": "far", "from": "SUP", "to": "MGT"})
    model["zones"].append({"id": "OPZ-IN", "cidrs": ["10.20.1.8/29"], "parent": "OPZ"})
    model["stations"]["op1"]["zone"] = "OPZ-IN"
    entry = build_plan(model, assessments)["stations"]["op1"]
    whole = plan_module.compile_station(model, "op1", disposition=entry["disposition"], observed_flows=[])
    assert entry["rules"] == whole
    remarks = " ".join(rule["remark"] for rule in whole["after"])
    assert "inner" in remarks and "opz-sup" in remarks and "far" not in remarks


def test_pcs_that_nothing_tells_apart_are_not_converted(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    model["stations"]["op2"] = {**model["stations"]["op1"], "address": "10.20.1.20", "mac": "00:1B:1B:00:11:02"}
    model["waves"][0]["stations"].append("op2")
    twin = copy.deepcopy(assessments["op1"])
    plan = build_plan(model, {**assessments, "op2": twin})
    for name, other in (("op1", "op2"), ("op2", "op1")):
        entry = plan["stations"][name]
        assert (entry["disposition"], entry["reasons"][-1]["code"]) == ("defer", "identity_shared")
        assert other in entry["reasons"][-1]["text"]
        assert entry["rules"] == {"before": [], "after": [], "island": []}
    assert plan["waves"][0]["stations"] == []
    # Another serial number is enough.
    twin["fields"]["bios.serial"]["value"] = "S-op2"
    plan = build_plan(model, {**assessments, "op2": twin})
    assert [plan["stations"][name]["disposition"] for name in ("op1", "op2")] == ["migrate", "migrate"]


def test_a_pc_without_serial_and_uuid_is_not_converted(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    assessments["op1"]["fields"]["bios.serial"]["value"] = ""
    assessments["op1"]["fields"]["system.uuid"]["value"] = "4C4D"
    assert build_plan(model, assessments)["stations"]["op1"]["disposition"] == "migrate"
    assessments["op1"]["fields"]["system.uuid"] = {"value": None, "available": False}
    entry = build_plan(model, assessments)["stations"]["op1"]
    assert (entry["disposition"], entry["reasons"][-1]["code"]) == ("defer", "identity_unknown")


def test_a_mac_that_two_pcs_showed_stands_for_neither(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    own = model["stations"]["op1"]["mac"]
    adapters = [{"mac": "00:1B:1B:00:11:13"}, {"mac": own}]
    assessments["hmi1"]["fields"]["network.adapters"] = {"value": adapters, "available": True}
    stations = build_plan(model, assessments)["stations"]
    assert stations["op1"]["candidate_macs"] == [mac_key(own)]
    assert stations["op1"]["ums_device"]["candidate_macs"] == [mac_key(own)]
    assert mac_key(own) not in stations["hmi1"]["candidate_macs"]


def test_what_is_segmented_at_a_vlan_interface_is_never_planned(
    model: dict[str, Any], assessments: dict[str, Any]
) -> None:
    # Within the VLAN nothing is enforced: neither a micro-zone nor a phase of one station.
    entry = {"id": "line-1", "switch": "sw-l1", "interface": "Vlan10", "stations": ["hmi1"]}
    found = build_plan({**model, "vlan_lists": [entry]}, assessments)
    hmi1 = found["stations"]["hmi1"]
    assert (hmi1["disposition"], hmi1["rules"]) == ("defer", {"before": [], "after": [], "island": []})
    assert [reason["code"] for reason in hmi1["reasons"]][-1] == "vlan_list"
    assert "Vlan10 of sw-l1" in hmi1["reasons"][-1]["text"]
    assert [wave["stations"] for wave in found["waves"]] == [["op1"], []]
    assert found["stations"]["op1"] == build_plan(model, assessments)["stations"]["op1"]


def test_a_port_that_is_a_vlan_interface_contains_nobody(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    model["stations"]["hmi1"]["port"] = "Vlan10"
    hmi1 = build_plan(model, assessments)["stations"]["hmi1"]
    assert hmi1["disposition"] == "defer" and hmi1["reasons"][-1]["code"] == "vlan_list" and not hmi1["rules"]["after"]
