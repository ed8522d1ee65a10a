# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of switch_acl."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._gate_options import GATE_OPTIONS
from ansible_collections.otedge.endpoint.plugins.module_utils._specs._swap_options import BINDING_OPTIONS, SWAP_OPTIONS
from ansible_collections.otedge.endpoint.plugins.module_utils._specs._switch_connection import SWITCH_CONNECTION

ARGUMENT_SPEC: dict[str, Any] = {
    **GATE_OPTIONS,
    **SWITCH_CONNECTION,
    **SWAP_OPTIONS,
    "bindings": {
        "type": "list",
        "elements": "dict",
        "options": {
            **BINDING_OPTIONS,
            "rules": {"type": "list", "elements": "dict", "required": True},
            "allow_no_neighbor_discovery": {"type": "bool", "default": False},
        },
    },
    "phases": {"type": "dict"},
    "deny_ipv6": {"type": "bool", "default": False},
    "mode": {"type": "str", "choices": ["enforce", "log_and_permit"], "default": "enforce"},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "mutually_exclusive": [["bindings", "phases"]],
    "required_one_of": [["bindings", "phases"]],
    "required_by": {"phases": ["site_records"]},
}
