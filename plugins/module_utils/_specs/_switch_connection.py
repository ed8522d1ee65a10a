# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a switch is reached, beyond what the host's connection options say; see doc_fragments/switch.py."""

from __future__ import annotations

from typing import Any

SWITCH_CONNECTION: dict[str, Any] = {
    "known_hosts": {"type": "path"},
    "platform": {"type": "str"},
    "ssh_config": {"type": "path"},
    "timeout": {"type": "int", "default": 20},
}
