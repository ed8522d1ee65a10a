# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a switch session calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Terminal


@dataclass(frozen=True)
class Target:
    """Whom to call and how, from the host's own connection options.

    ``enable_password`` is used where the user lands below privileged mode; None: it is not even tried. ``ssh_config``
    is an OpenSSH configuration file with ProxyJump or ProxyCommand for the switch, or "". ``label`` is the name of the
    inventory, or "".
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    key_file: str
    known_hosts: str
    device_type: str
    terminal: Terminal
    timeout: float = 20.0
    enable_password: str | None = field(default=None, repr=False)
    ssh_config: str = ""
    label: str = ""

    @property
    def endpoint(self) -> str:
        """Whom is called, however the inventory names it."""
        return f"{self.host}:{self.port}"

    @property
    def name(self) -> str:
        """The switch as messages name it: an address alone may be a jump host's, or one of many of a rehearsal."""
        return f"{self.label} ({self.endpoint})" if self.label else self.endpoint
