# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated Arista EOS switch: what it holds, what it lets through, what outlives a restart.

Source: switch-acl.md sections 1, 2.2 and 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...hooks import SwitchHooks, Verdict
from ..base import BaseSwitch
from ..box import Box
from ..grammar import Reply
from .candidates import LIFE, PENDING, TIMED, Candidate, abort
from .config import NAMES, seed, text_lines
from .session import Session
from .tables import SYNTAX

DEFAULT_TCAM = 4096


class Switch(BaseSwitch):
    """One EOS switch.

    Args:
        name: inventory name, also the host name out of the box.
        config: {"vlans", "ports", "port_count", "hostname", "ip_routing", "tcam_entries", "line_latency", "privilege":
            15, "enable_password": "", "management_interface": where new sessions come in, "lines": [configuration
            lines replayed out of the box]}.
        hooks: the world.
        state: what ``dump`` gave, or None for a switch out of the box.
    """

    def __init__(
        self, name: str, config: Mapping[str, Any], hooks: SwitchHooks, state: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(name, config, hooks)
        data = state or {}
        self.candidates = {one["name"]: Candidate.load(one) for one in data.get("candidates", [])}
        self.unnamed = int(data.get("unnamed", 0))
        self.booted = float(data.get("booted", hooks.now()))
        self.last_change: dict[str, Any] = dict(data.get("last_change", {}))
        if state:
            self.running = Box.load(state["running"], SYNTAX)
            self.startup = Box.load(state["startup"], SYNTAX)
        else:
            self.running = seed(name, self.options)
            self._replay([str(line) for line in self.options.get("lines") or []])
            self.startup = self.copy_of_running()

    def _replay(self, lines: list[str]) -> None:
        """Type the seed's own lines; ValueError for one that is refused: a mistake of the inventory."""
        session = Session(self, 0, "seed")
        session.enter("config")
        for line in [*lines, "end"]:
            reply = session.run(line)
            if self.refused(reply.text):
                raise ValueError(f"{self.name}: seed line {line!r} is refused: {reply.text.strip()}")

    def copy_of_running(self) -> Box:
        """Give the running configuration without its counters."""
        copy = self.running.copy()
        for one in copy.lists.values():
            one.counters.clear()
            one.last_hit.clear()
        return copy

    def new_session(self, number: int, user: str) -> Session:
        """Open a session; privilege 15 unless the settings say less."""
        return Session(self, number, user)

    def on_line(self, session: Session, reply: Reply) -> None:
        """Remember who changed something last."""
        self.last_change = {"at": self.hooks.now(), "by": session.user}

    # -- what passes

    def evaluate(self, interface: str, direction: str, packet: Mapping[str, Any], count: bool = False) -> Verdict:
        """Judge a packet at an interface; first match wins.

        [documented] An empty or missing list that is bound permits everything. [assumed] A list that does not fit
        into the hardware drops everything; the lines of a member of a port channel do not count.
        """
        name = NAMES.full(interface) or interface
        port = self.running.ports.get(name)
        if port and port.member:
            return {"permit": True, "rule": "no list"}
        family = "ipv6" if ":" in str(packet["src"]) else "ip"
        bound = port.acl.get(direction if family == "ip" else f"ipv6 {direction}") if port else None
        if f"{family} {bound}" in self.unloaded():
            return {"permit": False, "rule": f"list {bound} is not programmed in hardware"}
        return self.running.evaluate(name, direction, packet, self.hooks.now() if count else None)

    def gateway(self, interface: str, packet: Mapping[str, Any]) -> str:
        """Name the SVI that routes a packet which entered at a port."""
        return self.running.gateway(NAMES.full(interface) or interface, packet)

    def peer_refused(self) -> str:
        """[documented] Lists of the CPU and of the SSH server filter new sessions, so does one on their way in."""
        if not self.seen_as:
            return ""
        names = [
            line.split()[1 + line.split().index("access-group")]
            for heading in ("system control-plane", "management ssh")
            for line in self.running.blocks.get(heading, [])
            if line.startswith("ip access-group ") and len(line.split()) > 2
        ]
        way = self.running.ports.get(str(self.options.get("management_interface") or ""))
        names += [way.acl["in"]] if way and "in" in way.acl else []
        own = str(self.options.get("address") or "10.0.0.1").partition("/")[0]
        packet = {"protocol": "tcp", "src": self.seen_as, "dst": own, "src_port": 50123, "dst_port": 22}
        return self.running.refuses(names, packet)

    def tcam(self) -> tuple[int, int]:
        """Give (used, maximum) entries of bound lists."""
        return self.running.hardware_entries(), int(self.options.get("tcam_entries", DEFAULT_TCAM))

    def unloaded(self) -> list[str]:
        """Name the bound lists that are not in the hardware [assumed: the biggest ones go first]."""
        used, maximum = self.tcam()
        out: list[str] = []
        for key, one in sorted(self.running.bound_lists().items(), key=lambda pair: -pair[1].hardware_entries()):
            if used <= maximum:
                break
            out.append(key)
            used -= one.hardware_entries()
        return out

    # -- time, power, state

    def tick(self, now: float) -> None:
        """Let time pass: commit timers fire, forgotten sessions end."""
        for one in list(self.candidates.values()):
            if one.state == TIMED and now >= one.deadline:
                abort(self, one, "commit timer")
                self.hooks.changed()
            elif one.state == PENDING and now >= one.made + LIFE:
                abort(self, one, "session timeout")
                self.hooks.journal("change", write=True, why="session timeout", session_name=one.name)

    def power_cut(self) -> None:
        """Power off and on: startup becomes running; candidates and commit timers are forgotten."""
        self.running = self.startup.copy()
        self.candidates.clear()
        self.booted = self.hooks.now()
        self.hooks.journal("boot", write=True, why="power cut")
        self.end_sessions()
        self.hooks.changed()

    def dump(self) -> dict[str, Any]:
        """Give the whole state; bindings, lists and startup_equals_running are there to be read, not restored."""
        return {
            "running": self.running.dump(),
            "startup": self.startup.dump(),
            "candidates": [one.dump() for one in self.candidates.values()],
            "unnamed": self.unnamed,
            "booted": self.booted,
            "last_change": self.last_change,
            "startup_equals_running": text_lines(self.startup) == text_lines(self.running),
            "bindings": self.running.bindings(),
            "lists": self.running.plain_lists(),
        }
