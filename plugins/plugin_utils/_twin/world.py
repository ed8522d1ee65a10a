# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one world behind the simulated peers.

The world makes the peers like this (all state arguments: what ``dump()`` gave, or None at the first start):

* ``pc.machine.Machine(config, hooks: PcHooks, state)``; config = {"name", "model" (twin_pc), "overrides"
  (twin_pc_kind, twin_pc_overrides), "address", "mac", "user", "password", "flows" (station_flows), "apps", "timezone",
  "install_seconds", "boot_seconds", "after_install", "unit_mac" (12 hex digits, upper case)};
  ``.os_phase`` in off, booting, windows, installing, thin_client, elsewhere; ``.describe()``, ``.tick(now)``,
  ``.power_cut()``, ``.dump()``, ``.inject(fault, args)``
* ``pc.server.PcServer(machine, user, password, port=0)``; threads of its own; ``.start()``, ``.stop()``, ``.port``
* ``switch.Switch(name, config, hooks: SwitchHooks, state)``; config = twin_switch + {"ports": [names of the access
  ports], "address"}; ``.evaluate(interface, "in", packet)``, ``.tick``, ``.dump()`` (holds "bindings", "lists",
  "startup_equals_running"), ``.inject``
* ``switch.SwitchServer(switch, user, password, host_key_path, port=0)``; ``async start()``, ``async stop()``,
  ``.port`` (after start), ``.host_key_path`` is made if missing, ``.public_key`` (OpenSSH line)
* ``ums.UmsStore(config, hooks: UmsHooks, state)``; config = twin_ums; ``.tick``, ``.dump()``, ``.inject``,
  ``.register(unit_mac, info)`` (automatic registration: makes or updates the record, online; info = {"name",
  "address", "serial"...}), ``.set_online(unit_mac, online)``, ``.summary()`` -> {devices, directories, assignments}
* ``ums.UmsServer(store, user, password, pki_dir, port=0)``; threads of its own; ``.start()``, ``.stop()``,
  ``.port``, ``.ca_path``
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import flows
from .clients import Clients
from .clock import Clock
from .config import Site, mac12
from .hooks import Packet, Verdict
from .journal import Journal
from .line.state import Line
from .store import Store

_CORRUPT = "corrupt_download"
_LARGE_S = 0.02  # a state that takes more work to write is a large one


@dataclass(frozen=True)
class Makers:
    """How peers are made; the process passes the real ones."""

    machine: Callable[[dict[str, Any], Any, dict[str, Any] | None], Any]
    switch: Callable[[str, dict[str, Any], Any, dict[str, Any] | None], Any]
    ums: Callable[[dict[str, Any], Any, dict[str, Any] | None], Any]
    serial: Callable[[Any], str]  # the board's serial number, which survives the conversion


class PeerHooks:
    """What one peer gets of the world; fits PcHooks, SwitchHooks and UmsHooks."""

    def __init__(self, world: World, peer: str) -> None:
        self._world = world
        self._peer = peer
        self.lock = world.lock

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        """See Hooks.journal."""
        self._world.journal.write(self._peer, kind, write, data)
        if write:
            self._world.dirty.add(self._peer)

    def now(self) -> float:
        """See Hooks.now."""
        return self._world.clock.now()

    def changed(self, name: str = "") -> None:
        """See Hooks.changed."""
        self._world.dirty.add(self._peer)
        if self._peer.startswith("switch:"):
            with self.lock:
                self._world.evaluate_flows(self._peer.removeprefix("switch:"))

    def fetch(self, station: str, url: str) -> dict[str, Any] | None:
        """See PcHooks.fetch."""
        with self.lock:
            return self._world.fetch(station, url)

    def reply_permitted(self, station: str, src_port: int) -> bool:
        """See PcHooks.reply_permitted."""
        with self.lock:
            return self._world.reply_permitted(station, src_port)

    def thin_client_boots(self, station: str, unit_mac: str) -> None:
        """See PcHooks.thin_client_boots."""
        with self.lock:
            self._world.thin_client_boots(station, unit_mac)

    def wake(self, mac: str) -> None:
        """See UmsHooks."""
        with self.lock:
            self._world.wake(mac)


