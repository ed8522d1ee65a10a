# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real peers in one world, without the network: a PC is converted through the rules of its switch port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("asyncssh")
pytest.importorskip("asyncua")
pytest.importorskip("spnego")

from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.clock import Clock  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.config import parse  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.control import whole_state  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.journal import Journal  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.servers import make_world  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.store import Store  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.world import World  # noqa: E402

BASE = "https://10.20.90.20:8443/ums_filetransfer"
PORT = "GigabitEthernet1/0/3"
SITE: dict[str, Any] = {
    "site_vars": {
        "site_controller_address": "10.20.90.5",
        "site_firmware": {"product": "IGEL OS 12", "version": "12.9.0"},
        "site_staging": {
            "converter": {"url": f"{BASE}/osc-converter.msi", "sha256": "5f" * 32},
            "image": {"url": f"{BASE}/osc.iso", "sha256": "0b" * 32, "after_install": "reboot"},
        },
    },
    "stations": {
        "l1-ws1": {
            "ansible_user": "svc",
            "ansible_password": "secret",
            "station_mac": "00:1B:1B:00:11:03",
            "station_address": "10.20.1.13",
            "station_switch": "sw-l1",
            "station_port": PORT,
            "station_flows": [{"to": "10.20.60.11", "protocol": "tcp", "ports": [443]}],
            "twin_pc": "win10_x64",
            "twin_pc_overrides": {"unit_mac": "00:1B:1B:00:11:13"},
        }
    },
    "switches": {
        "sw-l1": {
            "ansible_user": "u",
            "ansible_password": "p",
            "twin_switch": {"platform": "iosxe", "vlans": {"101": "10.20.1.1/26"}},
        }
    },
    "ums": {"ums-1": {"ums_username": "u", "ums_password": "p", "ums_host": "10.20.90.20", "twin_ums": {}}},
    "options": {"install_seconds": 60, "boot_seconds": 10},
}
STAGE = (
    "mkdir C:\\ProgramData\\otedge",
    f"certutil -urlcache -split -f {BASE}/osc-converter.msi C:\\ProgramData\\otedge\\c.msi",
    "msiexec /i C:\\ProgramData\\otedge\\c.msi /qn /norestart",
    f"certutil -urlcache -split -f {BASE}/osc.iso C:\\OSC\\osc.iso.part",
    "move /Y C:\\OSC\\osc.iso.part C:\\OSC\\osc.iso",
)
ARM = (
    "copy /Y C:\\OSC\\grub.cfg C:\\OSC\\grub.cfg.old",
    "copy /Y C:\\OSC\\osc.cfg C:\\OSC\\grub.tmp && move /Y C:\\OSC\\grub.tmp C:\\OSC\\grub.cfg && shutdown /r /t 5 /f",
)
# The first lets the PC's answers and its download pass, but nothing that a client begins towards the UMS later.
BLOCKING = ("permit tcp host 10.20.1.13 eq 5985 any established", "deny tcp any any eq 8443", "permit ip any any")


class Plant:
    """One PC, one switch, one UMS; time only moves when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.journal = Journal(folder / "journal.jsonl", self.clock)
        self.world: World = make_world(parse(SITE), Store(folder / "state"), self.journal, self.clock)

    def type(self, *lines: str) -> None:
        with self.world.lock:
            switch = self.world.switches["sw-l1"]
            session = switch.open_session("engineer")
            for line in ("enable", "configure terminal", *lines, "end"):
                assert "%" not in switch.execute(session, line).text, line
            switch.close_session(session)

    def bind(self, name: str, *rules: str) -> None:
        self.type(f"ip access-list extended {name}", *rules, "exit", f"interface {PORT}", f"ip access-group {name} in")

    def run(self, *commands: str) -> list[int]:
        with self.world.lock:
            machine = self.world.machines["l1-ws1"]
            return [machine.run_to_end(command, "C:\\").code for command in commands]

    def later(self, seconds: float) -> dict[str, Any]:
        for _step in range(int(seconds)):
            self.clock.step(1)
            self.world.tick()
        found: dict[str, Any] = whole_state(self.world)["stations"]["l1-ws1"]
        return found

    def devices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = whole_state(self.world)["ums"]["devices"]
        return found


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    made = Plant(tmp_path)
    yield made
    made.journal.close()


def test_an_armed_pc_comes_back_as_a_thin_client_under_its_other_mac(plant: Plant) -> None:
    assert plant.run(*STAGE) == [0] * len(STAGE)
    assert plant.later(2)["os"] == "windows"
    plant.run(*ARM)
    assert plant.later(2)["armed"]
    seen = {plant.later(1)["os"] for _second in range(100)}
    assert seen >= {"booting", "installing", "thin_client"}
    assert [(one["unit_id"], one["online"], one["last_ip"]) for one in plant.devices()] == [
        ("001B1B001113", True, "10.20.1.13")
    ]
    phases = [line["into"] for line in plant.journal.read() if "into" in line]
    assert phases == ["windows", "booting", "installing", "booting", "thin_client"]


def test_rules_keep_a_thin_client_from_its_ums_until_they_let_it(plant: Plant) -> None:
    plant.run(*STAGE, *ARM)
    plant.bind("OTE-BLOCK", *BLOCKING)
    assert plant.later(110)["blocked"] and plant.devices() == []
    plant.bind("OTE-OPEN", "permit tcp any host 10.20.90.20 eq 8443", "deny ip any any log")
    state = plant.later(3)
    assert state["registered"] and state["online"] and not state["blocked"]
    flows = [line["permit"] for line in plant.journal.read() if line["kind"] == "flow"]
    assert flows == [True, False]


def test_rules_keep_a_pc_from_its_downloads_and_answers(plant: Plant) -> None:
    plant.bind("OTE-BLOCK", *BLOCKING)
    assert plant.run(*STAGE[:2])[1] != 0
    assert plant.world.reply_permitted("l1-ws1", 5985)
    plant.bind("OTE-NONE", "permit udp any any")
    assert not plant.world.reply_permitted("l1-ws1", 5985)


def test_a_corrupt_image_has_another_hash_on_the_pc(plant: Plant) -> None:
    plant.world.inject("pc:l1-ws1", "corrupt_download", {})
    plant.run(*STAGE)
    with plant.world.lock:
        told = plant.world.machines["l1-ws1"].run_to_end("certutil -hashfile C:\\OSC\\osc.iso SHA256", "C:\\")
    assert "0b" * 32 not in told.out.replace(" ", "")


def test_a_power_cut_before_arming_boots_windows_and_after_it_the_installer(plant: Plant) -> None:
    plant.run(*STAGE)
    plant.world.machines["l1-ws1"].power_cut()
    assert plant.later(15)["os"] == "windows"
    plant.run(*ARM)
    plant.world.machines["l1-ws1"].power_cut()
    assert plant.later(15)["os"] == "installing"


def test_a_world_that_is_started_again_goes_on_installing(plant: Plant, tmp_path: Path) -> None:
    plant.run(*STAGE, *ARM)
    assert plant.later(30)["os"] == "installing"
    again = Plant(tmp_path)
    again.clock.offset = plant.clock.offset
    assert again.later(80)["registered"]
    again.journal.close()


def test_an_unknown_kind_of_pc_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SITE["stations"]["l1-ws1"], "twin_pc", "win95")
    with pytest.raises(ValueError, match=r"l1-ws1.*win95"):
        Plant(tmp_path)
