# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three actions as Ansible runs them, through the real winrm plugin, against the simulated PC."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import operator_pc_arm, operator_pc_info, operator_pc_stage
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import read_chain
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GateResult
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._wsman import pc_rig as rig

OPEN = GateResult(True, "fine")
CLOSED = GateResult(False, "line-1 is running", "the line stopped")


def run(module: Any, pc: Any, args: dict[str, Any], *, check: bool = False, **options: Any) -> dict[str, Any]:
    name = module.__name__.rpartition(".")[2]
    task = SimpleNamespace(args=args, check_mode=check, diff=True, async_val=0, action=name)
    play = SimpleNamespace(check_mode=check)
    action = module.ActionModule(task, pc.connection(**options), play, None, None, None)
    return action.run(task_vars={"inventory_hostname": "l1-op1"})


def stage_args(records: Path, **more: Any) -> dict[str, Any]:
    package, image = rig.PACKAGE, rig.IMAGE
    return {
        "site_records": str(records),
        "converter": {"url": package.url, "sha256": package.sha256},
        "image": {"url": image.url, "sha256": image.sha256, "after_install": "reboot"},
        **more,
    }


def gates(monkeypatch: pytest.MonkeyPatch, *rounds: GateResult) -> list[dict[str, Any]]:
    """Let the gates answer round by round; give what was known of the PC each time."""
    seen: list[dict[str, Any]] = []

    def check(self: Any, options: Any, task_vars: Any, stations: Any, gates: Any = None, **more: Any) -> Any:
        seen.append(more["live"]["l1-op1"])
        return {"l1-op1": {"line_state": rounds[min(len(seen), len(rounds)) - 1], "stop": OPEN}}

    monkeypatch.setattr(operator_pc_arm.ActionModule, "check_gates", check)
    return seen


def outcomes(records: Path) -> list[tuple[str, str]]:
    return [(entry["action"], entry["outcome"]) for entry in read_chain(str(records))[0] if entry["kind"] == "result"]


def wait(condition: Any, seconds: float = 8) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(condition())


def test_info_keeps_the_assessment_and_writes_nothing_to_the_pc(make_pc: Any, tmp_path: Path) -> None:
    pc = make_pc(usb=[{"id": r"USB\VID_0529&PID_0001\1", "name": "Sentinel HL Key"}])
    result = run(operator_pc_info, pc, {"site_records": str(tmp_path)})
    assert result["changed"] is False
    stored = json.loads((tmp_path / "assessments/l1-op1.json").read_text())
    assert stored == result["assessment"]
    assert [blocker["code"] for blocker in stored["blockers"]] == ["licence_dongle"]
    assert pc.world.writes == []


def test_info_in_check_mode_keeps_nothing(make_pc: Any, tmp_path: Path) -> None:
    result = run(operator_pc_info, make_pc(), {"site_records": str(tmp_path), "sections": ["os"]}, check=True)
    assert set(result["assessment"]["fields"]) >= {"os.caption", "os.build"}
    assert "system.model" not in result["assessment"]["fields"]
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_password_makes_the_host_unreachable(make_pc: Any) -> None:
    result = run(operator_pc_info, make_pc(), {}, remote_password="wrong")
    assert (result["unreachable"], result["changed"]) == (True, False)
    assert "rejected the credentials" in result["msg"]
    assert result["failure"]["code"] == "talk"
    assert "ansible_password" in result["failure"]["fix"]


def test_stage_check_real_again_absent(make_pc: Any, tmp_path: Path) -> None:
    pc = make_pc("win7_x64")
    preview = run(operator_pc_stage, pc, stage_args(tmp_path), check=True)
    assert preview["changed"] is True
    assert pc.world.writes == []
    assert list(tmp_path.iterdir()) == []
    result = run(operator_pc_stage, pc, stage_args(tmp_path))
    assert result["staged"] == preview["staged"]
    assert result["diff"] == preview["diff"]
    before = len(pc.world.writes)
    again = run(operator_pc_stage, pc, stage_args(tmp_path))
    assert (again["changed"], len(pc.world.writes)) == (False, before)
    gone = run(operator_pc_stage, pc, {"site_records": str(tmp_path), "state": "absent"})
    assert (gone["changed"], gone["staged"]["installed"]) == (True, False)
    assert outcomes(tmp_path) == [("stage present", "done"), ("stage absent", "done")]


def test_stage_names_what_the_pc_could_not_fetch(make_pc: Any, tmp_path: Path) -> None:
    pc = make_pc()
    pc.world.files.clear()
    result = run(operator_pc_stage, pc, stage_args(tmp_path))
    assert result["failed"] is True
    assert "fetch the converter" in result["msg"]
    assert outcomes(tmp_path) == [("stage present", "failed")]


def test_a_stop_file_stops_before_the_first_write(make_pc: Any, tmp_path: Path) -> None:
    pc = make_pc()
    (tmp_path / "stop").touch()
    result = run(operator_pc_stage, pc, stage_args(tmp_path))
    assert result["failed"] is True
    assert result["failure"]["code"] == "refused"
    assert pc.world.writes == []


def test_arm_restarts_into_the_installer(make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    seen = gates(monkeypatch, OPEN)
    before = len(pc.world.writes)
    preview = run(operator_pc_arm, pc, {"site_records": str(tmp_path)}, check=True)
    assert (preview["changed"], len(pc.world.writes)) == (True, before)
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path)})
    assert (result["changed"], result["armed"], result["refused"]) == (True, True, False)
    assert len(seen) == 3
    assert all(live["serial"] for live in seen)
    assert outcomes(tmp_path)[-1] == ("arm", "done")
    assert wait(lambda: pc.machine.os_phase in ("installing", "thin_client"), 12)


