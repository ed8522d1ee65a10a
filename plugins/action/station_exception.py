# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record that a station stays Windows, contained: by whom, until when, and what ends it."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_exception import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import (
    exception_path,
    read_json,
    read_plan,
    write_json,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import local_date, parse_date


class ActionModule(GatedAction):
    """Action of otedge.endpoint.station_exception."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Write the record if it is not there as wanted."""
        name, records = str(task_vars["inventory_hostname"]), options["site_records"]
        plan, plan_hash = read_plan(records)
        wanted = self._wanted(name, options, plan)
        path = exception_path(records, name)
        current = read_json(path)
        same = current is not None and all(current.get(key) == value for key, value in wanted.items())
        record = current if same and current is not None else {**wanted, "plan_hash": plan_hash}
        change = Change(current or {}, record, () if same else (path,))
        if change.changed and not self.check_mode:
            with self.acting(records, name, "exception", wanted):
                write_json(path, record)
        return {"changed": change.changed, "diff": change.diff(path.name), "exception_record": record}

    def _wanted(self, name: str, options: dict[str, Any], plan: dict[str, Any]) -> dict[str, Any]:
        planned = plan["stations"].get(name, {})
        if planned.get("disposition") != "contain":
            raise RefusedError(
                f"No exception is recorded for {name}: the plan says {planned.get('disposition')}, not contain.",
                fix="Plan again if the station has to stay Windows.",
            )
        try:
            review = parse_date(options["review_by"])
        except ValueError as exc:
            raise InputError(f"review_by of {name}: {exc}.", fix="Correct station_containment.") from exc
        if review < local_date(self.clock(), str(plan["timezone"])):
            raise InputError(f"review_by of {name} is past: {review}.", fix="Review the exception and set a new date.")
        return {
            "station": name,
            "owner": options["owner"],
            "review_by": str(review),
            "exit_condition": options["exit_condition"],
            "reasons": planned["reasons"],
        }
