# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of ums_info."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs._ums_connection import UMS_CONNECTION

ARGUMENT_SPEC: dict[str, Any] = {
    **UMS_CONNECTION,
}

SPEC: dict[str, Any] = {"argument_spec": ARGUMENT_SPEC}
