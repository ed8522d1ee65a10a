# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assess one operator PC over its own winrm connection; reads only."""

from __future__ import annotations

from functools import partial
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs.operator_pc_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.assess import assess, gentle
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.fingerprints import from_site
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.meaning import judge as judged
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.store import store_assessment
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.operator_pc_info."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, and keep the assessment in the records unless this is check mode."""
        how = gentle(busy_percent=options["cpu_guard"], wait_s=options["cpu_wait"], skip=options["skip"])
        # Replies of 500 KB once a list is long, where the PC's WinRM allows them: half the messages on a real PC.
        client = WsmanClient(open_transport(self._connection), adapt=True)
        judge = partial(judged, igel_os=options["igel_os"], fingerprints=from_site(options["fingerprints"]))
        assessment = assess(client, str(task_vars["inventory_hostname"]), options["sections"], how, judge=judge)
        result: dict[str, Any] = {"assessment": assessment, "requests": client.requests}
        if options.get("site_records") and not self.check_mode:
            result["path"] = store_assessment(options["site_records"], assessment)
        return result
