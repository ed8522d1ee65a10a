# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import copy
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_aoscx import AosCx
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_eos import Eos
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_nxos import NxOs
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.ensure import Manner, ensure_bindings
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Driver
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession, Target
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import SwitchServer, make_switch

PORT = "GigabitEthernet1/0/1"
PC = "10.20.1.11"


@dataclass(frozen=True)
class Side:
    """One platform on both sides: Netmiko's name, our driver, two station ports, and how a binding is spelled."""

    device_type: str
    driver: Callable[[], Driver]
    ports: tuple[str, str]
    bound: str = r"^ +ip access-group (\S+) in$"


SIDES = {
    "iosxe": Side("cisco_xe", IosXe, (PORT, "GigabitEthernet1/0/2")),
    "ios15": Side("cisco_ios", IosXe, (PORT, "GigabitEthernet1/0/2")),
    "eos": Side("arista_eos", Eos, ("Ethernet1", "Ethernet2")),
    "nxos": Side("cisco_nxos", NxOs, ("Ethernet1/1", "Ethernet1/2"), r"^ +ip (?:port )?access-group (\S+) in$"),
    "aoscx": Side("aruba_aoscx", AosCx, ("1/1/1", "1/1/2"), r"^ +apply access-list ip (\S+) in$"),
}


