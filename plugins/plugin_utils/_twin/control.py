# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Control of the simulated site: JSON lines over DIR/control.sock, for tests, demonstrations and site_twin.

A request is {"command": ..., ...}; the answer {"ok": true, ...} or {"ok": false, "error": text}.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .hooks import Packet
from .world import World

_LIMIT = 1 << 20


class Control:
    """Carries out control commands on a world.

    Args:
        world: what is controlled.
        stop: called by the command ``stop``.
        about: what ``ping`` answers: run_dir, endpoints and so on.
    """

    def __init__(self, world: World, stop: Callable[[], None], about: dict[str, Any]) -> None:
        self.world = world
        self._stop = stop
        self._about = about
        self._commands: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "clock": self._clock,
            "evaluate": self._evaluate,
            "fault": self._fault,
            "journal": self._journal,
            "ping": lambda _request: dict(self._about),
            "power_cut": self._power_cut,
            "set_line": self._set_line,
            "state": lambda _request: whole_state(self.world),
            "stop": self._stop_now,
        }

    def handle(self, request: Any) -> dict[str, Any]:
        """Carry out one command; a wrong one is answered, never raised."""
        name = request.get("command") if isinstance(request, dict) else None
        command = self._commands.get(str(name))
        if command is None:
            return {"ok": False, "error": f"no command {name!r}; there are {', '.join(self._commands)}"}
        try:
            with self.world.lock:
                return {"ok": True, **command(request)}
        except KeyError as exc:
            return {"ok": False, "error": f"{name}: there is no {exc}, or it is missing in the command"}
        except (TypeError, ValueError) as exc:
            return {"ok": False, "error": f"{name}: {exc}"}

    def _clock(self, request: dict[str, Any]) -> dict[str, Any]:
        self.world.clock.step(float(request["step_s"]))
        self.world.dirty.add("world")
        self.world.note("clock", step_s=float(request["step_s"]))
        return {"now": self.world.clock.now()}

    def _evaluate(self, request: dict[str, Any]) -> dict[str, Any]:
        station, protocol = str(request["station"]), str(request.get("protocol", "tcp"))
        packet = Packet(
            protocol=int(protocol) if protocol.isdigit() else protocol,
            src=str(request.get("src") or self.world.site.stations[station].address),
            src_port=request.get("src_port"),
            dst=str(request["dst"]),
            dst_port=request.get("port"),
            established=bool(request.get("established", False)),
        )
        return dict(self.world.evaluate(station, packet))

    def _fault(self, request: dict[str, Any]) -> dict[str, Any]:
        args = {key: value for key, value in request.items() if key not in {"command", "target", "fault"}}
        self.world.inject(str(request["target"]), str(request["fault"]), args)
        return {}

    def _journal(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"lines": self.world.journal.read(int(request.get("after", 0)))}

    def _power_cut(self, request: dict[str, Any]) -> dict[str, Any]:
        machine = self.world.machines[request["station"]]
        self.world.journal.write(f"pc:{request['station']}", "power_cut", True, {})
        self.world.dirty.add(f"pc:{request['station']}")
        machine.power_cut()
        return {}

    def _set_line(self, request: dict[str, Any]) -> dict[str, Any]:
        line = self.world.lines[request["line"]]
        line.set(request)
        return line.summary()

    def _stop_now(self, _request: dict[str, Any]) -> dict[str, Any]:
        self._stop()
        return {}


def whole_state(world: World) -> dict[str, Any]:
    """Give the truth about everything: stations, switches, ums, lines."""
    stations: dict[str, Any] = {}
    for name, machine in world.machines.items():
        client = world.clients.get(name)
        stations[name] = {
            **machine.describe(),
            "address": world.site.stations[name].address,
            "unit_mac": client.get("unit_mac"),
            "registered": bool(client.get("registered")),
            "online": bool(client.get("online")),
            "blocked": bool(client.get("blocked")),
        }
    return {
        "now": world.clock.now(),
        "stations": stations,
        "switches": {name: switch.dump() for name, switch in world.switches.items()},
        "ums": world.ums.summary(),
        "lines": {name: line.summary() for name, line in world.lines.items()},
    }


async def serve(control: Control, path: Path) -> asyncio.Server:
    """Listen on the socket, readable for its owner alone."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                try:
                    reply = control.handle(json.loads(line))
                except ValueError:
                    reply = {"ok": False, "error": "a command is one line of JSON"}
                writer.write(json.dumps(reply, default=str).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_unix_server(talk, sock=_bind(path), limit=_LIMIT)


def _bind(path: Path) -> socket.socket:
    """Bind through the folder's descriptor: a socket's own path may have 107 bytes only."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    mask = os.umask(0o177)
    try:
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.umask(mask)
        os.close(folder)
    return listener
