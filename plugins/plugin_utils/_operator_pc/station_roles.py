# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which station role a PC looks like: a proposal for the survey, never a setting (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.applications import shells
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.gates import field

_ENGINEERING = re.compile(
    r"tia portal|step ?7|simatic manager|studio 5000|rslogix|automation studio|twincat xae|codesys v?\d|gx works|"
    r"sysmac studio|unity pro|control expert",
    re.IGNORECASE,
)


def proposal(assessment: Mapping[str, Any], delivery: Mapping[str, Any]) -> dict[str, Any]:
    """Give {proposal: role or null, confidence, evidence: [text]}; null where nothing tells."""
    tools = [
        str(item["name"])
        for item in field(assessment, "software.installed") or []
        if _ENGINEERING.search(str(item.get("name") or ""))
    ]
    if tools:
        return _proposed("vendor", "medium", [f"engineering software: {name}" for name in sorted(set(tools))])
    kiosk = _kiosk(assessment)
    fits = {
        "local_only": ("legacy_hmi", delivery["confidence"], []),
        "vdi": ("vdi", delivery["confidence"], []),
        "web": ("kiosk" if kiosk else "browser", delivery["confidence"], kiosk),
        "published": ("operator", "low", []),
    }
    role, confidence, more = fits.get(delivery["verdict"], ("kiosk" if kiosk else None, "low", kiosk))
    return _proposed(role, confidence, [*delivery["evidence"], *more])


def _kiosk(assessment: Mapping[str, Any]) -> list[str]:
    found = [f"the shell of Windows is {shell}" for shell in shells(assessment)]
    if field(assessment, "access.assigned_access"):
        found.append("a kiosk is set up (assigned access)")
    if found and field(assessment, "access.autologon"):
        found.append("it logs on by itself")
    return found


def _proposed(role: str | None, confidence: str, evidence: Sequence[str]) -> dict[str, Any]:
    return {"proposal": role, "confidence": confidence, "evidence": list(evidence)}
