# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of switch_acl_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._switch_connection import SWITCH_CONNECTION

# What can be read, in the order of the documentation.
GATHER = ["lists", "bindings", "counters", "resources", "timer", "saved", "obstacles"]

ARGUMENT_SPEC: dict[str, Any] = {
    **SWITCH_CONNECTION,
    "gather": {"type": "list", "elements": "str", "choices": GATHER, "default": GATHER},
    "names": {"type": "list", "elements": "str", "default": []},
    "query": {"type": "str"},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
