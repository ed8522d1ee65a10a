# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read both releases of the stored plan and judge them; never signs."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_release_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import digest, plan_path, read_json
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import (
    Release,
    commands,
    judge,
    read_releases,
)


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.site_release_info."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Judge the releases; fail if they are required and not valid."""
        records = options["site_records"]
        plan = read_json(plan_path(records))
        if plan is None:
            problem = f"there is no plan at {plan_path(records)}"
            if options["required"]:
                raise RefusedError(f"Nothing is released: {problem}.", fix="Run the play plan first.")
            return {"valid": False, "releases": {}, "problems": [problem], "commands": [], "plan_hash": None}
        plan_hash = digest(plan)
        found = read_releases(records, plan_hash, options["allowed_signers"], options["signers"])
        verdict = judge(found, plan_hash, str(plan.get("site")), time.time())
        problems = [*verdict.problems, *_other_plan(options["plan_hash"], plan_hash)]
        result: dict[str, Any] = {
            "valid": not problems,
            "releases": {release.role: _shown(release) for release in found},
            "problems": problems,
            "commands": commands(records, plan_hash),
            "plan_hash": plan_hash,
        }
        if options["required"] and problems:
            raise RefusedError(_message(result), **result)
        return result


def _other_plan(expected: str | None, stored: str) -> list[str]:
    """Say that what was read before is not what is stored now, as the only problem's text; [] if it is."""
    if not expected or expected == stored:
        return []
    return [
        f"this run executes plan {expected[:12]}, and {stored[:12]} is stored now: another plan was written meanwhile"
    ]


def _shown(release: Release) -> dict[str, Any]:
    keys = ("signer", "not_before", "not_after", "waivers")
    return {
        "path": release.path,
        "identity": release.identity,
        "fingerprint": release.fingerprint,
        "problem": release.problem,
        **{key: release.document.get(key) for key in keys},
    }


def _message(result: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"The plan {result['plan_hash']} is not released:",
            *(f"  {problem}" for problem in result["problems"]),
            "Let OT and IT each read the plan and sign, each with their own key:",
            *(f"  {command}" for command in result["commands"]),
        ]
    )
