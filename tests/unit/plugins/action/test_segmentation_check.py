# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import segmentation_check
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_iosxe import render
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.inventory import binding_rows, list_row

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


@pytest.mark.parametrize(
    ("statement", "change", "note"),
    [
        ({"from": "SUP"}, {}, "no station stands in SUP"),
        ({}, {"station_address": None}, "it has no station_address"),
    ],
)
def test_a_statement_that_nothing_was_looked_at_for_does_not_pass(
    statement: dict[str, Any], change: dict[str, Any], note: str
) -> None:
    hostvars = {**VARS["hostvars"], "op1": {**VARS["hostvars"]["op1"], **change}}
    found = run({"assertions": [{**DENIED, **statement}]}, hostvars=hostvars)
    assert found["failed"] is True and note in found["msg"]
    assert [item["verdict"] for item in found["assertions"]] == ["not decided"]


def test_a_station_that_the_plan_has_no_rules_for_is_not_decided(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"stations": {}}')
    found = run({"assertions": [DENIED], "site_records": str(tmp_path)})
    assert found["failed"] is True and "no rules of phase after are known for it" in found["msg"]


def test_a_zone_without_addresses_is_never_out_of_reach() -> None:
    found = run({"assertions": [DENIED]}, site_zones=[ZONES[0], {**ZONES[1], "cidrs": None}, ZONES[2]])
    assert found["failed"] is True and "to CEL has no IPv4 addresses" in found["msg"]


def test_a_statement_about_a_zone_is_about_the_zones_inside_it_too() -> None:
    inner = {"id": "CEL-X", "kind": "CEL", "cidrs": ["10.20.12.0/24"], "parent": "CEL"}
    leak = {**CONDUIT, "id": "leak", "to": "CEL-X", "services": [{"service": "modbus"}]}
    found = run({"assertions": [DENIED], "fail_on": "never"}, site_zones=[*ZONES, inner], site_conduits=[CONDUIT, leak])
    assert [item["verdict"] for item in found["assertions"]] == ["does not hold"]


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
    assert found["unread"] == ["op1"] and found["failed"] is True
    assert "sw-l1 Gi1/0/1 (op1): it is not in what was read" in found["msg"]


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
        ({"assertions": [{**DENIED, 5: 1}]}, "unknown key 5"),
        ({"assertions": [{**DENIED, "ports": [443]}]}, "names a service and protocol or ports"),
        ({"assertions": [{**DENIED, "service": ["modbus"]}]}, "Service ['modbus'] is unknown"),
        ({"assertions": [{**DENIED, "to": "2001:db8::/64"}]}, "to 2001:db8::/64 has no IPv4 addresses"),
        ({"configs": {"sw-9": "x.cfg"}}, "sw-9 is no switch"),
        ({"phases": {"op9": "after"}}, "op9: no such station"),
        ({"phases": {"op1": "later"}}, "op1: 'later' is no phase"),
        ({"configs": {"sw-l1": "/nowhere/x.cfg"}}, "Cannot read"),
        ({"live": " "}, "The option live is empty"),
    ],
)
def test_bad_input_is_one_clear_error(args: dict[str, Any], told: str) -> None:
    found = run(args)
    assert found["failed"] is True and told in found["msg"]


