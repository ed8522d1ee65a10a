# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import segmentation_check
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_iosxe import render
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect

ZONES = [
    {"id": "OPZ", "kind": "OPZ", "level": 2, "cidrs": ["10.20.1.0/26"]},
    {"id": "CEL", "kind": "CEL", "level": 1, "cidrs": ["10.20.11.0/24"]},
    {"id": "SUP", "kind": "SUP", "level": 3, "cidrs": ["10.20.50.0/24"]},
]
CONDUIT = {
    "id": "c", "from": "OPZ", "to": "SUP", "services": [{"service": "https"}], "phases": ["before", "after"],
    "owner": "ot", "justification": "web", "review_by": "2999-01-01",
}  # fmt: skip
VARS: dict[str, Any] = {
    "groups": {"stations": ["op1"], "site_switches": ["sw-l1"]},
    "site_id": "plant-a", "site_timezone": "UTC", "site_zones": ZONES, "site_conduits": [CONDUIT],
    "hostvars": {
        "op1": {
            "station_zone": "OPZ", "station_address": "10.20.1.11", "station_role": "operator",
            "station_switch": "sw-l1", "station_port": "Gi1/0/1",
        },
        "sw-l1": {"ansible_network_os": "cisco.ios.ios"},
    },
}  # fmt: skip
DENIED = {"id": "no-modbus", "from": "OPZ", "to": "CEL", "service": "modbus", "expect": "denied"}
OPEN = {"id": "web", "from": "op1", "to": "10.20.50.0/25", "protocol": "tcp", "ports": [443], "expect": "permitted"}


def run(args: dict[str, Any], **changes: Any) -> dict[str, Any]:
    name = "otedge.endpoint.segmentation_check"
    task = SimpleNamespace(args=args, check_mode=True, diff=False, async_val=0, action=name)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = segmentation_check.ActionModule(task, connection, SimpleNamespace(check_mode=True), None, templar, None)
    result: dict[str, Any] = action.run(task_vars={**VARS, **changes, "inventory_hostname": "site"})
    return result


def saved(folder: Path, *lines: str, port: str = "GigabitEthernet1/0/1", bound: str = "L") -> dict[str, str]:
    """Write a configuration whose port has list L with these lines."""
    (folder / "sw.cfg").write_text("\n".join([*lines, f"interface {port}", f" ip access-group {bound} in", "end", ""]))
    return {"sw-l1": str(folder / "sw.cfg")}


def after() -> list[str]:
    head, *entries = render("L", rules_from(compile_station(collect(VARS), "op1", disposition="migrate")["after"]))
    return [head, *(f" {entry}" for entry in entries)]


def test_a_sound_model_passes_and_its_statements_hold() -> None:
    found = run({"assertions": [DENIED, OPEN]})
    assert "failed" not in found and found["findings"] == []
    assert [(item["id"], item["of"], item["verdict"]) for item in found["assertions"]] == [
        ("no-modbus", "plan", "holds"),
        ("web", "plan", "holds"),
    ]
    assert found["matrix"]["from"] == ["OPZ"]


def test_a_saved_configuration_is_told_by_its_meaning_not_its_spelling(tmp_path: Path) -> None:
    spelled = [line.replace("eq 443", "eq 443").replace("10.20.1.11 0.0.0.0", "host 10.20.1.11") for line in after()]
    args = {"configs": saved(tmp_path, *spelled), "phases": {"op1": "after"}, "assertions": [DENIED]}
    found = run(args)
    assert "failed" not in found
    assert [(item["phase"], item["ok"]) for item in found["ports"]] == [("after", True)]
    assert {item["of"] for item in found["assertions"]} == {"plan", "sw-l1"}


def test_a_list_edited_by_hand_fails_with_a_packet(tmp_path: Path) -> None:
    head, *entries = after()
    edited = [head, " permit tcp any 10.20.11.0 0.0.0.255 eq 502", *entries]
    found = run({"configs": saved(tmp_path, *edited), "phases": {"op1": "after"}, "assertions": [DENIED]})
    assert found["failed"] is True
    port = found["ports"][0]
    assert port["phase"] == "other" and port["difference"]["found"] == "permit"
    bad = [item for item in found["assertions"] if item["verdict"] == "does not hold"]
    assert [(item["of"], item["rule"], item["witness"]["dst_port"]) for item in bad] == [("sw-l1", 0, 502)]
    assert "no-modbus" in found["msg"] and "phase other instead of after" in found["msg"]


def test_what_is_not_understood_decides_nothing(tmp_path: Path) -> None:
    head, *entries = after()
    args = {"configs": saved(tmp_path, head, " evaluate TUNNEL", *entries), "assertions": [DENIED], "fail_on": "never"}
    found = run(args)
    assert "failed" not in found
    assert found["ports"][0]["phase"] == "other" and found["ports"][0]["not_understood"] == ["evaluate TUNNEL"]
    assert {item["of"]: item["verdict"] for item in found["assertions"]}["sw-l1"] == "not decided"


def test_a_list_that_is_not_there_permits_everything(tmp_path: Path) -> None:
    found = run({"configs": saved(tmp_path, *after(), bound="GONE"), "assertions": [DENIED], "fail_on": "never"})
    # Which is what 'before' does while the flows are not known to be complete.
    assert found["ports"][0]["phase"] == "before"
    assert {item["of"]: item["verdict"] for item in found["assertions"]}["sw-l1"] == "does not hold"


def test_a_port_that_is_not_in_the_file_is_named(tmp_path: Path) -> None:
    found = run({"configs": saved(tmp_path, *after(), port="GigabitEthernet1/0/9")})
    assert found["unread"] == ["op1"] and found["failed"] is True and "op1" in found["msg"]


def test_findings_fail_from_the_wanted_severity_on() -> None:
    late = {"site_conduits": [{**CONDUIT, "review_by": "2020-01-01"}]}
    assert "failed" not in run({}, **late)
    assert run({"fail_on": "warning"}, **late)["failed"] is True


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"assertions": [{**DENIED, "from": "moon"}]}, "from moon is no zone"),
        ({"assertions": [{**DENIED, "to": "moon"}]}, "'moon' is not an address"),
        ({"assertions": [{**DENIED, "expect": "open"}]}, "expects 'open'"),
        ({"assertions": [{**DENIED, "phase": "later"}]}, "phase 'later'"),
        ({"assertions": [{**DENIED, "service": "magic"}]}, "Service 'magic'"),
        ({"assertions": [{**DENIED, "colour": "red"}]}, "unknown key colour"),
        ({"configs": {"sw-9": "x.cfg"}}, "sw-9 is no switch"),
        ({"configs": {"sw-l1": "/nowhere/x.cfg"}}, "Cannot read"),
    ],
)
def test_bad_input_is_one_clear_error(args: dict[str, Any], told: str) -> None:
    found = run(args)
    assert found["failed"] is True and told in found["msg"]
