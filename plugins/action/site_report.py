# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the report of a site: one self-contained HTML page from its records, and the same as JSON beside it."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock, read_chain
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_report import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import GatedAction, controlling_pid
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.model_shape import require_shape
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import (
    digest,
    plan_path,
    read_bytes,
    read_folder,
    read_json,
    release_path,
    write_text,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import ROLES
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report import Inputs, build
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.report_html import render


class ActionModule(GatedAction):
    """Action of otedge.endpoint.site_report."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Render the records; write the page if it says anything new."""
        records = options["site_records"]
        path = Path(options["path"] or Path(records) / "report.html")
        report = build(self._inputs(records, options["stations"], task_vars))
        wanted = {path: render(report), _beside(path): json.dumps(report, sort_keys=True, indent=1) + "\n"}
        before = {one: (read_bytes(one) or b"").decode("utf-8", "replace") for one in wanted}
        stale = [one for one in wanted if before[one] != wanted[one]]
        if stale and not self.check_mode:
            acquire_lock(records, controlling_pid(), str(self._task.action), self.clock())
            for one in stale:
                write_text(one, wanted[one])
        summary = {key: report[key] for key in ("site", "as_of", "plan_hash", "numbers", "evidence", "waves")}
        diff = {"prepared": _diff(before[path], wanted[path])}
        return {
            "changed": bool(stale),
            "path": str(path),
            "json_path": str(_beside(path)),
            "summary": summary,
            "diff": diff,
        }

    def _inputs(self, records: str, stations: dict[str, Any], task_vars: dict[str, Any]) -> Inputs:
        plan = read_json(plan_path(records)) or {}
        plan_hash = digest(plan) if plan else ""
        entries, problem = read_chain(records)
        model = collect(task_vars, self._templar.template, stations=[])
        require_shape(model)
        return Inputs(
            plan=plan,
            plan_hash=plan_hash,
            model=model,
            stations={name: seen or {} for name, seen in stations.items()},
            entries=entries,
            chain_problem=problem,
            exceptions=read_folder(Path(records) / "exceptions"),
            releases=_releases(records, plan_hash) if plan_hash else [],
        )


def _beside(path: Path) -> Path:
    """Give where the content goes as JSON: beside the page, under its name."""
    return path.with_name(f"{path.name}.json") if path.suffix == ".json" else path.with_suffix(".json")


def _releases(records: str, plan_hash: str) -> list[dict[str, Any]]:
    found = []
    for role in ROLES:
        path = release_path(records, plan_hash, role)
        document = read_json(path)
        if document is not None:
            found.append({**document, "role": role, "signed": Path(f"{path}.sig").exists()})
    return found


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "report", "report", lineterm="", n=0)
    return "".join(f"{line}\n" for line in lines)