def of_op1(**changes: Any) -> dict[str, Any]:
    return {"hostvars": {**VARS["hostvars"], "op1": {**VARS["hostvars"]["op1"], **changes}}}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"site_conduits": "web"}, "site_conduits: not a list (web)"),
        ({"site_conduits": ["web"]}, "site_conduits[0]: not a mapping (web)"),
        ({"site_conduits": [{**CONDUIT, "id": None}]}, "site_conduits[0].id: no id"),
        ({"site_conduits": [CONDUIT, CONDUIT]}, "site_conduits[1].id: no id, or one used twice (c)"),
        ({"site_conduits": [{**CONDUIT, "from": "OPX"}]}, "site_conduits[0].from: unknown zone (OPX)"),
        ({"site_conduits": [{**CONDUIT, "to": ["SUP"]}]}, "site_conduits[0].to: not a text (['SUP'])"),
        ({"site_conduits": [{**CONDUIT, "services": None}]}, "site_conduits[0].services: no services"),
        (
            {"site_conduits": [{**CONDUIT, "services": ["https"]}]},
            "site_conduits[0].services: no service (https)",
        ),
        ({"site_conduits": [{**CONDUIT, "phases": "after"}]}, "site_conduits[0].phases: not a list (after)"),
        ({"site_zones": [*ZONES[:2], {**ZONES[2], "cidrs": "10.0.0.0/8"}]}, "site_zones[2].cidrs: not a list"),
        ({"site_zones": [*ZONES[:2], {**ZONES[2], "cidrs": ["10.0.0.0/99"]}]}, "site_zones[2].cidrs: '10.0.0.0/99'"),
        (
            {"site_zones": [*ZONES[:2], {**ZONES[2], "cidrs": ["2001:db8::/64"]}]},
            "compiled for IPv4 alone (2001:db8::/64)",
        ),
        ({"site_zones": [{**ZONES[0], "parent": "MOON"}, *ZONES[1:]]}, "site_zones[0].parent: unknown zone (MOON)"),
        ({"site_zones": [*ZONES, {"kind": "OPZ"}]}, "site_zones[3].id: no id"),
        ({"site_services": ["https"]}, "site_services: not a mapping"),
        ({"site_services": {"https": "443"}}, "site_conduits[0].services[0]: '443' is no service"),
        ({"site_timezone": "Mars/X"}, "there is no time zone 'Mars/X'"),
        (of_op1(station_zone=["OPZ"]), "station_zone of op1: not a text"),
        (of_op1(station_address="10.20.1.0/26"), "station_address of op1: not one IPv4 address"),
        (of_op1(station_flows=["web"]), "station_flows of op1: not a list of mappings"),
        (of_op1(station_flows=[{"protocol": "tcp"}]), "station_flows[0].to of op1: 'None' is not an address"),
    ],
)
def test_a_model_that_cannot_be_read_is_one_clear_error(change: dict[str, Any], told: str) -> None:
    found = run({"assertions": [DENIED]}, **change)
    assert found["failed"] is True and told in found["msg"] and found["failure"]["code"] == "input"


def told_live(text: str) -> dict[str, Any]:
    """Give what switch_acl_info tells of a running configuration."""
    config = driver_for("cisco_xe").parse_config(text)
    return {
        "changed": False,
        "failed": False,
        "missing": [],
        "lists": [list_row(found, config) for found in config.lists.values()],
        "bindings": binding_rows(config),
    }


def live(result: Any, **args: Any) -> dict[str, Any]:
    hostvars = {**VARS["hostvars"], "sw-l1": {"ansible_network_os": "cisco.ios.ios"}}
    if result is not None:
        hostvars["sw-l1"]["acl"] = result
    given = {"live": "acl", "phases": {"op1": "after"}, "assertions": [DENIED], **args}
    return run(given, hostvars=hostvars)


def config_of(*lines: str, bound: str = "L") -> str:
    binding = [f" ip access-group {bound} in"] if bound else []
    return "\n".join([*lines, "interface GigabitEthernet1/0/1", *binding, "end", ""])


def test_a_live_switch_is_judged_as_its_saved_configuration_is() -> None:
    found = live(told_live(config_of(*after())))
    assert "failed" not in found and found["unread_switches"] == {}
    assert [(item["port"], item["list"], item["phase"], item["ok"]) for item in found["ports"]] == [
        ("GigabitEthernet1/0/1", "L", "after", True)
    ]
    assert {(item["of"], item["verdict"]) for item in found["assertions"]} == {("plan", "holds"), ("sw-l1", "holds")}


