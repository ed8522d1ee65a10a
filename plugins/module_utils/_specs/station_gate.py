# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of station_gate."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._gate_options import GATE_OPTIONS

GATES = ["lock", "stop", "release", "window", "freeze", "line_state", "backup", "drift"]

ARGUMENT_SPEC: dict[str, Any] = {
    **GATE_OPTIONS,
    "site_records": {"type": "path", "required": True},
    "gates": {"type": "list", "elements": "str", "choices": GATES, "default": GATES},
    "stations": {"type": "list", "elements": "str"},
    "fail": {"type": "bool", "default": False},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
