# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of ums_device_command."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._ums_connection import UMS_CONNECTION

ARGUMENT_SPEC: dict[str, Any] = {
    **UMS_CONNECTION,
    "site_records": {"type": "path"},
    "command": {
        "type": "str",
        "required": True,
        "choices": ["reboot", "shutdown", "wake", "send_settings", "factory_reset"],
    },
    "devices": {"type": "list", "elements": "str", "required": True},
    "confirm": {"type": "list", "elements": "str"},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 300},
    "wait_poll": {"type": "int", "default": 5},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "required_if": [["command", "factory_reset", ["confirm"]]],
}
