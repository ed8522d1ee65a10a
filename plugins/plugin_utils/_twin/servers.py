# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The listening side of every peer: started together on loopback, on the same ports again after a restart."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from .clock import Clock
from .config import Site
from .journal import Journal
from .line.server import LineServer
from .line.state import Line
from .pc.catalogue_hardware import serial
from .pc.machine import Machine
from .pc.server import PcServer
from .pc.tls import make_tls
from .store import Store, write_private
from .switch import SwitchServer, make_switch
from .ums import UmsServer, UmsStore
from .world import Makers, World

_log = logging.getLogger("twin")


def make_world(site: Site, store: Store, journal: Journal, clock: Clock) -> World:
    """Make the world with the real peers."""
    return World(site, store, journal, clock, Makers(machine=Machine, switch=make_switch, ums=UmsStore, serial=serial))


class Servers:
    """All servers of a world.

    Args:
        world: whose peers are served.
        run_dir: host keys, certificates and known_hosts are kept here.
    """

    def __init__(self, world: World, run_dir: Path) -> None:
        self._world = world
        self._run_dir = run_dir
        self.ports: dict[str, int] = {}
        self._threaded: list[Any] = []
        self._looped: list[Any] = []

    async def start(self, ports: dict[str, int]) -> dict[str, Any]:
        """Listen everywhere.

        Args:
            ports: {peer: port} of the last run; a peer that is not named gets any free port.

        Returns:
            What endpoints.json holds: {"stations": {name: port}, "switches", "ums", "lines": {id: endpoint}}.
        """
        self._pki = self._run_dir / "pki"
        self._pki.mkdir(mode=0o700, exist_ok=True)
        return {
            "stations": self._start_stations(ports),
            "switches": await self._start_switches(ports),
            "ums": self._start_ums(ports),
            "lines": await self._start_lines(ports),
            "inventory": str(self._run_dir / "inventory"),
        }

    def _start_stations(self, ports: dict[str, int]) -> dict[str, int]:
        for name, station in self._world.site.stations.items():
            peer = f"pc:{name}"
            machine = self._world.machines[name]
            winrm = machine.overrides.get("winrm") or {}
            tls = None
            if winrm.get("https"):
                tls = make_tls(self._pki, name, legacy=bool(winrm.get("tls10", machine.profile.seven)))
            server = PcServer(machine, station.user, station.password, port=ports.get(peer, 0), tls=tls)
            server.start()
            self._threaded.append(server)
            self.ports[peer] = server.port
        return {name: self.ports[f"pc:{name}"] for name in self._world.site.stations}

    async def _start_switches(self, ports: dict[str, int]) -> dict[str, int]:
        found: dict[str, int] = {}
        known_hosts: list[str] = []
        for name, config in self._world.site.switches.items():
            peer = f"switch:{name}"
            key = str(self._pki / f"{name}.key")
            switch = self._world.switches[name]
            server = SwitchServer(switch, config["user"], config["password"], key, ports.get(peer, 0))
            await server.start()
            self._looped.append(server)
            self.ports[peer] = found[name] = server.port
            known_hosts.append(f"[127.0.0.1]:{server.port} {server.public_key.strip()}\n")
        write_private(self._run_dir / "known_hosts", "".join(known_hosts))
        return found

    def _start_ums(self, ports: dict[str, int]) -> dict[str, Any]:
        site = self._world.site
        if not site.ums_name:
            return {"name": "", "port": 0, "ca_path": ""}
        user, password = str(site.ums["ums_username"]), str(site.ums["ums_password"])
        names = {str(site.ums[key]) for key in ("ums_host", "ansible_host") if site.ums.get(key)}
        server = UmsServer(self._world.ums, user, password, self._pki, ports.get("ums", 0), addresses=sorted(names))
        server.start()
        self._threaded.append(server)
        self.ports["ums"] = server.port
        return {"name": site.ums_name, "port": server.port, "ca_path": str(server.ca_path)}

    async def _start_lines(self, ports: dict[str, int]) -> dict[str, str]:
        shared: dict[str, list[Line]] = {}
        for line in self._world.lines.values():
            shared.setdefault(str(line.source.get("endpoint", "")), []).append(line)
        found: dict[str, str] = {}
        for endpoint, lines in shared.items():
            peer = f"line:{lines[0].name}"
            server = LineServer(lines, endpoint, ports.get(peer, 0))
            await server.start()
            self._looped.append(server)
            self.ports[peer] = server.port
            found.update({line.name: server.endpoint for line in lines})
        return found

    async def stop(self) -> None:
        """Close everything that was started; one that cannot close does not keep the others open."""
        closing = [asyncio.to_thread(server.stop) for server in self._threaded]
        closing += [server.stop() for server in self._looped]
        for failed in await asyncio.gather(*closing, return_exceptions=True):
            if isinstance(failed, BaseException):
                _log.error("a server could not be closed: %r", failed)
