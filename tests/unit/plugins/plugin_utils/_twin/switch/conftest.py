# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch, SwitchServer

CONFIG: dict[str, Any] = {
    "platform": "iosxe",
    "vlans": {101: "10.20.1.1/26"},
    "ports": ["GigabitEthernet1/0/1", "GigabitEthernet1/0/2"],
    "address": "10.20.0.11",
}


class World:
    """Hooks that remember: the journal, the clock, how often the world was told."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.time = 1_795_000_000.0
        self.lines: list[dict[str, Any]] = []
        self.on_change: Callable[[], None] = lambda: None
        self.changes = 0

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.lines.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return self.time

    def changed(self) -> None:
        self.changes += 1
        self.on_change()

    def writes(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["write"]]


class Running:
    """A server in a loop of its own, as the twin's process would hold it."""

    def __init__(self, switch: Switch, key_path: str) -> None:
        self.switch = switch
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = SwitchServer(switch, "automation", "secret-1", key_path)
        self.call(self.server.start())

    def call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def close(self) -> None:
        self.call(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def switch(world: World) -> Switch:
    return Switch("sw-l1", CONFIG, world)


@pytest.fixture
def running(switch: Switch, tmp_path: Any) -> Iterator[Running]:
    made = Running(switch, str(tmp_path / "host_key"))
    yield made
    made.close()


@pytest.fixture
def running_server() -> type[Running]:
    """Hand the class to tests of other platforms: call it with a switch and the path of a host key."""
    return Running


@pytest.fixture
def cli(switch: Switch) -> Callable[..., str]:
    """Type lines into one session; give the output of the last one."""
    session = switch.open_session("automation")

    def type_lines(*lines: str) -> str:
        text = ""
        for line in lines:
            text = switch.execute(session, line).text
        return text

    type_lines.session = session  # type: ignore[attr-defined]
    return type_lines
