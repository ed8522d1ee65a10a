# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import switch_acl
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _swap_action
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.gates import GateResult
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import UNJUDGED
from ansible_collections.otedge.endpoint.tests.unit.plugins.action.on_a_switch import action_on_a_switch

VARS = {"inventory_hostname": "sw-l1", "ansible_network_os": "cisco.ios.ios"}
PERMIT = {"action": "permit", "protocol": "tcp", "dst": "10.0.0.1/32", "dst_ports": [[443, 443]]}
BINDING = {"interface": "Gi1/0/1", "name": "l1-op1", "rules": [PERMIT]}
SHUT = {**BINDING, "family": "ipv6", "rules": [{"action": "deny"}], "allow_no_neighbor_discovery": True}


def make(args: dict[str, Any], check: bool = False) -> Any:
    return action_on_a_switch(switch_acl, args, check)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the talk: remember what would have been done."""
    seen: dict[str, Any] = {}

    def session(target: Any, before_write: Any) -> Any:
        seen.update(target=target, before_write=before_write)
        return SimpleNamespace(close=lambda: None)

    def ensure(_driver: Any, _shell: Any, _connect: Any, wanted: Any, manner: Any) -> dict[str, Any]:
        seen.update(wanted=wanted, manner=manner)
        return {"changed": True, "bindings": [{"name": want.name, "in_place": False} for want in wanted]}

    monkeypatch.setattr(_swap_action, "SwitchSession", session)
    monkeypatch.setattr(_swap_action, "only_run", lambda *args, **more: nullcontext())
    monkeypatch.setattr(_swap_action, "require_platform", lambda *args: None)
    monkeypatch.setattr(_swap_action, "ensure_bindings", ensure)
    return seen


def test_connection_options_name_the_switch(called: dict[str, Any], tmp_path: Path) -> None:
    make({"bindings": [BINDING], "known_hosts": str(tmp_path / "k")}).run(task_vars=VARS)
    target = called["target"]
    assert (target.host, target.port, target.user, target.password) == ("10.20.0.11", 2222, "automation", "secret-1")
    # Messages name the switch as the inventory does; the lock is that of the address, whatever names lead to it.
    assert (target.name, target.endpoint) == ("sw-l1 (10.20.0.11:2222)", "10.20.0.11:2222")
    assert target.key_file == "/keys/switch"
    assert target.known_hosts == str(tmp_path / "k")
    assert target.device_type == "cisco_xe"
    assert called["manner"].protection.switch_address == "10.20.0.11"
    assert called["manner"].strict


def test_lists_are_judged_for_the_address_that_the_inventory_gives(called: dict[str, Any]) -> None:
    make({"bindings": [BINDING]}).run(task_vars={**VARS, "switch_address": "10.20.0.99"})
    assert called["target"].host == "10.20.0.11"
    assert called["manner"].protection.switch_address == "10.20.0.99"


def test_what_the_management_guard_could_not_judge_is_a_warning(
    called: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    note = f"{UNJUDGED}: give switch_address as address"
    rows = [{"name": "l1-op1", "interface": "Vlan101", "in_place": False, "changed": True, "notes": ["other", note]}]
    monkeypatch.setattr(_swap_action, "ensure_bindings", lambda *args: {"changed": True, "bindings": rows})
    result = make({"bindings": [BINDING]}).run(task_vars={**VARS, "switch_address": "sw-l1.plant-a.example"})
    assert result["warnings"] == [f"Switch sw-l1 (10.20.0.11:2222), Vlan101: {note}."]
    rows[0]["changed"] = False
    assert "warnings" not in make({"bindings": [BINDING]}).run(task_vars=VARS)


def test_whatever_is_typed_asks_first_whether_the_run_lives(called: dict[str, Any], tmp_path: Path) -> None:
    make({"bindings": [BINDING], "site_records": str(tmp_path)}).run(task_vars=VARS)
    with pytest.raises(RefusedError, match="No run holds the site lock"):
        called["before_write"]()
    make({"bindings": [BINDING]}).run(task_vars=VARS)
    assert called["before_write"]() is None


def test_a_list_always_ends_in_its_own_last_rule(called: dict[str, Any]) -> None:
    make({"bindings": [BINDING]}).run(task_vars=VARS)
    rules = called["wanted"][0].rules
    assert (rules[-1].action, rules[-1].log, len(rules)) == ("deny", True, 2)


def test_in_a_binding_of_ipv6_every_rule_is_of_ipv6(called: dict[str, Any]) -> None:
    ask = {"action": "permit", "protocol": "icmpv6", "icmp": [135, None]}
    make({"bindings": [BINDING, SHUT, {**SHUT, "direction": "out", "rules": [ask]}]}).run(task_vars=VARS)
    four, shut, out = called["wanted"]
    assert (four.family, four.no_discovery) == ("ipv4", False)
    assert (shut.way, shut.no_discovery, len(shut.rules)) == ("ipv6 in", True, 1)
    assert (out.way, [rule.family for rule in out.rules]) == ("ipv6 out", ["ipv6", "ipv6"])


def test_a_plan_may_shut_ipv6_on_the_ports_of_its_stations(called: dict[str, Any], records: str) -> None:
    phases = {"l1-op1": "after", "l1-op2": "absent"}
    result = make({"phases": phases, "site_records": records, "deny_ipv6": True}).run(task_vars=VARS)
    four, shut, undone = called["wanted"]
    assert (four.name, four.way, four.interface) == ("l1-op1", "in", "Gi1/0/1")
    assert (shut.name, shut.way, shut.interface, shut.no_discovery) == ("l1-op1", "ipv6 in", "Gi1/0/1", True)
    assert {rule.action for rule in shut.rules} == {"deny"} and not shut.address
    # Nothing of IPv6 was bound by us there.
    assert (undone.name, undone.way, undone.absent) == ("l1-op2", "in", True)
    assert result["phases"] == phases


def test_absent_gives_the_list_of_ipv6_back_too_where_one_was_bound(called: dict[str, Any], records: str) -> None:
    row = {"interface": "GigabitEthernet1/0/1", "direction": "in", "family": "ipv6", "changed": True}
    chain = Evidence(records)
    ours = {**row, "before": "SIX", "list": "OTE_l1_op1_in6_00000001"}
    chain.intent("switch_acl", "sw-l1", "bind lists", {"bindings": [ours]})
    make({"phases": {"l1-op1": "absent"}, "site_records": records}).run(task_vars=VARS)
    assert [(want.way, want.absent, want.restore) for want in called["wanted"]] == [
        ("in", True, None),
        ("ipv6 in", True, "SIX"),
    ]
    back = {**row, "before": "OTE_l1_op1_in6_00000001", "list": "SIX"}
    chain.intent("switch_acl", "sw-l1", "bind lists", {"bindings": [back]})
    make({"phases": {"l1-op1": "absent"}, "site_records": records}).run(task_vars=VARS)
    assert [want.way for want in called["wanted"]] == ["in"]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ({"bindings": [{**BINDING, "rules": []}]}, "an empty list permits everything"),
        ({"bindings": [{**BINDING, "rules": [{"action": "allow"}]}]}, "neither permit nor deny"),
        (
            {"bindings": [{**BINDING, "rules": [PERMIT, {**PERMIT, "dst": "10.0.0.300"}]}]},
            "In rule 2 of l1-op1: '10.0.0",
        ),
        ({"bindings": [{**BINDING, "rules": [{"action": "deny", "src": "2001:db8::/32"}]}]}, "is of ipv4, and not all"),
        ({"bindings": [{**BINDING, "family": "ipv6"}]}, "A rule of ipv6 names"),
        ({"bindings": [{**SHUT, "address": "10.20.1.11"}]}, "its address 10.20.1.11 is not"),
        ({"bindings": [{**SHUT, "rules": [{"action": "deny", "family": "ipv4"}]}]}, "is of ipv6, and not all"),
        ({"bindings": [BINDING], "platform": "junipernetworks.junos.junos"}, "no switch driver"),
        ({"bindings": [BINDING], "revert_minutes": 0}, "1 to 120 minutes"),
        ({"bindings": [BINDING], "timeout": 120}, "not shorter than the revert timer of 120 s"),
        ({"phases": {"l1-op1": "before"}, "site_records": "/nonexistent"}, "Run the play plan first"),
    ],
)
def test_bad_input_fails_before_the_talk(called: dict[str, Any], args: dict[str, Any], found: str) -> None:
    result = make(args).run(task_vars=VARS)
    assert result["failed"]
    assert found in result["msg"]
    assert "wanted" not in called


@pytest.fixture
def records(tmp_path: Path) -> str:
    def station(switch: str, port: str) -> dict[str, Any]:
        rules = {phase: [{**PERMIT, "remark": phase}] for phase in ("before", "after", "island")}
        return {"switch": switch, "port": port, "address": "10.20.1.11", "rules": rules}

    stations = {
        "l1-op1": station("sw-l1", "Gi1/0/1"),
        "l1-op2": station("sw-l1", "Gi1/0/2"),
        "l2-op1": station("sw-l2", "Gi1/0/1"),
    }
    (tmp_path / "plan.json").write_text(json.dumps({"format": 1, "stations": stations}))
    return str(tmp_path)


def test_the_plan_gives_rules_and_ports_of_this_switch(called: dict[str, Any], records: str) -> None:
    phases = {"l1-op1": "after", "l1-op2": "none", "l2-op1": "before"}
    result = make({"phases": phases, "site_records": records}).run(task_vars=VARS)
    assert result["phases"] == {"l1-op1": "after"}
    (want,) = called["wanted"]
    assert (want.name, want.interface, want.address) == ("l1-op1", "Gi1/0/1", "10.20.1.11")
    assert want.rules[0].remark == "after"
    assert not called["manner"].strict


def test_absent_gives_a_port_back_to_what_the_evidence_names(called: dict[str, Any], records: str) -> None:
    row = {"interface": "GigabitEthernet1/0/1", "direction": "in", "before": "SITE", "list": "OTE_l1_op1_in_00000001"}
    chain = Evidence(records)
    chain.intent("switch_acl", "sw-l1", "bind lists", {"bindings": [{**row, "changed": True}]})
    chain.intent("switch_acl", "sw-l2", "bind lists", {"bindings": [{**row, "changed": True, "before": "THAT"}]})
    phases = {"l1-op1": "absent", "l1-op2": "absent", "l2-op1": "none"}
    result = make({"phases": phases, "site_records": records}).run(task_vars=VARS)
    found = {want.name: (want.absent, want.restore, want.rules) for want in called["wanted"]}
    assert found == {"l1-op1": (True, "SITE", ()), "l1-op2": (True, None, ())}
    assert result["phases"] == {"l1-op1": "absent", "l1-op2": "absent"}


def test_log_mode_denies_nothing_and_puts_no_phase_in_force(called: dict[str, Any], records: str) -> None:
    options = {"phases": {"l1-op1": "after"}, "site_records": records, "mode": "log_and_permit"}
    result = make(options).run(task_vars=VARS)
    (want,) = called["wanted"]
    assert want.logging
    assert {rule.action for rule in want.rules} == {"permit"}
    assert want.rules[-1].log
    assert result["phases"] == {}


def test_none_never_gives_a_port_back(called: dict[str, Any], records: str) -> None:
    result = make({"phases": {"l1-op1": "none", "l1-op2": None}, "site_records": records}).run(task_vars=VARS)
    assert (result["changed"], "wanted" in called) == (False, False)


def test_the_way_back_asks_for_lock_and_stop_only(
    called: dict[str, Any], records: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = make({"phases": {"l1-op1": "absent", "l1-op2": "after"}, "site_records": records})
    asked: list[Any] = []

    def check(options: Any, task_vars: Any, names: Any, gates: Any = None, **more: Any) -> dict[str, Any]:
        asked.append((list(names), gates))
        return {name: {"lock": GateResult(False, "held", "its end")} for name in names}

    monkeypatch.setattr(action, "check_gates", check)
    action.run(task_vars=VARS)
    shut = called["manner"].gates(["l1-op1", "l1-op2"])
    assert (["l1-op1"], ("lock", "stop")) in asked
    assert set(shut) == {"l1-op1", "l1-op2"}


def test_check_mode_puts_no_phase_in_force(called: dict[str, Any], records: str) -> None:
    result = make({"phases": {"l1-op1": "after"}, "site_records": records}, check=True).run(task_vars=VARS)
    assert called["manner"].check
    assert result["phases"] == {}


def test_nothing_of_this_switch_dials_nobody(called: dict[str, Any], records: str) -> None:
    result = make({"phases": {"l2-op1": "before"}, "site_records": records}).run(task_vars=VARS)
    assert (result["changed"], result["bindings"]) == (False, [])
    assert "target" not in called


def test_only_closed_gates_are_reported(called: dict[str, Any], records: str, monkeypatch: pytest.MonkeyPatch) -> None:
    action = make({"phases": {"l1-op1": "after", "l1-op2": "after"}, "site_records": records})
    gates = {"window": GateResult(True, "open"), "line_state": GateResult(False, "running", "a stopped line")}
    answers = {"l1-op1": {"window": gates["window"]}, "l1-op2": gates}
    monkeypatch.setattr(action, "check_gates", lambda *args, **more: answers)
    action.run(task_vars=VARS)
    shut = called["manner"].gates(["l1-op1", "l1-op2"])
    assert set(shut) == {"l1-op2"}
    assert set(shut["l1-op2"]) == {"line_state"}
    assert shut["l1-op2"]["line_state"]["read"] == "running"


def test_a_switch_that_cannot_be_reached_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_target: Any, _before_write: Any) -> Any:
        raise TalkError("Switch x refuses the connection.", fix="Check it.")

    monkeypatch.setattr(_swap_action, "SwitchSession", refuse)
    monkeypatch.setattr(_swap_action, "only_run", lambda *args, **more: nullcontext())
    result = make({"bindings": [BINDING]}).run(task_vars=VARS)
    assert result["unreachable"] is True
    assert "refuses the connection" in result["msg"]
    assert result["failure"] == {"code": "talk", "fix": "Check it."}


@pytest.mark.parametrize(
    ("now", "ports"),
    [
        ("2026-12-05T00:59:59+00:00", [443]),
        ("2026-12-05T01:00:00+00:00", [3389, 443]),
        ("2026-12-05T05:00:00+00:00", [443]),
    ],
)
def test_vendor_access_is_bound_inside_its_box_only(
    called: dict[str, Any], records: str, monkeypatch: pytest.MonkeyPatch, now: str, ports: list[int]
) -> None:
    path = Path(records) / "plan.json"
    plan = json.loads(path.read_text())
    boxed = {**PERMIT, "dst_ports": [[3389, 3389]]}
    boxed |= {"valid_from": "2026-12-05T02:00:00+01:00", "valid_to": "2026-12-05T06:00:00+01:00"}
    plan["stations"]["l1-op1"]["rules"]["after"].insert(0, boxed)
    path.write_text(json.dumps(plan))
    action = make({"phases": {"l1-op1": "after"}, "site_records": records})
    monkeypatch.setattr(action, "clock", lambda: datetime.fromisoformat(now).timestamp())
    action.run(task_vars=VARS)
    assert [rule.dst_ports[0][0] for rule in called["wanted"][0].rules if rule.dst_ports] == ports


def test_a_list_that_enforces_nothing_within_its_vlan_is_no_phase(
    called: dict[str, Any], records: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ensure(_driver: Any, _shell: Any, _connect: Any, wanted: Any, _manner: Any) -> dict[str, Any]:
        bindings = [{"name": want.name, "in_place": True, "enforced": want.name != "l1-op1"} for want in wanted]
        return {"changed": False, "bindings": bindings}

    monkeypatch.setattr(_swap_action, "ensure_bindings", ensure)
    phases = {"l1-op1": "after", "l1-op2": "after"}
    assert make({"phases": phases, "site_records": records}).run(task_vars=VARS)["phases"] == {"l1-op2": "after"}
    absent = {"l1-op1": "absent", "l1-op2": "after"}
    assert make({"phases": absent, "site_records": records}).run(task_vars=VARS)["phases"] == absent
