# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backups of a PC: reading it, running a job and waiting for its end, tidying up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import backup as b
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import guards, identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_parts
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step, run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

_READS = {
    "versions": "wbadmin get versions",
    "rc": f"type {b.RC}",
    "job": f"type {b.JOB}",
    "left": rf"dir /b /ad {b.FOLDER}*",
    "task": f"schtasks /query /tn {b.TASK} /xml",
}
_BANNER = re.compile(r"wbadmin \d", re.IGNORECASE)
_DISK = re.compile(r"Disk #(\d+)")
_LETTER = re.compile(r"^[A-Z]:$")
# A connection that broke off is tried again for so many polls before the run gives up.
_LOST_POLLS = 20
_LISTED_POLLS = 4


@dataclass(frozen=True)
class Patience:
    """How long to wait for a job, how often to look, with which clock and sleep (seconds)."""

    timeout_s: float
    poll_s: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def read_backup(client: WsmanClient, shell: WinRS) -> b.BackupState:
    """Read everything that planning needs."""
    live = identity.read(client)
    system = client.enumerate("select PartOfDomain from Win32_ComputerSystem")
    drive = guards.system_drive(client)
    parts = run_parts(shell, _READS)
    return b.BackupState(
        wbadmin=bool(_BANNER.search(parts.get("versions", ""))),
        versions=b.versions_from(parts.get("versions", "")),
        system=drive,
        volumes=_volumes(client),
        domain=str((system[0] if system else {}).get("PartOfDomain")).lower() == "true",
        running=is_running(client),
        rc=_code(parts.get("rc", "")),
        job=parts.get("job", "").strip(),
        left=bool(parts.get("left", "").strip()) or b.RC.lower() in parts.get("task", "").lower(),
        live=live,
    )


def start_steps(job: b.Job, note: str) -> list[Step]:
    """Give the steps that start a job: a fresh folder, what it is for, the task, and its start."""
    fix = "See that the Task Scheduler service of the PC runs."
    return [
        Step("make the backup's folder", f"if exist {b.FOLDER} rd /s /q {b.FOLDER} & mkdir {b.FOLDER}"),
        Step("note what the backup is for", f"(echo {note})>{b.JOB}", check=f"type {b.JOB}", seen=lambda r: r.rc == 0),
        Step(
            "make the task of the backup",
            f'schtasks /create /tn {b.TASK} /tr "{job.line}" /sc once /st 00:00 /ru SYSTEM /f',
            check=f"schtasks /query /tn {b.TASK} /xml",
            seen=lambda found: found.rc == 0 and b.RC.lower() in found.stdout.lower(),
            fix=fix,
        ),
        Step("start the backup", f"schtasks /run /tn {b.TASK}", fix=fix),
    ]


def wait_for(client: WsmanClient, shell: WinRS, job: b.Job, before_each: Callable[[], None], wait: Patience) -> int:
    """Wait for the end of a job that runs; give its exit code.

    Raises:
        PeerError: it failed, vanished, or did not end in time; in the last case it goes on.
    """
    until = wait.clock() + wait.timeout_s
    lost = gone = 0
    while True:
        try:
            parts = run_parts(shell, {"rc": f"type {b.RC}"})
            code = _code(parts.get("rc", ""))
            if code is not None:
                return _judged(shell, job, code)
            # Twice: it may have ended between the two looks.
            gone = 0 if is_running(client) else gone + 1
            lost = 0
        except TalkError:
            lost += 1
            if lost > _LOST_POLLS:
                raise
            client.transport.reset()
        if gone > 2:
            raise PeerError(
                f"{job.name.capitalize()} ended without a result; the PC was perhaps switched off.", fix="Run again."
            )
        before_each()
        if wait.clock() > until:
            raise PeerError(
                f"{job.name.capitalize()} did not end within {wait.timeout_s / 60:.0f} minutes; it goes on.",
                fix="Run again: it waits for the same backup. Give more timeout_minutes for a slow PC or share.",
            )
        wait.sleep(wait.poll_s)


def read_after(client: WsmanClient, shell: WinRS, want: b.Wanted, before: set[str], wait: Patience) -> b.BackupState:
    """Read the PC after a backup; an image's version may take a moment until wbadmin lists it."""
    for _try in range(_LISTED_POLLS):
        state = read_backup(client, shell)
        if want.kind == "files" or state.versions_on(want.target) - before:
            break
        wait.sleep(wait.poll_s)
    return state


def tidy(shell: WinRS, before_each: Callable[[], None]) -> None:
    """Remove task and folder; they may be there or not."""
    run_steps(
        shell,
        [
            Step("remove the task of the backup", f"schtasks /delete /tn {b.TASK} /f", good=()),
            Step(
                "remove the backup's folder",
                f"if exist {b.FOLDER} rd /s /q {b.FOLDER}",
                check=rf"dir /b /ad {b.FOLDER}*",
                seen=lambda found: not found.stdout.strip(),
            ),
        ],
        before_each,
    )


def _judged(shell: WinRS, job: b.Job, code: int) -> int:
    if 0 <= code < job.good_below:
        return code
    log = shell.run(f"type {b.LOG}").stdout
    last = " ".join(" ".join(line.split()) for line in log.splitlines()[-6:] if line.strip())[-400:]
    raise PeerError(
        f"{job.name.capitalize()} failed: exit code {code}, {last or 'no output'}.",
        fix="Check target, space and rights; a share has to let the PC's own account write.",
    )


def is_running(client: WsmanClient) -> bool:
    """Say whether a job of ours runs on the PC."""
    rows = client.enumerate("select ProcessId,CommandLine from Win32_Process where Name='cmd.exe'")
    return any(b.RC.lower() in str(row.get("CommandLine") or "").lower() for row in rows)


def _volumes(client: WsmanClient) -> dict[str, b.Volume]:
    disks = _disks(client)
    found = {}
    for row in client.enumerate("select DeviceID,Size,FreeSpace from Win32_LogicalDisk where DriveType=3"):
        letter = str(row.get("DeviceID") or "").upper()
        size, free = (str(row.get(name) or "") for name in ("Size", "FreeSpace"))
        if size.isdigit() and free.isdigit():
            found[letter] = b.Volume(int(size), int(free), disks.get(letter))
    return found


def _disks(client: WsmanClient) -> dict[str, int]:
    """Give on which disk each volume lies; nothing where this Windows does not say it."""
    try:
        rows = client.enumerate("select Antecedent,Dependent from Win32_LogicalDiskToPartition")
    except WsmanFault as fault:
        if fault.missing:
            return {}
        raise
    found = {}
    for row in rows:
        disk = next((match[1] for text in _texts(row.get("Antecedent")) if (match := _DISK.search(text))), "")
        letter = next((text for text in _texts(row.get("Dependent")) if _LETTER.match(text)), "")
        if disk and letter:
            found[letter] = int(disk)
    return found


def _texts(value: Any) -> list[str]:
    """Give all texts of a reference, which comes as nested elements or as a path."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return re.findall(r'[^"=]+', str(value or ""))


def _code(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if digits.lstrip("-").isdigit() else None
