# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hold the site model against what the plays need: every gap at once."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_validate import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import collect, file_of, unknown_keys
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import local_date
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.validate import validate


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.site_validate."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Collect the model and name its gaps; a site that only assesses needs no model."""
        scopes = options["scope"]
        if set(scopes) <= {"assess"}:
            return {"gaps": []}
        errors: list[dict[str, str]] = []
        model = collect(task_vars, self._templar.template, errors=errors)

        def where(host: str, variable: str) -> str:
            return file_of(task_vars, host, variable)

        gaps = [_unrendered(error, where) for error in errors]
        gaps += validate(model, scopes, _today(model), where)
        gaps += [
            {
                "file": where(host, name),
                "key": name,
                "value": "",
                "problem": "nothing reads this variable",
                "fix": "Correct its name, or remove it",
            }
            for host, name in unknown_keys(task_vars)
        ]
        if not gaps:
            return {"gaps": []}
        return {"failed": True, "gaps": gaps, "msg": _message(gaps)}


def _today(model: dict[str, Any]) -> date:
    try:
        return local_date(time.time(), str(model["site"].get("timezone") or "UTC"))
    except ValueError:
        return local_date(time.time(), "UTC")


def _unrendered(error: dict[str, str], where: Any) -> dict[str, str]:
    host = "" if error["host"] == "site" else error["host"]
    fix = "Define what it refers to"
    return {
        "file": where(host, error["key"]),
        "key": error["key"],
        "value": "",
        "problem": error["problem"],
        "fix": fix,
    }


def _message(gaps: list[dict[str, str]]) -> str:
    lines = [
        f"{gap['file']}: {gap['key']}{' = ' + gap['value'] if gap['value'] else ''}: {gap['problem']}. {gap['fix']}."
        for gap in gaps
    ]
    noun = "gap" if len(gaps) == 1 else "gaps"
    return "\n".join([f"The site model has {len(gaps)} {noun}:", *lines])