class World:
    """The world of one simulated switch: a journal, a clock, and what is judged at every change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.time = 1_795_000_000.0
        self.lines: list[dict[str, Any]] = []
        self.on_change: Callable[[], None] = lambda: None

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.lines.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return self.time

    def changed(self, name: str = "") -> None:
        self.on_change()

    def configuration(self) -> list[str]:
        """Every line typed in a configuration mode so far."""
        return [e["line"] for e in self.lines if e["kind"] == "request" and e["mode"] not in ("exec", "user")]


class Rig:
    """A simulated switch behind real SSH, and this collection's side of the talk."""

    def __init__(self, folder: Path, config: dict[str, Any] | None = None, platform: str = "iosxe") -> None:
        self.world = World()
        self.side = SIDES[platform]
        self.driver = self.side.driver()
        ports = list(self.side.ports)
        self.port = ports[0]
        base = {"platform": platform, "vlans": {101: "10.20.1.1/26"}, "ports": ports, "port_count": 4}
        self.switch: Any = make_switch("sw-l1", {**base, **(config or {})}, self.world)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = SwitchServer(self.switch, "automation", "secret-1", str(folder / "host_key"))
        self._call(self.server.start())
        known_hosts = folder / "known_hosts"
        known_hosts.write_text(self.server.known_hosts_line + "\n")
        self.target = Target(
            "127.0.0.1",
            self.server.port,
            "automation",
            "secret-1",
            "",
            str(known_hosts),
            self.side.device_type,
            self.driver.terminal,
            timeout=5,
        )
        self.before_write: Callable[[], None] = lambda: None
        self.sessions: list[SwitchSession] = []

    def _call(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def connect(self) -> SwitchSession:
        self.sessions.append(SwitchSession(self.target, self.before_write))
        return self.sessions[-1]

    def ensure(self, wanted: list[Wanted], **manner: Any) -> dict[str, Any]:
        protection = manner.pop("protection", Protection())
        kept = Manner(replace(protection, own_user="automation"), **manner)
        shell = self.connect()
        try:
            return ensure_bindings(self.driver, shell, self.connect, wanted, kept)
        finally:
            shell.close()

    def show(self, command: str) -> str:
        """What the switch prints, past our side of the talk."""
        session = self.switch.open_session("watcher")
        try:
            return str(session.run(command).text)
        finally:
            self.switch.close_session(session)

    def bound(self, port: str | None = None) -> str | None:
        head = f"interface {port or self.port}"
        lines = self.show("show running-config").splitlines()
        body = lines[lines.index(head) + 1 :]
        end = next((index for index, line in enumerate(body) if not line.startswith(" ")), len(body))
        found = re.search(self.side.bound, "\n".join(body[:end]), re.MULTILINE)
        return found[1] if found else None

    def permits(self, dst: str, port: int) -> bool:
        packet = {"src": PC, "dst": dst, "protocol": "tcp", "src_port": 50000, "dst_port": port}
        return self.switch.evaluate(self.port, "in", packet)["permit"]

    def close(self) -> None:
        for session in self.sessions:
            session.close()
        self._call(self.server.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)
        self.loop.close()


class QuickShell:
    """What a driver needs of a session, typed straight into the simulated switch: no SSH, every line counted."""

    def __init__(self, rig: QuickRig) -> None:
        self.rig = rig
        self.user = "automation"
        self.name = "sw-l1"
        self._errors = re.compile(rig.driver.terminal.errors, re.MULTILINE)
        self._session = rig.switch.open_session(self.user)
        self._session.width, self._session.length = 511, 0
        self.dead = False

    def _line(self, line: str) -> str:
        if self.dead or self._session.number in self.rig.dropped:
            raise TalkError(f"The session broke before {line!r}.")
        before = len(self.rig.world.lines)
        reply = self.rig.switch.execute(self._session, line)
        written = self._session.mode not in ("exec", "user") or any(e["write"] for e in self.rig.world.lines[before:])
        if written or reply.close:
            self.rig.steps.append(line)
            self.rig.on_step(len(self.rig.steps))
        if self.dead or self._session.number in self.rig.dropped or reply.close:
            self.close()
            raise TalkError(f"The session broke after {line!r}.")
        return str(reply.text)

    def run(self, command: str, timeout: float = 60.0) -> str:
        self.rig.asked.append(command)
        return self._line(command)

    def require(self, command: str, timeout: float = 60.0) -> str:
        output = self.run(command)
        self._scan(output, command)
        return output

    def configure(
        self,
        lines: Any,
        *,
        enter: str = "configure terminal",
        leave: str = "end",
        drop: str = "end",
        window: int = 16,
    ) -> None:
        self._scan(self._line(enter), enter)
        typed = list(lines)
        try:
            for start in range(0, len(typed), window):
                # What was typed ahead is run, whatever comes back for the first line of a window.
                part = typed[start : start + window]
                self._scan("\n".join([self._line(line) for line in part]), part[0])
        except PeerError:
            self._line(drop)
            raise
        self._scan(self._line(leave), leave)

    def _scan(self, output: str, sent: str) -> None:
        found = self._errors.search(output)
        if found:
            raise PeerError(f"The switch refused {sent!r}: {found[0].strip()}")

    def close(self) -> None:
        self.dead = True
        self.rig.switch.close_session(self._session)


class QuickRig:
    """A simulated switch and a driver without a network between them: hundreds of whole runs in a few seconds.

    ``on_step`` is called behind every line that is typed in a configuration mode or writes, with its number;
    ``cut(lost)`` in it drops the sessions, and with ``lost`` no other one can be had.
    """

    def __init__(
        self, config: dict[str, Any] | None = None, platform: str = "iosxe", state: dict[str, Any] | None = None
    ) -> None:
        self.world = World()
        self.side = SIDES[platform]
        self.driver: Any = AosCx(wait=self.wait) if platform == "aoscx" else self.side.driver()
        base = {"platform": platform, "vlans": {101: "10.20.1.1/26"}, "ports": list(self.side.ports), "port_count": 4}
        self.switch: Any = make_switch("sw-l1", {**base, **(config or {})}, self.world, copy.deepcopy(state))
        self.dropped: set[int] = set()
        self.switch.on_drop = self.dropped.add
        self.asked: list[str] = []
        self.steps: list[str] = []
        self.on_step: Callable[[int], None] = lambda number: None
        self.lost = False

    def wait(self, seconds: float) -> None:
        self.world.time += seconds
        self.switch.tick(self.world.time)

    def cut(self, *, lost: bool = False) -> None:
        self.lost = lost
        self.dropped.update(self.switch.sessions)

    def connect(self) -> QuickShell:
        if self.lost or not self.switch.admit():
            raise TalkError("Switch sw-l1 refuses the connection.")
        return QuickShell(self)

    def ensure(self, wanted: list[Wanted], **manner: Any) -> dict[str, Any]:
        protection = manner.pop("protection", Protection())
        shell = self.connect()
        try:
            kept = Manner(replace(protection, own_user="automation"), **manner)
            return ensure_bindings(self.driver, shell, self.connect, wanted, kept)
        finally:
            shell.close()

    def show(self, command: str) -> str:
        session = self.switch.open_session("watcher")
        session.length = 0
        try:
            return str(session.run(command).text)
        finally:
            self.switch.close_session(session)

    def bound(self) -> dict[str, dict[str, str]]:
        """{interface: {direction: list}} as the switch has it."""
        return {place: dict(lists) for place, lists in self.switch.dump()["bindings"].items() if lists}

    def permits(self, interface: str, port: int, dst: str = "10.20.60.7", src: str = PC) -> bool:
        packet = {"src": src, "dst": dst, "protocol": "tcp", "src_port": 50000, "dst_port": port}
        return bool(self.switch.evaluate(interface, "in", packet)["permit"])

    def writes(self) -> int:
        return len([entry for entry in self.world.lines if entry["write"]])


def rules(*ports: int) -> tuple[Rule, ...]:
    """Permit tcp to 10.20.60.0/24 on these ports, deny the rest."""
    permits = [
        {"action": "permit", "protocol": "tcp", "src": f"{PC}/32", "dst": "10.20.60.0/24", "dst_ports": [[p, p]]}
        for p in ports
    ]
    return rules_from([*permits, {"action": "deny", "log": True, "remark": "the end"}])


def want(*ports: int, **more: Any) -> Wanted:
    return replace(Wanted(PORT, "in", "l1-op1", rules(*ports), PC), **more)


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    made: list[Rig] = []

    def make(config: dict[str, Any] | None = None, platform: str = "iosxe") -> Rig:
        made.append(Rig(tmp_path, config, platform))
        return made[-1]

    yield make
    for rig in made:
        rig.close()


@pytest.fixture
def make_quick() -> Callable[..., QuickRig]:
    return QuickRig


@pytest.fixture
def rig(make_rig: Callable[..., Rig]) -> Rig:
    return make_rig()


@pytest.fixture(name="want")
def want_fixture() -> Callable[..., Wanted]:
    return want
