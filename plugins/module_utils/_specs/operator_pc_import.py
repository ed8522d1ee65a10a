# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of operator_pc_import."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "path": {"type": "path", "required": True},
    "source": {"type": "str", "required": True},
    "columns": {"type": "dict", "default": {}},
    "site_records": {"type": "path", "required": True},
    "igel_os": {"type": "int", "choices": [11, 12], "default": 12},
    "fingerprints": {"type": "list", "elements": "dict", "default": []},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
