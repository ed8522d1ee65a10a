# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""operator_pc_backup and operator_pc_boot as Ansible runs them, through the real winrm plugin, on the simulated PC."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import operator_pc_backup, operator_pc_boot
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import read_chain
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GateResult

OPEN = GateResult(True, "fine")
CLOSED = GateResult(False, "line-1 is running", "the line stopped")
DISK = {"E": {"free_gb": 900, "size_gb": 1000}}


def run(module: Any, pc: Any, args: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    name = module.__name__.rpartition(".")[2]
    task = SimpleNamespace(args=args, check_mode=check, diff=True, async_val=0, action=name)
    action = module.ActionModule(task, pc.connection(), SimpleNamespace(check_mode=check), None, None, None)
    return action.run(task_vars={"inventory_hostname": "l1-op1"})


def image(records: Path, **more: Any) -> dict[str, Any]:
    return {"site_records": str(records), "target": "E:", "poll_seconds": 1, **more}


def outcomes(records: Path) -> list[tuple[str, str]]:
    return [(entry["action"], entry["outcome"]) for entry in read_chain(str(records))[0] if entry["kind"] == "result"]


def gates(monkeypatch: pytest.MonkeyPatch, *rounds: GateResult) -> list[tuple[Any, bool]]:
    seen: list[tuple[Any, bool]] = []

    def check(self: Any, options: Any, task_vars: Any, stations: Any, gates: Any = None, **more: Any) -> Any:
        seen.append((gates, more["converting"]))
        return {"l1-op1": {"line_state": rounds[min(len(seen), len(rounds)) - 1], "stop": OPEN}}

    monkeypatch.setattr(operator_pc_boot.ActionModule, "check_gates", check)
    return seen


def test_an_image_is_made_recorded_and_not_made_again(make_pc: Any, tmp_path: Path) -> None:
    pc = make_pc(volumes=DISK, backup_seconds=0.5)
    before = json.dumps(pc.machine.files.dump())
    preview = run(operator_pc_backup, pc, image(tmp_path), check=True)
    assert (preview["changed"], preview["backup"], list(tmp_path.iterdir())) == (True, {}, [])
    assert pc.world.writes == []
    result = run(operator_pc_backup, pc, image(tmp_path))
    assert result["changed"] is True, result
    kept = json.loads((tmp_path / "backups/l1-op1.json").read_text())
    assert kept == result["backup"]
    assert (kept["id"], kept["kind"], kept["codes"]) == ("l1-op1-image", "image", [0])
    assert kept["version"]
    assert kept["serial"]
    # Task, folder and exit code are gone again.
    assert pc.machine.tasks == {}
    assert json.dumps(pc.machine.files.dump()) == before
    again = run(operator_pc_backup, pc, image(tmp_path))
    assert (again["changed"], again["backup"]) == (False, kept)
    assert outcomes(tmp_path) == [("backup image", "done")]


def test_folders_are_copied_and_are_no_image(make_pc: Any, tmp_path: Path) -> None:
    pc = make_pc(volumes=DISK)
    with pc.world.lock:
        pc.machine.files.make_dir("C:\\My Recipes")
        pc.machine.write_file("C:\\My Recipes\\a.txt", {"text": "flour"}, "test")
    asked = image(tmp_path, kind="files", target="E:\\b", folders=["C:\\My Recipes"])
    result = run(operator_pc_backup, pc, asked)
    assert result["changed"] is True, result
    assert pc.machine.files.text("E:\\b\\l1-op1\\C\\My Recipes\\a.txt") == "flour"
    assert not (tmp_path / "backups/l1-op1.json").exists()
    assert run(operator_pc_backup, pc, asked)["changed"] is False


@pytest.mark.parametrize(
    ("model", "overrides", "args", "text"),
    [
        ("win10_x64", {}, {}, "no fixed volume E:"),
        ("win10_x64", {"volumes": {"E": {"free_gb": 1, "size_gb": 2}}}, {}, "GiB free"),
        ("win10_x64", {"volumes": DISK}, {"target": "C:"}, "the volume Windows runs from"),
        ("win10_x64", {}, {"target": r"\\srv\b"}, "workgroup"),
        ("es7_x64", {"volumes": DISK}, {}, "no wbadmin"),
    ],
)
def test_a_backup_that_cannot_work_writes_nothing(  # noqa: PLR0913, PLR0917 - the fixtures and one row of the table
    make_pc: Any, tmp_path: Path, model: str, overrides: dict[str, Any], args: dict[str, Any], text: str
) -> None:
    pc = make_pc(model, **overrides)
    result = run(operator_pc_backup, pc, image(tmp_path, **args))
    assert result["failed"] is True
    assert text in result["msg"]
    assert pc.world.writes == []


def test_a_restart_is_proved(make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = make_pc()
    monkeypatch.setattr(operator_pc_boot, "POLL_S", 0.2)
    seen = gates(monkeypatch, OPEN)
    first = pc.machine.boot.boot_time
    preview = run(operator_pc_boot, pc, {"site_records": str(tmp_path)}, check=True)
    assert (preview["changed"], pc.world.writes) == (True, [])
    result = run(operator_pc_boot, pc, {"site_records": str(tmp_path), "wait_minutes": 1})
    assert result["changed"] is True, result
    assert result["uptime"] < 60
    assert pc.machine.boot.boot_time > first
    assert "backup" not in seen[0][0]
    assert len(seen) == 3
    assert outcomes(tmp_path) == [("boot restarted", "done")]


@pytest.mark.parametrize("rounds", [(CLOSED,), (OPEN, CLOSED)])
def test_a_closed_gate_restarts_nothing(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: tuple[GateResult, ...]
) -> None:
    pc = make_pc()
    gates(monkeypatch, *rounds)
    result = run(operator_pc_boot, pc, {"site_records": str(tmp_path), "boot_entry": "IPV4"})
    assert result["refused"] is True, result
    assert result["gates"]["line_state"]["open"] is False
    assert pc.machine.boot.pending is None
    again = run(operator_pc_boot, pc, {"state": "prepared", "boot_entry": "IPV4", "confirm": True}, check=True)
    assert again["changed"] is True  # the entry was taken back


def test_without_a_site_it_wants_to_be_told(make_pc: Any) -> None:
    pc = make_pc()
    result = run(operator_pc_boot, pc, {})
    assert result["failure"]["code"] == "refused"
    assert "confirm: true" in result["msg"]


def test_an_entry_is_prepared_once_and_cancelled(make_pc: Any) -> None:
    pc = make_pc(language="de")
    args = {"state": "prepared", "boot_entry": "IPV4", "confirm": True}
    first = run(operator_pc_boot, pc, args)
    assert first["changed"] is True, first
    again = run(operator_pc_boot, pc, args)
    assert (again["changed"], again["boots_once"]) == (False, first["boots_once"])
    gone = run(operator_pc_boot, pc, {"state": "cancelled"})
    assert (gone["changed"], gone["boots_once"]) == (True, "")
    assert run(operator_pc_boot, pc, {"state": "cancelled"})["changed"] is False


def test_somebody_elses_restart_is_not_replaced(make_pc: Any) -> None:
    pc = make_pc()
    with pc.world.lock:
        pc.machine.boot.schedule(restart=True, delay=3600)
    result = run(operator_pc_boot, pc, {"confirm": True})
    assert result["failed"] is True
    assert "1190" in result["msg"]


def test_legacy_bios_and_bitlocker_are_refused(make_pc: Any) -> None:
    args = {"boot_entry": "IPV4", "confirm": True}
    assert "legacy BIOS" in run(operator_pc_boot, make_pc("win7_x64"), args)["msg"]
    assert "BitLocker" in run(operator_pc_boot, make_pc(bitlocker=True), args)["msg"]
