# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible gives an action that runs against one switch, without Ansible."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any


class Connection:
    """A connection plugin with its options set."""

    _shell = SimpleNamespace(tmpdir="none")
    options = {"host": "10.20.0.11", "port": 2222, "remote_user": "automation", "password": "secret-1"}

    def get_option(self, name: str) -> Any:
        return self.options[name]


class Templar:
    def template(self, value: Any) -> Any:
        return value


def action_on_a_switch(plugin: ModuleType, args: dict[str, Any], check: bool = False) -> Any:
    """Make the action of a plugin as the worker does."""
    name = f"otedge.endpoint.{plugin.__name__.rpartition('.')[2]}"
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action=name)
    play = SimpleNamespace(check_mode=check, private_key_file="/keys/switch")
    return plugin.ActionModule(task, Connection(), play, None, Templar(), None)
