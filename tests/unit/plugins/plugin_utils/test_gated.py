# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import (
    Evidence,
    acquire_lock,
    read_chain,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _gated
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GATES, GatedAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import digest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import Release
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_time

NOW = parse_time("2026-12-05T02:00:00Z", "UTC").timestamp()
STATION = {
    "line": "line-1", "role": "operator", "zone": "OPZ", "switch": "sw", "port": "Gi1/0/1", "address": "10.20.1.11",
    "mac": "00:1B:1B:00:11:01", "backup": {"id": "i", "sha256": "a" * 64, "restore_tested_on": "2026-10-20"},
    "containment": None,
}  # fmt: skip
PLAN = {
    "site": "plant-a",
    "timezone": "Europe/Berlin",
    "windows": [{"id": "w", "start": "2026-12-05T01:00:00Z", "end": "2026-12-05T05:00:00Z"}],
    "freeze_days": [],
    "waves": [{"id": "wave-1", "window": "w", "stations": ["op1"]}],
    "line_terms": {"line-1": {}},
    "budget": {"convert_minutes": 20, "fallback_minutes": 10},
    "stations": {"op1": {**STATION, "wave": "wave-1", "disposition": "migrate", "expect": {"serial": "S", "uuid": ""}}},
}
VARS = {
    "groups": {"stations": ["op1"]},
    "hostvars": {"op1": {f"station_{key}": value for key, value in STATION.items()}},
}


class Line:
    def __init__(self, running: bool) -> None:
        self.running = running

    def as_dict(self) -> dict[str, Any]:
        return {"running": self.running, "state": "stopped", "quality": "good", "reason": "x"}


def _signed(_records: str, plan_hash: str, _allowed: str, _signers: Any) -> list[Release]:
    span = {"not_before": "2026-12-05T01:00:00Z", "not_after": "2026-12-05T05:00:00Z"}
    return [
        Release(role, role, {"plan_hash": plan_hash, "site": "plant-a", "role": role, **span}, f"{role}@a", f"K{role}")
        for role in ("ot", "it")
    ]


@pytest.fixture
def action(monkeypatch: pytest.MonkeyPatch) -> GatedAction:
    monkeypatch.setattr(_gated, "read_lines", lambda *_a, **_k: {"line-1": Line(False)})
    monkeypatch.setattr(_gated, "read_releases", _signed)
    monkeypatch.setattr(_gated, "controlling_pid", os.getpid)
    monkeypatch.setattr(GatedAction, "clock", lambda _self: NOW)
    task = SimpleNamespace(args={}, check_mode=False, diff=False, async_val=0, action="otedge.endpoint.thing")
    return GatedAction(
        task, SimpleNamespace(), SimpleNamespace(), None, SimpleNamespace(template=lambda value: value), None
    )


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    return {"site_records": str(tmp_path), "allowed_signers": "x", "signers": {}, "lines": {"line-1": {}},
            "windows": None, "freeze_days": None}  # fmt: skip


def _shut(action: GatedAction, options: dict[str, Any], **more: Any) -> set[str]:
    variables = more.pop("task_vars", VARS)
    checked = action.check_gates(options, variables, ["op1"], **more)["op1"]
    assert set(checked) == set(GATES)
    return {gate for gate, result in checked.items() if not result.open}


def test_all_open(action: GatedAction, options: dict[str, Any]) -> None:
    assert _shut(action, options) == set()
    assert _shut(action, options, live={"op1": {"serial": "S"}}) == set()
    assert action.require_gates(action.check_gates(options, VARS, ["op1"])) is None


