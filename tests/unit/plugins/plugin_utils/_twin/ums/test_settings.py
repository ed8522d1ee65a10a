# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.config import ConfigError, parse
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsStore, settings
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.console import ACTIONS
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.faults import KNOWN
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.settings import gaps
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._twin.ums.contract_seed import SEED, World

MAC = "001B1B000001"


def test_the_contracts_own_settings_and_none_are_right() -> None:
    assert gaps(SEED) == gaps({}) == []


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"editions": "standard"}, "editions: not known; known are accounts, "),
        ({"edition": "workspace"}, "edition: is 'workspace', must be one of essential, standard"),
        ({"latency_ms": "5"}, "latency_ms: is '5', must be a number of 0 or more"),
        ({"direct_basic": "yes"}, "direct_basic: is 'yes', must be true or false"),
        ({"profiles": {"name": "x"}}, "profiles: is no list"),
        ({"profiles": [7]}, "profiles[0]: is 7, must be a mapping or a text"),
        ({"firmwares": [{"product": "IGEL OS 12"}]}, "firmwares[0]: version is missing"),
        ({"devices": [{"mac": MAC, "ip": "1"}]}, "devices[0]: ip is not known"),
        ({"devices": [{"mac": "001B1B0000"}]}, "devices[0]: mac is '001B1B0000', must be 12 hex digits"),
        ({"devices": [MAC, MAC.lower()]}, "devices[1]: unit id 001B1B000001 is given twice"),
        ({"devices": [{"mac": MAC, "count": 0}]}, "devices[0]: count is 0, must be 1 or more"),
        ({"devices": [{"mac": MAC, "firmware": "IGEL OS 12"}]}, "devices[0]: firmware must be a mapping"),
        ({"devices": [{"mac": MAC, "firmware": {"product": "a"}}]}, "devices[0]: firmware needs product and version"),
        ({"devices": [{"mac": MAC, "logins": {}}]}, "devices[0]: logins must be a list"),
        ({"devices": [{"mac": MAC, "attributes": {"a": "b"}}]}, "devices[0]: twin_ums has no attribute 'a'"),
        ({"directories": [{"path": "a", "id": "x"}]}, "directories[0]: id is 'x', must be digits"),
        ({"accounts": [{"name": "a", "password": "b", "rights": ["all"]}]}, "accounts[0]: rights: 'all' is none of"),
        ({"assignments": [{"profile": "p", "directory": "d"}]}, "assignments[0]: twin_ums has no profile 'p'"),
        ({"profiles": ["p"], "assignments": [{"profile": "p"}]}, "assignments[0]: needs device or directory"),
        ({"profiles": [{"name": "a", "id": "9"}, {"name": "b", "id": 9}]}, "profiles[1]: id 9 is given twice"),
    ],
)
def test_gaps(config: dict[str, Any], text: str) -> None:
    assert any(text in gap for gap in gaps(config)), gaps(config)


def test_the_site_tells_them() -> None:
    ums = {"ums_username": "u", "ums_password": "p", "twin_ums": {"edition": "free", "profiles": [1]}}
    with pytest.raises(ConfigError, match=r"ums ums-1: twin_ums.edition: is 'free'.*twin_ums.profiles\[0\]"):
        parse({"ums": {"ums-1": ums}})
    made = parse({"ums": {"ums-1": {**ums, "twin_ums": {}}}, "options": {"boot_seconds": 7}})
    assert made.ums["twin_ums"] == {"react_seconds": 1.0, "boot_seconds": 7.0}


def test_seeds_come_once_and_stay_away_when_they_were_deleted() -> None:
    world = World()
    store = UmsStore(SEED, world, None)
    assert store.new_id() == "97859"
    store.remove_device(store.devices["27"])
    store.remove("tcdirectory", store.directories["72327"])
    again = UmsStore({**SEED, "profiles": [*SEED["profiles"], "P529"]}, world, store.dump())
    assert "27" not in again.devices and "72327" not in again.directories
    assert [row["name"] for row in again.profiles.values()].count("P529") == 2
    assert {key: value for key, value in again.dump().items() if key not in {"profiles", "last_id", "seeded"}} == {
        key: value for key, value in store.dump().items() if key not in {"profiles", "last_id", "seeded"}
    }


def test_many_devices_in_one_entry() -> None:
    entry = {"mac": "02:00:00:00:00:FE", "count": 300, "name": "op{n}", "directory": "plant-a/line-1", "online": True}
    store = UmsStore({"firmwares": [{"product": "IGEL OS 12", "version": "12.9.0"}], "devices": [entry]}, World(), None)
    rows = list(store.devices.values())
    assert (rows[0]["mac"], rows[2]["mac"], rows[299]["name"]) == ("0200000000FE", "020000000100", "op300")
    assert store.summary()["directories"] == ["plant-a", "plant-a/line-1"]
    assert len(list(store.members(rows[0]["parentID"]))) == 300


def test_the_page_names_every_setting_fault_and_action() -> None:
    page = (Path(__file__).resolve().parents[6] / "docs" / "twin-ums.md").read_text(encoding="utf-8")
    known = {*settings._SECTIONS, *settings._NUMBERS, *settings._SWITCHES, *settings._WORDS, *KNOWN, *ACTIONS}
    assert [name for name in sorted(known) if f"`{name}`" not in page] == []
