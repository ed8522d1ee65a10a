# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assess one operator PC over its own winrm connection; reads only."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.assess import assess
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.store import store_assessment
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.operator_pc_info."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, and keep the assessment in the records unless this is check mode."""
        client = WsmanClient(open_transport(self._connection))
        assessment = assess(client, str(task_vars["inventory_hostname"]), options["sections"])
        result: dict[str, Any] = {"assessment": assessment, "requests": client.requests}
        if options.get("site_records") and not self.check_mode:
            result["path"] = store_assessment(options["site_records"], assessment)
        return result
