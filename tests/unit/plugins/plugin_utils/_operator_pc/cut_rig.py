# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated PC without its network: every single command of every line can be the last before a cut."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.action import operator_pc_backup
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import arm, backup, backup_run, stage
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.cmd import Context, Interpreter
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.cmd_files import BUILTINS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import COMMANDS, Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._wsman import pc_rig as rig

SETTLED = ("windows", "thin_client", "off")
LOGS = ("c:\\windows\\temp\\otedge-converter.log",)


class Killed(BaseException):
    """The run was killed: nothing of it runs any more, not even what tidies up."""


class World(rig.World):
    """A world whose clock only moves when told; 23:00 on a winter evening in Berlin."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1_795_989_600.0

    def now(self) -> float:
        return self.time


class CutPc:
    """One PC, its command shell and its WS-Man client, with a cut after the `cut_at`-th single command.

    Args:
        state: of an earlier machine, None for a fresh one.
        kind: run, network or power.
        cut_at: which command is the last one, counted from 1; 0 never cuts.
    """

    def __init__(self, state: dict[str, Any] | None = None, kind: str = "run", cut_at: int = 0) -> None:
        self.world = World()
        self.config = {
            "name": "l1-op1", "model": "win10_x64", "address": "10.20.1.11",
            "overrides": {"volumes": {"E": {"free_gb": 900, "size_gb": 1000}}},
            "mac": "00:1B:1B:00:11:01", "user": "svc", "password": "x", "flows": [], "apps": [],
            "timezone": "Europe/Berlin", "install_seconds": 5, "boot_seconds": 5, "after_install": "reboot",
        }  # fmt: skip
        if state is not None:
            self.world.time = state["ticked"]
        self.machine = Machine(self.config, self.world, state)
        self.kind, self.cut_at, self.count = kind, cut_at, 0
        self.cut = self.released = False

    def run(self, command: str, *, timeout_s: float = 0) -> CommandResult:
        """Run a line as WinRS would."""
        self._refuse()
        interpreter = Interpreter(Context(self.machine, "C:\\Users\\svc"), COMMANDS, frozenset(BUILTINS))
        for _step in interpreter.line(command):
            self._counted()
        self._lost()
        found = interpreter.result()
        return CommandResult(found.code & 0xFFFFFFFF, found.out, found.err)

    def enumerate(self, wql: str, namespace: str = "", columns: Any = ()) -> list[dict[str, Any]]:
        """Answer the few queries that the steps ask, all columns of every row."""
        self._refuse()
        name = wql.partition(" from ")[2].split()[0]
        if name == "Win32_OperatingSystem":
            local = self.machine.local_time()
            minutes = int(local.utcoffset().total_seconds() // 60)  # type: ignore[union-attr]
            return [{"LocalDateTime": local.isoformat(), "CurrentTimeZone": str(minutes), "SystemDrive": "C:"}]
        if not self.machine.properties("root\\cimv2", name):
            raise WsmanFault("no such class", wmi=0x80041010)
        rows = self.machine.instances("root\\cimv2", name)
        return [{key: None if one is None else str(one) for key, one in row.items()} for row in rows]

    def invoke(self, name: str, method: str, parameters: Any = (), **_more: Any) -> dict[str, Any]:
        """Start a detached program and let it run to its end, unless the mains are cut."""
        self._refuse()
        self.released = True
        pid = self.machine.jobs.start(dict(parameters)["CommandLine"], "C:\\Windows\\System32")
        for job in list(self.machine.jobs.running):
            for _step in job.steps:
                self._counted()
        self.machine.jobs.clear()
        self._lost()
        return {"ProcessId": pid, "ReturnValue": 0 if pid else 9}

    def pass_time(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass in small steps."""
        for _step in range(int(seconds / step)):
            self.world.time += step
            self.machine.tick(self.world.time)

    def settle(self) -> str:
        """Let it boot, or install, to its end; give what runs then."""
        for _try in range(60):
            self.pass_time(1)
            if self.machine.os_phase in SETTLED and self.machine.boot.until is None and not self.machine.boot.pending:
                break
        return self.machine.boot.broken or self.machine.os_phase

    def boots(self) -> str:
        """Say what would start if the mains were cut at this very moment."""
        twin = CutPc(self.dump())
        twin.machine.power_cut()
        return twin.settle()

    def reset(self) -> None:
        """Drop the session, as a transport does."""

    @property
    def transport(self) -> CutPc:
        """The PC is its own transport."""
        return self

    def dump(self) -> dict[str, Any]:
        """Give the whole state, so that another machine can begin where this one is."""
        self.machine.tick(self.world.time)
        return self.machine.dump()

    def again(self) -> CutPc:
        """Give the same PC for a new run, with nothing cut."""
        return CutPc(self.dump())

    def disk(self) -> tuple[Any, ...]:
        """Give what lies on the disk, in the registry and in the task list; logs left out."""
        files = [one for one in self.machine.files.dump() if one["path"].lower() not in LOGS]
        uninstall = "Microsoft\\Windows\\CurrentVersion\\Uninstall"
        views = ("HKLM\\SOFTWARE\\", "HKLM\\SOFTWARE\\Wow6432Node\\")
        installed = [sorted(self.machine.registry.subkeys(view + uninstall)) for view in views]
        return files, installed, sorted(self.machine.tasks)

    def _counted(self) -> None:
        self.count += 1
        if self.count == self.cut_at:
            self.cut = True
            if self.kind == "power":
                self.machine.power_cut()
                raise TalkError("The connection broke off.")

    def _lost(self) -> None:
        if self.cut and self.kind == "run":
            raise Killed
        if self.cut:
            raise TalkError("The connection broke off.")

    def _refuse(self) -> None:
        if self.cut:
            raise TalkError("The PC cannot be reached.")


