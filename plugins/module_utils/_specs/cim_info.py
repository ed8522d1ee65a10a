# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of cim_info."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "class": {"type": "str"},
    "columns": {"type": "list", "elements": "str", "default": []},
    "where": {"type": "str"},
    "wql": {"type": "str"},
    "namespace": {"type": "str", "default": "root/cimv2"},
    "types": {"type": "dict", "default": {}},
    "query": {"type": "str"},
    "limit": {"type": "int", "default": 1000},
    "on_limit": {"type": "str", "choices": ["fail", "truncate"], "default": "fail"},
    "timeout": {"type": "int", "default": 120},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "mutually_exclusive": [("class", "wql"), ("wql", "columns"), ("wql", "where")],
    "required_one_of": [("class", "wql")],
}
