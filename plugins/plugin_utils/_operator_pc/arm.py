# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arming, the point of no return, and the way back: plan (pure) and reading.

The loader is replaced by copy-to-temporary and one move, so a power cut between any two commands boots either Windows
or, once the move is done, the installer; never a half loader. Before it, two scheduled tasks are set on the PC that put
Windows back: one by the clock, if the reboot does not come; one whenever Windows starts, because a task by the clock
is not made up for, and a PC that came up as Windows was not converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import clock, identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import converter as c
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import joined, run_parts, split
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.network import local_clock
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import parse_time
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult, WinRS

TIMER = "otedge-disarm"
AT_START = "otedge-disarm-start"
RESTORE = rf"copy /Y {c.LOADER_OLD} {c.LOADER_NEW} && move /Y {c.LOADER_NEW} {c.LOADER}"
# One detached command arms and reboots: between them there is no moment in which we could be lost. Where Windows does
# not take the restart (1190: another one is waiting), nothing stays armed.
ARM_AND_REBOOT = (
    rf'cmd /c "copy /Y {c.INSTALL_LOADER} {c.LOADER_NEW} && move /Y {c.LOADER_NEW} {c.LOADER}'
    f' && shutdown /r /t 5 /f || {RESTORE}"'
)
QUERY_TIMER = f"schtasks /query /tn {TIMER} /xml"
QUERY_AT_START = f"schtasks /query /tn {AT_START} /xml"
_START = re.compile(r"<StartBoundary>\s*([0-9T:.+Z-]+)\s*</StartBoundary>")
_CREATE_RESULTS = {
    2: "access denied", 3: "insufficient privilege", 8: "unknown failure", 9: "path not found", 21: "invalid parameter"
}  # fmt: skip


@dataclass(frozen=True)
class ArmState:
    """What a PC looks like right before a change.

    Attributes:
        converter: state of loader and image.
        timer: start of the disarm timer as the PC tells it (local, ISO), empty where there is none.
        local_time: the PC's wall clock.
        live: {serial, uuid}.
        at_start: the task that disarms whenever Windows starts is there.
        clock: when the PC changes its clock; None where it does not, or does not say.
    """

    converter: c.ConverterState
    timer: str
    local_time: datetime
    live: Mapping[str, str]
    at_start: bool = False
    clock: clock.ClockRules | None = None


def read_arm(client: WsmanClient, shell: WinRS) -> ArmState:
    """Read everything anew; raises PeerError if the PC does not tell its time."""
    live = identity.read(client)
    rows = client.enumerate("select LocalDateTime,CurrentTimeZone from Win32_OperatingSystem")
    moment = parse_time(rows[0].get("LocalDateTime")) if rows else None
    offset = str(rows[0].get("CurrentTimeZone") or "") if rows else ""
    if moment is None:
        raise PeerError("The PC does not tell its time, so no disarm timer can be set.", fix="Check WMI on the PC.")
    parts = run_parts(shell, {**c.READS, "timer": QUERY_TIMER, "at_start": QUERY_AT_START, "clock": clock.READ})
    local = local_clock(moment, int(offset) if offset.lstrip("-").isdigit() else None)
    return ArmState(
        c.certain(parts),
        timer_start(parts.get("timer", "")),
        local,
        live,
        restores_at_start(parts.get("at_start", "")),
        clock.rules_from(parts.get("clock", "")),
    )


def timer_start(xml_text: str) -> str:
    """Give the timer's start out of ``schtasks /query /xml`` if its action restores the loader, else an empty text."""
    found = _START.search(xml_text)
    return found[1] if found and c.LOADER_OLD.lower() in xml_text.lower() else ""


def restores_at_start(xml_text: str) -> bool:
    """Say whether a task as ``schtasks /query /xml`` prints it restores the loader whenever Windows starts."""
    return "<boottrigger" in xml_text.lower() and c.LOADER_OLD.lower() in xml_text.lower()


def plan_arm(state: ArmState, disarm_after_minutes: int) -> Change[Step]:
    """Give the preparing steps; after them one detached command arms. Always a change: arming ends in a reboot.

    Raises:
        InputError: the timer would fire at once, or after a clock has gone round.
        RefusedError: the PC is not staged, or its clock shows the timer's minute twice.
        PeerError: armed, and the original loader is gone.
    """
    if not 2 <= disarm_after_minutes <= 120:
        raise InputError(f"disarm_after_minutes is {disarm_after_minutes}.", fix="Give 2 to 120 minutes.")
    found = state.converter
    if not found.staged:
        raise RefusedError(
            "The PC is not staged: converter or image is missing.", fix="Run otedge.endpoint.operator_pc_stage first."
        )
    steps: list[Step] = []
    if not found.original:
        if found.armed:
            raise _no_way_back()
        steps.append(
            Step(
                "keep the loader that boots Windows",
                # By one move as well: a task of an earlier run may put this file back at the next start.
                f"copy /Y {c.LOADER} {c.LOADER_NEW} && move /Y {c.LOADER_NEW} {c.LOADER_OLD}",
                check=joined(c.READS),
                seen=lambda result: c.certain(split(result.stdout)).original,
            )
        )
    start = clock.timer_start(state.local_time, disarm_after_minutes, state.clock)
    steps.append(_at_start_step())
    steps.append(_timer_step(state.local_time, start))
    before = {"armed": found.armed, "timer": bool(state.timer)}
    return Change(before, {"armed": True, "timer": True, "reboot": True}, tuple(steps))


