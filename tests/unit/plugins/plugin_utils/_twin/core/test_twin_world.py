# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The world: flows, downloads, conversion and registration, state over a restart - with plain fakes as peers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.clock import Clock
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.config import ConfigError, Site, parse
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.control import Control
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.journal import Journal
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.store import Store
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.world import Makers, World

UMS, URL = "10.20.90.20", "https://10.20.90.20:8443/osc.iso"
SHA = "ab" * 32
SITE: dict[str, Any] = {
    "site_vars": {
        "site_controller_address": "10.20.90.5",
        "site_staging": {"image": {"url": URL, "sha256": SHA}},
        "site_firmware": {"product": "IGEL OS 12", "version": "12.9.0"},
    },
    "stations": {
        "l1-op1": {
            "ansible_user": "u",
            "ansible_password": "p",
            "station_mac": "00:1B:1B:00:11:01",
            "station_address": "10.20.1.11",
            "station_switch": "sw-l1",
            "station_port": "Gi1/0/1",
            "station_flows": [{"to": "10.20.60.10", "protocol": "tcp", "ports": [443]}],
            "twin_pc_overrides": {"unit_mac": "00:1B:1B:00:11:99"},
        }
    },
    "switches": {"sw-l1": {"ansible_user": "u", "ansible_password": "p", "twin_switch": {}}},
    "ums": {"ums-1": {"ums_username": "u", "ums_password": "p", "ums_host": UMS}},
    "lines": {
        "line-1": {
            "state_source": {
                "type": "opcua",
                "endpoint": "opc.tcp://10.20.50.11:4840",
                "state_map": {"0": "running", "2": "stopped"},
                "stopped_values": ["stopped"],
            }
        }
    },
}


class FakePc:
    def __init__(self, config: dict[str, Any], hooks: Any, state: dict[str, Any] | None) -> None:
        self.config, self.hooks = config, hooks
        self.os_phase = (state or {}).get("os", "windows")
        self.faults: list[str] = []

    def tick(self, now: float) -> None:
        if self.os_phase == "installing":
            self.os_phase = "thin_client"
            self.hooks.thin_client_boots(self.config["name"], self.config["unit_mac"])

    def power_cut(self) -> None:
        self.os_phase = "booting"

    def describe(self) -> dict[str, Any]:
        return {"os": self.os_phase, "power": "on", "armed": False}

    def dump(self) -> dict[str, Any]:
        return {"os": self.os_phase}

    def inject(self, fault: str, args: Mapping[str, Any]) -> None:
        if fault not in {"drop", "none"}:
            raise ValueError(f"unknown fault {fault}")
        self.faults.append(fault)


class FakeSwitch:
    def __init__(self, name: str, config: dict[str, Any], hooks: Any, state: dict[str, Any] | None) -> None:
        self.hooks = hooks
        self.denied: set[int] = set()

    def deny(self, *ports: int) -> None:
        self.denied = set(ports)
        self.hooks.changed()

    def evaluate(self, interface: str, direction: str, packet: Mapping[str, Any]) -> dict[str, Any]:
        assert (interface, direction) == ("Gi1/0/1", "in")
        denied = packet["dst_port"] in self.denied or packet["src_port"] in self.denied
        return {"permit": not denied, "rule": "deny it" if denied else "permit it"}

    def gateway(self, interface: str, packet: Mapping[str, Any]) -> str:
        return ""

    def tick(self, now: float) -> None: ...

    def dump(self) -> dict[str, Any]:
        return {"denied": sorted(self.denied)}


class FakeUms:
    def __init__(self, config: dict[str, Any], hooks: Any, state: dict[str, Any] | None) -> None:
        self.devices: dict[str, Any] = (state or {}).get("devices", {})

    def register(self, unit_mac: str, info: dict[str, Any]) -> None:
        self.devices[unit_mac] = {**info, "online": True}

    def set_online(self, unit_mac: str, online: bool) -> None:
        self.devices[unit_mac]["online"] = online

    def tick(self, now: float) -> None: ...

    def dump(self) -> dict[str, Any]:
        return {"devices": self.devices}

    def summary(self) -> dict[str, Any]:
        return {"devices": list(self.devices)}