def test_each_reading_closes_its_gate(
    action: GatedAction, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = Path(options["site_records"])
    assert _shut(action, options, live={"op1": {"serial": "T"}}) == {"drift"}
    moved = {**VARS, "hostvars": {"op1": {**VARS["hostvars"]["op1"], "station_port": "Gi1/0/9"}}}
    assert _shut(action, options, task_vars=moved) == {"drift"}
    assert _shut(action, options, task_vars={"groups": {}, "hostvars": {}}) == {"drift"}
    assert _shut(action, {**options, "lines": {}}) == {"line_state"}
    looser = {"line-1": {"state_source": {"stopped_values": ["stopped", "running"]}}}
    assert _shut(action, {**options, "lines": looser}) == {"line_state"}
    assert _shut(action, {**options, "lines": {"line-1": {"state_source": {"endpoint": "opc.tcp://b:1"}}}}) == set()
    assert _shut(action, {**options, "freeze_days": [{"date": "2026-12-05"}]}) == {"freeze"}
    assert _shut(action, {**options, "windows": []}) == {"window"}
    (records / "stop").write_text("")
    assert _shut(action, options) == {"stop"}
    (records / "stop").unlink()
    (records / "lock.json").write_text(json.dumps({"host": "elsewhere", "pid": 1}))
    assert _shut(action, options) == {"lock"}
    (records / "lock.json").unlink()
    monkeypatch.setattr(_gated, "read_releases", lambda *_a: [])
    assert _shut(action, options) == {"release"}

    def no_library(*_args: Any, **_more: Any) -> None:
        raise OtedgeError("asyncua is missing")

    monkeypatch.setattr(_gated, "read_lines", no_library)
    assert _shut(action, options) == {"release", "line_state"}


def test_no_plan_closes_everything_that_needs_it(action: GatedAction, options: dict[str, Any]) -> None:
    (Path(options["site_records"]) / "plan.json").unlink()
    assert _shut(action, options) == set(GATES) - {"lock", "stop"}
    (Path(options["site_records"]) / "plan.json").write_text("{")
    assert _shut(action, options) == set(GATES) - {"lock", "stop"}


def test_a_station_outside_the_plan_is_closed(action: GatedAction, options: dict[str, Any]) -> None:
    checked = action.check_gates(options, VARS, ["ghost"])["ghost"]
    assert {gate for gate, result in checked.items() if result.open} == {"lock", "stop", "release", "freeze"}


def test_refusal_names_gate_reading_and_need(action: GatedAction, options: dict[str, Any]) -> None:
    checked = action.check_gates({**options, "lines": {}}, VARS, ["op1"], ["line_state", "stop"])
    with pytest.raises(
        RefusedError, match="op1: gate line_state is closed: no state of line line-1. It needs"
    ) as caught:
        action.require_gates(checked)
    assert set(caught.value.details["gates"]["op1"]) == {"line_state"}


def test_bad_calls(action: GatedAction, options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no gate moon"):
        action.check_gates(options, VARS, ["op1"], ["moon"])
    with pytest.raises(InputError, match="records"):
        action.check_gates({**options, "site_records": None}, VARS, ["op1"])


@pytest.mark.parametrize("how", ["done", "refused", "failed"])
def test_acting_writes_intent_before_and_result_after(action: GatedAction, tmp_path: Path, how: str) -> None:
    error = {"refused": RefusedError("gate"), "failed": OSError("disk")}.get(how)

    def act() -> None:
        with action.acting(str(tmp_path), "op1", "stage", {"a": 1}) as outcome:
            assert [entry["kind"] for entry in read_chain(str(tmp_path))[0]] == ["intent"]
            outcome["b"] = 2
            if error:
                raise error

    if error:
        with pytest.raises(type(error)):
            act()
    else:
        act()
    last = read_chain(str(tmp_path))[0][-1]
    assert (last["outcome"], last["subject"], last["action"]) == (how, "op1", "stage")
    assert last["data"] == ({"b": 2} if how == "done" else {"error": str(error)})


def test_acting_refuses_with_a_stop_file_or_a_foreign_lock(action: GatedAction, tmp_path: Path) -> None:
    acquire_lock(str(tmp_path), os.getpid(), "x", 0.0)
    (tmp_path / "stop").write_text("")
    with pytest.raises(RefusedError, match="stop file"), action.acting(str(tmp_path), "op1", "stage", {}):
        pytest.fail("it acted")
    (tmp_path / "lock.json").write_text(json.dumps({"host": "elsewhere", "pid": 1}))
    with pytest.raises(RefusedError, match="Another run"), action.acting(str(tmp_path), "op1", "stage", {}):
        pytest.fail("it acted")


def test_another_plan_than_the_run_executes_closes_what_was_released(
    action: GatedAction, options: dict[str, Any]
) -> None:
    assert _shut(action, {**options, "plan_hash": digest(PLAN)}) == set()
    shut = _shut(action, {**options, "plan_hash": "0" * 64})
    assert shut == {"release", "window", "freeze", "line_state", "backup", "drift"}
    read = action.check_gates({**options, "plan_hash": "0" * 64}, VARS, ["op1"])["op1"]["release"].read
    assert "this run executes 000000000000" in read


def test_a_clock_that_went_back_opens_no_window_again(action: GatedAction, options: dict[str, Any]) -> None:
    records = options["site_records"]
    Evidence(records, lambda: NOW + 240).observation("x", "op1", {"note": "y" * 200_000})
    assert _shut(action, options) == set()
    Evidence(records, lambda: NOW + 7200).observation("x", "op1", {"note": "the window had ended"})
    assert _shut(action, options) == {"release", "window", "freeze", "backup"}
    read = action.check_gates(options, VARS, ["op1"])["op1"]["window"].read
    assert read.startswith(
        "the controller's clock says 2026-12-05T02:00:00Z, but the evidence goes on to 2026-12-05T04"
    )


@pytest.mark.parametrize(
    ("seconds", "shut"),
    [
        (0.0, set()),
        (10_799.0, set()),  # to the window's end, not its last start
        (10_800.0, {"release", "window"}),
        (79_200.0, {"release", "window", "freeze"}),  # a freeze day begins at midnight, at the site
    ],
)
def test_what_has_to_last_is_asked_for_the_end_too(
    action: GatedAction, options: dict[str, Any], seconds: float, shut: set[str]
) -> None:
    options["freeze_days"] = [{"date": "2026-12-06", "reason": "stocktaking"}]
    checked = action.check_gates(options, VARS, ["op1"], lasting_s=seconds)["op1"]
    assert {gate for gate, result in checked.items() if not result.open} == shut
    assert all(checked[gate].read.startswith("open now, but not for ") for gate in shut)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, ""),
        ({"kind": "files"}, "recorded no image of that id"),
        ({"id": "other"}, "recorded no image of that id"),
        ({"serial": "T"}, "made of another PC, by its serial"),
        ({"made_at": "2026-11-27T01:00:00Z"}, "hours old, 168 are allowed"),
        ({"made_at": "2026-12-06T01:00:00Z"}, "hours old"),
        ({"made_at": "yesterday"}, "made_at"),
    ],
)
def test_an_image_that_was_recorded_counts_under_its_id(
    action: GatedAction, options: dict[str, Any], change: dict[str, Any], text: str
) -> None:
    backup = {"id": "op1-image", "restore_tested_on": "2026-11-20"}
    plan = json.loads(json.dumps(PLAN))
    plan["stations"]["op1"]["backup"] = backup
    records = Path(options["site_records"])
    (records / "plan.json").write_text(json.dumps(plan))
    before = action.check_gates(options, VARS, ["op1"], ["backup"])["op1"]["backup"]
    assert not before.open
    record = {"id": "op1-image", "kind": "image", "target": "E:", "serial": "S", "made_at": "2026-12-04T20:00:00Z"}
    (records / "backups").mkdir()
    (records / "backups/op1.json").write_text(json.dumps({**record, **change}))
    found = action.check_gates(options, VARS, ["op1"], ["backup"])["op1"]["backup"]
    assert found.open is not bool(text)
    assert text in found.read
    (records / "backups/op1.json").write_text("{")
    assert "damaged" in action.check_gates(options, VARS, ["op1"], ["backup"])["op1"]["backup"].read
