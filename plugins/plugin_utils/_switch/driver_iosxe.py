# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Cisco IOS and IOS-XE for a swap with a revert timer (reference switch-acl.md section 2.1)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_iosxe as dialect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.iosxe_groups import parse_groups
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read_iosxe as read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.iosxe_revert import WayBack
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.iosxe_timers import APPLET
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.lock import configure, enter_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import families_of, family_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell, Terminal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed, NotEntered
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


class IosXe:
    """Cisco IOS and IOS-XE."""

    family = "Cisco IOS or IOS-XE"
    terminal = Terminal(
        prepare=("terminal width 511", "terminal length 0"),
        # What a restart that is scheduled or called off tells every terminal.
        noise=r"(?m:^\*{3}(?: --- SHUTDOWN [^\n]*)?[ \r]*\n)",
    )
    # Minutes that the revert timer of the platform takes.
    minutes = (1, 120)
    save_marker = "[OK]"

    def __init__(self, token: Callable[[], str] = lambda: secrets.token_hex(4)) -> None:
        self._way_back = WayBack(token)
        self._exclusive = ""

    @property
    def timer_kind(self) -> str:
        """What takes a change back."""
        return self._way_back.kind

    @property
    def fires_late(self) -> bool:
        """An applet that runs while it is taken away leaves no sign."""
        return self.timer_kind == APPLET

    @property
    def lock_command(self) -> str:
        """How configuration mode is entered alone; only where the switch is set up for it (vendor's guide).

        Not while an applet is to put the old lists back: a session that is lost within configuration mode would hold
        the lock, and keep the applet out.
        """
        return "configure terminal lock" if self._exclusive == "manual" and not self._way_back.needs_mode else ""

    def allow_reload_timer(self, allowed: bool) -> None:
        """Say whether a restart of the switch may be its revert timer."""
        self._way_back.allow_reload = allowed

    def interface_name(self, name: str) -> str:
        """Spell an interface as the configuration does."""
        return read.interface_name(name)

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""
        running = shell.run("show running-config", timeout=120)
        startup = shell.run("show startup-config", timeout=120)
        self._exclusive = read.exclusive_mode(running)
        no_timer = self._way_back.learn(shell, running, startup, locks_itself=self._exclusive == "auto")
        return SwitchState(
            running=read.parse_config(running),
            startup=read.parse_config(startup),
            timer=self._way_back.read(shell, running),
            unfit=self._unfit(read.parse_privilege(shell.run("show privilege"))),
            no_timer=no_timer,
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
        return self._way_back.read(shell)

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
        """Ports of layer 2 take lists in direction in only (reference section 2.1); what is not understood stops."""
        if port.unread:
            return f"its binding is not understood: {port.unread!r}"
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
        """Arm a revert timer, see that it is ours, and type the new bindings one line at a time.

        Raises:
            NotArmed: no timer of ours runs, or the configuration is locked; nothing was bound.
            PeerError, TalkError: in the middle of it.
        """
        if minutes is not None:
            self._way_back.arm(shell, old, minutes)
        try:
            configure(shell, new, window=1, **enter_of(self))
        except NotEntered as exc:
            raise NotArmed(f"{exc.message}{self._ended(shell)}", fix=exc.fix) from exc

    def _ended(self, shell: Shell) -> str:
        """End the timer of a change that was not made; give what is to be said where that fails."""
        try:
            self._way_back.keep(shell)
        except OtedgeError as exc:
            return f" The revert timer could not be ended: {exc.message} {exc.fix}"
        return ""

    def confirm(self, shell: Shell) -> None:
        """Keep what was changed: end the timer that this driver armed, and no other."""
        self._way_back.keep(shell)

    def revert(self, shell: Shell) -> None:
        """Do at once what the timer of an earlier run of this user would do."""
        running, startup = self.read_running(shell), self.read_startup(shell)
        self._way_back.take_back(shell, running, self.bind, startup)

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration; True if the device says so."""
        return self.save_marker in shell.require("write memory", timeout=120)

    def parse_config(self, text: str) -> Config:
        """Read a saved running or startup configuration."""
        return read.parse_config(text)

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read lists from configuration text."""
        return dialect.parse_lists(text)
