# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch_action import SwitchAction


def _action(**context: Any) -> SwitchAction:
    action = SwitchAction.__new__(SwitchAction)
    options = {"host": "10.20.0.11", "remote_user": "automation", "password": "secret-1", "port": 22}

    def get_option(name: str) -> Any:
        return options[name]

    loose: Any = action
    loose._connection = SimpleNamespace(get_option=get_option)
    loose._play_context = SimpleNamespace(**context)
    loose._templar = SimpleNamespace(template=lambda value: value)
    return action


@pytest.mark.parametrize(
    ("variables", "context", "password"),
    [
        ({}, {}, None),
        ({"ansible_become": False}, {}, None),
        ({"ansible_become": "yes"}, {}, ""),
        ({}, {"become": True}, ""),
        ({"ansible_become": True, "ansible_become_password": "enable-1"}, {}, "enable-1"),
        ({"ansible_become_pass": "enable-1"}, {}, "enable-1"),
        ({}, {"become_pass": "enable-1"}, "enable-1"),
    ],
)
def test_the_enable_password_comes_from_the_variables_of_become(
    variables: dict[str, Any], context: dict[str, Any], password: str | None
) -> None:
    assert _action(**context).target({"timeout": 5}, variables).enable_password == password


@pytest.mark.parametrize(
    ("options", "variables", "path"),
    [
        ({}, {}, ""),
        ({}, {"switch_ssh_config": "/etc/jump"}, "/etc/jump"),
        ({"ssh_config": "/etc/mine"}, {"switch_ssh_config": "/etc/jump"}, "/etc/mine"),
    ],
)
def test_the_ssh_configuration_comes_from_the_option_or_the_variable(
    options: dict[str, Any], variables: dict[str, Any], path: str
) -> None:
    assert _action().target({"timeout": 5, **options}, variables).ssh_config == path


def test_the_platform_of_the_inventory_brings_its_terminal() -> None:
    target = _action().target({"timeout": 5}, {"ansible_network_os": "arubanetworks.aoscx.aoscx"})
    assert target.device_type == "aruba_aoscx"
    assert target.terminal.prepare == ("no page",)
