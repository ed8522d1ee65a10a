# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of site_twin."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["started", "stopped", "restarted", "observed"], "default": "started"},
    "run_dir": {"type": "path", "required": True},
    "options": {"type": "dict", "default": {}},
    "command": {"type": "dict"},
    "timeout": {"type": "int", "default": 30},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