class World:
    """Joins the peers: cables, rules, time, and what becomes of a PC that was converted.

    Args:
        site: the site to simulate.
        store: where state is kept.
        journal: where everything is written down.
        clock: the twin's time.
        makers: how peers are made.
    """

    def __init__(self, site: Site, store: Store, journal: Journal, clock: Clock, makers: Makers) -> None:
        self.lock = threading.RLock()
        self.site, self.store, self.journal, self.clock = site, store, journal, clock
        self.dirty: set[str] = set()
        saved = store.load("world") or {}
        self.clients = Clients(site, self.evaluate, self.note, makers.serial, saved.get("clients"))
        self._corrupt: set[str] = set(saved.get("corrupt", []))
        self._flows = {
            name: flows.declared(station.address, station.flows, site.names) for name, station in site.stations.items()
        }
        self._passing: dict[tuple[str, str], bool] = {}
        self._phases: dict[str, str] = {}
        self._due: dict[str, float] = {}
        self.machines: dict[str, Any] = {}
        self.switches: dict[str, Any] = {}
        self.lines: dict[str, Line] = {}
        self.ums: Any = None
        with self.lock:
            self._make(makers)

    def _make(self, makers: Makers) -> None:
        for name, switch in self.site.switches.items():
            peer = f"switch:{name}"
            self.switches[name] = makers.switch(name, switch["config"], self._hooks(peer), self.store.load(peer))
        self.ums = makers.ums(dict(self.site.ums.get("twin_ums") or {}), self._hooks("ums"), self.store.load("ums"))
        for name, source in self.site.lines.items():
            peer = f"line:{name}"
            self.lines[name] = Line(name, source, self._hooks(peer), self.store.load(peer), self.clock.real)
        for name, station in self.site.stations.items():
            peer = f"pc:{name}"
            try:
                self.machines[name] = makers.machine(station.pc, self._hooks(peer), self.store.load(peer))
            except KeyError as exc:
                raise ValueError(
                    f"station {name}: twin_pc or twin_pc_overrides name {exc}, which is not known"
                ) from exc
        self.dirty.update(self.peers(), {"world"})
        self.evaluate_flows()
        self._watch_phases()

    def _hooks(self, peer: str) -> PeerHooks:
        return PeerHooks(self, peer)

    def peers(self) -> dict[str, Any]:
        """Give every peer by its name in the journal."""
        named: dict[str, Any] = {f"pc:{name}": machine for name, machine in self.machines.items()}
        named.update({f"switch:{name}": switch for name, switch in self.switches.items()})
        named.update({f"line:{name}": line for name, line in self.lines.items()})
        if self.ums is not None:
            named["ums"] = self.ums
        return named

    def note(self, kind: str, write: bool = False, **data: Any) -> None:
        """Journal something of the world's own."""
        self.journal.write("world", kind, write, data)

    def evaluate(self, station: str, packet: Packet) -> Verdict:
        """Judge a packet that enters the network at a station's port: by the list there, then by that of its SVI."""
        place = self.site.stations[station]
        switch = self.switches.get(place.switch)
        if switch is None or not place.port:
            return Verdict(permit=True, rule="no list")
        return flows.judge(switch, place.port, packet)

    def evaluate_flows(self, switch: str | None = None) -> None:
        """Judge every declared flow of every station on a switch, of all without one; journal those that flipped."""
        for name, station in self.site.stations.items():
            if switch not in (None, station.switch) or station.switch not in self.switches:
                continue
            for label, packet in self._flows[name].items():
                if packet is None:
                    continue
                verdict = self.evaluate(name, packet)
                if self._passing.get((name, label)) != verdict["permit"]:
                    self._passing[name, label] = verdict["permit"]
                    self.note("flow", station=name, flow=label, permit=verdict["permit"], rule=verdict["rule"])

    def fetch(self, station: str, url: str) -> dict[str, Any] | None:
        """Let a PC download: only what site_staging names, and only if its port lets the first packet pass."""
        place = self.site.stations[station]
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        dst = flows.address_of(parts.hostname or "", self.site.names)
        if dst is None or not port:
            self.note("download", station=station, url=url, result="name not known; list it in twin_names")
            return None
        verdict = self.evaluate(station, flows.tcp(place.address, dst, port))
        sha256 = self.site.downloads.get(url)
        if not verdict["permit"] or sha256 is None:
            result = "not there" if verdict["permit"] else f"blocked by: {verdict['rule']}"
            self.note("download", station=station, url=url, result=result)
            return None
        if station in self._corrupt:
            sha256 = hashlib.sha256(f"corrupt {sha256}".encode()).hexdigest()
        size = 1_000_000 + int(sha256[:6], 16)
        self.note("download", station=station, url=url, result="ok", sha256=sha256)
        return {"sha256": sha256, "size": size}

    def reply_permitted(self, station: str, src_port: int) -> bool:
        """Tell whether a PC's answers from a port reach the automation node."""
        dst = self.site.controller_address
        if not dst:
            return True
        return self.evaluate(station, flows.answer(self.site.stations[station].address, src_port, dst))["permit"]

    def thin_client_boots(self, station: str, unit_mac: str) -> None:
        """Note that a station runs IGEL OS now."""
        self.clients.boots(station, unit_mac, self.clock.now())
        self.dirty.add("world")

    def wake(self, mac: str) -> None:
        """Switch on the PC a magic packet is for, if it is off."""
        for name, station in self.site.stations.items():
            if mac in (station.pc["unit_mac"], mac12(station.pc["mac"])) and self.machines[name].os_phase == "off":
                self.machines[name].inject("power_on", {})

    def _watch_phases(self) -> None:
        """Journal what runs on every station: all at the start, then each change."""
        for name, machine in self.machines.items():
            phase, before = str(machine.os_phase), self._phases.get(name)
            if before != phase:
                self._phases[name] = phase
                data = {"station": name, "into": phase, "before": before}
                self.journal.write(f"pc:{name}", "boot", before is not None, data)
                self.dirty.add(f"pc:{name}")

    def tick(self) -> None:
        """Let time pass everywhere; save what changed."""
        with self.lock:
            now = self.clock.now()
            for peer in self.peers().values():
                peer.tick(now)
            self._watch_phases()
            if self.clients.tick(now, self.machines, self.ums):
                self.dirty.update({"world", "ums"})
        self.save()

    def save(self, everything: bool = False) -> None:
        """Write the state of every peer that changed.

        A state that is large, such as a UMS with thousands of devices, is written so rarely that it costs a
        twentieth of the time; ``everything`` writes it now. The UMS hands out a copy, so that it goes on answering
        while its state is written.
        """
        copied: list[tuple[str, dict[str, Any], float]] = []
        with self.lock:
            dirty, self.dirty = self.dirty, set()
            peers = self.peers()
            for peer in sorted(list(dirty)):
                if time.monotonic() < self._due.get(peer, 0.0) and not everything:
                    self.dirty.add(peer)
                    continue
                begin = time.thread_time()
                state = self._own_state() if peer == "world" else peers[peer].dump()
                if peer == "ums":
                    copied.append((peer, state, time.thread_time() - begin))
                else:
                    self._write(peer, state, time.thread_time() - begin)
        for entry in copied:
            self._write(*entry)

    def _write(self, peer: str, state: dict[str, Any], cost: float) -> None:
        begin = time.thread_time()  # work, not waiting: a busy machine makes no state large
        self.store.save(peer, state)
        cost += time.thread_time() - begin
        self._due[peer] = time.monotonic() + 20 * cost if cost > _LARGE_S else 0.0

    def _own_state(self) -> dict[str, Any]:
        return {"clients": self.clients.dump(), "corrupt": sorted(self._corrupt), "clock_offset": self.clock.offset}

    def inject(self, target: str, fault: str, args: Mapping[str, Any]) -> None:
        """Inject a fault into a peer; ``none`` ends all faults there. ValueError if it does not exist."""
        peer = self.peers().get(target)
        if peer is None:
            raise ValueError(f"no peer {target!r}; there are {', '.join(sorted(self.peers()))}")
        station = target.removeprefix("pc:")
        if target.startswith("pc:") and fault in {_CORRUPT, "none"}:
            (self._corrupt.add if fault == _CORRUPT else self._corrupt.discard)(station)
        if fault != _CORRUPT:
            peer.inject(fault, args)
        self.dirty.update({target, "world"})
        self.journal.write(target, "fault", False, {"fault": fault, "args": dict(args)})
