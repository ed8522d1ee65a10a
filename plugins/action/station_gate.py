# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask the gates of one or more stations, now; writes nothing on any peer."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence, lock_state
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_gate import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction, GateResult


class ActionModule(GatedAction):
    """Action of otedge.endpoint.station_gate."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Judge the gates; a closed one is told to the evidence of a run that holds the site."""
        names = options["stations"] or [str(task_vars["inventory_hostname"])]
        checked = self.check_gates(options, task_vars, names, options["gates"])
        self._tell(options["site_records"], checked)
        if options["fail"]:
            self.require_gates(checked)
        by_station = {name: {gate: found.as_dict() for gate, found in row.items()} for name, row in checked.items()}
        return {
            "open": all(found.open for row in checked.values() for found in row.values()),
            "gates": {gate: _worst(by_station, gate) for gate in options["gates"]},
            "stations": by_station,
        }

    def _tell(self, records: str, checked: dict[str, dict[str, GateResult]]) -> None:
        if self.check_mode or not lock_state(records)[1]:
            return
        for name, row in checked.items():
            shut = {gate: found.as_dict() for gate, found in row.items() if not found.open}
            if shut:
                Evidence(records, self.clock).observation(str(self._task.action), name, {"gates": shut})


def _worst(by_station: dict[str, dict[str, dict[str, Any]]], gate: str) -> dict[str, Any]:
    """Give a gate's result over all stations: the first closed one, else the first."""
    results = [row[gate] for row in by_station.values()]
    return next((found for found in results if not found["open"]), results[0])