@pytest.mark.parametrize(
    ("text", "phase", "told"),
    [
        (config_of(*after(), bound=""), "none", "phase none instead of after"),
        (config_of(*after(), bound="GONE"), "before", "phase before instead of after"),
        (config_of(after()[0], " permit ip any any"), "before", "statement no-modbus does not hold for op1 (sw-l1)"),
        (config_of(after()[0], " evaluate TUNNEL", *after()[1:]), "other", "not decided for op1 (sw-l1)"),
        (
            config_of(after()[0], " evaluate TUNNEL", *after()[1:]),
            "other",
            "phase other instead of after; not understood: 'evaluate TUNNEL'",
        ),
    ],
)
def test_a_live_switch_that_holds_something_else_fails(text: str, phase: str, told: str) -> None:
    found = live(told_live(text))
    assert found["failed"] is True and found["ports"][0]["phase"] == phase and told in found["msg"]


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (None, "sw-l1 was not checked: it has no result acl"),
        ({"unreachable": True, "msg": "no route"}, "sw-l1 was not checked: its task was unreachable: no route"),
        ({"failed": True, "msg": "no\nway"}, "its task was failed: no way"),
        ({"skipped": True}, "its task was skipped"),
        ({"lists": [], "bindings": None}, "acl holds no bindings"),
        ({"lists": [], "bindings": [], "missing": ["L"]}, "read for some names only"),
        ({"lists": [], "bindings": [], "missing": [], "names": ["L"]}, "read for some names only"),
        ({"lists": [{}], "bindings": []}, "is not the result of switch_acl_info"),
    ],
)
def test_a_switch_that_did_not_answer_is_never_fine(result: Any, told: str) -> None:
    found = live(result, assertions=[], phases={})
    assert found["failed"] is True and told in found["msg"]


def test_a_station_whose_zone_is_not_known_is_looked_at_too() -> None:
    lost = {**VARS["hostvars"]["op1"], "station_zone": None}
    switch = {**VARS["hostvars"]["sw-l1"], "acl": told_live(config_of(*after()))}
    found = run({"live": "acl", "phases": {"op1": "after"}}, hostvars={"op1": lost, "sw-l1": switch})
    assert found["failed"] is True and "(op1): phase other instead of after" in found["msg"]


def test_a_file_stands_for_a_switch_that_is_down(tmp_path: Path) -> None:
    found = live({"unreachable": True}, configs=saved(tmp_path, *after()))
    assert "failed" not in found and found["unread_switches"] == {}


def test_a_station_that_nobody_could_look_at_is_never_fine(tmp_path: Path) -> None:
    lost = {"op1": {**VARS["hostvars"]["op1"], "station_switch": "sw-9"}}
    hostvars = {
        **VARS["hostvars"],
        **lost,
        "sw-l1": {**VARS["hostvars"]["sw-l1"], "acl": told_live(config_of(*after()))},
    }
    found = run({"live": "acl"}, hostvars=hostvars)
    assert found["failed"] is True and found["unread"] == ["op1"]
    args = {"configs": saved(tmp_path, *after()), "phases": {"op1": "after"}}
    assert run(args, hostvars={**VARS["hostvars"], **lost})["unread"] == ["op1"]
    assert run({**args, "phases": {}}, hostvars={**VARS["hostvars"], **lost})["unread"] == []


VLAN = {"id": "line-1", "switch": "sw-l1", "interface": "Vlan10", "zones": ["OPZ"], "directions": ["in", "out"]}
TWO = {
    **VARS,
    "groups": {**VARS["groups"], "stations": ["op1", "op2"]},
    "hostvars": {
        **VARS["hostvars"],
        "op2": {**VARS["hostvars"]["op1"], "station_address": "10.20.1.12", "station_port": "Gi1/0/2"},
    },
    "site_vlan_lists": [VLAN],
}
PHASES = {"op1": "after", "op2": "before"}


def on_vlan(bindings: list[dict[str, Any]]) -> str:
    """Give a running configuration that holds these bindings of switch_acl."""
    lines, binds = [], []
    for item in bindings:
        name = f"L_{item['direction']}"
        head, *entries = render(name, rules_from(item["rules"]))
        lines += [head, *(f" {entry}" for entry in entries)]
        binds.append(f" ip access-group {name} {item['direction']}")
    return "\n".join([*lines, f"interface {bindings[0]['interface']}", *binds, "end", ""])


def test_vlan_lists_come_out_as_bindings_of_switch_acl_and_are_told_by_station(tmp_path: Path) -> None:
    first = run({"phases": PHASES}, **TWO)
    bindings = first["vlan_bindings"]["sw-l1"]
    assert "failed" not in first
    assert [(item["interface"], item["direction"], item["name"]) for item in bindings] == [
        ("Vlan10", "in", "line-1"),
        ("Vlan10", "out", "line-1"),
    ]
    (tmp_path / "sw.cfg").write_text(on_vlan(bindings))
    args = {"configs": {"sw-l1": str(tmp_path / "sw.cfg")}, "phases": PHASES, "assertions": [DENIED]}
    found = run({**args, "assertions": [{**DENIED, "from": "op1"}]}, **TWO)
    assert "failed" not in found
    assert [(item["station"], item["port"], item["phase"]) for item in found["ports"]] == [
        ("op1", "Vlan10", "after"),
        ("op2", "Vlan10", "before"),
    ]
    assert all("not enforced within its VLAN" in item["note"] for item in found["ports"])
    assert [(item["direction"], item["ok"], item["enforced_within_vlan"]) for item in found["vlan_lists"]] == [
        ("in", True, False),
        ("out", True, False),
    ]
    other = run({**args, "phases": {"op1": "after", "op2": "after"}}, **TWO)
    assert other["failed"] is True and "(op2): phase before instead of after" in other["msg"]
    assert "sw-l1 Vlan10 in (line-1): its list is not that of its stations' phases" in other["msg"]


