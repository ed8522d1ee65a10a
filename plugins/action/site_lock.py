# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Let the site go at the end of a run, or say who holds it."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import read_lock
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_lock import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._gated import controlling_pid
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.lock import may_release, release_lock, seen_lock


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.site_lock."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Remove this run's own lock; nothing of the site changes by that, so the task never does."""
        records, released = options["site_records"], False
        if options["state"] == "released":
            if self.check_mode:
                released = may_release(read_lock(records), controlling_pid())
            else:
                released = release_lock(records, controlling_pid())
        return {"changed": False, "released": released, **seen_lock(records)}
