# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Aruba AOS-CX for a swap with a revert timer (reference switch-acl.md section 2.5)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_aoscx as dialect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read_aoscx as read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import families_of, family_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell, Terminal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    Config,
    Interface,
    SwitchState,
    Timer,
    parts_of,
)

FULL_PRIVILEGE = 15
# How long the hardware may take over a list, and how often it is asked.
PATIENCE = 20.0
_PAUSE = 0.25
_ERRORS = (
    r"^\s*(?:%|Invalid input|Error\b|ERROR\b|Ambiguous|Incomplete|Unknown|Cannot|Unable|Failed|Operation not"
    r"|Command (?:failed|incomplete|not)).*$"
)
_NOISE = (
    r'WARNING:? +(?:Please "checkpoint auto confirm"|Restoring configuration)[^\n]*\n|Restoration successful[^\n]*\n'
)


class AosCx:
    """Aruba AOS-CX.

    The revert timer is ``checkpoint auto``: it brings the whole configuration back. No documented command shows one
    that is pending, so ours leaves a mark in the configuration, which the timer takes away with everything else. The
    answer to ``checkpoint auto`` must be the documented one, else nothing is bound: whatever is pending is not ours.

    Args:
        wait: how to wait, in seconds.
    """

    family = "Aruba AOS-CX"
    timer_kind = "checkpoint"
    # What the switch answers to a confirm that comes too late is not documented.
    fires_late = True
    terminal = Terminal(prepare=("no page",), errors=_ERRORS, noise=_NOISE, enter="\r", ansi=True)
    # Minutes that the revert timer of the platform takes.
    minutes = (1, 60)

    def __init__(self, wait: Callable[[float], None] = time.sleep) -> None:
        self._wait = wait
        self._armed = False

    def interface_name(self, name: str) -> str:
        """Spell an interface as this collection does."""
        return read.interface_name(name)

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""
        text = self._running(shell)
        return SwitchState(
            running=read.parse_config(text),
            startup=self.read_startup(shell),
            timer=read.parse_marker(text),
            unfit=self._unfit(shell, text),
        )

    def _unfit(self, shell: Shell, running: str) -> tuple[str, str] | None:
        level = read.parse_privilege(shell.run("show user information"))
        if level is not None and level < FULL_PRIVILEGE:
            return f"The user has privilege level {level}", "put the automation user into the group administrators"
        if not read.parse_config(running).interfaces:
            return (
                "The user cannot read the configuration",
                "put the automation user into the group administrators",
            )
        return None

    def _running(self, shell: Shell) -> str:
        return shell.run("show running-config", timeout=120)

    def read_running(self, shell: Shell) -> Config:
        """Read the running configuration: lists, groups and bindings together."""
        return read.parse_config(self._running(shell))

    def read_startup(self, shell: Shell) -> Config:
        """Read what a restart would bring back."""
        return read.parse_config(shell.run("show startup-config", timeout=120))

    def read_timer(self, shell: Shell) -> Timer | None:
        """Find the mark of a revert timer of ours."""
        return read.parse_marker(shell.run(f"show access-list ip {read.MARKER} commands configuration"))

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as the hardware has it; waits while the switch still works on it."""
        active = typed = ""
        found: AccessList | None = None
        for family in families_of(name):
            show = f"show access-list {read.WORDS[family]} {name} commands"
            active, typed = self._settled(shell, [show, f"{show} configuration"], [name])
            found = read.parse_active(name, active, typed)
            if found:
                break
        if found is None or not found.opaque:
            return found
        # Object groups stand in the configuration only.
        return read.parse_active(name, active, typed, dialect.parse_groups(self._running(shell)))

    def _settled(self, shell: Shell, commands: Sequence[str], names: Sequence[str] = ()) -> list[str]:
        """Run the commands until no list is being processed and these lists are active, or patience ends."""
        waited = 0.0
        while True:
            texts = [shell.run(command) for command in commands]
            both = "\n".join(texts)
            if waited >= PATIENCE or not (read.is_busy(both) or (names and read.warnings(both, names))):
                return texts
            self._wait(_PAUSE)
            waited += _PAUSE

    def is_this(self, shell: Shell) -> bool:
        """True if the device is what this driver speaks to."""
        return "OS-CX" in shell.run("show version")

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Give the notes about lists that are configured but not active in the hardware (reference section 6)."""
        return read.warnings(self._settled(shell, ["show access-list commands configuration"])[0])

    def hardware_room(self, shell: Shell) -> Room | None:
        """Read how many entries the switch still takes; the name of the row is assumed, its table is documented."""
        return read.parse_room(shell.run("show capacities-status"))

    def read_hits(self, shell: Shell, names: Sequence[str]) -> dict[str, list[Hits]]:
        """Read the counters of these lists; only bound lists have any."""
        found: dict[str, list[Hits]] = {}
        for name in names:
            shows = (f"show access-list hitcounts {read.WORDS[family]} {name}" for family in families_of(name))
            hits = next(filter(None, map(read.parse_hits, map(shell.run, shows))), None)
            found |= {name: hits} if hits else {}
        return found

    def place_problem(self, port: Interface, direction: str) -> str:
        """Say why the interface takes no list in this direction, or ""."""
        if direction == "out" and port.access:
            return f"{port.name} is bridged, and bridged ports take lists for what comes in only"
        return ""

    def as_kept(self, rules: Sequence[Rule]) -> tuple[Rule, ...]:
        """Give the rules as the platform keeps them: it logs denials only, and counts every entry."""
        return tuple(replace(rule, log=False) if rule.action == "permit" else rule for rule in rules)

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list from nothing."""
        return dialect.render(name, rules)

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list nobody uses."""
        return [f"no access-list {read.WORDS[family_of(name)]} {name}"]

    def bind(self, interface: str, way: str, new: str | None, now: str | None) -> list[str]:
        """Lines that put another list, or none, on an interface; naming another one replaces it in one step."""
        context = interface.startswith(read.VLAN_CONTEXT)
        head = f"vlan {interface.removeprefix(read.VLAN_CONTEXT)}" if context else f"interface {interface}"
        family, direction = parts_of(way)
        kind, word = read.WORDS[family], read.direction_word(interface, direction)
        if new:
            return [head, f"apply access-list {kind} {new} {word}"]
        return [head, f"no apply access-list {kind} {now} {word}"] if now else []

    def rebind(self, shell: Shell, new: Sequence[str], old: Sequence[str], minutes: int | None) -> None:
        """Type the new bindings, one line at a time, under a revert timer; it rolls the whole box back."""
        if minutes is None:
            shell.configure(new, window=1)
            return
        try:
            answer = shell.require(f"checkpoint auto {minutes}")
        except PeerError as exc:
            answer = exc.message
        if "Auto checkpoint mode expires" not in answer:
            raise NotArmed(
                f"The switch did not start its revert timer: it answered {answer.strip()!r}.",
                fix="Look whether 'checkpoint auto' of someone else is pending; wait until it is confirmed or fires.",
            )
        self._armed = True
        mark = [f"access-list ip {read.MARKER}", f"10 comment revert timer of {shell.user}"]
        try:
            shell.configure(mark, window=1)
        except PeerError as exc:
            # Without its mark nobody would see the timer, and nothing but the mark was typed since it runs.
            self.revert(shell)
            raise NotArmed(exc.message, fix=exc.fix or "Make room for one more list, then run again.") from exc
        shell.configure(new, window=1)

    def confirm(self, shell: Shell) -> None:
        """Keep what was changed since the timer was armed, and take the mark away.

        Raises:
            PeerError: no timer was armed by this run.
        """
        if not self._armed:
            raise PeerError(
                "The revert timer that is pending was not armed by this run, so it was left alone.",
                fix="Wait until its owner confirms it or it fires.",
            )
        shell.require("checkpoint auto confirm", timeout=120)
        shell.configure(self.remove(read.MARKER))

    def revert(self, shell: Shell) -> None:
        """End the timer of a run of ours that was cut.

        The platform has no command to take the change back at once. Every binding is the whole old or the whole new
        list, and this session shows that the switch can be reached, so what is there is kept; the plan goes on from it.
        A run may have been cut after its confirm and before the mark was taken away: then there is no timer.
        """
        with contextlib.suppress(PeerError):
            shell.require("checkpoint auto confirm", timeout=120)
        with contextlib.suppress(PeerError):
            shell.configure(self.remove(read.MARKER))

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration; True if the device says so."""
        return "success" in shell.require("write memory", timeout=120).lower()

    def parse_config(self, text: str) -> Config:
        """Read a saved running or startup configuration."""
        return read.parse_config(text)

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read lists from configuration text."""
        return dialect.parse_lists(text)
