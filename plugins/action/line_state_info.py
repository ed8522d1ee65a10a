# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell whether production lines run; never writes to anything."""

from __future__ import annotations

import time
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._specs.line_state_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state import read_lines


class ActionModule(EndpointAction):
    """See modules/line_state_info.py."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read all lines at once, or the named ones."""
        states = read_lines(
            options["lines"],
            options["names"],
            records=options["site_records"],
            allowed_signers=options["allowed_signers"],
            clock=time.time,
        )
        return {"changed": False, "lines": {name: state.as_dict() for name, state in states.items()}}
