# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of line_state_info."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "lines": {"type": "dict", "required": True},
    "names": {"type": "list", "elements": "str"},
    "site_records": {"type": "path"},
    "allowed_signers": {"type": "path"},
}
SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
