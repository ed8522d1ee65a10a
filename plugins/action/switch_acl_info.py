# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tell what lists one site switch holds, what they are bound to, and what would stand against a change."""

from __future__ import annotations

from typing import Any, NoReturn

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for, require_platform
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.look import look
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch_action import SwitchAction


class ActionModule(SwitchAction):
    """See the documentation of the module switch_acl_info."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read and report; nothing is ever typed that could change the switch."""
        check(options["query"])
        names = [_plain(name) for name in options["names"]]
        target = self.target(options, task_vars)
        driver = driver_for(target.device_type)
        shell = SwitchSession(target, _never)
        try:
            require_platform(driver, shell, target.name, target.device_type)
            found = look(driver, shell, options["gather"], names)
        finally:
            shell.close()
        platform = {"device_type": target.device_type, "family": driver.family}
        result = {"changed": False, "platform": platform, "names": names, **found}
        if options["query"]:
            result["selected"] = selected(found, options["query"])
        return result


def _plain(name: str) -> str:
    """Refuse what is no name: it becomes a word of a command."""
    if not name or any(character.isspace() or not character.isprintable() or character in "|;?" for character in name):
        raise InputError(f"{name!r} is no name of a list.", fix="Give names as the switch shows them, without spaces.")
    return name


def _never() -> NoReturn:
    raise RefusedError("switch_acl_info does not write.", fix="Report this: it is a mistake in the collection.")
