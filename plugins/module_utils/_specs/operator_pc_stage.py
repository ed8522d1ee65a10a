# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of operator_pc_stage."""

from __future__ import annotations

from typing import Any

_FILE: dict[str, Any] = {"url": {"type": "str"}, "path": {"type": "str"}, "sha256": {"type": "str", "required": True}}

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "converter": {"type": "dict", "options": _FILE},
    "image": {
        "type": "dict",
        "options": {
            **_FILE,
            "after_install": {"type": "str", "choices": ["shutdown", "reboot"], "default": "shutdown"},
        },
    },
    "site_records": {"type": "path", "required": True},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "required_if": [("state", "present", ("converter", "image"))],
}