def do_stage(pc: CutPc) -> None:
    """Stage as operator_pc_stage does."""
    run_steps(pc, stage.plan_present(stage.read_stage(pc), rig.PACKAGE, rig.IMAGE).steps, lambda: None)  # type: ignore[arg-type]


def do_unstage(pc: CutPc) -> None:
    """Unstage as operator_pc_stage does."""
    run_steps(pc, stage.plan_absent(stage.read_stage(pc)).steps, lambda: None)  # type: ignore[arg-type]


def do_arm(pc: CutPc) -> None:
    """Arm as operator_pc_arm does once its gates are open."""
    run_steps(pc, arm.plan_arm(arm.read_arm(pc, pc), 10).steps, lambda: None)  # type: ignore[arg-type]
    arm.launch(pc)  # type: ignore[arg-type]


def do_disarm(pc: CutPc) -> None:
    """Disarm as operator_pc_arm does."""
    run_steps(pc, arm.plan_disarm(arm.read_arm(pc, pc)).steps, lambda: None)  # type: ignore[arg-type]


def do_backup(pc: CutPc) -> str:
    """Make an image as operator_pc_backup does, without its records; give the version that was verified."""

    class Talk(operator_pc_backup.Talk):
        def going_on(self) -> None:
            """There is no site to ask."""

    want = backup.wanted({"kind": "image", "target": "E:", "max_age_hours": 24}, "l1-op1")
    wait = backup_run.Patience(600.0, 1.0, pc.world.now, pc.pass_time)
    state = backup_run.read_backup(pc, pc)  # type: ignore[arg-type]
    change = backup.plan_backup(state, want, None, pc.world.now(), "l1-op1")
    action = object.__new__(operator_pc_backup.ActionModule)
    talk = Talk("l1-op1", pc, pc, "", want, wait)  # type: ignore[arg-type]
    before, codes = action._jobs(talk, state, change)
    after = backup_run.read_after(pc, pc, want, before, wait)  # type: ignore[arg-type]
    version = operator_pc_backup._verified(want, before, after, codes)["version"]
    backup_run.tidy(pc, talk.going_on)  # type: ignore[arg-type]
    return str(version)
