# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restart a PC and prove it, or choose what its firmware boots once."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    OtedgeError,
    RefusedError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import require_running
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_boot import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GATES, GatedAction, GateResult
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import boot, boot_entry, guards, identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step, run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

POLL_S = 3.0


class GateClosedError(RefusedError):
    """A gate closed between the first look and the last."""


@dataclass
class Talk:
    """One conversation with one PC."""

    host: str
    client: WsmanClient
    shell: WinRS
    options: dict[str, Any]
    task_vars: dict[str, Any]

    @property
    def records(self) -> str:
        """Give the records folder, empty without a site."""
        return str(self.options.get("site_records") or "")

    def going_on(self) -> None:
        """Raise unless the run goes on; without a site there is no lock to hold."""
        if self.records:
            require_running(self.records)


class ActionModule(GatedAction):
    """Action of otedge.endpoint.operator_pc_boot."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, ask the gates, set the entry, restart, prove."""
        if not 0 <= options["wait_minutes"] <= 240:
            raise InputError(f"wait_minutes is {options['wait_minutes']}.", fix="Give 0 to 240 minutes.")
        client = WsmanClient(open_transport(self._connection))
        with WinRS(client) as shell:
            talk = Talk(str(task_vars["inventory_hostname"]), client, shell, options, task_vars)
            state = boot.read_boot(client, shell)
            if options["state"] == "cancelled":
                return self._cancel(talk, state)
            boot.refuse_armed(state)
            entry = str(options.get("boot_entry") or "")
            change = boot.plan_entry(state, entry) if entry else Change[Step]()
            if entry:
                guards.refuse_bitlocker(client, "A start from another entry would ask for its recovery key.")
            gates = self._allowed(talk)
            result = {
                "changed": options["state"] == "restarted" or change.changed,
                "refused": False,
                "gates": _plain(gates),
                "boots_once": change.after["boots_once"] if isinstance(change.after, dict) else "",
                "secure_boot": state.secure_boot,
                "diff": change.diff(talk.host),
            }
            if not all(gate.open for gate in gates.values()):
                return {**result, "changed": False, "refused": True, "boots_once": state.firmware.once}
            return result if self.check_mode else self._act(talk, state, change, result)

    def _allowed(self, talk: Talk) -> dict[str, GateResult]:
        """Ask the gates of the station, or for a bare confirmation where there is no site."""
        if not talk.records:
            if not talk.options["confirm"]:
                raise RefusedError(
                    "Restarting, or choosing what boots next, stops what runs on this PC.",
                    fix="Give site_records, so that its gates are asked, or confirm: true for a PC of no site.",
                )
            return {}
        # Another boot entry may wipe the disk: then everything is asked that a conversion is asked.
        other = bool(talk.options.get("boot_entry"))
        wanted = GATES if other else tuple(gate for gate in GATES if gate != "backup")
        live = {talk.host: identity.read(talk.client)}
        return self.check_gates(talk.options, talk.task_vars, [talk.host], wanted, live=live, converting=other)[
            talk.host
        ]

    def _act(self, talk: Talk, state: boot.BootState, change: Change[Step], result: dict[str, Any]) -> dict[str, Any]:
        if not result["changed"]:
            return result
        data = {"entry": result["boots_once"], "gates": result["gates"]}
        try:
            with self._evident(talk, f"boot {talk.options['state']}", data) as outcome:
                outcome["steps"] = run_steps(talk.shell, change.steps, talk.going_on)
                if talk.options["state"] == "restarted":
                    try:
                        outcome["uptime"] = self._restart(talk, state, bool(result["boots_once"]))
                    except RefusedError:
                        self._undo(talk, change)
                        raise
        except GateClosedError as exc:
            return {**result, "refused": True, "boots_once": state.firmware.once, "gates": exc.details["gates"]}
        return {**result, **outcome}

    def _restart(self, talk: Talk, state: boot.BootState, elsewhere: bool) -> float | None:
        """Restart and prove it; give the seconds that Windows is up, None where it is not expected back."""
        gates = self._allowed(talk)
        if not all(gate.open for gate in gates.values()):
            raise GateClosedError("A gate closed before the restart; nothing was restarted.", gates=_plain(gates))
        talk.going_on()
        waiting = boot.Waiting(talk.options["wait_minutes"] * 60.0, POLL_S)
        ordered = waiting.clock()
        # A lost answer: the waiting shows whether it was taken.
        with suppress(TalkError):
            if talk.shell.run(boot.RESTART).rc == boot.PENDING:
                raise boot.pending()
        if not waiting.timeout_s:
            return None
        if elsewhere:
            boot.wait_gone(talk.client, ordered, waiting)
            return None
        return boot.wait_back(talk.client, state.uptime, ordered, waiting).seconds

    def _undo(self, talk: Talk, change: Change[Step]) -> None:
        if change.steps:
            with suppress(OtedgeError):
                talk.shell.run(boot_entry.CLEAR)

    def _cancel(self, talk: Talk, state: boot.BootState) -> dict[str, Any]:
        """Call off what is pending: the way back asks no gates."""
        change = boot.plan_entry(state, "")
        result = {
            "changed": change.changed,
            "refused": False,
            "gates": {},
            "boots_once": "",
            "secure_boot": state.secure_boot,
            "diff": change.diff(talk.host),
        }
        if self.check_mode:
            return result
        with self._evident(talk, "boot cancelled", {"before": change.before}) as outcome:
            called_off = talk.shell.run(boot.CALL_OFF).rc == 0
            outcome["steps"] = run_steps(talk.shell, change.steps, talk.going_on)
            outcome["called_off"] = called_off
        return {**result, **outcome, "changed": change.changed or called_off}

    def _evident(self, talk: Talk, action: str, data: dict[str, Any]) -> AbstractContextManager[dict[str, Any]]:
        """Hold the lock and write evidence where there is a site."""
        return self.acting(talk.records, talk.host, action, data) if talk.records else nullcontext({})


def _plain(gates: dict[str, GateResult]) -> dict[str, dict[str, Any]]:
    return {name: gate.as_dict() for name, gate in gates.items()}
