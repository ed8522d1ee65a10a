# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated Cisco NX-OS switch: what it holds, what it lets through, what outlives a restart.

Source: switch-acl.md sections 1, 2.3 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hooks import SwitchHooks, Verdict
from ..base import BaseSwitch
from ..box import Box
from ..entry import CliError
from ..grammar import Reply
from . import timers
from .config import NAMES, seed, text_lines
from .groups import groups_of
from .session import Session
from .tables import SYNTAX

DEFAULT_TCAM = 2048
# Wording [assumed]
NO_ROOM = "ERROR: Hardware programming failed. Reason: Tcam will be over used, please turn off atomic update"


class Switch(BaseSwitch):
    """One NX-OS switch.

    Args:
        name: inventory name, also the host name out of the box.
        config: {"vlans", "ports", "port_count", "hostname", "tcam_entries", "line_latency", "role": "network-admin" or
            "network-operator", "features": [names], "management_interface": where new sessions come in, "lines":
            [configuration lines replayed out of the box]}.
        hooks: the world.
        state: what ``dump`` gave, or None for a switch out of the box.
    """

    more = "--More--"

    def __init__(
        self, name: str, config: Mapping[str, Any], hooks: SwitchHooks, state: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(name, config, hooks)
        data = state or {}
        # checkpoints: name -> {"by", "at", "description", "box"}; batches: name -> lines of a configure session
        self.checkpoints: dict[str, dict[str, Any]] = dict(data.get("checkpoints", {}))
        self.batches: dict[str, list[str]] = {name: list(lines) for name, lines in data.get("batches", {}).items()}
        self.armed: dict[str, tuple[float, float]] = {
            name: (pair[0], pair[1]) for name, pair in data.get("armed", {}).items()
        }
        self.applets: dict[str, tuple[int, float]] = {
            name: (pair[0], pair[1]) for name, pair in data.get("applets", {}).items()
        }
        self.job_log: list[str] = list(data.get("job_log", []))
        self.log: list[str] = list(data.get("log", []))
        # schedule -> {"user": who made it, "count": how often it ran, "at": when last}
        self.schedules: dict[str, dict[str, Any]] = {n: dict(one) for n, one in data.get("schedules", {}).items()}
        self.updating: set[str] = set()  # lists that the hardware is just taking out and putting in again
        self.booted = float(data.get("booted", hooks.now()))
        self.last_change: dict[str, Any] = dict(data.get("last_change", {}))
        if state:
            self.running = Box.load(state["running"], SYNTAX)
            self.startup = Box.load(state["startup"], SYNTAX)
        else:
            self.running = seed(name, self.options)
            self._replay([str(line) for line in self.options.get("lines") or []])
            self.startup = self.copy_of_running()
        timers.arm(self)

    def _replay(self, lines: list[str]) -> None:
        """Type the seed's own lines; ValueError for one that is refused: a mistake of the inventory."""
        session = Session(self, 0, "seed", admin=True)
        session.enter("config")
        for line in lines:
            reply = session.run(line)
            if self.refused(reply.text):
                raise ValueError(f"{self.name}: seed line {line!r} is refused: {self.refused(reply.text)}")

    def copy_of_running(self) -> Box:
        """Give the running configuration without its counters."""
        copy = self.running.copy()
        for one in copy.lists.values():
            one.counters.clear()
            one.last_hit.clear()
        return copy

    def new_session(self, number: int, user: str) -> Session:
        """Open a session with the role of the settings."""
        return Session(self, number, user, admin=self.options.get("role", "network-admin") != "network-operator")

    def refused(self, text: str) -> str:
        """Give the line that refuses what was typed."""
        starts = ("%", "ERROR")
        return next((line.strip() for line in text.splitlines() if line.lstrip().startswith(starts)), "")

    def on_line(self, session: Session, reply: Reply) -> None:
        """Remember who changed something last; a new schedule or applet is armed."""
        self.last_change = {"at": self.hooks.now(), "by": session.user}
        timers.arm(self, session.user)

    # -- what passes

    def evaluate(self, interface: str, direction: str, packet: Mapping[str, Any], count: bool = False) -> Verdict:
        """Judge a packet at an interface; first match wins.

        [documented] An empty or missing list that is bound permits everything. [assumed] Lists are not kept from
        members of a port channel, but they do not count there.
        """
        name = NAMES.full(interface) or interface
        port = self.running.ports.get(name)
        if port and port.member:
            return {"permit": True, "rule": "no list"}
        way = f"ipv6 {direction}" if ":" in str(packet["src"]) else direction
        if port and self.updating & {f"{'ipv6' if way != direction else 'ip'} {port.acl.get(way)}"}:
            permit = "hardware access-list update default-result permit" in self.running.lines
            return {"permit": permit, "rule": "the list is being updated in hardware"}
        at = self.hooks.now() if count else None
        return self.running.evaluate(name, direction, packet, at, groups_of(self.running))

    def gateway(self, interface: str, packet: Mapping[str, Any]) -> str:
        """Name the SVI that routes a packet which entered at a port."""
        return self.running.gateway(NAMES.full(interface) or interface, packet)

    def peer_refused(self) -> str:
        """[documented] The class of the VTY lines filters new sessions, so does a list on their way in."""
        if not self.seen_as:
            return ""
        vty = self.running.blocks.get("line vty", [])
        names = [line.split()[2] for line in vty if line.startswith("ip access-class ") and line.endswith(" in")]
        names += [line.split()[1] for line in vty if line.startswith("access-class ") and line.endswith(" in")]
        way = self.running.ports.get(str(self.options.get("management_interface") or ""))
        names += [way.acl["in"]] if way and "in" in way.acl else []
        own = str(self.options.get("address") or "10.0.0.1").partition("/")[0]
        packet = {"protocol": "tcp", "src": self.seen_as, "dst": own, "src_port": 50123, "dst_port": 22}
        return self.running.refuses(names, packet, groups_of(self.running))

    # -- hardware

    def tcam(self) -> tuple[int, int]:
        """Give (used, maximum) entries of bound lists."""
        return self.running.hardware_entries(groups_of(self.running)), int(
            self.options.get("tcam_entries", DEFAULT_TCAM)
        )

    @property
    def atomic(self) -> bool:
        """[documented] Updates are atomic unless turned off."""
        return "no hardware access-list update atomic" not in self.running.lines

    def touched(self, after: Box) -> dict[str, int]:
        """Give the room of the bound lists that are new or other ones in a configuration."""
        now, before, then = self.running.bound_lists(), groups_of(self.running), groups_of(after)
        other = {name for name in {*before, *then} if before.get(name) != then.get(name)}
        return {
            key: one.hardware_entries(then)
            for key, one in after.bound_lists().items()
            if not one.same_as(now.get(key)) or one.groups & other
        }

    def require_room(self, after: Box) -> None:
        """Refuse a configuration whose lists cannot be programmed.

        [documented] An atomic update needs old and new entries at once; without, the new ones alone.

        Raises:
            CliError: no room; nothing was changed.
        """
        used, maximum = self.tcam()
        need = used + sum(self.touched(after).values()) if self.atomic else after.hardware_entries(groups_of(after))
        if self.touched(after) and need > maximum:
            self.log = [*self.log, f"%ACLQOS-SLOT1-2-ACLQOS_FAILED: ACLQOS failure: {NO_ROOM}"][-50:]
            raise CliError("message", text=NO_ROOM)

    def take(self, after: Box) -> None:
        """Make a configuration the running one.

        [documented] Without atomic updates packets are dropped in between, unless `default-result permit` is set.

        Raises:
            CliError: no room in the hardware; nothing was changed.
        """
        self.require_room(after)
        touched = set(self.touched(after))
        replaced = not self.atomic and bool(touched)
        self.running = after
        if replaced:
            self.updating = touched
            self.hooks.changed()
            self.updating = set()

    # -- time, power, state

    def tick(self, now: float) -> None:
        """Let time pass: scheduler jobs and applets run."""
        before = (dict(self.armed), dict(self.applets))
        timers.run_due(self, now)
        timers.arm(self)
        if (self.armed, self.applets) != before:
            self.hooks.changed()

    def power_cut(self) -> None:
        """Power off and on: startup becomes running; configure sessions are gone, checkpoints stay [documented]."""
        self.running = self.startup.copy()
        self.batches.clear()
        self.armed.clear()
        self.applets.clear()
        self.schedules.clear()
        timers.arm(self)
        self.booted = self.hooks.now()
        self.hooks.journal("boot", write=True, why="power cut")
        self.end_sessions()
        self.hooks.changed()

    def dump(self) -> dict[str, Any]:
        """Give the whole state; bindings, lists and startup_equals_running are there to be read, not restored."""
        return {
            "running": self.running.dump(),
            "startup": self.startup.dump(),
            "checkpoints": self.checkpoints,
            "batches": self.batches,
            "armed": {name: list(pair) for name, pair in self.armed.items()},
            "applets": {name: list(pair) for name, pair in self.applets.items()},
            "job_log": self.job_log,
            "log": self.log,
            "schedules": self.schedules,
            "booted": self.booted,
            "last_change": self.last_change,
            "startup_equals_running": text_lines(self.startup) == text_lines(self.running),
            "bindings": self.running.bindings(),
            "lists": self.running.plain_lists(),
        }
