# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands of Cisco NX-OS for a swap with a way back in the scheduler (reference switch-acl.md section 2.3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import dialect_nxos as dialect
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import read_nxos as read
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.config_text import sections
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Hits, Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import OURS, families_of, family_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Shell, Terminal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.refusals import NotArmed
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    IPV4,
    IPV6,
    Config,
    Interface,
    SwitchState,
    Timer,
    parts_of,
)

_SCHEDULES = "show scheduler schedule"
_SHOW = {IPV4: "show ip access-lists", IPV6: "show ipv6 access-lists"}
_DAY = 24 * 60


class NxOs:
    """Cisco NX-OS.

    The revert timer is a job of the scheduler that binds the old lists again: it changes nothing else, and it needs no
    session. Confirming is taking it away. That the scheduler runs such a job as written here is not verified.

    A driver remembers which interfaces are routed from the last configuration it read: they take lists by another
    command than bridged ports.

    Args:
        token: gives a new unique word, for names of jobs.
    """

    family = "Cisco NX-OS"
    timer_kind = "scheduler"
    # Its job may run between the look at it and the line that takes it away.
    fires_late = True
    terminal = Terminal(
        prepare=("terminal width 511", "terminal length 0"),
        errors=r"^\s*(?:%|(?i:error)\b|Syntax error|Invalid|Ambiguous|Incomplete).*$",
        ansi=True,
    )
    # Minutes of the way back; the scheduler counts whole minutes, so that one minute may be none.
    minutes = (2, _DAY - 1)

    def __init__(self, token: Callable[[], str] = lambda: secrets.token_hex(4)) -> None:
        self._token = token
        self._armed = ""
        self._routed: frozenset[str] = frozenset()

    def interface_name(self, name: str) -> str:
        """Spell an interface as the configuration does."""
        return read.interface_name(name)

    def read_state(self, shell: Shell) -> SwitchState:
        """Read everything a decision needs."""
        text = shell.run("show running-config", timeout=120)
        return SwitchState(
            running=self._understood(text),
            startup=self.read_startup(shell),
            timer=self.read_timer(shell),
            unfit=self._unfit(shell),
            no_timer=read.no_timer(sections(read.without_jobs(text)[0])),
        )

    def _understood(self, text: str) -> Config:
        self._routed = read.routed_ports(sections(read.without_jobs(text)[0]))
        return read.parse_config(text)

    def _unfit(self, shell: Shell) -> tuple[str, str] | None:
        roles = read.parse_roles(shell.run(f"show user-account {shell.user}"))
        if roles & read.ROLES:
            return None
        return (
            f"The user has {'the role ' + ', '.join(sorted(roles)) if roles else 'no role that can be read'}",
            "give the automation user the role network-admin",
        )

    def read_running(self, shell: Shell) -> Config:
        """Read the running configuration: the only place that shows bindings and lists together."""
        return self._understood(shell.run("show running-config", timeout=120))

    def read_startup(self, shell: Shell) -> Config:
        """Read what a restart would bring back."""
        return read.parse_config(shell.run("show startup-config", timeout=120))

    def read_timer(self, shell: Shell) -> Timer | None:
        """Find the way back of a run in the scheduler."""
        return read.parse_timer(shell.run(_SCHEDULES), shell.user)

    def read_list(self, shell: Shell, name: str) -> AccessList | None:
        """Read one list as the device enforces it."""
        for family in families_of(name):
            found = dialect.parse_lists(shell.run(f"{_SHOW[family]} {name}"))
            if found:
                return found.get(name)
        return None

    def is_this(self, shell: Shell) -> bool:
        """True if the device is what this driver speaks to."""
        version = shell.run("show version")
        return "NX-OS" in version or "Nexus Operating System" in version

    def hardware_errors(self, shell: Shell) -> list[str]:
        """Give the log lines about lists that did not fit into the hardware (reference section 6)."""
        return read.hardware_errors(shell.run("show logging logfile"))

    def hardware_room(self, shell: Shell) -> Room | None:
        """Read the room for lists of IPv4 in the hardware; None if this model does not tell."""
        return self.family_room(shell, IPV4)

    def family_room(self, shell: Shell, family: str) -> Room | None:
        """Read the room for lists of one family; None if this model does not tell."""
        return read.parse_room(shell.run("show hardware access-list resource utilization"), family)

    def read_hits(self, shell: Shell, names: Sequence[str]) -> dict[str, list[Hits]]:
        """Read the counters of these lists."""
        found: dict[str, list[Hits]] = {}
        for name in names:
            texts = (shell.run(f"{_SHOW[family]} {name}") for family in families_of(name))
            hits = next(filter(None, map(read.parse_hits, texts)), None)
            found |= {name: hits} if hits else {}
        return found

    def place_problem(self, port: Interface, direction: str) -> str:
        """Say why the interface takes no list in this direction, or ""."""
        if direction == "out" and port.name not in self._routed:
            return f"{port.name} is bridged, and bridged ports take lists for what comes in only"
        return ""

    def create(self, name: str, rules: tuple[Rule, ...]) -> list[str]:
        """Lines that build a list from nothing."""
        return dialect.render(name, rules)

    def remove(self, name: str) -> list[str]:
        """Lines that remove a list nobody uses."""
        return [f"no {dialect.HEADS[family_of(name)]} {name}"]

    def bind(self, interface: str, way: str, new: str | None, now: str | None) -> list[str]:
        """Lines that put another list, or none, on an interface; naming another one replaces it in one step."""
        bridged = interface.startswith(("Ethernet", "port-channel")) and interface not in self._routed
        family, direction = parts_of(way)
        verb = "access-group" if family == IPV4 else "traffic-filter"
        words = f"{'ip' if family == IPV4 else 'ipv6'} {'port ' if bridged else ''}{verb}"
        if new:
            return [f"interface {interface}", f"{words} {new} {direction}"]
        return [f"interface {interface}", f"no {words} {now} {direction}"] if now else []

    def rebind(self, shell: Shell, new: Sequence[str], old: Sequence[str], minutes: int | None) -> None:
        """Put the way back into the scheduler, see that it is there, and type the new bindings one line at a time.

        Raises:
            NotArmed: the scheduler does not show the way back, or somebody else has one there: nothing was bound.
            PeerError: a line was refused.
        """
        if minutes is None:
            shell.configure(new, window=1)
            return
        shown = read.parse_schedules(shell.run(_SCHEDULES))
        _refuse_others(shown)
        # What is left is over: no schedule of it is to come.
        self._clear(shell, self._jobs(shell), shown)
        name = read.own_name(shell.user, self._token())
        shell.configure([f"scheduler job name {name}", *read.way_back(old), "exit"])
        start = f"time start +00:{minutes // 60:02d}:{minutes % 60:02d}"
        shell.configure([f"scheduler schedule name {name}", f"job name {name}", start])
        shown = read.parse_schedules(shell.run(_SCHEDULES))
        try:
            _refuse_others(shown, name)
            if all(one.name != name for one in shown) or self._jobs(shell).get(name) != read.way_back(old):
                raise NotArmed(
                    "The scheduler does not show the way back as it was typed, so the new lists were not bound.",
                    fix="Look at 'show scheduler config'.",
                    missing=True,
                )
        except NotArmed:
            self._clear(shell, [name], shown)
            raise
        self._armed = name
        shell.configure(new, window=1)

    def _jobs(self, shell: Shell) -> dict[str, list[str]]:
        """Give the jobs of this user's runs."""
        jobs = read.without_jobs(shell.run("show running-config", timeout=120))[1]
        return {name: lines for name, lines in jobs.items() if read.is_own(name, shell.user)}

    def _clear(self, shell: Shell, names: Iterable[str], shown: Sequence[read.Schedule] | None = None) -> None:
        """Take ways back out of the scheduler: the schedule first, a job alone does nothing."""
        names = list(names)
        pending = {one.name for one in (read.parse_schedules(shell.run(_SCHEDULES)) if shown is None else shown)}
        lines = [f"no scheduler schedule name {name}" for name in names if name in pending]
        lines += [f"no scheduler job name {name}" for name in names]
        if lines:
            shell.configure(lines)

    def _own(self, shell: Shell) -> list[read.Schedule]:
        return [one for one in read.parse_schedules(shell.run(_SCHEDULES)) if read.is_own(one.name, shell.user)]

    def confirm(self, shell: Shell) -> None:
        """Keep the change: take its way back out of the scheduler.

        Raises:
            PeerError: it is not there any more, or it has run already.
        """
        shown = read.parse_schedules(shell.run(_SCHEDULES))
        own = [one for one in shown if one.name == self._armed]
        if not self._armed:
            raise PeerError(
                "The way back that is pending was not made by this run, so it was left alone.",
                fix=f"Wait until it has run or its owner confirms it ({_SCHEDULES}).",
            )
        self._clear(shell, [self._armed], shown)
        if not own or own[0].fired:
            raise PeerError("The way back has run already, or somebody took it away.", fix="Run again.")

    def revert(self, shell: Shell) -> None:
        """Bind again at once what the way back would bind, and take it out of the scheduler.

        A port that has a list by now that is not one of ours was changed by somebody since, and is left alone.
        """
        running, jobs, own = self.read_running(shell), self._jobs(shell), self._own(shell)
        for one in own:
            for interface, way, lines in read.bindings_of(jobs.get(one.name, [])):
                port = running.interfaces.get(interface)
                if port and OURS.fullmatch(port.lists.get(way, "")) and lines[-1] != self._now(port, way):
                    shell.configure(lines, window=1)
        self._clear(shell, [one.name for one in own])

    def _now(self, port: Interface, way: str) -> str:
        """Give the line that binds what is bound."""
        return self.bind(port.name, way, port.lists[way], None)[-1]

    def save(self, shell: Shell) -> bool:
        """Write the startup configuration; True if the device says so."""
        return "Copy complete" in shell.require("copy running-config startup-config", timeout=120)

    def parse_config(self, text: str) -> Config:
        """Read a saved running or startup configuration."""
        return read.parse_config(text)

    def parse_lists(self, text: str) -> Mapping[str, AccessList]:
        """Read lists from configuration text."""
        return dialect.parse_lists(text)


def _refuse_others(shown: Sequence[read.Schedule], own: str = "") -> None:
    """Two ways back do not know of each other: whoever sees another one steps back.

    Raises:
        NotArmed: one of another run is pending.
    """
    others = [one.name for one in shown if one.name.startswith(read.SCHEDULES) and one.name != own and not one.fired]
    if others:
        raise NotArmed(
            f"The way back of another run is pending: schedule {others[0]}.",
            fix=f"Wait until it has run or is confirmed ({_SCHEDULES}), then run again.",
        )
