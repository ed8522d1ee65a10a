# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from hypothesis import given, settings
from hypothesis import strategies as st

DIRECTORY = "C:\\Windows\\System32"
ARM = (
    'cmd /c "copy /Y C:\\OSC\\osc.cfg C:\\OSC\\grub.tmp && move /Y C:\\OSC\\grub.tmp C:\\OSC\\grub.cfg'
    ' && shutdown /r /t 5 /f"'
)
STAGE = (
    "mkdir C:\\ProgramData\\otedge",
    "certutil -urlcache -split -f http://ums/osc.msi C:\\ProgramData\\otedge\\converter.msi.part",
    "move /Y C:\\ProgramData\\otedge\\converter.msi.part C:\\ProgramData\\otedge\\converter.msi",
    "msiexec /i C:\\ProgramData\\otedge\\converter.msi /qn /norestart",
    "certutil -urlcache -split -f http://ums/osc.iso C:\\OSC\\osc.iso.part",
    "move /Y C:\\OSC\\osc.iso.part C:\\OSC\\osc.iso",
    "copy /Y C:\\OSC\\grub.cfg C:\\OSC\\grub.cfg.old",
)
DISARM = "copy /Y C:\\OSC\\grub.cfg.old C:\\OSC\\grub.tmp && move /Y C:\\OSC\\grub.tmp C:\\OSC\\grub.cfg"
Move = Callable[[Machine, float], None]
Fresh = Callable[..., tuple[Machine, Callable[[float], None]]]


def run(machine: Machine, *lines: str) -> None:
    for line in lines:
        result = machine.run(line, DIRECTORY, direct=False)
        assert result is not None and result.code == 0, (line, result)


@pytest.fixture
def staged(pc: Callable[..., Machine]) -> Callable[..., Machine]:
    def build(**more: Any) -> Machine:
        machine = pc(**more)
        run(machine, *STAGE)
        return machine

    return build


def test_arming_installs_and_comes_back_as_a_thin_client(
    staged: Callable[..., Machine], move: Move, world: Any
) -> None:
    machine = staged(unit_mac="001B1B001113")
    assert machine.describe()["staged"] and not machine.armed
    machine.jobs.start(ARM, DIRECTORY)
    move(machine, 1.0)
    assert machine.armed and machine.os_phase == "windows"
    move(machine, 5.0)
    assert machine.os_phase == "booting" and not machine.reachable
    move(machine, 2.5)
    assert machine.os_phase == "installing"
    move(machine, 9.0)
    assert machine.os_phase == "thin_client"
    assert world.clients == [("l1-op1", "001B1B001113")]
    assert machine.files.dump() == []
    machine.power_cut()
    move(machine, 4.0)
    assert machine.os_phase == "thin_client"
    assert len(world.clients) == 2


def test_an_image_that_shuts_down_leaves_the_pc_off_until_it_is_switched_on(
    staged: Callable[..., Machine], move: Move
) -> None:
    machine = staged(after_install="shutdown")
    machine.jobs.start(ARM, DIRECTORY)
    move(machine, 20.0)
    assert machine.os_phase == "off" and not machine.boot.broken
    machine.inject("power_on", {})
    move(machine, 3.0)
    assert machine.os_phase == "thin_client"


def test_a_restart_of_an_unarmed_pc_is_windows_again_with_a_new_boot_time(
    pc: Callable[..., Machine], move: Move
) -> None:
    machine = pc()
    before = machine.boot.boot_time
    run(machine, "shutdown /r /t 0 /f")
    move(machine, 3.0)
    assert machine.os_phase == "windows"
    assert machine.boot.boot_time > before
    row = machine.instances("root\\cimv2", "Win32_OperatingSystem")[0]
    assert row["LastBootUpTime"].timestamp() == pytest.approx(machine.boot.boot_time)


def test_a_second_shutdown_is_refused_and_the_first_can_be_taken_back(pc: Callable[..., Machine], move: Move) -> None:
    machine = pc()
    run(machine, "shutdown /r /t 60")
    again = machine.run("shutdown /r /t 60", DIRECTORY, direct=False)
    assert again is not None and again.code == 1190
    run(machine, "shutdown /a")
    move(machine, 70.0)
    assert machine.os_phase == "windows"


def test_disarming_boots_windows(staged: Callable[..., Machine], move: Move) -> None:
    machine = staged()
    run(machine, "copy /Y C:\\OSC\\osc.cfg C:\\OSC\\grub.cfg")
    assert machine.armed
    run(machine, DISARM)
    assert not machine.armed
    run(machine, "shutdown /r /t 0")
    move(machine, 3.0)
    assert machine.os_phase == "windows"


def test_the_disarm_timer_fires_by_the_twin_clock_but_not_while_off(staged: Callable[..., Machine], move: Move) -> None:
    task = f'schtasks /create /tn otedge-disarm /tr "cmd /c {DISARM}" /sc once /st 19:44 /ru SYSTEM /f'
    machine = staged()
    run(machine, task, "copy /Y C:\\OSC\\osc.cfg C:\\OSC\\grub.cfg")
    move(machine, 70.0)
    assert not machine.armed
    run(machine, 'schtasks /create /tn later /tr "cmd /c echo x> C:\\late" /sc once /st 19:46 /f', "shutdown /s /t 0")
    move(machine, 150.0)
    machine.inject("power_on", {})
    move(machine, 5.0)
    assert machine.os_phase == "windows"
    assert machine.files.file("C:\\late") is None