class Bench:
    """A world in a folder, that can be started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        store = Store(folder / "state")
        self.clock = Clock()
        self.journal = Journal(folder / "journal.jsonl", self.clock)
        makers = Makers(machine=FakePc, switch=FakeSwitch, ums=FakeUms, serial=lambda _machine: "S-1")
        self.world = World(parse(SITE), store, self.journal, self.clock, makers)
        self.pc: FakePc = self.world.machines["l1-op1"]
        self.switch: FakeSwitch = self.world.switches["sw-l1"]
        self.ums: FakeUms = self.world.ums

    def lines(self, kind: str) -> list[dict[str, Any]]:
        return [line for line in self.journal.read() if line["kind"] == kind]

    def later(self, seconds: float = 1.1) -> None:
        self.clock.step(seconds)
        self.world.tick()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_flows_are_journaled_at_the_start_and_when_they_flip(bench: Bench) -> None:
    assert [(line["flow"], line["permit"]) for line in bench.lines("flow")] == [("tcp 10.20.60.10:443", True)]
    bench.switch.deny(443)
    bench.switch.deny(443, 80)
    bench.switch.deny()
    assert [line["permit"] for line in bench.lines("flow")] == [True, False, True]


def test_a_converted_pc_registers_under_its_unit_mac_as_soon_as_its_port_permits(bench: Bench) -> None:
    bench.switch.deny(8443)
    bench.pc.os_phase = "installing"
    bench.world.tick()
    bench.later()
    assert bench.ums.devices == {}
    assert [line["rule"] for line in bench.lines("blocked")] == ["deny it"]
    bench.switch.deny()
    bench.later()
    device = bench.ums.devices["001B1B001199"]
    assert device["name"] == "ITC001B1B001199" and device["serial"] == "S-1"
    assert device["online"] and device["address"] == "10.20.1.11" and device["firmware"]["version"] == "12.9.0"
    bench.switch.deny(8443)
    bench.later()
    assert bench.ums.devices["001B1B001199"]["online"] is False
    bench.switch.deny()
    bench.later()
    assert bench.ums.devices["001B1B001199"]["online"] is True
    assert len(bench.lines("register")) == 1


def test_a_pc_that_boots_is_offline(bench: Bench) -> None:
    bench.pc.os_phase = "installing"
    bench.world.tick()
    bench.later()
    bench.pc.power_cut()
    bench.later()
    assert bench.ums.devices["001B1B001199"]["online"] is False
    assert bench.lines("boot")[-1]["into"] == "booting"


@pytest.mark.parametrize(
    ("url", "denied", "found"),
    [
        (URL, (), {"sha256": SHA, "size": 1_000_000 + 0xABABAB}),
        (URL, (8443,), None),
        (URL + "x", (), None),
        ("https://files.example/osc.iso", (), None),
    ],
)
def test_downloads_need_the_right_address_and_an_open_way(bench: Bench, url: str, denied: Any, found: Any) -> None:
    bench.switch.deny(*denied)
    assert bench.world.fetch("l1-op1", url) == found
    assert len(bench.lines("download")) == 1


def test_a_corrupt_download_has_another_hash_until_the_fault_ends(bench: Bench) -> None:
    bench.world.inject("pc:l1-op1", "corrupt_download", {})
    found = bench.world.fetch("l1-op1", URL)
    assert found and found["sha256"] != SHA
    bench.world.inject("pc:l1-op1", "none", {})
    found = bench.world.fetch("l1-op1", URL)
    assert found and found["sha256"] == SHA


def test_answers_of_the_pc_pass_its_port_or_not(bench: Bench) -> None:
    assert bench.world.reply_permitted("l1-op1", 5985)
    bench.switch.deny(5985)
    assert not bench.world.reply_permitted("l1-op1", 5985)


def test_state_is_kept_over_a_restart(bench: Bench, tmp_path: Path) -> None:
    bench.pc.os_phase = "installing"
    bench.world.tick()
    bench.later()
    bench.world.lines["line-1"].set({"state": "running"})
    bench.world.tick()
    last = bench.journal.read()[-1]["n"]
    again = Bench(tmp_path)
    assert again.pc.os_phase == "thin_client"
    assert again.ums.devices["001B1B001199"]["online"] is True
    assert again.world.clients.get("l1-op1")["registered"] is True
    assert again.world.lines["line-1"].summary()["state"] == "running"
    assert again.journal.read(last)[0]["n"] == last + 1
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "state").iterdir())


def test_only_changed_peers_are_saved(bench: Bench, tmp_path: Path) -> None:
    bench.world.tick()
    before = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "state").iterdir()}
    bench.switch.deny(1)
    bench.world.tick()
    after = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "state").iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"switch-sw-l1.json"}


def test_a_large_state_is_written_rarely_but_never_lost(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.world.tick()
    written: list[str] = []
    real = bench.world.store.save

    def slow(peer: str, state: dict[str, Any]) -> None:
        end = time.thread_time() + 0.05
        while time.thread_time() < end:
            pass
        written.append(peer)
        real(peer, state)

    monkeypatch.setattr(bench.world.store, "save", slow)
    for port in range(5):
        bench.switch.deny(port)
        bench.world.tick()
    assert written == ["switch:sw-l1"]
    bench.world.save(everything=True)
    saved = bench.world.store.load("switch:sw-l1")
    assert saved == {"denied": [4]}


def test_a_torn_last_line_of_the_journal_is_cut(bench: Bench, tmp_path: Path) -> None:
    bench.journal.close()
    with (tmp_path / "journal.jsonl").open("a") as handle:
        handle.write('{"n": 99, "ki')
    again = Bench(tmp_path)
    assert [line["n"] for line in again.journal.read()] == list(range(1, len(again.journal.read()) + 1))


def control(bench: Bench) -> Control:
    return Control(bench.world, lambda: bench.world.note("told to stop"), {"pid": 1})


def test_control_commands(bench: Bench) -> None:
    ask = control(bench).handle
    assert ask({"command": "ping"}) == {"ok": True, "pid": 1}
    state = ask({"command": "state"})
    assert state["stations"]["l1-op1"]["os"] == "windows" and state["lines"]["line-1"]["state"] == "stopped"
    assert ask({"command": "set_line", "line": "line-1", "state": "running", "quality": "bad"})["quality"] == "bad"
    assert ask({"command": "fault", "target": "pc:l1-op1", "fault": "drop"}) == {"ok": True}
    assert bench.pc.faults == ["drop"]
    assert ask({"command": "power_cut", "station": "l1-op1"})["ok"] and bench.pc.os_phase == "booting"
    before = bench.clock.now()
    assert ask({"command": "clock", "step_s": 100})["now"] >= before + 100
    verdict = ask({"command": "evaluate", "station": "l1-op1", "dst": UMS, "protocol": "tcp", "port": 8443})
    assert verdict == {"ok": True, "permit": True, "rule": "permit it"}
    assert ask({"command": "journal", "after": 0})["lines"][0]["n"] == 1
    assert ask({"command": "stop"}) == {"ok": True} and bench.lines("told to stop")


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ({"command": "nonsense"}, "no command"),
        ("text", "no command"),
        ({"command": "power_cut", "station": "nobody"}, "nobody"),
        ({"command": "fault", "target": "pc:nobody", "fault": "drop"}, "no peer"),
        ({"command": "fault", "target": "pc:l1-op1", "fault": "flood"}, "unknown fault"),
        ({"command": "clock", "step_s": -5}, "forward only"),
        ({"command": "set_line", "line": "line-1", "state": "dancing"}, "has no state"),
        ({"command": "evaluate", "station": "l1-op1"}, "dst"),
    ],
)
def test_wrong_commands_are_answered(bench: Bench, request_: Any, told: str) -> None:
    reply = control(bench).handle(request_)
    assert reply["ok"] is False and told in reply["error"]


def test_a_site_that_cannot_be_simulated_names_every_gap() -> None:
    broken = json.loads(json.dumps(SITE))
    del broken["stations"]["l1-op1"]["ansible_password"]
    broken["switches"]["sw-l1"]["ansible_user"] = ""
    broken["ums"]["ums-2"] = broken["ums"]["ums-1"]
    with pytest.raises(ConfigError) as caught:
        parse(broken)
    assert all(word in str(caught.value) for word in ("ansible_password", "sw-l1", "ums-2"))


def test_the_machine_gets_its_unit_mac_or_its_own() -> None:
    site: Site = parse(SITE)
    assert site.stations["l1-op1"].pc["unit_mac"] == "001B1B001199"
    plain = json.loads(json.dumps(SITE))
    del plain["stations"]["l1-op1"]["twin_pc_overrides"]
    assert parse(plain).stations["l1-op1"].pc["unit_mac"] == "001B1B001101"
