# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated access switch (Cisco IOS-XE 17): what it holds, what it lets through, what outlives a restart.

Source: switch-acl.md sections 1, 2.1 and 6; ot-segmentation.md section 5.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections.abc import Mapping
from typing import Any

from ..hooks import SwitchHooks, Verdict
from . import eem, locking, reloading
from .acl6 import List6
from .base import BaseSwitch
from .config import Config, interface_name, seed
from .grammar import Reply
from .rules import Flow
from .session import Session

DEFAULT_TCAM = 5120


class Switch(BaseSwitch):
    """One switch.

    Args:
        name: inventory name, also the host name out of the box.
        config: {"vlans", "ports", "port_count", "hostname", "ip_routing", "archive_path", "tcam_entries",
            "line_latency", "lines": [configuration lines replayed out of the box]}; keys may also stand below
            "twin_switch".
        hooks: the world.
        state: what ``dump`` gave, or None for a switch out of the box.
    """

    def __init__(
        self, name: str, config: Mapping[str, Any], hooks: SwitchHooks, state: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(name, config, hooks)
        self.lock: dict[str, Any] | None = None  # who holds `configure terminal lock`
        data = state or {}
        self.pending: dict[str, Any] | None = dict(data["pending"]) if data.get("pending") else None
        self.archives: list[str] = list(data.get("archives", []))
        self.archive_index = int(data.get("archive_index", 0))
        self.booted = float(data.get("booted", hooks.now()))
        self.last_change: dict[str, Any] = dict(data.get("last_change", {}))
        self.reload: dict[str, Any] | None = dict(data["reload"]) if data.get("reload") else None
        self.down_until = float(data.get("down_until", 0.0))  # ports and logins, after a reload
        self.applets: dict[str, dict[str, float]] = {k: dict(v) for k, v in (data.get("applets") or {}).items()}
        if state:
            self.running = Config.load(data["running"])
            self.startup = Config.load(data["startup"])
        else:
            self.running = seed(name, self.options)
            self._replay([str(line) for line in self.options.get("lines") or []])
            self.startup = self.copy_of_running()
        eem.arm(self)

    def _replay(self, lines: list[str]) -> None:
        """Type the seed's own lines; one that is refused is a mistake of the inventory.

        Raises:
            ValueError: naming the line.
        """
        session = Session(self, 0, "seed")
        session.enter("config")
        for line in lines:
            reply = session.run(line)
            if "%" in reply.text:
                raise ValueError(f"{self.name}: seed line {line!r} is refused: {reply.text.strip()}")
        session.enter("exec")

    def copy_of_running(self) -> Config:
        """Give the running configuration without its counters."""
        copy = Config.load(self.running.dump())
        for acl in copy.all_lists().values():
            acl.counters.clear()
        return copy

    # -- sessions

    def new_session(self, number: int, user: str) -> Session:
        """Open a session at privilege 15, or below it where an enable password is set."""
        session = Session(self, number, user)
        if self.options.get("enable_password"):
            session.enter("user")
        return session

    def peer_refused(self) -> str:
        """Give why nobody may connect now.

        [documented] The `access-class` of the VTYs filters new sessions; a list that is missing lets all in.
        """
        if self.down_until:
            return "the switch is starting"
        names = [line.split()[1] for line in self.running.vty if re.match(r"access-class \S+ in\b", line)]
        acl = self.running.lists.get(names[0]) if names else None
        if acl is None or not self.seen_as:
            return ""
        own = str(self.options.get("address") or "192.0.2.1").partition("/")[0]
        packet = {"protocol": "tcp", "src": self.seen_as, "dst": own, "src_port": 50123, "dst_port": 22}
        permit, rule = acl.decide(packet, known=self.running.groups)
        return "" if permit else f"access-class {acl.name}: {rule}"

    def on_close(self, session: Session) -> None:
        """End its exclusive lock."""
        self.release_lock(session)

    def release_lock(self, session: Session) -> None:
        """End `configure terminal lock` of this session."""
        locking.release(self, session.number)

    def machine_session(self, user: str) -> Session:
        """Open a session for what the switch types itself."""
        session = Session(self, 0, user)
        session.machine = True
        return session

    def refused(self, text: str) -> str:
        """Give the line of an answer that refuses what was typed; the one about the lock has no percent sign."""
        locked = next((line for line in text.splitlines() if "locked exclusively by user" in line), "")
        return locked or super().refused(text)

    def on_line(self, session: Session, reply: Reply) -> None:
        """Remember who changed something last."""
        self.last_change = {"at": self.hooks.now(), "by": session.user}

    # -- what passes

    def evaluate(self, interface: str, direction: str, packet: Mapping[str, Any], count: bool = False) -> Verdict:
        """Judge a packet (src, dst, protocol, src_port, dst_port, established) at an interface; first match wins.

        [documented] An empty or missing list that is bound permits everything; a list that does not fit into the
        hardware drops everything.
        """
        if self.down_until:
            return {"permit": False, "rule": "the switch is starting"}
        port = self.running.interfaces.get(interface_name(interface) or interface)
        six = ":" in str(packet["src"])
        name = port.acl.get(f"ipv6 {direction}" if six else direction) if port else None
        if name is None:
            return {"permit": True, "rule": "no list"}
        if (name not in self.running.lists6) if six else (name not in self.running.lists):
            return {"permit": True, "rule": f"missing list {name}"}
        if self.unloaded(f"ipv6 {name}" if six else name):
            return {"permit": False, "rule": f"list {name} is not programmed in hardware"}
        if six:
            counted_at = self.hooks.now() if count else None
            permit, rule = self.running.lists6[name].decide(Flow.of(packet), counted_at)
        else:
            permit, rule = self.running.lists[name].decide(packet, count, self.running.groups)
        return {"permit": permit, "rule": rule}

    def gateway(self, interface: str, packet: Mapping[str, Any]) -> str:
        """Name the SVI that routes a packet which entered at an access port; none where `ip routing` is off."""
        port = self.running.interfaces.get(interface_name(interface) or interface)
        vlan = port.value("switchport access vlan ") if port and not port.routed else ""
        svi = self.running.interfaces.get(f"Vlan{vlan}")
        if svi is None:
            return ""
        to = ipaddress.ip_address(packet["dst"])
        routes = "ipv6 unicast-routing" in self.running.lines if to.version == 6 else self.running.ip_routing
        nets = svi.networks(to.version)
        return svi.name if routes and nets and not any(to in net for net in nets) else ""

    def tcam(self) -> tuple[int, int]:
        """Give (used, maximum) entries; each bound list counts once, with its implicit deny."""
        return sum(self._sizes().values()), int(self.options.get("tcam_entries", DEFAULT_TCAM))

    def _sizes(self) -> dict[str, int]:
        bound = self.running.bound_lists().items()
        return {
            key: own.hardware_entries() if isinstance(own, List6) else own.hardware_entries(self.running.groups)
            for key, own in bound
        }

    def unloaded(self, key: str) -> bool:
        """Tell whether a bound list (NAME or ``ipv6 NAME``) does not fit [assumed: the biggest ones go first]."""
        used, maximum = self.tcam()
        sizes = self._sizes()
        for other in sorted(sizes, key=lambda other: -sizes[other]):
            if used <= maximum:
                return False
            if other == key:
                return True
            used -= sizes[other]
        return False

    # -- time, power, state

    def tick(self, now: float) -> None:
        """Let time pass: timers fire, applets run, a reload begins or ends."""
        reloading.run_due(self, now)
        locking.expire(self, now)
        if self.pending and now >= self.pending["deadline"]:
            self.roll_back("revert timer")
        eem.run_due(self, now)

    def roll_back(self, why: str) -> str:
        """Restore the backed-up running configuration; give the file's name.

        [assumed] Lists that are not in the backup go first, then the rest comes back: the order is not hitless
        (switch-acl.md 2.1: "the box may remove the list first").
        """
        pending = self.pending or {}
        self.pending = None
        back = Config.load(pending["config"])
        gone = [name for name in self.running.lists if name not in back.lists]
        gone += [f"ipv6 {name}" for name in self.running.lists6 if name not in back.lists6]
        self.running.lists = {name: acl for name, acl in self.running.lists.items() if name in back.lists}
        self.running.lists6 = {name: acl for name, acl in self.running.lists6.items() if name in back.lists6}
        if gone:
            self.hooks.journal("change", write=True, why=why, removed=gone)
            self.hooks.changed()
        for name, acl in back.lists.items():
            acl.counters = dict(self.running.lists[name].counters) if name in self.running.lists else {}
        for name, own in back.lists6.items():
            own.counters = dict(self.running.lists6[name].counters) if name in self.running.lists6 else {}
        self.running = back
        eem.arm(self)
        self.last_change = {"at": self.hooks.now(), "by": pending.get("user", "")}
        self.hooks.journal("change", write=True, why=why, restored=pending["file"])
        self.hooks.changed()
        return str(pending["file"])

    def power_cut(self) -> None:
        """Power off and on; the ports are back at once."""
        self.restart("power cut", 0.0)

    def restart(self, why: str, down: float) -> None:
        """Startup becomes running, timers are forgotten, every session ends, ports stay down for some seconds."""
        self.running = Config.load(self.startup.dump())
        for acl in self.running.lists.values() if self.running.classic else ():
            acl.forget_numbers()
        self.pending = None
        self.lock = self.reload = None
        self.booted = self.hooks.now()
        self.down_until = self.booted + down if down else 0.0
        self.applets = {}
        eem.arm(self)
        self.hooks.journal("boot", write=True, why=why)
        self.end_sessions()
        self.hooks.changed()

    def archive_file(self) -> str:
        """Name the next archive file and count it."""
        stamp = time.strftime("%b-%d-%H-%M-%S", time.gmtime(self.hooks.now()))
        name = f"{self.running.archive_path}{stamp}.000-{self.archive_index}"
        self.archive_index += 1
        self.archives = [*self.archives, name][-self.running.archive_maximum :]
        return name

    def dump(self) -> dict[str, Any]:
        """Give the whole state; bindings, lists and startup_equals_running are there to be read, not restored."""
        running = self.running
        return {
            "running": running.dump(),
            "startup": self.startup.dump(),
            "pending": self.pending,
            "archives": self.archives,
            "archive_index": self.archive_index,
            "booted": self.booted,
            "last_change": self.last_change,
            "reload": self.reload,
            "down_until": self.down_until,
            "applets": self.applets,
            "startup_equals_running": self.startup.text_lines() == running.text_lines(),
            "bindings": {port.name: dict(port.acl) for port in running.interfaces.values() if port.acl},
            "lists": {
                key: [line.strip() for line in acl.config_lines()[1:]] for key, acl in running.all_lists().items()
            },
        }
