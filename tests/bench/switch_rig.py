# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated switches in processes of their own, what was typed at them, and a way to them that takes time."""

from __future__ import annotations

import asyncio
import itertools
import logging
import multiprocessing
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER, SECRET = "automation", "bench-only-1"
PORT = "GigabitEthernet1/0/1"
PROCESSES = 2  # simulated switches share so many, so that they are not what is waited for


class _World:
    """What a simulated switch asks of its world; counts the lines typed in exec and in configuration mode."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.exec = self.config = 0

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        """Count a line."""
        if kind == "request":
            exec_mode = data["mode"] in ("exec", "user")
            self.exec += exec_mode
            self.config += not exec_mode

    def now(self) -> float:
        """Give the time."""
        return time.time()

    def changed(self, name: str = "") -> None:
        """Nothing follows from a change."""


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, one_way: float) -> None:
    """Pass on what comes, so many seconds later; what comes together stays together."""
    loop = asyncio.get_running_loop()
    while data := await reader.read(65536):
        loop.call_later(one_way, writer.write, data)
    loop.call_later(one_way, writer.close)


async def _far(port: int, rtt: float) -> int:
    """Listen on a port that leads to another one by a round trip of so many seconds."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            there = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pipe(reader, there[1], rtt / 2), _pipe(there[0], writer, rtt / 2))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return int(server.sockets[0].getsockname()[1])


def _judged(switch: Any, packets: list[dict[str, Any]]) -> tuple[list[bool], bool]:
    """Tell which packets pass at the port, and whether a restart would change that."""
    verdicts = [bool(switch.evaluate(PORT, "in", packet)["permit"]) for packet in packets]
    return verdicts, bool(switch.dump()["startup_equals_running"])


async def _serve(folder: str, names: list[str], rtt: float, pipe: Any) -> None:
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import (  # noqa: PLC0415
        SwitchServer,
        make_switch,
    )

    worlds: dict[str, _World] = {}
    switches: dict[str, Any] = {}
    doors: dict[str, tuple[int, str]] = {}
    for name in names:
        worlds[name] = _World()
        config = {"platform": "iosxe", "vlans": {101: "10.20.1.1/26"}, "ports": [PORT], "hostname": name}
        switches[name] = make_switch(name, config, worlds[name])
        server = SwitchServer(switches[name], USER, SECRET, f"{folder}/host_key")
        await server.start()
        port = await _far(server.port, rtt) if rtt else server.port
        doors[name] = (port, f"[127.0.0.1]:{port} {server.public_key}")
    pipe.send(doors)
    loop = asyncio.get_running_loop()
    with suppress(EOFError):
        while True:
            asked = await loop.run_in_executor(None, pipe.recv)
            if asked == "lines":
                pipe.send([(world.exec, world.config) for world in worlds.values()])
                for world in worlds.values():
                    world.exec = world.config = 0
            else:
                pipe.send([_judged(switch, asked) for switch in switches.values()])


def _process(folder: str, names: list[str], rtt: float, pipe: Any) -> None:
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # how clients hang up is not what is measured
    asyncio.run(_serve(folder, names, rtt, pipe))


@dataclass
class Rig:
    """Simulated switches that run: {name: port}, and the file with their host keys."""

    ports: dict[str, int]
    known_hosts: Path
    pipes: list[Any]

    def lines(self) -> tuple[float, float]:
        """Give the lines typed a switch since the last call: in exec mode, in configuration mode."""
        counts = self._ask("lines")
        return sum(count[0] for count in counts) / len(counts), sum(count[1] for count in counts) / len(counts)

    def wrong(self, packets: list[tuple[dict[str, Any], bool]], *, saved: bool) -> int:
        """Give how many switches do not treat these packets so, or have not saved what they do."""
        wanted = [verdict for _packet, verdict in packets]
        found = self._ask([packet for packet, _verdict in packets])
        return sum(verdicts != wanted or (saved and not kept) for verdicts, kept in found)

    def _ask(self, what: Any) -> list[Any]:
        found: list[Any] = []
        for pipe in self.pipes:
            pipe.send(what)
            found += pipe.recv()
        return found


@contextmanager
def rig(folder: Path, count: int, rtt: float = 0.0) -> Any:
    """Give a Rig with so many fresh switches, each that many seconds away, and end it."""
    names = [f"sw-{number:03}" for number in range(1, count + 1)]
    context = multiprocessing.get_context("spawn")
    pipes, children = [], []
    for part in range(min(PROCESSES, count)):
        ours, theirs = context.Pipe()
        home = folder / f"switches-{part}"
        home.mkdir(exist_ok=True)
        child = context.Process(target=_process, args=(str(home), names[part::PROCESSES], rtt, theirs), daemon=True)
        child.start()
        theirs.close()
        pipes.append(ours)
        children.append(child)
    try:
        doors = dict(itertools.chain.from_iterable(pipe.recv().items() for pipe in pipes))
        known_hosts = folder / "known_hosts"
        known_hosts.write_text("".join(f"{line}\n" for _port, line in doors.values()), encoding="utf-8")
        yield Rig({name: doors[name][0] for name in names}, known_hosts, pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        for child in children:
            child.join(5)
            child.kill()
