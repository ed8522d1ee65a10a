# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make the plan of a site from its model and its assessments, and the drafts of both releases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_plan import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction, controlling_pid
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.plan import build_plan
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import (
    digest,
    plan_path,
    read_folder,
    read_json,
    release_path,
    write_json,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import ROLES, draft


class ActionModule(GatedAction):
    """Action of otedge.endpoint.site_plan."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Keep the stored plan, or build one and write it with its drafts."""
        records = options["site_records"]
        if not self.check_mode:
            acquire_lock(records, controlling_pid(), str(self._task.action), self.clock())
        stored = read_json(plan_path(records))
        if options["keep"] and stored is not None:
            return {"changed": False, **_result(records, stored)}
        model = collect(task_vars, self._templar.template)
        plan = build_plan(model, read_folder(Path(records) / "assessments"))
        change = _change(records, stored, plan, model["site"].get("signers") or {})
        if change.changed and not self.check_mode:
            subject = str(plan["site"])
            with self.acting(records, subject, "plan", {"plan_hash": digest(plan)}) as outcome:
                for path, document in change.steps:
                    write_json(path, document)
                outcome["written"] = [path.name for path, _document in change.steps]
        return {"changed": change.changed, "diff": change.diff("plan"), **_result(records, plan)}


def _change(
    records: str, stored: dict[str, Any] | None, plan: dict[str, Any], signers: dict[str, Any]
) -> Change[tuple[Path, dict[str, Any]]]:
    """Plan the writes: a document that exists, and may be signed, is never written again."""
    plan_hash = digest(plan)
    steps: list[tuple[Path, dict[str, Any]]] = []
    for role in ROLES:
        path = release_path(records, plan_hash, role)
        if not path.exists():
            steps.append((path, draft(plan, plan_hash, role, str(signers.get(role) or ""))))
    if stored != plan:
        steps.append((plan_path(records), plan))
    return Change(stored or "", plan, tuple(steps))


def _result(records: str, plan: dict[str, Any]) -> dict[str, Any]:
    stations = plan["stations"].items()
    return {
        "plan": plan,
        "plan_hash": digest(plan),
        "plan_path": str(plan_path(records)),
        "dispositions": {
            name: {key: entry[key] for key in ("disposition", "reasons", "confidence")} for name, entry in stations
        },
        "waves": plan["waves"],
    }