def plan_disarm(state: ArmState) -> Change[Step]:
    """Give the steps back to booting Windows; none when nothing is armed and no timer is set.

    Raises:
        PeerError: armed, and the original loader is gone.
    """
    steps: list[Step] = []
    if state.converter.armed:
        if not state.converter.original:
            raise _no_way_back()
        steps.append(
            Step(
                "restore the loader that boots Windows",
                RESTORE,
                check=joined(c.READS),
                seen=lambda result: not c.certain(split(result.stdout)).armed,
                fix=_SITE,
            )
        )
        # A restart that was already announced; exit code 1116 says there is none.
        steps.append(Step("call off the restart", "shutdown /a", good=()))
    steps += remove_tasks(name for name, there in ((TIMER, state.timer), (AT_START, state.at_start)) if there)
    before = {"armed": state.converter.armed, "timer": bool(state.timer)}
    return Change(before, {"armed": False, "timer": False}, tuple(steps))


def tasks_left(timer_xml: str, start_xml: str) -> tuple[str, ...]:
    """Give the names of the disarm tasks that ``schtasks /query /xml`` showed."""
    shown = ((TIMER, timer_start(timer_xml)), (AT_START, restores_at_start(start_xml)))
    return tuple(name for name, there in shown if there)


def remove_tasks(names: Iterable[str] = (TIMER, AT_START)) -> list[Step]:
    """Give the steps that delete disarm tasks, both by default."""
    return [_remove(name) for name in names]


def launch(client: WsmanClient) -> int:
    """Start the one detached command that arms and reboots; give its process id.

    Raises:
        PeerError: Windows did not start it: the PC is as it was.
    """
    output = client.invoke("Win32_Process", "Create", [("CommandLine", ARM_AND_REBOOT)])
    code = output["ReturnValue"]
    if code != 0:
        raise PeerError(
            f"The PC did not start the command that arms it: {_CREATE_RESULTS.get(code, f'code {code}')}.",
            fix="The loader is untouched. Check the account's rights on the PC.",
        )
    return int(str(output.get("ProcessId") or 0))


def _remove(task: str) -> Step:
    return Step(
        "remove the disarm timer" if task == TIMER else "remove the disarming at start",
        f"schtasks /delete /tn {task} /f",
        check=f"schtasks /query /tn {task} /xml",
        seen=lambda found: c.LOADER_OLD.lower() not in found.stdout.lower(),
    )


def _at_start_step() -> Step:
    return Step(
        "set the disarming at start",
        f'schtasks /create /tn {AT_START} /tr "cmd /c {RESTORE}" /sc onstart /ru SYSTEM /f',
        check=QUERY_AT_START,
        seen=lambda found: found.rc == 0 and restores_at_start(found.stdout),
        fix="See that the Task Scheduler service of the PC runs.",
    )


def _timer_step(now: datetime, start: datetime) -> Step:
    clock = start.strftime("%H:%M")

    def create(schedule: str) -> str:
        return f'schtasks /create /tn {TIMER} /tr "cmd /c {RESTORE}" {schedule} /st {clock} /ru SYSTEM /f'

    command = create("/sc once")
    if start.date() != now.date():
        # Past midnight a date is needed, and it is read in the PC's own format. A daily task needs none: it runs when
        # the clock next shows this minute, and is deleted with the disarming. The dated form is the second try.
        command = f"{create('/sc daily')} || {create(f'/sc once /sd {start:%m/%d/%Y}')}"
    return Step(
        "set the disarm timer",
        command,
        check=QUERY_TIMER,
        seen=lambda found: _set_for(found, clock),
        fix="See that the Task Scheduler service of the PC runs.",
    )


def _set_for(found: CommandResult, clock: str) -> bool:
    _date, _t, moment = timer_start(found.stdout).partition("T")
    return found.rc == 0 and moment.startswith(clock)


_SITE = "Do not restart this PC. Restore C:\\OSC\\grub.cfg from C:\\OSC\\grub.cfg.old by hand."


def _no_way_back() -> PeerError:
    return PeerError(
        f"The PC is armed, and the loader that boots Windows is not kept in {c.LOADER_OLD}.",
        fix="Do not restart this PC unless it is to be converted; repair the converter's installation by hand.",
    )
