# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of ums_directories."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._ums_connection import (
    UMS_CONNECTION,
    UMS_RECORDS,
    UMS_STATE,
)

ARGUMENT_SPEC: dict[str, Any] = {
    **UMS_CONNECTION,
    **UMS_RECORDS,
    **UMS_STATE,
    "paths": {"type": "list", "elements": "str"},
    "directories": {
        "type": "list",
        "elements": "dict",
        "options": {"path": {"type": "str", "required": True}, "from": {"type": "str"}},
    },
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC, "required_one_of": [["paths", "directories"]]}
