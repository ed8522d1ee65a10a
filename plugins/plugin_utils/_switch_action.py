# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Base of the actions that talk to a switch: whom to call, taken from the host's own connection options."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import Target


class SwitchAction(EndpointAction):
    """An action that runs against one switch of the inventory."""

    def target(self, options: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Target:
        """Take host, user, password, port and key from the host's own connection.

        Args:
            options: of SWITCH_CONNECTION.
            task_vars: of the task.
        """
        known_hosts = options.get("known_hosts") or task_vars.get("switch_known_hosts") or "~/.ssh/known_hosts"
        ssh_config = options.get("ssh_config") or task_vars.get("switch_ssh_config") or ""
        platform = options.get("platform") or task_vars.get("ansible_network_os") or "cisco.ios.ios"
        host = self._connection_option(("host", "remote_addr"), "remote_addr")
        device_type = netmiko_type(str(platform))
        return Target(
            host=str(host or task_vars.get("ansible_host") or task_vars.get("inventory_hostname")),
            port=int(self._connection_option(("port",), "port") or task_vars.get("ansible_port") or 22),
            user=str(self._connection_option(("remote_user",), "remote_user") or ""),
            password=str(self._connection_option(("password",), "password") or ""),
            key_file=str(self._connection_option(("private_key_file",), "private_key_file") or ""),
            known_hosts=os.path.expanduser(str(self._templar.template(known_hosts))),
            device_type=device_type,
            terminal=driver_for(device_type).terminal,
            timeout=float(options["timeout"]),
            enable_password=self._enable_password(task_vars),
            ssh_config=os.path.expanduser(str(self._templar.template(ssh_config))),
            label=str(task_vars.get("inventory_hostname") or ""),
        )

    def _enable_password(self, task_vars: Mapping[str, Any]) -> str | None:
        """Give the password of privileged mode; "" to try without one, None where nobody asked for it."""
        for name in ("ansible_become_password", "ansible_become_pass"):
            if task_vars.get(name):
                return str(self._templar.template(task_vars[name]))
        given = getattr(self._play_context, "become_pass", None)
        if given:
            return str(given)
        asked = self._templar.template(task_vars.get("ansible_become", False))
        return "" if boolean(asked, strict=False) or getattr(self._play_context, "become", False) is True else None

    def _connection_option(self, names: Sequence[str], context: str) -> Any:
        """Ask the connection plugin, which knows variables, -u, -k and credentials; then the play context."""
        for name in names:
            try:
                value = self._connection.get_option(name)
            except (KeyError, ValueError, AttributeError):
                continue
            if value not in (None, ""):
                return value
        return getattr(self._play_context, context, None)
