# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated UMS among the other peers: registration, commands and magic packets reach what was a PC."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("asyncssh")
pytest.importorskip("asyncua")
pytest.importorskip("spnego")

from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.clock import Clock  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.config import parse  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.journal import Journal  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.servers import make_world  # noqa: E402
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.store import Store  # noqa: E402

UNIT = "001B1B001103"
SITE: dict[str, Any] = {
    "site_vars": {"site_firmware": {"product": "IGEL OS 12", "version": "12.9.0"}},
    "stations": {
        "l1-op1": {
            "ansible_user": "svc",
            "ansible_password": "secret",
            "station_mac": "00:1B:1B:00:11:03",
            "station_address": "10.20.1.13",
        }
    },
    "ums": {"ums-1": {"ums_username": "u", "ums_password": "p", "ums_host": "10.20.90.20", "twin_ums": {}}},
    "options": {"install_seconds": 60, "boot_seconds": 10},
}


class Site:
    """A station that is a thin client already; time only moves when a test says so."""

    def __init__(self, folder: Path, **twin_ums: Any) -> None:
        raw = copy.deepcopy(SITE)
        raw["ums"]["ums-1"]["twin_ums"] = twin_ums
        self.folder = folder
        self.clock = Clock()
        self.journal = Journal(folder / "journal.jsonl", self.clock)
        store = Store(folder / "state")
        boot = {"phase": "thin_client", "installed": True}
        store.save("pc:l1-op1", {"boot": boot})
        self.world = make_world(parse(raw), store, self.journal, self.clock)
        self.ums = self.world.ums
        self.world.thin_client_boots("l1-op1", UNIT)

    def later(self, seconds: int) -> list[bool]:
        seen = []
        for _step in range(seconds):
            self.clock.step(1)
            self.world.tick()
            row = self.ums.find_unit(UNIT)
            seen.append(bool(row and row["online"]))
        return seen


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.journal.close()


def test_commands_take_their_time(site: Site) -> None:
    assert site.later(2)[-1]
    with site.world.lock:
        site.ums.life.command(site.ums.find_unit(UNIT), "reboot")
    seen = site.later(15)
    assert seen[0] in (True, False) and seen[5] is False and seen[-1] is True
    with site.world.lock:
        site.ums.life.command(site.ums.find_unit(UNIT), "shutdown")
    assert not any(site.later(30)[2:])


def test_a_deleted_station_comes_back_because_it_still_looks_for_its_ums(site: Site) -> None:
    site.later(2)
    with site.world.lock:
        row = site.ums.find_unit(UNIT)
        site.ums.life.removed(row, told=False)
        site.ums.remove_device(row)
    assert not any(site.later(50))
    assert site.later(15)[-1]


def test_nobody_is_let_in_without_automatic_registration(tmp_path: Path) -> None:
    site = Site(tmp_path, automatic_registration=False)
    assert not any(site.later(5))
    assert not site.world.clients.get("l1-op1")["registered"]
    site.world.inject("ums", "register", {"mac": UNIT, "address": "10.20.1.13"})
    assert site.later(2)[-1]
    assert site.world.clients.get("l1-op1")["registered"]
    site.journal.close()


def test_a_magic_packet_switches_a_pc_on(site: Site) -> None:
    site.later(2)
    machine = site.world.machines["l1-op1"]
    machine.boot.phase = "off"
    site.later(2)
    assert not site.ums.find_unit(UNIT)["online"]
    with site.world.lock:
        site.ums.life.command(site.ums.find_unit(UNIT), "wakeup")
    assert machine.os_phase == "booting"
    assert site.later(15)[-1]


def test_state_of_the_ums_is_written_and_read_again(site: Site) -> None:
    site.later(2)
    kept = json.loads((site.folder / "state" / "ums.json").read_text(encoding="utf-8"))
    assert [row["unitID"] for row in kept["devices"]] == [UNIT]
    assert kept["life"]["units"][UNIT]["reachable"] is True
