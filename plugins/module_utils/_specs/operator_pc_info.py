# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of operator_pc_info."""

from __future__ import annotations

from typing import Any

SECTIONS = (
    "system", "os", "firmware", "protection", "network", "devices", "software", "processes", "services", "tasks",
    "printers", "access", "converter",
)  # fmt: skip

ARGUMENT_SPEC: dict[str, Any] = {
    "sections": {"type": "list", "elements": "str", "choices": list(SECTIONS), "default": list(SECTIONS)},
    "skip": {"type": "list", "elements": "str", "default": []},
    "cpu_guard": {"type": "int", "default": 90},
    "cpu_wait": {"type": "int", "default": 30},
    "igel_os": {"type": "int", "choices": [12, 11], "default": 12},
    "fingerprints": {"type": "list", "elements": "dict", "default": []},
    "site_records": {"type": "path"},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
