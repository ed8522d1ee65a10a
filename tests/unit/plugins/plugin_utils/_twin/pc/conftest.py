# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer

START = 1_795_372_980.0  # 2026-11-22 18:43:00 UTC
CONVERTER = {"sha256": "5f" * 32, "size": 48_000_000}
IMAGE = {"sha256": "0b" * 32, "size": 1_600_000_000}


class World:
    """Hooks of one PC with a clock that is moved by hand."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.time = START
        self.lines: list[dict[str, Any]] = []
        self.permitted = True
        self.clients: list[tuple[str, str]] = []
        self.downloads = {"http://ums/osc.msi": CONVERTER, "http://ums/osc.iso": IMAGE}

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.lines.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return self.time

    def changed(self, name: str = "") -> None:
        self.lines.append({"kind": "changed", "write": False})

    def fetch(self, station: str, url: str) -> dict[str, Any] | None:
        return self.downloads.get(url)

    def reply_permitted(self, station: str, src_port: int) -> bool:
        return self.permitted

    def thin_client_boots(self, station: str, unit_mac: str) -> None:
        self.clients.append((station, unit_mac))

    def writes(self) -> list[dict[str, Any]]:
        return [one for one in self.lines if one["write"]]


def make(world: World, model: str = "win10_x64", state: dict[str, Any] | None = None, **more: Any) -> Machine:
    config = {
        "name": "l1-op1",
        "model": model,
        "overrides": {},
        "address": "10.20.1.11",
        "mac": "00:1B:1B:00:11:01",
        "user": "svc-rollout",
        "password": "lab-only-l1-op1",
        "flows": [
            {"to": "10.20.60.10", "protocol": "tcp", "ports": [443]},
            {"to": "10.20.95.10", "protocol": "udp", "ports": [53]},
        ],
        "apps": [{"name": "MES Terminal", "delivery": "web"}],
        "timezone": "Europe/Berlin",
        "install_seconds": 6,
        "boot_seconds": 2,
        "after_install": "reboot",
        **more,
    }
    return Machine(config, world, state)


def advance(machine: Machine, world: World, seconds: float, step: float = 0.1) -> None:
    for _tick in range(round(seconds / step)):
        world.time += step
        machine.tick(world.time)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def fresh() -> Callable[..., tuple[Machine, Callable[[float], None]]]:
    """A new PC with a world of its own, for tests that make many."""

    def build(**more: Any) -> tuple[Machine, Callable[[float], None]]:
        world = World()
        machine = make(world, **more)
        return machine, lambda seconds: advance(machine, world, seconds)

    return build


@pytest.fixture
def pc(world: World) -> Callable[..., Machine]:
    return lambda model="win10_x64", **more: make(world, model, **more)


@pytest.fixture
def move(world: World) -> Callable[[Machine, float], None]:
    return lambda machine, seconds: advance(machine, world, seconds)


@pytest.fixture
def serve(world: World) -> Iterator[Callable[..., PcServer]]:
    servers: list[PcServer] = []

    def start(model: str = "win10_x64", **more: Any) -> PcServer:
        server = PcServer(make(world, model, **more), "svc-rollout", "lab-only-l1-op1")
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()
