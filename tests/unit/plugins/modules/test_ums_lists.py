# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that list directories, profiles, firmwares and assets, over TLS against the small server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils import _jmespath
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.modules import (
    ums_asset_info,
    ums_device_info,
    ums_directory_info,
    ums_firmware_info,
    ums_profile_info,
)
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Bench, FakeUms, error

A, B = "0A0000000001", "0A0000000002"
LISTS = {
    ums_asset_info: "assets",
    ums_device_info: "devices",
    ums_directory_info: "directories",
    ums_firmware_info: "firmwares",
    ums_profile_info: "profiles",
}
each = pytest.mark.parametrize("plugin", LISTS, ids=lambda plugin: plugin.__name__.rpartition(".")[2])
ASSETS = [
    {
        "tcId": 900,
        "assetId": 49067,
        "assetName": "Elite Keyboard",
        "assetVendor": "Example",
        "deviceId": "1234:5678",
        "categoryList": {"categoryList": [{"categoryId": 1, "categoryName": "Keyboard"}]},
        "detailList": {"detailList": [{"attrId": 7, "detailKey": "serial", "detailValue": "S1", "detailType": "text"}]},
    },
    {"tcId": -1, "assetId": 49072, "assetName": "Bluetooth dongle"},
]
HISTORY = [
    {"historyId": 29, "unitId": A, "assetId": 49067, "eventTimeStamp": 2000, "event": {"identifier": "remove"}},
    {"historyId": 2, "unitId": A, "assetId": 49067, "eventTimeStamp": 1000, "event": {"identifier": "add"}},
    {"historyId": 3, "unitId": "GONE", "assetId": 1},
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    seed(running.fake)
    yield running
    running.server.close()


def seed(fake: FakeUms) -> None:
    firmware = fake.add_firmware("IGEL OS 12", "12.9.0")
    plant = fake.add_directory("plant-a")
    line = fake.add_directory("line-1", plant)
    old = fake.add_directory("old", movedToBin="true")
    fake.add_directory("below-old", old)
    standards = fake.add_directory("Standards", "-2")
    fake.devices["900"] = {"id": "900", "unitID": A, "mac": A, "name": "op1", "parentID": line, "movedToBin": False}
    fake.add_device(B, name="gone", parentID=line, movedToBin=True)
    base = fake.add_profile("base", parentID=standards, firmwareID=firmware, overridesSessions="true")
    role = fake.add_profile("role")
    company = fake.add_profile("company", "masterprofile", parentID="-14")
    fake.add_profile("binned", movedToBin=True)
    fake.assignments |= {(base, "tcdirectory", plant), (role, "tcdirectory", line), (role, "tc", "900")}
    fake.assignments |= {(company, "tcdirectory", plant)}
    trees = {"tcdirectories": [plant, line, old, str(int(old) + 1)], "profiledirectories": [standards]}

    def directories(rest: list[str], _query: dict[str, str], _body: Any) -> Any:
        return fake._listed(fake.directories[key] for key in trees.get(rest[0], []))

    fake.__dict__["_get_directories_of"] = directories
    fake.__dict__["_get_assetinfo"] = lambda *_args: (200, {"assetinfos": ASSETS, "links": []})
    fake.__dict__["_get_assethistory"] = lambda *_args: (200, {"assethistories": HISTORY, "links": []})


@each
def test_reads_only_and_the_same_in_check_mode(bench: Bench, plugin: ModuleType) -> None:
    result = bench.run(plugin)
    assert not result["changed"] and result["warnings"] == [] and result[LISTS[plugin]]
    assert bench.run(plugin, check_mode=True) == result
    assert bench.fake.writes == []


@each
def test_query(bench: Bench, plugin: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = bench.run(plugin)[LISTS[plugin]]
    assert bench.run(plugin, query="[].id")[LISTS[plugin]] == [item["id"] for item in everything]
    before = len(bench.fake.log)
    with pytest.raises(InputError, match="not valid JMESPath"):
        bench.run(plugin, query="[?")
    monkeypatch.setattr(_jmespath, "JMESPATH_ERROR", ImportError("no jmespath"))
    with pytest.raises(OtedgeError, match="library jmespath"):
        bench.run(plugin, query="[0:1]")
    assert len(bench.fake.log) == before  # refused before the server was asked


@each
def test_licence_is_named(bench: Bench, plugin: ModuleType) -> None:
    bench.fake.fail = [error(400, "ITG-0C001")]
    with pytest.raises(UmsError, match=r"a licence is missing.*Essential") as caught:
        bench.run(plugin)
    assert caught.value.error_code == "ITG-0C001"


@pytest.mark.parametrize("plugin", [ums_directory_info, ums_profile_info, ums_firmware_info])
def test_nothing_seen_warns(bench: Bench, plugin: ModuleType) -> None:
    bench.fake.blind = True
    bench.fake.firmwares.clear()
    bench.fake.profiles.clear()
    result = bench.run(plugin)
    assert result[LISTS[plugin]] == []
    assert "may lack the right Browse" in result["warnings"][0]


def test_directories(bench: Bench) -> None:
    found = {item["name"]: item for item in bench.run(ums_directory_info, members=True, profiles=True)["directories"]}
    assert list(found) == ["plant-a", "line-1", "below-old", "old"]
    assert [item["path"] for item in found.values()] == ["plant-a", "plant-a/line-1", None, None]
    assert [item["in_bin"] for item in found.values()] == [False, False, True, True]
    line = found["line-1"]
    assert [(item["name"], item["in_bin"], item["unit_id"]) for item in line["members"]] == [
        ("gone", True, B),
        ("op1", False, A),
    ]
    assert [item["name"] for item in found["plant-a"]["directories"]] == ["line-1"]
    assert (line["profiles"], line["inherited_profiles"]) == (["role"], ["base", "company"])
    assert (found["plant-a"]["profiles"], found["plant-a"]["inherited_profiles"]) == (["base", "company"], [])


def test_directories_of_profiles(bench: Bench) -> None:
    (found,) = bench.run(ums_directory_info, tree="profile", members=True)["directories"]
    assert (found["path"], found["parent_id"]) == ("Standards", "-2")
    assert [item["name"] for item in found["members"]] == ["base"]
    assert "unit_id" not in found["members"][0] and "profiles" not in found
    result = bench.run(ums_directory_info, tree="priority_profile")
    assert result["directories"] == [] and len(result["warnings"]) == 1


def test_profiles_of_a_profile_directory_are_refused_at_once(bench: Bench) -> None:
    with pytest.raises(InputError, match="only device directories are given profiles"):
        bench.run(ums_directory_info, tree="profile", profiles=True)
    assert bench.fake.log == []


def test_profiles(bench: Bench) -> None:
    found = {item["name"]: item for item in bench.run(ums_profile_info, receivers=True)["profiles"]}
    assert list(found) == ["base", "binned", "company", "role"]
    base, company, role = found["base"], found["company"], found["role"]
    assert (base["directory"], base["firmware"]) == ("Standards", {"product": "IGEL OS 12", "version": "12.9.0"})
    assert (base["priority"], base["overrides_sessions"]) == (False, True)
    assert [item["path"] for item in base["directories"]] == ["plant-a"] and base["devices"] == []
    assert (company["priority"], company["directory"], company["overrides_sessions"]) == (True, "", None)
    assert role["devices"] == [{"id": "900", "name": "op1", "unit_id": A}]
    assert [item["path"] for item in role["directories"]] == ["plant-a/line-1"]
    assert found["binned"]["in_bin"] and found["binned"]["directory"] is None
    assert "devices" not in bench.run(ums_profile_info)["profiles"][0]


def test_firmwares(bench: Bench) -> None:
    bench.fake.add_firmware("IGEL OS 11", "11.3.100.rc1")
    found = bench.run(ums_firmware_info)["firmwares"]
    assert [(item["product"], item["version"], item["type"]) for item in found] == [
        ("IGEL OS 11", "11.3.100.rc1", "LX"),
        ("IGEL OS 12", "12.9.0", "LX"),
    ]


def test_assets(bench: Bench) -> None:
    result = bench.run(ums_asset_info, history=True)
    dongle, keyboard = result["assets"]
    assert dongle == {
        "id": "49072",
        "name": "Bluetooth dongle",
        "vendor": "",
        "usb_id": "",
        "categories": [],
        "details": {},
        "device": None,
    }
    assert keyboard["device"] == {"id": "900", "name": "op1", "unit_id": A}
    assert (keyboard["categories"], keyboard["details"]) == (["Keyboard"], {"serial": "S1"})
    assert [(item["id"], item["event"], item["name"], item["time_ms"]) for item in result["history"]] == [
        ("3", "", "", None),
        ("2", "add", "op1", 1000),
        ("29", "remove", "op1", 2000),
    ]
    assert "history" not in bench.run(ums_asset_info)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error(400, "ITG-0C001"), "no licence for asset information.*Enterprise"),
        (error(404, "ITG-0A020"), "does not know assets.*update the server"),
        (error(500, "ITG-FF002"), "database failed"),
    ],
)
def test_assets_refused(bench: Bench, answer: tuple[int, Any], words: str) -> None:
    bench.fake.__dict__["_get_assetinfo"] = lambda *_args: answer
    with pytest.raises(UmsError, match=words) as caught:
        bench.run(ums_asset_info)
    assert "secret" not in str(caught.value)
