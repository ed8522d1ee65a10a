# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of station_exception."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "state": {"type": "str", "choices": ["present"], "default": "present"},
    "site_records": {"type": "path", "required": True},
    "owner": {"type": "str", "required": True},
    "review_by": {"type": "str", "required": True},
    "exit_condition": {"type": "str", "required": True},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
