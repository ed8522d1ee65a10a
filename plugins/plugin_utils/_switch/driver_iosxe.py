# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Cisco IOS and IOS-XE for a swap with a revert timer (reference switch-acl.md section 2.1)."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_iosxe as dialect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell


class IosXe:
    """Cisco IOS and IOS-XE."""

    save_marker = "[OK]"

    def read_state(self, shell: Shell) -> read.SwitchState:
        """Read everything a decision needs."""
        return read.SwitchState(
            running=self.read_running(shell),
            startup=self.read_startup(shell),
            privilege=read.parse_privilege(shell.run("show privilege")),
            archive=read.parse_archive(shell.run("show archive")),
            timer=self.read_timer(shell),
        )

    def read_running(self, shell: Shell) -> read.Config:
        """Read the running configuration: the only place that shows remarks and bindings together."""
        return read.parse_config(shell.run("show running-config", timeout=120))

    def read_startup(self, shell: Shell) -> read.Config:
        """Read what a restart would bring back."""
        return read.parse_config(shell.run("show startup-config", timeout=120))

    def read_timer(self, shell: Shell) -> read.Timer | None:
        """Read the pending revert timer."""
        return read.parse_timer(shell.run("show archive config rollback timer"))

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as the device enforces it."""
        return dialect.parse_lists(shell.run(f"show ip access-lists {name}")).get(name)

    def is_this(self, shell: Shell) -> bool:
        """True if the device is what this driver speaks to."""
        return "Cisco IOS" in shell.run("show version")

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Give the log lines about lists that did not fit into the hardware (reference section 6)."""
        return [line for line in shell.run("show logging").splitlines() if "ACL_ERRMSG" in line]

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list from nothing."""
        return dialect.render(name, rules)

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list nobody uses."""
        return [f"no ip access-list extended {name}"]

    def bind(self, interface: str, direction: str, new: str | None, now: str | None) -> list[str]:
        """Lines that put another list, or none, on an interface; naming another one replaces it in one step."""
        if new:
            return [f"interface {interface}", f"ip access-group {new} {direction}"]
        return [f"interface {interface}", f"no ip access-group {now} {direction}"] if now else []

    def arm(self, minutes: int) -> str:
        """The command that enters configuration and arms the revert timer."""
        return f"configure terminal revert timer {minutes}"

    def confirm(self, shell: Shell) -> None:
        """Keep what was changed since the timer was armed."""
        shell.require("configure confirm")

    def revert(self, shell: Shell) -> None:
        """Take back at once what was changed since the timer was armed."""
        shell.require("configure revert now", timeout=120)

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration; True if the device says so."""
        return self.save_marker in shell.require("write memory", timeout=120)

    def parse_lists(self, text: str) -> dict[str, AccessList]:
        """Read lists from configuration text."""
        return dialect.parse_lists(text)
