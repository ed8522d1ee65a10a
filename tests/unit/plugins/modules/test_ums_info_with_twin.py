# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info modules against the simulated UMS with everything in it, by edition and rights."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError
from ansible_collections.otedge.endpoint.plugins.modules import (
    ums_asset_info,
    ums_device_info,
    ums_directory_info,
    ums_firmware_info,
    ums_info,
    ums_profile_info,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeModule, checked
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.journal_hooks import JournalHooks

OS12 = {"product": "IGEL OS 12", "version": "12.9.0"}
LINE = "plant-a/line-1"
CONFIG: dict[str, Any] = {
    "firmwares": [OS12],
    "profile_directories": ["Standards/Kiosk"],
    "profiles": [
        {"name": "base", "firmware": OS12},
        {"name": "kiosk", "directory": "Standards/Kiosk", "overrides_sessions": True},
        {"name": "old", "bin": True},
    ],
    "priority_profile_directories": ["Company"],
    "priority_profiles": [{"name": "company", "directory": "Company"}],
    "directories": [LINE, "plant-b", {"path": "given-up", "bin": True}],
    "attributes": [{"identifier": "division", "type": "range", "allowed_values": ["Assembly", "Logistics"]}],
    "devices": [
        {
            "mac": "0A0000000001",
            "name": "op1",
            "directory": LINE,
            "last_ip": "10.0.0.1",
            "online": True,
            "details": {"comment": "at the gate", "site": "plant-a"},
            "attributes": {"division": "Assembly"},
            "logins": [{"username": "shift-1", "loginresult": 3, "logintime": "2026-01-08 06:00:12.000"}],
        },
        {"mac": "0A0000000002", "name": "op2", "directory": "plant-b"},
    ],
    "assignments": [
        {"profile": "base", "directory": "plant-a"},
        {"profile": "kiosk", "device": "op1"},
        {"profile": "company", "directory": LINE},
    ],
    "assets": [
        {"name": "Elite Keyboard", "vendor": "Example", "device": "op1", "categories": ["Keyboard"]},
        {"name": "Dongle", "details": {"serial": "S1"}},
    ],
    "asset_history": [{"asset": "Dongle", "device": "op1", "event": "remove", "at": 2000}],
    "accounts": [{"name": "svc-blind", "password": "lab-only-ü", "rights": []}],
}
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def edition() -> str:
    return "enterprise"


@pytest.fixture
def hooks() -> JournalHooks:
    return JournalHooks()


@pytest.fixture
def run(hooks: JournalHooks, edition: str, tmp_path: Path) -> Iterator[Run]:
    server = UmsServer(UmsStore({**CONFIG, "edition": edition}, hooks, None), "svc-imi", "lab-only-ü", tmp_path)
    server.start()
    account = {"host": "127.0.0.1", "port": server.port, "username": "svc-imi", "password": "lab-only-ü"}

    def work(plugin: ModuleType, **options: Any) -> dict[str, Any]:
        given = {**account, "ca_path": server.ca_path, "timeout": 10, **options}
        module = FakeModule(checked(plugin.SPEC, given))
        result: dict[str, Any] = plugin.work(module)
        return {**result, "warnings": module.warnings}

    yield work
    server.stop()


def test_everything_there_is(run: Run, hooks: JournalHooks) -> None:
    hooks.writes.clear()
    wanted = dict.fromkeys(("details", "online", "attributes", "network_adapters", "login_history", "profiles"), True)
    op1, op2 = run(ums_device_info, **wanted)["devices"]
    assert (op1["details"]["comment"], op1["details"]["site"]) == ("at the gate", "plant-a")
    assert [(item["identifier"], item["value"], item["type"]) for item in op1["attributes"]] == [
        ("division", "Assembly", "range")
    ]
    assert (op1["login_history"][0]["user"], op1["login_history"][0]["result"]) == ("shift-1", "invalid_password")
    assert (op1["online"], op1["profiles"], op2["online"], op2["connected"]) == (True, ["kiosk"], False, False)
    assert "shadow" not in json.dumps([op1, op2]).lower()

    directories = {item["name"]: item for item in run(ums_directory_info, members=True, profiles=True)["directories"]}
    assert directories["line-1"]["path"] == LINE and directories["given-up"]["in_bin"]
    assert [item["name"] for item in directories["line-1"]["members"]] == ["op1"]
    assert directories["line-1"]["profiles"] == ["company"] and directories["line-1"]["inherited_profiles"] == ["base"]
    trees = [run(ums_directory_info, tree=tree)["directories"] for tree in ("profile", "priority_profile")]
    assert [[item["path"] for item in tree] for tree in trees] == [["Standards", "Standards/Kiosk"], ["Company"]]

    profiles = {item["name"]: item for item in run(ums_profile_info, receivers=True)["profiles"]}
    assert [profiles[name]["directory"] for name in ("base", "kiosk", "company", "old")] == [
        *("", "Standards/Kiosk", "Company"),
        None,
    ]
    assert profiles["base"]["firmware"] == OS12 and profiles["kiosk"]["overrides_sessions"]
    assert [item["name"] for item in profiles["kiosk"]["devices"]] == ["op1"]
    assert [item["path"] for item in profiles["company"]["directories"]] == [LINE]

    assert [item["version"] for item in run(ums_firmware_info)["firmwares"]] == ["12.9.0"]
    assets = run(ums_asset_info, history=True)
    assert [(item["name"], item["device"] and item["device"]["name"]) for item in assets["assets"]] == [
        ("Dongle", None),
        ("Elite Keyboard", "op1"),
    ]
    assert [(item["event"], item["name"], item["time_ms"]) for item in assets["history"]] == [("remove", "op1", 2000)]
    told = run(ums_info)
    assert told["features"] == {"priority_profiles": True, "asset_information": True}
    assert told["sees"] == {"devices": 2, "devices_in_bin": 0, "directories": 4, "profiles": 3, "firmwares": 1}
    assert hooks.writes == []


@pytest.mark.parametrize("edition", ["standard"])
def test_edition_without_asset_information(run: Run, edition: str) -> None:
    with pytest.raises(PeerError, match="no licence for asset information"):
        run(ums_asset_info)
    assert run(ums_info)["features"] == {"priority_profiles": True, "asset_information": False}


@pytest.mark.parametrize("edition", ["essential"])
def test_edition_without_imi(run: Run, edition: str) -> None:
    told = run(ums_info)
    assert (told["state"], told["imi"]) == ("licence", False) and told["server"]["version"]
    for plugin in (ums_device_info, ums_directory_info, ums_profile_info, ums_firmware_info, ums_asset_info):
        with pytest.raises(PeerError, match="a licence is missing"):
            run(plugin)


def test_account_that_sees_nothing(run: Run) -> None:
    told = run(ums_info, username="svc-blind")
    assert told["state"] == "ok" and told["sees"]["devices"] == 0 and len(told["warnings"]) == 1
    for plugin in (ums_device_info, ums_directory_info, ums_profile_info):
        assert "may lack the right Browse" in run(plugin, username="svc-blind")["warnings"][0]
