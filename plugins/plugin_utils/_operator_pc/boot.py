# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restarting a PC, and the proof of it: never LastBootUpTime alone, which moves when the clock is corrected."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import boot_entry as e
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import converter as c
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import registry
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.batch import run_parts
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.parsing import parse_time
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

RESTART = 'shutdown /r /t 5 /f /d p:4:1 /c "otedge.endpoint"'
CALL_OFF = "shutdown /a"
PENDING = 1190
NONE_PENDING = 1116
# Clocks of PCs are corrected while they start; a start within this of the last one is no proof.
TOLERANCE = timedelta(seconds=60)
_SECURE_BOOT = r'reg query "HKLM\SYSTEM\CurrentControlSet\Control\SecureBoot\State" /v UEFISecureBootEnabled'


@dataclass(frozen=True)
class Uptime:
    """Since when a PC is up: ``boot`` by its own clock, ``seconds`` up, counted by Windows."""

    boot: datetime
    seconds: float


@dataclass(frozen=True)
class BootState:
    """What a PC would do at its next start.

    Attributes:
        firmware: its boot entries.
        secure_boot: Secure Boot is on.
        armed: the converter's loader would start the installer.
        uptime: since when it is up.
    """

    firmware: e.Firmware = field(default_factory=e.Firmware)
    secure_boot: bool = False
    armed: bool = False
    uptime: Uptime = field(default_factory=lambda: Uptime(datetime(1970, 1, 1), 0.0))


@dataclass(frozen=True)
class Waiting:
    """How long to wait for a restart, how often to look, with which clock and sleep (seconds)."""

    timeout_s: float
    poll_s: float = 3.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def read_boot(client: WsmanClient, shell: WinRS) -> BootState:
    """Read everything that planning needs."""
    uptime = read_uptime(client)
    parts = run_parts(shell, {**c.READS, "firmware": e.ENUM, "secure_boot": _SECURE_BOOT})
    secure = registry.number(registry.value(parts.get("secure_boot", ""), "UEFISecureBootEnabled")) == 1
    return BootState(e.parse(parts.get("firmware", "")), secure, c.certain(parts).armed, uptime)


def read_uptime(client: WsmanClient) -> Uptime:
    """Read since when the PC is up; raises PeerError if it does not say."""
    rows = client.enumerate("select LastBootUpTime,LocalDateTime from Win32_OperatingSystem")
    boot, local = (parse_time(rows[0].get(name)) if rows else None for name in ("LastBootUpTime", "LocalDateTime"))
    if boot is None or local is None:
        raise PeerError("The PC does not tell when it started.", fix="Check WMI on the PC; nothing was restarted.")
    try:
        counted = client.enumerate("select SystemUpTime from Win32_PerfFormattedData_PerfOS_System")
    except WsmanFault:
        counted = []
    text = str((counted[0] if counted else {}).get("SystemUpTime") or "")
    # Where the counters are broken: both times move together when the clock is corrected, their difference does not.
    return Uptime(boot, float(text) if text.isdigit() else (local - boot).total_seconds())


def plan_entry(state: BootState, wanted: str) -> Change[Step]:
    """Give the steps that make an entry boot once, or with an empty text, that nothing but the usual order boots.

    Raises:
        RefusedError: legacy BIOS, or the PC is armed.
        InputError: no entry, or several, fit.
    """
    before = {"boots_once": state.firmware.once}
    if not wanted:
        return Change(before, {"boots_once": ""}, (_clear(),) if state.firmware.once else ())
    entry = e.choose(state.firmware, wanted)
    steps = () if state.firmware.once == entry else (_set(entry),)
    return Change(before, {"boots_once": entry}, steps)


def refuse_armed(state: BootState) -> None:
    """Refuse to restart an armed PC: that is a conversion, and operator_pc_arm's alone."""
    if state.armed:
        raise RefusedError(
            "The PC is armed: a restart would start the installer.",
            fix="Run otedge.endpoint.operator_pc_arm, with state disarmed to go on with Windows.",
        )


def restart_step() -> Step:
    """Give the step that restarts; a restart that is pending already makes it fail, see pending()."""
    return Step("restart", RESTART, good=(0, PENDING))


def pending() -> RefusedError:
    """Give the refusal where another restart or shutdown was announced before."""
    return RefusedError(
        "Another restart or shutdown of the PC is pending already (1190).",
        fix="Wait for it, or call it off with state cancelled, then run again.",
    )


def restarted(before: Uptime, after: Uptime, elapsed_s: float) -> bool:
    """Say whether a PC was started anew since ``before`` was read.

    Args:
        before: read before the restart.
        after: read now.
        elapsed_s: seconds since before the restart was ordered, by the controller.
    """
    return after.boot - before.boot > TOLERANCE and after.seconds < elapsed_s


def wait_back(client: WsmanClient, before: Uptime, ordered: float, wait: Waiting) -> Uptime:
    """Wait until Windows is back, and prove it.

    Args:
        client: of the PC; its session is dropped whenever it breaks.
        before: read before.
        ordered: value of the clock right before the restart was ordered.
        wait: how long.

    Raises:
        PeerError: it did not restart in time, or did not come back.
    """
    last = "it never went away"
    while wait.clock() - ordered < wait.timeout_s:
        wait.sleep(wait.poll_s)
        try:
            client.identify()
            after = read_uptime(client)
            if restarted(before, after, wait.clock() - ordered):
                return after
            last = f"it answers, is up for {after.seconds:.0f} s, and says it started at {after.boot.isoformat()}"
        except (TalkError, PeerError) as exc:
            # While Windows starts or ends, WinRM answers with faults before it is ready.
            last = f"it does not answer as it should: {exc.message}"
            client.transport.reset()
    raise PeerError(
        f"It cannot be proved within {wait.timeout_s:.0f} s that the PC restarted: {last}.",
        fix="Look at the PC; give more wait_minutes for one that installs updates while it starts.",
    )


def wait_gone(client: WsmanClient, ordered: float, wait: Waiting) -> None:
    """Wait until the PC does not answer any more: after a one-time entry it is not expected back as Windows.

    Raises:
        PeerError: it still answers.
    """
    silent = 0
    while wait.clock() - ordered < wait.timeout_s:
        wait.sleep(wait.poll_s)
        try:
            client.identify()
            silent = 0
        except PeerError:
            silent = 0
        except TalkError:
            client.transport.reset()
            silent += 1
            if silent > 1:
                return
    raise PeerError(
        f"The PC still answers {wait.timeout_s:.0f} s after its restart was ordered.", fix="Look at the PC."
    )


def _set(entry: str) -> Step:
    return Step(
        "boot an entry once",
        e.set_command(entry),
        check=e.ENUM,
        seen=lambda found: e.parse(found.stdout).once == entry,
        undo=e.CLEAR,
        fix="The firmware did not take it; use the boot menu at the PC.",
    )


def _clear() -> Step:
    return Step(
        "boot in the usual order",
        e.CLEAR,
        check=e.ENUM,
        seen=lambda found: found.rc == 0 and not e.parse(found.stdout).once,
    )
