# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of cim_invoke."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "class": {"type": "str", "required": True},
    "method": {"type": "str", "required": True},
    "namespace": {"type": "str", "default": "root/cimv2"},
    "selectors": {"type": "dict", "default": {}},
    "parameters": {"type": "dict", "default": {}},
    "ok_return_values": {"type": "list", "elements": "int", "default": [0]},
    "timeout": {"type": "int"},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
