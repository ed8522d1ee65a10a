# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every plugin that asks the gates; described once in the doc fragment otedge.endpoint.gates."""

from __future__ import annotations

from typing import Any

GATE_OPTIONS: dict[str, Any] = {
    "site_records": {"type": "path"},
    "allowed_signers": {"type": "path"},
    "signers": {"type": "dict", "default": {}},
    "plan_hash": {"type": "str"},
    "lines": {"type": "dict", "default": {}},
    "windows": {"type": "list", "elements": "dict"},
    "freeze_days": {"type": "list", "elements": "dict"},
}
