# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is a line running? Read from OPC UA or from a signed document; never written to, and any doubt means running."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.client import read_lines
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.judge import LineState

__all__ = ["LineState", "read_lines"]