def test_while_a_phase_is_not_said_there_is_no_list() -> None:
    found = run({"phases": {"op1": "after"}}, **TWO)
    assert found["vlan_bindings"] == {}
    assert [(item["rules"], item["ok"], item["stations"]) for item in found["vlan_lists"]] == [
        (None, None, {"op1": "after", "op2": None}),
    ] * 2
    assert run({"phases": {"op1": "after", "op2": "none"}}, **TWO)["vlan_bindings"] == {}


def test_where_no_station_is_to_have_a_list_none_may_be_bound_in_either_direction(tmp_path: Path) -> None:
    bindings = [item for item in run({"phases": PHASES}, **TWO)["vlan_bindings"]["sw-l1"] if item["direction"] == "out"]
    (tmp_path / "sw.cfg").write_text(on_vlan(bindings))
    bare = {"configs": {"sw-l1": str(tmp_path / "sw.cfg")}, "phases": {"op1": "none", "op2": "none"}}
    found = run(bare, **TWO)
    assert found["failed"] is True and "Vlan10 out (line-1)" in found["msg"]
    (tmp_path / "sw.cfg").write_text("interface Vlan10\nend\n")
    assert "failed" not in run(bare, **TWO)


def test_nothing_is_decided_about_what_stays_within_the_vlan() -> None:
    peers = {"id": "peers", "from": "OPZ", "to": "OPZ", "service": "smb", "expect": "denied"}
    found = run({"assertions": [peers]}, **TWO)
    assert found["failed"] is True
    assert {(item["verdict"], item["note"].split(":")[0]) for item in found["assertions"]} == {
        ("not decided", "not enforced within its VLAN")
    }
    assert "failed" not in run({"assertions": [peers]}, **{**TWO, "site_vlan_lists": []})


def test_a_vlan_list_that_cannot_be_read_is_one_clear_error() -> None:
    found = run({}, **{**TWO, "site_vlan_lists": [{**VLAN, "switch": "sw-9"}]})
    assert found["failed"] is True and "site_vlan_lists[0].switch: unknown switch (sw-9)" in found["msg"]


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        ("2026-12-05T00:59:59+00:00", "holds"),
        ("2026-12-05T01:00:00+00:00", "does not hold"),
        ("2026-12-05T04:59:59+00:00", "does not hold"),
        ("2026-12-05T05:00:00+00:00", "holds"),
    ],
)
def test_vendor_access_counts_inside_its_box_only(monkeypatch: pytest.MonkeyPatch, now: str, verdict: str) -> None:
    monkeypatch.setattr(segmentation_check.time, "time", lambda: datetime.fromisoformat(now).timestamp())
    vendor = {
        **CONDUIT, "id": "vendor", "services": [{"service": "rdp"}], "ticket": "CHG-1", "approver": "ot",
        "valid_from": "2026-12-05T02:00:00+01:00", "valid_to": "2026-12-05T06:00:00+01:00",
    }  # fmt: skip
    statement = {"id": "no-rdp", "from": "OPZ", "to": "SUP", "service": "rdp", "expect": "denied"}
    for model, phases in ((VARS, {}), (TWO, PHASES)):
        found = run(
            {"assertions": [statement], "phases": phases, "fail_on": "never"},
            **{**model, "site_conduits": [CONDUIT, vendor]},
        )
        assert {item["verdict"] for item in found["assertions"]} == {verdict}
        listed = [rule for item in found["vlan_lists"] for rule in item["rules"] if rule["dst_ports"] == [[3389, 3389]]]
        assert bool(listed) is (model is TWO and verdict == "does not hold")
