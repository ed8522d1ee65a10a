# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of operator_pc_boot."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._gate_options import GATE_OPTIONS

ARGUMENT_SPEC: dict[str, Any] = {
    **GATE_OPTIONS,
    "state": {"type": "str", "choices": ["restarted", "prepared", "cancelled"], "default": "restarted"},
    "boot_entry": {"type": "str"},
    "confirm": {"type": "bool", "default": False},
    "wait_minutes": {"type": "int", "default": 15},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "required_if": [("state", "prepared", ("boot_entry",))],
}
