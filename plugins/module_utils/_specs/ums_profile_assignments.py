# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of ums_profile_assignments."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._ums_connection import (
    UMS_CONNECTION,
    UMS_RECORDS,
    UMS_STATE,
)

ARGUMENT_SPEC: dict[str, Any] = {
    **UMS_CONNECTION,
    **UMS_RECORDS,
    **UMS_STATE,
    "assignments": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "profile": {"type": "str", "required": True},
            "type": {"type": "str", "choices": ["profile", "priority"]},
            "device": {"type": "str"},
            "directory": {"type": "str"},
        },
        "mutually_exclusive": [["device", "directory"]],
        "required_one_of": [["device", "directory"]],
    },
    "exclusive": {"type": "bool", "default": False},
    "max_deletions": {"type": "int", "default": 5},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
