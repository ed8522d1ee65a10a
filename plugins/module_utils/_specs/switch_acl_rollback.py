# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of switch_acl_rollback."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._swap_options import BINDING_OPTIONS, SWAP_OPTIONS
from ansible_collections.otedge.endpoint.plugins.module_utils._specs._switch_connection import SWITCH_CONNECTION

ARGUMENT_SPEC: dict[str, Any] = {
    **SWITCH_CONNECTION,
    **SWAP_OPTIONS,
    "site_records": {"type": "path"},
    "stations": {"type": "list", "elements": "str"},
    "bindings": {
        "type": "list",
        "elements": "dict",
        "options": {
            **BINDING_OPTIONS,
            "from": {"type": "str"},
            "to": {"type": "str"},
        },
    },
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "mutually_exclusive": [["stations", "bindings"]],
    "required_one_of": [["stations", "bindings"]],
    "required_by": {"stations": ["site_records"]},
}
