# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Cisco IOS and IOS-XE for a swap with a revert timer (reference switch-acl.md section 2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_iosxe as dialect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_groups import parse_groups
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read_iosxe as read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import families_of, family_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell, Terminal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    IPV6,
    Config,
    Interface,
    SwitchState,
    Timer,
    parts_of,
)

FULL_PRIVILEGE = 15
_SHOW = {IPV4: "show ip access-lists", IPV6: "show ipv6 access-list"}
_TCAM = "show platform hardware fed switch active fwd-asic resource tcam utilization"
_NO_ARCHIVE = (
    "The switch has no configuration archive, so no revert timer",
    "configure 'archive' with 'path flash:...', or set allow_no_revert_timer",
)


class IosXe:
    """Cisco IOS and IOS-XE."""

    family = "Cisco IOS or IOS-XE"
    terminal = Terminal(prepare=("terminal width 511", "terminal length 0"))
    # Minutes that the revert timer of the platform takes.
    minutes = (1, 120)
    save_marker = "[OK]"

    def interface_name(self, name: str) -> str:
        """Spell an interface as the configuration does."""
        return read.interface_name(name)

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""
        return SwitchState(
            running=self.read_running(shell),
            startup=self.read_startup(shell),
            timer=self.read_timer(shell),
            unfit=self._unfit(read.parse_privilege(shell.run("show privilege"))),
            no_timer=None if read.parse_archive(shell.run("show archive")) else _NO_ARCHIVE,
        )

    def _unfit(self, privilege: int) -> tuple[str, str] | None:
        # Without it not even the running configuration can be read.
        if privilege >= FULL_PRIVILEGE:
            return None
        return f"The user has privilege level {privilege}", "give the automation user privilege level 15"

    def read_running(self, shell: Shell) -> Config:
        """Read the running configuration: the only place that shows remarks and bindings together."""
        return read.parse_config(shell.run("show running-config", timeout=120))

    def read_startup(self, shell: Shell) -> Config:
        """Read what a restart would bring back."""
        return read.parse_config(shell.run("show startup-config", timeout=120))

    def read_timer(self, shell: Shell) -> Timer | None:
        """Read the pending revert timer."""
        return read.parse_timer(shell.run("show archive config rollback timer"))

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as the device enforces it, with the object groups that its configuration holds."""
        text, found = "", None
        for family in families_of(name):
            text = shell.run(f"{_SHOW[family]} {name}")
            found = dialect.parse_lists(text).get(name)
            if found:
                break
        if found is None or not any("object-group" in line for line in found.opaque):
            return found
        groups = parse_groups(shell.run("show running-config", timeout=120))
        return dialect.parse_lists(text, groups).get(name)

    def is_this(self, shell: Shell) -> bool:
        """True if the device is what this driver speaks to."""
        return "Cisco IOS" in shell.run("show version")

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Give the log lines about lists that did not fit into the hardware (reference section 6)."""
        return [line for line in shell.run("show logging").splitlines() if "ACL_ERRMSG" in line]

    def hardware_room(self, shell: Shell) -> Room | None:
        """Read the room for lists where the model tells: Catalyst 9000; the shape of its table is assumed."""
        return read.parse_room(shell.run(_TCAM))

    def read_hits(self, shell: Shell, names: Sequence[str]) -> dict[str, list[Hits]]:
        """Read the counters of these lists, each for itself: the box may hold very many others."""
        found: dict[str, list[Hits]] = {}
        for asked in names:
            for family in families_of(asked):
                shown = read.parse_hits(shell.run(f"{_SHOW[family]} {asked}"))
                found |= shown
                if shown:
                    break
        return found

    def place_problem(self, port: Interface, direction: str) -> str:
        """Ports of layer 2 take lists in direction in only (reference section 2.1)."""
        return "a layer 2 port takes lists in direction in only" if port.access and direction == "out" else ""

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list from nothing."""
        return dialect.render(name, rules)

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list nobody uses."""
        return [f"no {'ip access-list extended' if family_of(name) == IPV4 else 'ipv6 access-list'} {name}"]

    def bind(self, interface: str, way: str, new: str | None, now: str | None) -> list[str]:
        """Lines that put another list, or none, on an interface; naming another one replaces it in one step."""
        family, direction = parts_of(way)
        words = "ip access-group" if family == IPV4 else "ipv6 traffic-filter"
        if new:
            return [f"interface {interface}", f"{words} {new} {direction}"]
        return [f"interface {interface}", f"no {words} {now} {direction}"] if now else []

    def rebind(self, shell: Shell, new: Sequence[str], old: Sequence[str], minutes: int | None) -> None:
        """Type the new bindings, one line at a time, under a revert timer; it rolls the whole box back."""
        if minutes is None:
            shell.configure(new, window=1)
        else:
            shell.configure(new, enter=f"configure terminal revert timer {minutes}", window=1)

    def confirm(self, shell: Shell) -> None:
        """Keep what was changed since the timer was armed."""
        shell.require("configure confirm")

    def revert(self, shell: Shell) -> None:
        """Take back at once what was changed since the timer was armed."""
        shell.require("configure revert now", timeout=120)

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration; True if the device says so."""
        return self.save_marker in shell.require("write memory", timeout=120)

    def parse_config(self, text: str) -> Config:
        """Read a saved running or startup configuration."""
        return read.parse_config(text)

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read lists from configuration text."""
        return dialect.parse_lists(text)
