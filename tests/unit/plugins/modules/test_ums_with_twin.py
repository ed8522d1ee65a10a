# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four modules against the simulated UMS: another reading of the same contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import PeerError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.modules import (
    ums_device_command,
    ums_device_info,
    ums_devices,
    ums_directories,
    ums_profile_assignments,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeModule, checked
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.journal_hooks import JournalHooks

FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
CONFIG: dict[str, Any] = {"firmwares": [FIRMWARE], "profiles": ["base-plant-a", "role-operator"]}
STATIONS = [
    {"name": "op1", "mac": "00:1B:1B:00:11:01", "directory": "plant-a/line-1", "firmware": FIRMWARE, "site": "plant-a"},
    {
        "name": "ws1",
        "mac": "00:1B:1B:00:11:03",
        "candidate_macs": ["00:1B:1B:00:11:13"],
        "directory": "plant-a/line-1",
        "firmware": FIRMWARE,
    },
]
ASSIGNMENTS = [
    {"profile": "base-plant-a", "directory": "plant-a"},
    {"profile": "role-operator", "device": "op1"},
    {"profile": "base-plant-a", "device": "ws1"},
]
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def store() -> UmsStore:
    return UmsStore(CONFIG, JournalHooks(), None)


@pytest.fixture
def run(store: UmsStore, tmp_path: Path) -> Iterator[Run]:
    server = UmsServer(store, "svc-imi", "lab-only-ü", tmp_path)
    server.start()
    account = {
        "host": "127.0.0.1",
        "port": server.port,
        "username": "svc-imi",
        "password": "lab-only-ü",
        "ca_path": server.ca_path,
        "timeout": 10,
    }

    def work(plugin: ModuleType, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        module = FakeModule(checked(plugin.SPEC, {**account, **options}), check_mode)
        result: dict[str, Any] = plugin.work(module)
        return {**result, "warnings": module.warnings}

    yield work
    server.stop()


def everything(run: Run, check_mode: bool = False) -> list[dict[str, Any]]:
    return [
        run(ums_directories, check_mode, paths=["plant-a/line-1"]),
        run(ums_devices, check_mode, devices=STATIONS),
        run(ums_profile_assignments, check_mode, assignments=ASSIGNMENTS),
    ]


def test_check_run_then_run_then_nothing(run: Run, store: UmsStore) -> None:
    hooks = store.hooks
    assert isinstance(hooks, JournalHooks)
    planned = everything(run, check_mode=True)
    assert hooks.writes == []
    done = everything(run)
    assert [result["diff"] for result in done] == [result["diff"] for result in planned]
    writes = len(hooks.writes)
    again = everything(run)
    assert [result["changed"] for result in again] == [False] * 3
    assert len(hooks.writes) == writes
    found = run(ums_device_info, profiles=True)["devices"]
    assert [(item["name"], item["directory"], item["profiles"], item["thin_client"]) for item in found] == [
        ("op1", "plant-a/line-1", ["role-operator"], False),
        ("ws1", "plant-a/line-1", ["base-plant-a"], False),
    ]


def test_station_that_comes_back_under_its_other_mac(run: Run, store: UmsStore) -> None:
    everything(run)
    store.register("001B1B001113", {"address": "10.20.1.13", "firmware": FIRMWARE})
    assert len(store.devices) == 3
    result = run(ums_devices, devices=STATIONS)
    assert [row["action"] for row in result["devices"]] == ["unchanged", "merged"]
    run(ums_profile_assignments, assignments=ASSIGNMENTS)
    assert [result["changed"] for result in everything(run)] == [False] * 3
    found = run(ums_device_info, online=True, profiles=True, query="[?thin_client]")["devices"]
    assert [(item["name"], item["unit_id"], item["profiles"], item["online"]) for item in found] == [
        ("ws1", "001B1B001113", ["base-plant-a"], True)
    ]


@pytest.mark.parametrize(
    "fault", ["wrapper", "stringly_booleans", "missing_fields", "ignore_parent", "delete_leaves_record"]
)
def test_oddities_change_nothing(run: Run, store: UmsStore, fault: str) -> None:
    count = {"count": 1} if fault == "delete_leaves_record" else {}
    store.inject(fault, count)
    everything(run)
    store.register("001B1B001113", {"address": "10.20.1.13", "firmware": FIRMWARE})
    everything(run)
    assert [result["changed"] for result in everything(run)] == [False] * 3
    assert len(run(ums_device_info)["devices"]) == 2


def test_absent_leaves_an_empty_server(run: Run, store: UmsStore) -> None:
    everything(run)
    run(ums_profile_assignments, assignments=ASSIGNMENTS, state="absent")
    run(ums_devices, devices=STATIONS, state="absent")
    run(ums_directories, paths=["plant-a", "plant-a/line-1"], state="absent")
    assert not store.devices and not store.directories


def test_server_down_and_lost_answers(run: Run, store: UmsStore) -> None:
    run(ums_directories, paths=["plant-a/line-1"])
    store.inject("status", {"status": 503, "count": 1})
    with pytest.raises(PeerError, match="it is not available .HTTP 503."):
        run(ums_devices, devices=STATIONS)
    store.inject("drop_after", {"count": 1})
    with pytest.raises(TalkError):
        run(ums_devices, devices=STATIONS)
    store.inject("none", {})
    run(ums_devices, devices=STATIONS)
    assert len(store.devices) == 2
    assert not run(ums_devices, devices=STATIONS)["changed"]


def test_weak_rights_and_licence(run: Run, store: UmsStore) -> None:
    everything(run)
    store.inject("weak_rights", {})
    assert "may lack the right Browse" in run(ums_device_info)["warnings"][0]
    store.inject("none", {})
    store.inject("license", {})
    with pytest.raises(PeerError, match="a licence is missing"):
        run(ums_device_info)


def test_line_is_renamed_and_a_cell_moved(run: Run, store: UmsStore) -> None:
    everything(run)
    moves = [
        {"path": "plant-a/packing", "from": "plant-a/line-1"},
        {"path": "plant-b/line-9", "from": "plant-a/line-9"},
    ]
    run(ums_directories, paths=["plant-a/line-9"])
    hooks = store.hooks
    assert isinstance(hooks, JournalHooks)
    writes = len(hooks.writes)
    planned = run(ums_directories, True, directories=moves)
    assert len(hooks.writes) == writes
    done = run(ums_directories, directories=moves)
    assert done["diff"] == planned["diff"]
    assert [row["action"] for row in done["directories"]] == ["renamed", "moved"]
    assert not run(ums_directories, directories=moves)["changed"]
    found = run(ums_device_info)["devices"]
    assert [item["directory"] for item in found] == ["plant-a/packing"] * 2  # what is in it goes along


def test_exactly_the_listed_profiles(run: Run, store: UmsStore) -> None:
    everything(run)
    wanted = [{"profile": "base-plant-a", "device": "op1"}]
    result = run(ums_profile_assignments, assignments=wanted, exclusive=True)
    assert [(row["profile"], row["action"], row["inherited_from"]) for row in result["assignments"]] == [
        ("base-plant-a", "assigned", ["plant-a"]),
        ("role-operator", "removed", []),
    ]
    assert not run(ums_profile_assignments, assignments=wanted, exclusive=True)["changed"]
    left = {(item["profile"], item.get("device") or item["directory"]) for item in store.summary()["assignments"]}
    assert left == {("base-plant-a", "plant-a"), ("base-plant-a", "op1"), ("base-plant-a", "ws1")}


def test_commands_with_answers_in_any_order(run: Run, store: UmsStore) -> None:
    everything(run)
    for mac in ("001B1B001101", "001B1B001103"):
        store.register(mac, {"address": "10.20.1.11", "firmware": FIRMWARE})
    store.inject("extra_wol", {})
    woken = run(ums_device_command, command="wake", devices=["op1"], wait=True)
    assert [(row["device"], row["state"], row["seen"]) for row in woken["devices"]] == [("op1", "sent", "online")]
    assert [row["mac"] for row in woken["others"]] == ["001B1B001103"]
    store.inject("none", {})
    settings = run(ums_device_command, command="send_settings", devices=["op1", "ws1"], wait=True)
    assert [row["seen"] for row in settings["devices"]] == ["applied", "applied"]
    assert run(ums_device_command, True, command="shutdown", devices=["ws1"])["devices"][0]["state"] == "planned"
    off = run(ums_device_command, command="shutdown", devices=["ws1"], wait=True)
    assert off["devices"][0]["seen"] == "offline" and "Line state" in off["warnings"][0]
    with pytest.raises(PeerError, match="failed for 1 of 2 .* ws1: "):
        run(ums_device_command, command="send_settings", devices=["op1", "ws1"])
    with pytest.raises(RefusedError, match="does not name op1"):
        run(ums_device_command, command="factory_reset", devices=["op1"], confirm=[])
    reset = run(ums_device_command, command="factory_reset", devices=["op1"], confirm=["00:1B:1B:00:11:01"], wait=True)
    assert reset["devices"][0]["seen"] == "gone"
    assert [row["name"] for row in store.devices.values()] == ["ws1"]