def test_a_gate_that_closes_while_preparing_leaves_windows(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    gates(monkeypatch, OPEN, CLOSED)
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path)})
    assert (result["armed"], result["refused"]) == (False, True)
    assert result["gates"]["line_state"] == {"open": False, "read": "line-1 is running", "needs": "the line stopped"}
    assert not pc.machine.armed
    assert pc.machine.tasks == {}
    assert outcomes(tmp_path)[-1] == ("arm", "refused")


def test_an_armed_pc_behind_a_closed_gate_is_disarmed_even_if_all_is_stopped(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    original = pc.machine.files.text(r"C:\OSC\grub.cfg")
    with pc.world.lock:
        pc.machine.write_file(r"C:\OSC\grub.cfg.old", {"text": original}, "test")
        pc.machine.write_file(r"C:\OSC\grub.cfg", {"text": pc.machine.files.text(r"C:\OSC\osc.cfg")}, "test")
    assert pc.machine.armed
    absent = {"site_records": str(tmp_path), "state": "absent"}
    assert run(operator_pc_stage, pc, absent)["failure"]["code"] == "refused"
    assert run(operator_pc_stage, pc, absent, check=True)["changed"] is True  # after the disarming before it
    other = stage_args(tmp_path, image={**stage_args(tmp_path)["image"], "sha256": "0" * 64})
    assert run(operator_pc_stage, pc, other)["failure"]["code"] == "refused"
    assert run(operator_pc_stage, pc, other, check=True)["changed"] is True
    assert pc.machine.armed
    (tmp_path / "stop").touch()
    gates(monkeypatch, CLOSED)
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path)})
    assert (result["changed"], result["armed"], result["refused"]) == (True, False, True)
    assert pc.machine.files.text(r"C:\OSC\grub.cfg") == original
    assert outcomes(tmp_path)[-1] == ("disarm", "done")
    again = run(operator_pc_arm, pc, {"site_records": str(tmp_path), "state": "disarmed"})
    assert again["changed"] is False


def test_a_pc_that_is_not_staged_is_refused(make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = make_pc()
    gates(monkeypatch, OPEN)
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path)})
    assert (result["failed"], result["failure"]["code"]) == (True, "refused")
    # In check mode the step before would have staged it.
    assert run(operator_pc_arm, pc, {"site_records": str(tmp_path)}, check=True)["changed"] is True
    assert pc.world.writes == []


def test_the_timer_puts_windows_back_by_itself(make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    gates(monkeypatch, OPEN)
    # The restart does not come: only the loader is switched.
    monkeypatch.setattr(
        operator_pc_arm.arm, "ARM_AND_REBOOT", operator_pc_arm.arm.ARM_AND_REBOOT.replace(" && shutdown /r /t 5 /f", "")
    )
    assert run(operator_pc_arm, pc, {"site_records": str(tmp_path)})["armed"] is True
    assert pc.machine.armed
    pc.world.offset += 12 * 60
    assert wait(lambda: not pc.machine.armed)


@pytest.mark.parametrize("lost", ["talk", "timed_out"])
def test_a_lost_answer_to_the_arming_says_that_the_pc_may_be_on_its_way(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    gates(monkeypatch, OPEN)

    def launch(_client: Any) -> int:
        if lost == "talk":
            raise TalkError("The connection broke off.")
        raise WsmanFault("The operation timed out", code=0x80338029, subcode="w:TimedOut")

    monkeypatch.setattr(operator_pc_arm.arm, "launch", launch)
    # Not unreachable: the plays that wait for the station, and stop the next wave, have to see it.
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path)})
    assert (result["failed"], result["failure"]["launched"]) == (True, True)
    assert outcomes(tmp_path)[-1] == ("arm", "failed")
    assert pc.machine.tasks


def test_a_refused_arming_command_left_the_pc_as_it_was(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    gates(monkeypatch, OPEN)

    def launch(_client: Any) -> int:
        raise PeerError("The PC did not start the command that arms it: access denied.")

    monkeypatch.setattr(operator_pc_arm.arm, "launch", launch)
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path)})
    assert result["failed"] is True
    assert "launched" not in result["failure"]


def test_a_preparation_that_took_too_long_does_not_arm(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    gates(monkeypatch, OPEN)
    real = operator_pc_arm.Talk
    monkeypatch.setattr(operator_pc_arm, "Talk", lambda *parts: real(*parts, started=time.monotonic() - 301))
    result = run(operator_pc_arm, pc, {"site_records": str(tmp_path), "disarm_after_minutes": 10})
    assert (result["failed"], result["failure"]["code"]) == (True, "refused")
    assert "the disarm timer would soon fire" in result["msg"]
    assert not pc.machine.armed


def test_a_timer_that_could_not_do_its_work_is_refused(
    make_pc: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc = make_pc()
    run(operator_pc_stage, pc, stage_args(tmp_path))
    gates(monkeypatch, OPEN)
    before = len(pc.world.writes)
    for minutes in (0, 1, 1440):
        result = run(operator_pc_arm, pc, {"site_records": str(tmp_path), "disarm_after_minutes": minutes})
        assert result["failure"]["code"] == "input"
    assert len(pc.world.writes) == before
