# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arm a staged PC and restart it into the installer, or disarm it; the point of no return of a conversion."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    OtedgeError,
    PeerError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence, acquire_lock, require_running
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_arm import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction, GateResult, controlling_pid
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import arm, identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import UnsureError, read_state
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import WsmanFault
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

SETTLE_S = 0.5
SETTLE_TRIES = 8
Gates = dict[str, GateResult]


class GateClosedError(RefusedError):
    """A gate closed between the first look and the last; the role decides what that means."""


@dataclass
class Talk:
    """One conversation with one PC."""

    host: str
    client: WsmanClient
    shell: WinRS
    options: dict[str, Any]
    task_vars: dict[str, Any]
    started: float = field(default_factory=time.monotonic)


class ActionModule(GatedAction):
    """Action of otedge.endpoint.operator_pc_arm."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read the PC, ask the gates, arm or put Windows back."""
        client = WsmanClient(open_transport(self._connection))
        with WinRS(client) as shell:
            talk = Talk(str(task_vars["inventory_hostname"]), client, shell, options, task_vars)
            state = arm.read_arm(client, shell)
            if options["state"] == "disarmed":
                return self._disarm(talk, state)
            gates = self._gates(talk, state.live)
            if not _open(gates):
                return self._refuse(talk, state, gates)
            return self._arm(talk, state, gates)

    def _gates(self, talk: Talk, live: Mapping[str, str]) -> Gates:
        # Armed but not restarted, it stays armed until its timer goes off: so long what allows it has to last.
        lasting_s = talk.options["disarm_after_minutes"] * 60.0
        return self.check_gates(talk.options, talk.task_vars, [talk.host], live={talk.host: live}, lasting_s=lasting_s)[
            talk.host
        ]

    def _refuse(self, talk: Talk, state: arm.ArmState, gates: Gates) -> dict[str, Any]:
        return {**self._disarm(talk, state), "refused": True, "gates": _plain(gates)}

    def _arm(self, talk: Talk, state: arm.ArmState, gates: Gates) -> dict[str, Any]:
        if self.check_mode and not state.converter.staged:
            # The stage step before would have staged it.
            state = replace(state, converter=replace(state.converter, staged=True))
        change = arm.plan_arm(state, talk.options["disarm_after_minutes"])
        result = {"changed": True, "armed": True, "refused": False, "diff": change.diff(talk.host)}
        if self.check_mode:
            return {**result, "gates": _plain(gates)}
        records = talk.options["site_records"]
        try:
            with self.acting(records, talk.host, "arm", {"gates": _plain(gates), **state.live}) as outcome:
                outcome["steps"] = run_steps(talk.shell, change.steps, lambda: require_running(records))
                # Right before the point of no return everything is read once more, the PC's identity too.
                gates = self._gates(talk, identity.read(talk.client))
                if not _open(gates):
                    # Also where the stop file exists, but not without the run.
                    run_steps(talk.shell, arm.remove_tasks(), lambda: self._hold(talk))
                    raise GateClosedError("A gate closed while the PC was prepared; it was not armed.")
                _refuse_late(talk)
                require_running(records)
                outcome["process"] = _launch(talk)
        except GateClosedError:
            return {**self._refuse(talk, arm.read_arm(talk.client, talk.shell), gates), "changed": True}
        return {**result, "gates": _plain(gates)}

    def _hold(self, talk: Talk) -> None:
        acquire_lock(
            talk.options["site_records"], controlling_pid(), f"{self._task.action} on {talk.host}", self.clock()
        )

    def _disarm(self, talk: Talk, state: arm.ArmState) -> dict[str, Any]:
        change = arm.plan_disarm(state)
        result = {
            "changed": change.changed,
            "armed": False,
            "refused": False,
            "gates": {},
            "diff": change.diff(talk.host),
        }
        if not change.changed or self.check_mode:
            return result
        # Not under `acting`: the way back to Windows is open also while the stop file exists.
        records = talk.options["site_records"]
        self._hold(talk)
        evidence = Evidence(records, self.clock)
        intent = evidence.intent(str(self._task.action), talk.host, "disarm", {"before": change.before})
        try:
            done = run_steps(talk.shell, change.steps, lambda: None)
        except OtedgeError as exc:
            evidence.result(intent, "failed", {"error": str(exc)})
            raise
        evidence.result(intent, "done", {"steps": done})
        return result


def _refuse_late(talk: Talk) -> None:
    """Refuse where the disarm timer, set by the clock the PC showed at the start, would fire before the restart."""
    spent = time.monotonic() - talk.started
    if spent > talk.options["disarm_after_minutes"] * 60 / 2:
        raise RefusedError(
            f"Preparing took {spent:.0f} s: the disarm timer would soon fire. The PC was not armed.",
            fix="Run again, with a larger disarm_after_minutes if the PC or the line's server is that slow.",
        )


def _launch(talk: Talk) -> int:
    """Arm; a failure from here on says ``launched``: the PC may have taken the command, and may restart any moment."""
    try:
        process = arm.launch(talk.client)
    except (TalkError, WsmanFault) as exc:
        if isinstance(exc, WsmanFault) and not exc.timed_out:
            raise
        raise PeerError(
            f"It is not known whether the PC took the command that arms it: {exc.message}",
            fix="Run again: it looks where the PC is. If it did not restart, its timer disarms it.",
            launched=True,
        ) from exc
    _see_armed(talk.shell)
    return process


def _see_armed(shell: WinRS) -> None:
    """See the loader switched, unless the PC is gone into its restart already."""
    try:
        for _try in range(SETTLE_TRIES):
            # A loader that is being moved cannot be read for a moment.
            with suppress(UnsureError):
                if read_state(shell).armed:
                    return
            time.sleep(SETTLE_S)
    except TalkError:
        return
    except PeerError:
        # While it shuts down, WinRM refuses new commands before it stops answering.
        return
    raise PeerError(
        "The command that arms the PC was started, and the loader is still the one that boots Windows.",
        fix="The disarm timer is set. Another restart of the PC may be pending, then the loader was put back"
        " (operator_pc_boot with state cancelled calls it off); or look at space and rights in C:\\OSC; run again.",
        launched=True,
    )


def _open(gates: Gates) -> bool:
    return all(gate.open for gate in gates.values())


def _plain(gates: Gates) -> dict[str, dict[str, Any]]:
    return {name: gate.as_dict() for name, gate in gates.items()}
