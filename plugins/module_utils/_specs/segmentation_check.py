# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of segmentation_check."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "site_records": {"type": "path"},
    "assertions": {"type": "list", "elements": "dict", "default": []},
    "configs": {"type": "dict", "default": {}},
    "live": {"type": "str"},
    "phases": {"type": "dict", "default": {}},
    "fail_on": {"type": "str", "choices": ["error", "warning", "note", "never"], "default": "error"},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
