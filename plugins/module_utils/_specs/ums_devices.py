# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of ums_devices."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._ums_connection import (
    UMS_CONNECTION,
    UMS_RECORDS,
)

_DEVICE: dict[str, Any] = {
    "name": {"type": "str"},
    "mac": {"type": "str", "required": True},
    "candidate_macs": {"type": "list", "elements": "str"},
    "unit_id": {"type": "str"},
    "directory": {"type": "str"},
    "firmware": {
        "type": "dict",
        "options": {"product": {"type": "str", "required": True}, "version": {"type": "str", "required": True}},
    },
    "site": {"type": "str"},
    "department": {"type": "str"},
    "cost_center": {"type": "str"},
    "comment": {"type": "str"},
    "asset_id": {"type": "str"},
    "in_service_date": {"type": "str"},
    "serial_number": {"type": "str"},
    "attributes": {"type": "dict"},
}

ARGUMENT_SPEC: dict[str, Any] = {
    **UMS_CONNECTION,
    **UMS_RECORDS,
    "devices": {"type": "list", "elements": "dict", "required": True, "options": _DEVICE},
    "state": {"type": "str", "choices": ["present", "absent", "compared"], "default": "present"},
    "never_connected": {"type": "bool", "default": False},
    "directory": {"type": "str"},
    "exclusive": {"type": "bool", "default": False},
    "max_deletions": {"type": "int", "default": 5},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
