# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of site_validate."""

from __future__ import annotations

from typing import Any

SCOPES = ["validate", "assess", "plan", "segment", "register", "convert", "contain"]

ARGUMENT_SPEC: dict[str, Any] = {
    "scope": {"type": "list", "elements": "str", "choices": SCOPES, "default": ["validate"]},
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
