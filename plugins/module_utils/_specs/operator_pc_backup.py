# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of operator_pc_backup."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "kind": {"type": "str", "choices": ["image", "files"], "default": "image"},
    "target": {"type": "str", "required": True},
    "folders": {"type": "list", "elements": "str"},
    "volumes": {"type": "list", "elements": "str"},
    "id": {"type": "str"},
    "max_age_hours": {"type": "int", "default": 24},
    "timeout_minutes": {"type": "int", "default": 480},
    "poll_seconds": {"type": "int", "default": 15},
    "site_records": {"type": "path", "required": True},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
