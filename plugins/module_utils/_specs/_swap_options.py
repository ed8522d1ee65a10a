# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every plugin that swaps lists on a switch; described once in the doc fragment otedge.endpoint.swap."""

from __future__ import annotations

from typing import Any

SWAP_OPTIONS: dict[str, Any] = {
    "revert_minutes": {"type": "int"},
    "allow_no_revert_timer": {"type": "bool", "default": False},
    "allow_reload_timer": {"type": "bool", "default": False},
    "allow_no_routing": {"type": "bool", "default": False},
    "protect": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "src": {"type": "str"},
            "dst": {"type": "str", "required": True},
            "protocol": {"type": "str", "default": "tcp"},
            "dst_port": {"type": "int"},
        },
    },
    "management_address": {"type": "str"},
}

# Where a list is bound, and for what.
BINDING_OPTIONS: dict[str, Any] = {
    "interface": {"type": "str", "required": True},
    "direction": {"type": "str", "choices": ["in", "out"], "default": "in"},
    "family": {"type": "str", "choices": ["ipv4", "ipv6"], "default": "ipv4"},
    "name": {"type": "str", "required": True},
    "address": {"type": "str"},
}
