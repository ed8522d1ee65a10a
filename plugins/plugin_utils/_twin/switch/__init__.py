# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated access switches over SSH, by platform; see docs/twin-switch.md for what is real about them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ..hooks import SwitchHooks
from .base import BaseSwitch
from .device import Switch
from .server import SwitchServer

__all__ = ["PLATFORMS", "BaseSwitch", "Switch", "SwitchServer", "make_switch", "platform_of"]

# platform -> the module of this package that holds its ``Switch(name, config, hooks, state)``
PLATFORMS = {"iosxe": ".device", "ios15": ".device", "eos": ".eos", "nxos": ".nxos", "aoscx": ".aoscx"}
# what inventories call them (ansible_network_os, the part behind the last dot, and Netmiko's names)
NETWORK_OS = {
    "ios": "iosxe", "iosxe": "iosxe", "ios_xe": "iosxe", "cisco_ios": "iosxe", "cisco_xe": "iosxe", "ios15": "ios15",
    "eos": "eos", "arista_eos": "eos", "nxos": "nxos", "cisco_nxos": "nxos", "aoscx": "aoscx", "aruba_aoscx": "aoscx",
}  # fmt: skip


def platform_of(config: Mapping[str, Any], network_os: str = "") -> str:
    """Give the platform of a switch: its own ``platform``, else what the inventory's network_os means, else iosxe.

    Raises:
        ValueError: a ``platform`` that is not simulated.
    """
    given = str(config.get("platform") or "")
    if not given:
        return NETWORK_OS.get(network_os.rsplit(".", 1)[-1].lower(), "iosxe")
    if given not in PLATFORMS:
        raise ValueError(f"platform {given!r} is not simulated; there are {', '.join(PLATFORMS)}")
    return given


def make_switch(
    name: str, config: Mapping[str, Any], hooks: SwitchHooks, state: Mapping[str, Any] | None = None
) -> BaseSwitch:
    """Make the switch of the configured platform.

    Args:
        name: inventory name.
        config: twin_switch + {"ports", "address"}; ``platform`` chooses, default iosxe.
        hooks: the world.
        state: what ``dump`` gave, or None for a switch out of the box.
    """
    module = import_module(PLATFORMS[platform_of({**config, **(config.get("twin_switch") or {})})], __name__)
    made: BaseSwitch = module.Switch(name, config, hooks, state)
    return made
