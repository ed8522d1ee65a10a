# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated AOS-CX switch: what it holds, what is active in its hardware, what it lets through.

Source: switch-acl.md sections 1, 2.5 and 6.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from typing import Any

from ...hooks import SwitchHooks, Verdict
from ..base import BaseSwitch
from ..grammar import Reply
from .config import AccessList, Config, Place, interface_name, key_of, seed
from .entry import Address, Entry, Ports, family_of
from .session import Session

DEFAULT_ENTRIES = 4096  # [documented] an example of `show capacities-status`
DEFAULT_PROCESSING = 0.2  # [assumed] seconds until a change is in the hardware
REFUSALS = ("%", "Invalid", "Error", "Cannot")


class Switch(BaseSwitch):
    """One AOS-CX switch.

    Args:
        name: inventory name, also the host name out of the box.
        config: as ``BaseSwitch``, and "processing_seconds": how long a change takes to reach the hardware.
        hooks: the world.
        state: what ``dump`` gave, or None for a switch out of the box.
    """

    more = "-- MORE --, next page: Space, next line: Enter, quit: q"

    def __init__(
        self, name: str, config: Mapping[str, Any], hooks: SwitchHooks, state: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(name, config, hooks)
        data = state or {}
        self.pending: dict[str, Any] | None = dict(data["pending"]) if data.get("pending") else None
        self.checkpoints: dict[str, Any] = dict(data.get("checkpoints", {}))
        self.hits: dict[str, int] = dict(data.get("hits", {}))
        self.booted = float(data.get("booted", hooks.now()))
        self.work: list[tuple[float, str, str, str]] = []  # (when ready, place or "", direction, list)
        if state:
            self.running, self.startup = Config.load(data["running"]), Config.load(data["startup"])
            self.active = Config.load(data["active"])
            self.work = [(hooks.now(), place, way, acl) for place, way, acl in data.get("work", [])]
        else:
            self.running = seed(name, self.options)
            self.active = self.running.copy()
            self._replay([str(line) for line in self.options.get("lines") or []])
            self.startup = self.running.copy()

    def _replay(self, lines: list[str]) -> None:
        session = Session(self, 0, "seed")
        session.enter("config")
        for line in lines:
            refused = self.refused(session.run(line).text)
            if refused:
                raise ValueError(f"{self.name}: seed line {line!r} is refused: {refused}")
        self.reload_hardware()

    # -- sessions

    def new_session(self, number: int, user: str) -> Session:
        """Open a session in the manager context."""
        return Session(self, number, user)

    def refused(self, text: str) -> str:
        """Give the line that refuses what was typed."""
        return next((line for line in text.splitlines() if line.startswith(REFUSALS)), "")

    def execute(self, session: Any, line: str) -> Reply:
        """Let the hardware catch up, then handle a typed line."""
        self.settle()
        return super().execute(session, line)

    def peer_refused(self) -> str:
        """[documented] A control-plane list filters what is for the switch itself, so new SSH sessions too."""
        name = self.active.control_plane.get("default", self.active.control_plane.get("mgmt"))
        if not name or not self.seen_as or name not in self.active.lists:
            return ""
        own = str(self.options.get("address") or "0.0.0.0").partition("/")[0]  # noqa: S104 - an address to compare
        packet = {"protocol": "tcp", "src": self.seen_as, "dst": own, "src_port": 50123, "dst_port": 22}
        permit, rule = self.decide(name, packet, "control-plane")
        return "" if permit else f"control-plane list {name}: {rule}"

    # -- hardware

    def touched(self, acl: str, place: str = "", way: str = "") -> None:
        """Note that a list, or what is applied somewhere, waits for the hardware."""
        self.hits = {key: count for key, count in self.hits.items() if key.split("|")[0] != acl}
        delay = float(self.options.get("processing_seconds", DEFAULT_PROCESSING))
        self.work.append((self.hooks.now() + delay, place, way, acl))

    def lists_with_group(self, name: str) -> list[str]:
        """Name the lists that use an object group."""
        pieces = {
            acl.key: {part.group for entry in acl.entries.values() for part in _grouped(entry)}
            for acl in self.running.lists.values()
        }
        return [acl for acl, used in pieces.items() if name in used]

    def group_touched(self, name: str) -> None:
        """Note that the lists which use a group wait for the hardware."""
        for acl in self.lists_with_group(name) or [""]:
            self.touched(acl)

    def processing(self, acl: str) -> bool:
        """Tell whether a list is on its way into the hardware."""
        return any(item[3] == acl for item in self.work)

    def settle(self) -> None:
        """Put into the hardware what is ready; what does not fit leaves the active configuration as it was."""
        now = self.hooks.now()
        ready = [item for item in self.work if item[0] <= now]
        if not ready:
            return
        self.work = [item for item in self.work if item[0] > now]
        self.active.groups = self.running.copy().groups
        for _when, place, way, acl in ready:
            before = self.active
            self.active = self._with(place, way, acl)
            used, maximum = self.tcam()
            if used > maximum and used > self.tcam(before)[0]:
                self.active = before
                self.hooks.journal("change", write=True, why="no room in the hardware", list=acl, place=place)
        self.hooks.changed()

    def _with(self, place: str, way: str, acl: str) -> Config:
        """Give the active configuration with one more change of the running one in it."""
        after = self.active.copy()
        if acl in self.running.lists:
            after.lists[acl] = self.running.lists[acl].copy()
        else:
            after.lists.pop(acl, None)
        if place:
            self._place(after, place).acl = dict(self.place(place).acl)
        after.control_plane = dict(self.running.control_plane)
        return after

    def place(self, name: str) -> Place:
        """Give the running port, LAG, SVI or VLAN of a name."""
        return self._place(self.running, name)

    @staticmethod
    def _place(config: Config, name: str) -> Place:
        if name.startswith("vlan "):
            return config.vlans.setdefault(int(name[5:]), Place(name))
        return config.interfaces.setdefault(name, Place(name))

    def active_place(self, name: str) -> dict[str, str]:
        """Give the lists that are in the hardware for a port, LAG, SVI or VLAN, by direction."""
        return self._place(self.active, name).acl

    def reload_hardware(self) -> None:
        """Program everything at once, as after a boot or a restore."""
        self.work = []
        self.active = self.running.copy()
        for place in self.active.places():
            for way, acl in sorted(place.acl.items()):
                if self.tcam()[0] > self.tcam()[1]:
                    del place.acl[way]
                    self.hooks.journal("change", write=True, why="no room in the hardware", list=acl, place=place.name)

    def tcam(self, config: Config | None = None) -> tuple[int, int]:
        """Give (used, maximum) entries: what is applied, expanded, with the implicit deny of each application."""
        held = config or self.active
        names = [acl for place in held.places() for acl in place.acl.values()] + list(held.control_plane.values())
        used = sum(_size(held, held.lists[name]) for name in names if name in held.lists)
        return used, int(self.options.get("tcam_entries", DEFAULT_ENTRIES))

    # -- what passes

    def _group(self, kind: str, name: str) -> list[Any]:
        group = self.active.groups.get(f"{kind} {name}")
        return list(group.parts()) if group else []

    def decide(self, name: str, packet: Mapping[str, Any], where: str, count: bool = False) -> tuple[bool, str]:
        """First match in the active list: (permit, text of the deciding line).

        [documented] Hits are counted for entries with `count`, and for the implicit deny.
        """
        acl = self.active.lists[name]
        for number, entry in sorted(acl.entries.items()):
            if entry.matches(packet, self._group):
                self._count(f"{name}|{where}|{number}", count and entry.count)
                return entry.action == "permit", f"{number} {entry.body}"
        self._count(f"{name}|{where}|deny", count)
        return False, "implicit deny"

    def _count(self, key: str, count: bool) -> None:
        if count:
            self.hits[key] = self.hits.get(key, 0) + 1

    def evaluate(self, interface: str, direction: str, packet: Mapping[str, Any], count: bool = False) -> Verdict:
        """Judge a packet by the active lists of the port, then of its VLAN; of an SVI as routed-in or routed-out.

        Each family has its own list.
        [assumed] A list without entries denies everything: its implicit deny is there.
        """
        self.settle()
        name = interface_name(interface) or interface
        way = key_of(family_of(packet), f"routed-{direction}" if name.startswith("vlan") else direction)
        port = self.running.interfaces.get(name)
        lag, vlan = (port.value("lag "), port.value("vlan access ")) if port else ("", "")
        chain = [f"lag{lag}" if lag else name, *([f"vlan {vlan}"] if vlan.isdigit() else [])] if port else []
        rule = "no list"
        for one in chain:
            acl = self.active_place(one).get(way)
            if acl in self.active.lists:
                permit, rule = self.decide(str(acl), packet, f"{one} {way}", count)
                if not permit:
                    return {"permit": False, "rule": rule}
        return {"permit": True, "rule": rule}

    def gateway(self, interface: str, packet: Mapping[str, Any]) -> str:
        """Name the SVI that routes a packet which entered at an access port."""
        port = self.running.interfaces.get(interface_name(interface) or interface)
        svi = self.running.interfaces.get(f"vlan{port.value('vlan access ')}") if port else None
        own = svi.value("ip address ").split() if svi and family_of(packet) == "ip" else []
        if not own or ipaddress.IPv4Address(packet["dst"]) in ipaddress.IPv4Interface(own[0]).network:
            return ""
        return svi.name if svi else ""

    # -- time, power, state

    def tick(self, now: float) -> None:
        """Let time pass: the hardware catches up, the auto checkpoint warns and expires."""
        self.settle()
        if not self.pending:
            return
        left = self.pending["deadline"] - now
        if left <= 0:
            self.restore(Config.load(self.pending["config"]), "checkpoint auto")
        elif left <= 120 and not self.pending["warned"] and self.pending["minutes"] > 2:
            self.pending["warned"] = True
            self.tell('WARNING  Please "checkpoint auto confirm" within 2 minutes\n')

    def restore(self, config: Config, why: str) -> None:
        """Put a whole configuration back; [documented] what others did meanwhile is gone."""
        self.tell("WARNING: Restoring configuration. Do NOT add any new configuration.\n")
        self.pending = None
        self.running = config
        self.hits = {}
        self.reload_hardware()
        self.hooks.journal("change", write=True, why=why)
        self.hooks.changed()
        self.tell("Restoration successful\n")

    def power_cut(self) -> None:
        """Power off and on: startup becomes running, a pending auto checkpoint is forgotten [assumed]."""
        self.running, self.pending, self.hits = self.startup.copy(), None, {}
        self.reload_hardware()
        self.booted = self.hooks.now()
        self.hooks.journal("boot", write=True, why="power cut")
        self.end_sessions()
        self.hooks.changed()

    def dump(self) -> dict[str, Any]:
        """Give the whole state; bindings, lists and startup_equals_running are there to be read, not restored."""
        return {
            "running": self.running.dump(),
            "startup": self.startup.dump(),
            "active": self.active.dump(),
            "work": [list(item[1:]) for item in self.work],
            "pending": self.pending,
            "checkpoints": self.checkpoints,
            "hits": self.hits,
            "booted": self.booted,
            "startup_equals_running": self.startup.text_lines() == self.running.text_lines(),
            "bindings": {place.name: place.names() for place in self.running.places() if place.acl},
            "lists": {name: acl.lines() for name, acl in self.running.lists.items()},
        }


def _grouped(entry: Entry) -> list[Address | Ports]:
    """Give the pieces of an entry that are object groups."""
    pieces = (entry.src, entry.dst, entry.src_ports, entry.dst_ports)
    return [piece for piece in pieces if piece is not None and piece.group]


def _size(config: Config, acl: AccessList) -> int:
    """Count what a list takes in the hardware: object groups multiply, the implicit deny takes one."""
    total = 1
    for entry in acl.entries.values():
        kinds = [(piece.family if isinstance(piece, Address) else "port", piece.group) for piece in _grouped(entry)]
        keys = [f"{kind} {group}" for kind, group in kinds]
        total += math.prod(len(config.groups[key].entries) if key in config.groups else 0 for key in keys)
    return total