def test_a_task_that_came_due_while_the_twin_was_stopped_runs(pc: Callable[..., Machine], world: Any) -> None:
    machine = pc()
    machine.tick(world.time)
    run(machine, 'schtasks /create /tn t /tr "cmd /c echo x> C:\\x" /sc once /st 19:50')
    saved = json.loads(json.dumps(machine.dump()))
    world.time += 3600
    again = pc(state=saved)
    again.tick(world.time)
    again.tick(world.time + 0.1)
    assert again.files.text("C:\\x") == "x\r\n"


def test_a_daily_task_past_its_hour_runs_the_next_day(pc: Callable[..., Machine], world: Any) -> None:
    machine = pc()
    run(machine, 'schtasks /create /tn t /tr "cmd /c echo x>> C:\\x" /sc daily /st 00:10')
    for day in (1, 2):
        world.time += 43200
        machine.tick(world.time)
        world.time += 43200
        machine.tick(world.time)
        machine.tick(world.time + 0.1)
        assert machine.files.text("C:\\x") == "x\r\n" * day


def test_power_cut_while_installing_leaves_a_broken_pc(staged: Callable[..., Machine], move: Move) -> None:
    machine = staged()
    machine.jobs.start(ARM, DIRECTORY)
    move(machine, 9.0)
    assert machine.os_phase == "installing"
    machine.power_cut()
    machine.inject("power_on", {})
    move(machine, 30.0)
    assert machine.os_phase == "off"
    assert "power was cut" in machine.describe()["broken"]


def test_a_failed_install_stays_broken(staged: Callable[..., Machine], move: Move, world: Any) -> None:
    machine = staged()
    machine.inject("install_fails", {})
    machine.jobs.start(ARM, DIRECTORY)
    move(machine, 30.0)
    assert machine.os_phase == "off" and machine.describe()["broken"] == "the installation failed"
    assert world.clients == []


def test_a_loader_without_configuration_boots_nothing(staged: Callable[..., Machine], move: Move) -> None:
    machine = staged()
    run(machine, "del C:\\OSC\\grub.cfg", "shutdown /r /t 0")
    move(machine, 3.0)
    assert machine.os_phase == "off" and machine.describe()["broken"]


def test_armed_without_an_image_falls_back_to_windows(staged: Callable[..., Machine], move: Move) -> None:
    machine = staged()
    run(machine, "del C:\\OSC\\osc.iso", "copy /Y C:\\OSC\\osc.cfg C:\\OSC\\grub.cfg", "shutdown /r /t 0")
    move(machine, 3.0)
    assert machine.os_phase == "windows"


@settings(max_examples=40, deadline=None)
@given(ticks=st.integers(0, 90), staged_steps=st.integers(0, len(STAGE)))
def test_a_power_cut_never_leaves_a_pc_that_boots_nothing(fresh: Fresh, ticks: int, staged_steps: int) -> None:
    machine, let_pass = fresh()
    for line in STAGE[:staged_steps]:
        machine.run(line, DIRECTORY, direct=False)
    machine.jobs.start(ARM, DIRECTORY)
    let_pass(ticks / 10)
    was = machine.os_phase
    machine.power_cut()
    let_pass(3.5)
    assert was == "installing" or machine.os_phase in ("windows", "installing", "thin_client")
    assert not machine.boot.broken or was == "installing"


@settings(max_examples=25, deadline=None)
@given(ticks=st.integers(0, 200))
def test_state_survives_a_restart_of_the_twin(fresh: Fresh, ticks: int) -> None:
    machine, let_pass = fresh()
    for line in STAGE:
        machine.run(line, DIRECTORY, direct=False)
    machine.run("schtasks /create /tn t /tr ver /sc once /st 23:00", DIRECTORY, direct=False)
    machine.jobs.start(ARM, DIRECTORY)
    let_pass(ticks / 10)
    saved = json.loads(json.dumps(machine.dump()))
    again, _let_pass = fresh(state=saved)
    assert again.dump() == machine.dump()
    assert again.describe() == machine.describe()


def test_power_cut_between_copy_and_move_keeps_windows(staged: Callable[..., Machine], move: Move, world: Any) -> None:
    machine = staged()
    machine.jobs.start(ARM, DIRECTORY)
    machine.tick(world.time)
    assert machine.files.file("C:\\OSC\\grub.tmp") is not None
    assert not machine.armed
    machine.power_cut()
    move(machine, 4.0)
    assert machine.os_phase == "windows" and not machine.armed


def test_unknown_faults_are_refused(pc: Callable[..., Machine]) -> None:
    with pytest.raises(ValueError, match="knows no fault"):
        pc().inject("flood", {})


@pytest.mark.parametrize(("line", "broken"), [("ver", True), ("manage-bde -protectors -disable C:", False)])
def test_bitlocker_asks_for_its_key_when_the_boot_chain_has_changed(
    staged: Callable[..., Machine], move: Move, line: str, broken: bool
) -> None:
    machine = staged(overrides={"bitlocker": True})
    run(machine, line, "shutdown /r /t 0")
    move(machine, 3.0)
    assert ("recovery key" in machine.boot.broken) is broken
    assert machine.os_phase == ("off" if broken else "windows")
