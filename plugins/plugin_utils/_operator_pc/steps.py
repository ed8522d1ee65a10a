# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One step on a PC: a command line, which exit codes are good, and how its effect is seen afterwards."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import CommandResult, WinRS

# What Windows Installer's exit codes ask of a person (Windows Installer reference, error codes).
MSIEXEC = {
    1601: "the Windows Installer service could not be reached; see that it is not disabled",
    1602: "it was cancelled on the PC",
    1603: "a fatal error",
    1605: "the package is not installed",
    1612: "the package that was installed from cannot be found any more",
    1618: "another installation is running, also after waiting for it; run again when it has ended",
    1619: "the package could not be opened",
    1620: "the file is no valid package",
    1622: "the log file could not be opened",
    1625: "a policy of the PC forbids it",
    1633: "the package is not for this kind of Windows",
    1638: "another version is already installed; remove it on the PC first",
    1639: "a wrong command line",
}
BUSY = 1618


@dataclass(frozen=True)
class Step:
    """One command on the PC.

    Attributes:
        name: what it does, for messages and evidence.
        command: the command line.
        good: exit codes that mean success; empty: any.
        timeout_s: seconds it may take.
        check: command that reads the effect; empty: nothing to read.
        seen: says whether the check's result shows the effect.
        undo: command for when the effect is not there; best effort.
        fix: next step of the person who reads the failure.
        again: exit codes after which it is tried again, ``tries`` times in all, ``wait_s`` seconds apart.
    """

    name: str
    command: str
    good: tuple[int, ...] = (0,)
    timeout_s: float = 120.0
    check: str = ""
    seen: Callable[[CommandResult], bool] = lambda result: result.rc == 0
    undo: str = ""
    fix: str = ""
    again: tuple[int, ...] = ()
    tries: int = 6
    wait_s: float = 30.0


def run_steps(
    shell: WinRS,
    steps: Iterable[Step],
    before_each: Callable[[], None],
    sleep: Callable[[float], None] = time.sleep,
) -> list[str]:
    """Run steps in order, each verified on the PC; give their names.

    Args:
        shell: the PC's command shell.
        steps: from a plan.
        before_each: raises if nothing may be written any more.
        sleep: waits between two tries.

    Raises:
        PeerError: a step failed or its effect is not there; later steps did not run.
    """
    done = []
    for step in steps:
        before_each()
        result = shell.run(step.command, timeout_s=step.timeout_s)
        for _try in range(step.tries - 1 if result.rc in step.again else 0):
            sleep(step.wait_s)
            before_each()
            result = shell.run(step.command, timeout_s=step.timeout_s)
            if result.rc not in step.again:
                break
        if step.good and result.rc not in step.good:
            _undo(shell, step, before_each)
            raise PeerError(f"On the PC, the step '{step.name}' failed: {_cause(step, result)}.", fix=step.fix)
        if step.check:
            found = shell.run(step.check, timeout_s=step.timeout_s)
            if not step.seen(found):
                _undo(shell, step, before_each)
                raise PeerError(
                    f"On the PC, the step '{step.name}' ended without its effect: {_text(found)}.", fix=step.fix
                )
        done.append(step.name)
    return done


def _undo(shell: WinRS, step: Step, before: Callable[[], None]) -> None:
    if step.undo:
        # A download may have outlived the run that started it: then not even its tidying up is done.
        before()
        shell.run(step.undo)


def _cause(step: Step, result: CommandResult) -> str:
    if not step.command.startswith("msiexec"):
        return f"exit code {result.rc}, {_text(result)}"
    known = MSIEXEC.get(result.rc) or _text(result)
    log = re.search(r"/l\S* (\S+)", step.command)
    return f"exit code {result.rc}, {known}" + (f"; its log on the PC is {log[1]}" if log else "")


def _text(result: CommandResult) -> str:
    return " ".join((result.stderr or result.stdout).split())[:300] or "no output"
