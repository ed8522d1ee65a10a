# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which driver speaks to which platform."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_aoscx import AosCx
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_eos import Eos
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_nxos import NxOs
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver, Shell

# What inventories call a platform, to Netmiko's name for it.
NETMIKO_TYPES: dict[str, str] = {
    "arista.eos.eos": "arista_eos",
    "eos": "arista_eos",
    "arista_eos": "arista_eos",
    "arubanetworks.aoscx.aoscx": "aruba_aoscx",
    "aoscx": "aruba_aoscx",
    "aruba_aoscx": "aruba_aoscx",
    "cisco.ios.ios": "cisco_xe",
    "ios": "cisco_ios",
    "iosxe": "cisco_xe",
    "cisco_ios": "cisco_ios",
    "cisco_xe": "cisco_xe",
    "cisco.nxos.nxos": "cisco_nxos",
    "nxos": "cisco_nxos",
    "cisco_nxos": "cisco_nxos",
}
# Each call makes a new one: a driver may remember what it read of its switch.
_DRIVERS: dict[str, Callable[[], Driver]] = {
    "arista_eos": Eos,
    "aruba_aoscx": AosCx,
    "cisco_ios": IosXe,
    "cisco_nxos": NxOs,
    "cisco_xe": IosXe,
}


def netmiko_type(platform: str) -> str:
    """Give Netmiko's name of a platform.

    Raises:
        InputError: no driver for it.
    """
    found = NETMIKO_TYPES.get(platform.strip().lower())
    if found is None:
        raise InputError(
            f"There is no switch driver for platform {platform!r}.",
            fix=f"Set ansible_network_os or the option platform to one of: {', '.join(sorted(NETMIKO_TYPES))}.",
        )
    return found


def driver_for(device_type: str) -> Driver:
    """Give a driver for one of Netmiko's names that netmiko_type() gives: a new one, for one switch."""
    return _DRIVERS[device_type]()


def require_platform(driver: Driver, shell: Shell, name: str, device_type: str) -> None:
    """Refuse to go on with a device that is of another kind.

    Raises:
        TalkError: the device is not what the inventory says.
    """
    if not driver.is_this(shell):
        raise TalkError(
            f"Switch {name} is not a {device_type}: it does not say that it is {driver.family}.",
            fix="Check ansible_network_os or the option platform.",
        )
