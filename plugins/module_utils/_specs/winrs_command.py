# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of winrs_command."""

from __future__ import annotations

from typing import Any

ARGUMENT_SPEC: dict[str, Any] = {
    "cmd": {"type": "str"},
    "argv": {"type": "list", "elements": "str"},
    "chdir": {"type": "str"},
    "creates": {"type": "str"},
    "removes": {"type": "str"},
    "ok_rc": {"type": "list", "elements": "int", "default": [0]},
    "stdin": {"type": "str"},
    "timeout": {"type": "int", "default": 300},
    "codepage": {"type": "int", "default": 65001},
    "oem_codepage": {"type": "int", "default": 850},
}

SPEC: dict[str, Any] = {
    "argument_spec": ARGUMENT_SPEC,
    "mutually_exclusive": [("cmd", "argv")],
    "required_one_of": [("cmd", "argv")],
}
