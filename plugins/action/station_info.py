# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observe one station: ask UMS first, dial the PC only if UMS does not know a thin client; never unreachable."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence, lock_state
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.probe import probe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.history import entries_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.plan import mac_key
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import exception_path, plan_path, read_json
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.stage import (
    Observations,
    arming,
    is_news,
    match_device,
    other_pc,
    stage_of,
    wanted_phase,
)


class ActionModule(GatedAction):
    """Action of otedge.endpoint.station_info."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Look, map to a stage, and let the evidence know if the stage is news."""
        name, records = str(task_vars["inventory_hostname"]), options["site_records"]
        planned, macs = self._planned(name, records, task_vars)
        history = entries_of(records, name) if records else []
        device = match_device(options["ums_devices"], macs)
        seen = Observations(
            device=device,
            probe=None if device is not None else probe(self._connection, {}),
            arming=arming(history),
            exception=bool(records) and exception_path(records, name).exists(),
            phase=options["observed_phase"],
        )
        stage, reasons = stage_of(planned, seen)
        if records and not self.check_mode and is_news(history, stage) and lock_state(records)[1]:
            Evidence(records, self.clock).observation(
                str(self._task.action), name, {"stage": stage, "reasons": reasons}
            )
        disposition = planned.get("disposition")
        drift = other_pc(planned, seen.probe)
        return {
            "station": {
                "name": name,
                "stage": stage,
                "reasons": [*drift, *reasons],
                "disposition": disposition,
                "wave": planned.get("wave"),
                "phase": "none" if drift else wanted_phase(disposition, stage),
                "observations": {
                    "ums": dict(device) if device is not None else None,
                    "probe": dict(seen.probe) if seen.probe is not None else None,
                    "arming": seen.arming,
                    "exception": seen.exception,
                    "phase": seen.phase,
                },
            }
        }

    def _planned(self, name: str, records: str | None, task_vars: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        plan = (read_json(plan_path(records)) if records else None) or {}
        planned: dict[str, Any] = plan.get("stations", {}).get(name, {})
        macs = list(planned.get("candidate_macs") or [])
        own = collect(task_vars, self._templar.template, [name])["stations"].get(name, {})
        try:
            macs.append(mac_key(own.get("mac")))
        except ValueError:
            self._display.vvv(f"{name} has no usable station_mac")
        return planned, macs
