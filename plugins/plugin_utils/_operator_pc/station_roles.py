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
# Accounts that people from outside, or who come to repair, log on with.
_SERVICE_ACCOUNT = re.compile(r"service|support|vendor|maint|wartung|instandhalt", re.IGNORECASE)


def proposal(
    assessment: Mapping[str, Any], delivery: Mapping[str, Any], weak_points: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Give {proposal: role or null, confidence, evidence: [text]}; null where nothing tells.

    What the PC is used for comes first; that it can be reached from outside proposes a role only where that is
    not known.
    """
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
    remote = [] if kiosk else [point["text"] for point in weak_points if point["code"] == "remote_tool"]
    if remote and delivery["verdict"] not in fits:
        return _reached_from_outside(assessment, remote)
    role, confidence, more = fits.get(delivery["verdict"], ("kiosk" if kiosk else None, "low", kiosk))
    return _proposed(role, confidence, [*delivery["evidence"], *more])


def _reached_from_outside(assessment: Mapping[str, Any], remote: Sequence[str]) -> dict[str, Any]:
    """Give vendor where somebody's service account is in use beside the remote support tool, else remote_support."""
    named = (field(assessment, "access.autologon_account") or {}).get("user"), field(assessment, "access.console_user")
    # Of DOMAIN\user the user: a PC may be called service too.
    accounts = sorted({str(name).rpartition("\\")[2] for name in named if name})
    fits = [f"the account {name} is used" for name in accounts if _SERVICE_ACCOUNT.search(name)]
    return _proposed("vendor", "medium", [*remote, *fits]) if fits else _proposed("remote_support", "low", remote)


def _kiosk(assessment: Mapping[str, Any]) -> list[str]:
    found = [f"the shell of Windows is {shell}" for shell in shells(assessment)]
    if field(assessment, "access.assigned_access"):
        found.append("a kiosk is set up (assigned access)")
    if found and field(assessment, "access.autologon"):
        found.append("it logs on by itself")
    return found


def _proposed(role: str | None, confidence: str, evidence: Sequence[str]) -> dict[str, Any]:
    return {"proposal": role, "confidence": confidence, "evidence": list(evidence)}
