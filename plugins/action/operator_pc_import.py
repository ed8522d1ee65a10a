# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take over what another tool knows about operator PCs, into the assessments of the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_import import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import importing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import from_site
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.meaning import judge
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.store import store_assessment
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import assessment_path, read_json


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.operator_pc_import."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read the file, plan the new documents, and write those that change unless in check mode."""
        path, records = Path(options["path"]), options["site_records"]
        stations = collect(task_vars, self._templar.template)["stations"]
        columns = {str(key): str(value) for key, value in options["columns"].items()}
        own = from_site(options["fingerprints"])
        facts, strangers = importing.facts_of(importing.rows_of(_text(path), path.name), columns, stations)
        before, after, steps, told = {}, {}, [], {}
        for item in facts:
            stored = read_json(assessment_path(records, item.station))
            document, kept = importing.merged(stored, item, f"{options['source']}, {path.name}")
            document |= judge(document, igel_os=options["igel_os"], fingerprints=own)
            told[item.station] = {"fields": sorted(set(item.fields) - set(kept)), "kept": kept}
            if document != stored:
                before[item.station], after[item.station] = _shown(stored, item), _shown(document, item)
                steps.append(document)
        change = Change(before, after, tuple(steps))
        if not self.check_mode:
            for document in change.steps:
                store_assessment(records, document)
        result: dict[str, Any] = {"imported": told, "unmatched": strangers}
        if strangers:
            result["warnings"] = [f"{path.name}: no station of the inventory is meant by {', '.join(strangers)}."]
        return {"changed": change.changed, "diff": change.diff("assessments"), **result}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise InputError(f"Cannot read {path}: {exc.strerror}.", fix="Give a file on the controller.") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path} is not UTF-8.", fix="Export it again as UTF-8.") from exc


def _shown(document: dict[str, Any] | None, facts: importing.Facts) -> dict[str, Any]:
    """Give the fields a row speaks of, as the diff shows them."""
    fields = (document or {}).get("fields") or {}
    return {key: fields[key].get("value") for key in facts.fields if key in fields}
