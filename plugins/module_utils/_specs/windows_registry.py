# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of windows_registry."""

from __future__ import annotations

from typing import Any

TYPES = ("binary", "dword", "expandstring", "multistring", "qword", "string")

ARGUMENT_SPEC: dict[str, Any] = {
    "path": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["absent", "present", "query"], "default": "present"},
    "entries": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "name": {"type": "str", "default": ""},
            "type": {"type": "str", "choices": list(TYPES), "default": "string"},
            "data": {"type": "raw"},
            "secret": {"type": "bool", "default": False, "no_log": False},
        },
    },
    "recursive": {"type": "bool", "default": False},
    "max_keys": {"type": "int", "default": 100, "no_log": False},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
