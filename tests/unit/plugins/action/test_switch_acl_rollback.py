# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import switch_acl_rollback
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _swap_action
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, content_hash
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.gates import GateResult
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, Interface, SwitchState
from ansible_collections.otedge.endpoint.tests.unit.plugins.action.on_a_switch import action_on_a_switch

VARS = {"inventory_hostname": "sw-l1", "ansible_network_os": "cisco.ios.ios"}
PORT = "GigabitEthernet1/0/1"
RULES = [(Rule("permit", 6, dst_ports=((n, n),)), Rule("deny")) for n in (1, 2)]
OLD, NEW = (f"OTE_l1_op1_in_{content_hash(rules)}" for rules in RULES)
BINDING = {"interface": "Gi1/0/1", "name": "l1-op1"}


def make(args: dict[str, Any], check: bool = False) -> Any:
    return action_on_a_switch(switch_acl_rollback, args, check)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the talk: remember what would have been done."""
    seen: dict[str, Any] = {}

    def session(target: Any, before_write: Any) -> Any:
        seen.update(target=target)
        return SimpleNamespace(close=lambda: None)

    def ensure(_driver: Any, _shell: Any, _connect: Any, wanted: Any, manner: Any) -> dict[str, Any]:
        seen.update(wanted=wanted, manner=manner)
        return {"changed": True, "bindings": [{"name": want.name, "in_place": False} for want in wanted]}

    monkeypatch.setattr(_swap_action, "SwitchSession", session)
    monkeypatch.setattr(_swap_action, "only_run", lambda *args, **more: nullcontext())
    monkeypatch.setattr(_swap_action, "require_platform", lambda *args: None)
    monkeypatch.setattr(_swap_action, "ensure_bindings", ensure)
    return seen


def resolved(called: dict[str, Any], bound: str = NEW) -> list[Any]:
    """What the action makes of a switch with both lists."""
    lists = {name: AccessList(name, entries=rules) for name, rules in zip((OLD, NEW), RULES, strict=True)}
    config = Config(lists, {PORT: Interface(PORT, {"in": bound})})
    return [called["manner"].resolve(SwitchState(config, config), want) for want in called["wanted"]]


@pytest.fixture
def records(tmp_path: Path) -> str:
    def station(switch: str, port: str) -> dict[str, Any]:
        return {"switch": switch, "port": port, "address": "10.20.1.11", "rules": {}}

    stations = {"l1-op1": station("sw-l1", "Gi1/0/1"), "l2-op1": station("sw-l2", "Gi1/0/1")}
    (tmp_path / "plan.json").write_text(json.dumps({"format": 1, "stations": stations}))
    return str(tmp_path)


def told(records: str, before: str | None, new: str, **data: Any) -> None:
    row = {"interface": PORT, "direction": "in", "before": before, "list": new, "changed": True}
    Evidence(records).intent("switch_acl", "sw-l1", "bind lists", {"bindings": [row], **data})


def test_the_evidence_tells_what_has_to_go(called: dict[str, Any], records: str) -> None:
    told(records, "SITE", OLD)
    told(records, OLD, NEW)
    result = make({"stations": ["l1-op1", "l2-op1"], "site_records": records}).run(task_vars=VARS)
    (want,) = resolved(called)
    assert (want.interface, want.address, want.target, want.trouble) == (PORT, "10.20.1.11", OLD, "")
    assert result["phases"] == {}
    assert not called["manner"].strict


def test_a_rollback_that_is_recorded_is_not_taken_back_by_the_next(called: dict[str, Any], records: str) -> None:
    told(records, OLD, NEW)
    told(records, NEW, OLD, rollback=True)
    make({"stations": ["l1-op1"], "site_records": records}).run(task_vars=VARS)
    assert resolved(called, bound=OLD)[0].target == OLD
    # One that did not come through is finished.
    assert resolved(called, bound=NEW)[0].target == OLD


def test_the_evidence_of_a_rollback_says_so(called: dict[str, Any], records: str) -> None:
    make({"bindings": [{**BINDING, "from": NEW}], "site_records": records}).run(task_vars=VARS)
    with called["manner"].acting(["l1-op1"], {"bindings": []}):
        pass
    last = [json.loads(line) for line in (Path(records) / "evidence.jsonl").read_text().splitlines()][0]
    assert (last["action"], last["data"]["rollback"]) == ("bind lists", True)


def test_bindings_name_the_list_that_goes_or_comes(called: dict[str, Any]) -> None:
    make({"bindings": [{**BINDING, "from": NEW}]}).run(task_vars=VARS)
    assert resolved(called)[0].target == OLD
    assert "nothing to take back" in resolved(called, bound=OLD)[0].note
    make({"bindings": [{**BINDING, "to": OLD[-8:]}]}).run(task_vars=VARS)
    assert resolved(called)[0].target == resolved(called, bound=OLD)[0].target == OLD
    assert called["manner"].strict


def test_the_way_back_asks_for_lock_and_stop_only(
    called: dict[str, Any], records: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = make({"stations": ["l1-op1"], "site_records": records})
    asked: list[Any] = []

    def check(options: Any, task_vars: Any, names: Any, gates: Any = None, **more: Any) -> dict[str, Any]:
        asked.append((list(names), gates))
        return {name: {"lock": GateResult(False, "held", "its end"), "stop": GateResult(True, "no")} for name in names}

    monkeypatch.setattr(action, "check_gates", check)
    action.run(task_vars=VARS)
    assert set(called["manner"].gates(["l1-op1"])["l1-op1"]) == {"lock"}
    assert asked == [(["l1-op1"], ("lock", "stop"))]


def test_the_gates_are_read_from_the_records(called: dict[str, Any], records: str) -> None:
    make({"stations": ["l1-op1"], "site_records": records}).run(task_vars=VARS)
    assert called["manner"].gates(["l1-op1"]) == {}
    (Path(records) / "stop").write_text("")
    assert set(called["manner"].gates(["l1-op1"])["l1-op1"]) == {"stop"}


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ({"bindings": [BINDING]}, "else a second run would go back again"),
        ({"bindings": [{**BINDING, "from": NEW}], "revert_minutes": 0}, "1 to 120 minutes"),
        ({"bindings": [{**BINDING, "from": NEW, "address": "x"}]}, "not an address"),
        ({"bindings": [{**BINDING, "from": NEW, "address": "2001:db8::1"}]}, "its address 2001:db8::1 is not"),
        ({"bindings": [{**BINDING, "from": NEW}], "platform": "junipernetworks.junos.junos"}, "no switch driver"),
        ({"stations": ["l1-op1"], "site_records": "/nonexistent"}, "Run the play plan first"),
    ],
)
def test_bad_input_fails_before_the_talk(called: dict[str, Any], args: dict[str, Any], found: str) -> None:
    result = make(args).run(task_vars=VARS)
    assert result["failed"]
    assert found in result["msg"]
    assert "wanted" not in called


def test_a_station_the_plan_does_not_know_is_named(called: dict[str, Any], records: str) -> None:
    result = make({"stations": ["l1-op1", "l9-op9"], "site_records": records}).run(task_vars=VARS)
    assert "does not know station l9-op9" in result["msg"]


def test_nothing_of_this_switch_dials_nobody(called: dict[str, Any], records: str) -> None:
    result = make({"stations": ["l2-op1"], "site_records": records}).run(task_vars=VARS)
    assert (result["changed"], result["bindings"], result["phases"]) == (False, [], {})
    assert "target" not in called
