# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put converter and image on the Windows disk of a PC, or take them away; the loader stays untouched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import require_running
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_stage import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import fetch, guards, stage
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.steps import Step, run_steps
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS


class ActionModule(GatedAction):
    """Action of otedge.endpoint.operator_pc_stage."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, plan, apply unless check mode, read again."""
        host = str(task_vars["inventory_hostname"])
        sources = self._sources(options)
        client = WsmanClient(open_transport(self._connection))
        with WinRS(client) as shell:
            current = stage.read_stage(shell)
            if self.check_mode:
                # The disarm step before would have disarmed it.
                current = replace(current, converter=replace(current.converter, armed=False))
            change = stage.plan_present(current, *sources) if sources else stage.plan_absent(current)
            if change.changed:
                guards.refuse_write_filter(client)
                if sources:
                    guards.refuse_bitlocker(client, "The installer could not read the image from the volume.")
                    guards.refuse_full(client, "C:", stage.space_needed(current, *sources), "staging")
            if change.changed and not self.check_mode:
                current = self._apply(shell, change, options, host, current)
        staged = dict(change.after if self.check_mode else current.as_dict())  # type: ignore[arg-type]
        if sources:
            staged["after_install"] = options["image"]["after_install"]
        return {
            "changed": change.changed,
            "staged": {**staged, "armed": current.converter.armed},
            "loaders": dict(current.converter.loaders),
            "diff": change.diff(host),
        }

    def _sources(self, options: dict[str, Any]) -> tuple[fetch.Source, fetch.Source] | None:
        if options["state"] == "absent":
            return None
        return fetch.source("converter", options["converter"]), fetch.source("image", options["image"])

    def _apply(
        self, shell: WinRS, change: Change[Step], options: dict[str, Any], host: str, before: stage.StageState
    ) -> stage.StageState:
        records = options["site_records"]
        # The loader's files are read before anything is touched, and again after it.
        loaders = dict(before.converter.loaders)
        wanted = {"steps": [step.name for step in change.steps], "after": change.after, "loaders": loaders}
        with self.acting(records, host, f"stage {options['state']}", wanted) as outcome:
            outcome["steps"] = run_steps(shell, change.steps, lambda: require_running(records))
            found = stage.read_stage(shell)
            outcome["found"] = {**found.as_dict(), "loaders": dict(found.converter.loaders)}
        return found
