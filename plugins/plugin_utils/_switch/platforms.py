# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seam between the swap and a platform: what a driver has to bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read import Config, SwitchState, Timer

# What inventories call a platform, to Netmiko's name for it. One family is built so far.
NETMIKO_TYPES: dict[str, str] = {
    "cisco.ios.ios": "cisco_xe",
    "ios": "cisco_ios",
    "iosxe": "cisco_xe",
    "cisco_ios": "cisco_ios",
    "cisco_xe": "cisco_xe",
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


class Shell(Protocol):
    """What the swap needs of a session."""

    def run(self, command: str, timeout: float = 60.0) -> str:
        """Run an exec command."""

    def require(self, command: str, timeout: float = 60.0) -> str:
        """Run an exec command that changes something and must not be refused."""

    def configure(self, lines: Sequence[str], *, enter: str = ..., window: int = ...) -> None:
        """Send configuration lines."""

    def close(self) -> None:
        """End the session."""


class Driver(Protocol):
    """What the swap needs of a platform; see driver_iosxe.py for the meaning of each."""

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""

    def read_running(self, shell: Shell) -> Config:
        """Read the running configuration."""

    def read_startup(self, shell: Shell) -> Config:
        """Read the startup configuration."""

    def read_timer(self, shell: Shell) -> Timer | None:
        """Read the pending revert timer."""

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as enforced."""

    def is_this(self, shell: Shell) -> bool:
        """True if the device is of this platform."""

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Log lines about lists that did not fit into the hardware."""

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list."""

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list."""

    def bind(self, interface: str, direction: str, new: str | None, now: str | None) -> list[str]:
        """Lines that bind or unbind."""

    def arm(self, minutes: int) -> str:
        """Enter configuration under a revert timer."""

    def confirm(self, shell: Shell) -> None:
        """Keep the change."""

    def revert(self, shell: Shell) -> None:
        """Take the change back."""

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration."""

    def parse_lists(self, text: str) -> dict[str, AccessList]:
        """Read lists from configuration text."""
