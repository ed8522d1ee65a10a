# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsStore

MAC = "001B1B001101"
SHORT = {
    "id", "unitID", "mac", "firmwareID", "networkAdapters", "deviceAttributes", "lastIP", "batteryLevel", "name",
    "parentID", "movedToBin", "objectType", "links",
}  # fmt: skip


def test_create_answers_as_recorded(imi: Any, store: UmsStore) -> None:
    body = {"mac": MAC.lower(), "firmwareID": 1, "name": "My Name", "parentID": "-1", "site": "", "serialNumber": "S1"}
    answer = imi.ok("PUT", "/thinclients", body)
    assert answer == {"message": "Device successfully inserted.", "id": "6", "name": "My Name", "parentID": "-1"}
    shown = imi.ok("GET", "/thinclients/6?facets=details")
    assert (shown["unitID"], shown["mac"], shown["serialNumber"], shown["site"]) == (MAC, MAC, "S1", "")
    assert (shown["totalUsagetime"], shown["batteryLevel"], shown["cpuSpeed"]) == ("-1", -1, 0)
    assert shown["configChanges"] == "PENDING"
    assert shown["isThinClientRegistered"] == "false"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "ITG-0A007"),
        ({"mac": ""}, 400, "ITG-0A007"),
        ({"mac": "001B1B0011"}, 400, "ITG-0A014"),
        ({"mac": "00:1B:1B:00:1"}, 400, "ITG-0A014"),
        ({"mac": "001B1B00110G"}, 400, "ITG-0A014"),
        ({"mac": MAC}, 400, "ITG-0A009"),
        ({"mac": MAC, "firmwareID": "one"}, 400, "ITG-0A010"),
        ({"mac": MAC, "firmwareID": True}, 400, "ITG-0A004"),
        ({"mac": MAC, "firmwareID": "99"}, 400, "ITG-0A015"),
        ({"mac": MAC, "firmwareID": "1", "parentID": "99"}, 400, "ITG-0A016"),
        ({"mac": MAC, "firmwareID": "1", "parentID": "x"}, 400, "ITG-0A010"),
        ({"mac": MAC, "firmwareID": "1", "name": 7}, 400, "ITG-0A004"),
        ([{"mac": MAC}], 400, "ITG-0A004"),
    ],
)
def test_create_refusals(imi: Any, body: Any, status: int, code: str) -> None:
    assert imi.fails("PUT", "/thinclients", body) == (status, code)
    assert imi.ok("GET", "/thinclients") == []


def test_duplicates_count_whatever_the_case(imi: Any, make_device: Callable[..., str]) -> None:
    make_device(1)
    again = {"mac": "001b1b000001", "firmwareID": "1"}
    assert imi.fails("PUT", "/thinclients", again) == (400, "ITG-0A008")
    assert len(imi.ok("GET", "/thinclients/")) == 1


def test_bodies_that_are_not_json(imi: Any) -> None:
    put = {"method": "PUT", "path": "/thinclients"}
    assert imi.fails(**put, data=b"{", headers={"Content-Type": "application/json"}) == (415, "ITG-0A005")
    assert imi.fails(**put, data=b"{}") == (415, "ITG-0A005")
    latin = {"data": '{"mac":"ä"}'.encode("latin-1"), "headers": {"Content-Type": "application/json"}}
    assert imi.fails(**put, **latin) == (415, "ITG-0A005")
    utf8 = {"data": '{"mac":"ä"}'.encode(), "headers": {"Content-Type": "application/json; charset=utf-8"}}
    assert imi.fails(**put, **utf8) == (400, "ITG-0A014")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/thinclients/abc", 400, "ITG-0A010"),
        ("GET", "/thinclients/999", 404, "ITG-0A001"),
        ("DELETE", "/thinclients/999", 404, "ITG-0A001"),
        ("DELETE", "/thinclients/999/deletetcoffline", 404, "ITG-0A001"),
        ("PATCH", "/thinclients/1", 400, "ITG-0A011"),
        ("POST", "/thinclients/1", 400, "ITG-0A011"),
        ("PUT", "/profiles", 400, "ITG-0A011"),
        ("GET", "/thinclients/1/nothing", 404, "ITG-0A020"),
        ("GET", "/search?mac=1", 404, "ITG-0A020"),
        ("GET", "/../v2/thinclients", 400, "ITG-0C002"),
        ("GET", "/../thinclients", 400, "ITG-0B006"),
        ("GET", "/firmwares/99", 404, "ITG-0A015"),
        ("GET", "/profiles/99", 404, "ITG-FF006"),
    ],
)
def test_wrong_addresses(imi: Any, method: str, path: str, status: int, code: str) -> None:
    url = imi.url
    if path.startswith("/../"):
        imi.url, path = url.removesuffix("/v3"), path.removeprefix("/..")
    assert imi.fails(method, path) == (status, code)


def test_facets(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    one = make_device(1, lastIP="10.20.1.11")
    for facet in ("", "?facets=short", "?facets=nonsense"):
        [shown] = imi.ok("GET", f"/thinclients{facet}")
        assert set(shown) == SHORT
    assert set(imi.ok("GET", f"/thinclients/{one}")) == SHORT | {"lastUser"}
    [shown] = imi.ok("GET", "/thinclients?facets=online")
    assert shown["online"] is False
    store.set_online("001b1b000001", True)
    assert imi.ok("GET", f"/thinclients/{one}?facets=online")["online"] is True
    [shown] = imi.ok("GET", "/thinclients?facets=networkadapters")
    assert "batteryLevel" not in shown
    assert shown["networkAdapters"] == [{"type": "lan", "mac": "001B1B000001", "name": "eth0", "state": "up"}]


def test_update_changes_only_what_is_sent(imi: Any, make_device: Callable[..., str]) -> None:
    one = make_device(1, name="a", site="north", comment="c")
    assert imi.ok("PUT", f"/thinclients/{one}", {"name": "b", "site": ""}) == {"message": "Update successful"}
    shown = imi.ok("GET", f"/thinclients/{one}?facets=details")
    assert (shown["name"], shown["site"], shown["comment"]) == ("b", "", "c")
    for body in ({}, {"parentID": "4"}, {"mac": MAC}, {"firmwareID": "2"}):
        assert imi.fails("PUT", f"/thinclients/{one}", body) == (400, "ITG-0A013")


def test_offline_delete(imi: Any, make_device: Callable[..., str]) -> None:
    one = make_device(1)
    answer = imi.ok("DELETE", f"/thinclients/{one}/deletetcoffline")
    assert answer == {"message": "Offline deletion successful."}
    assert imi.ok("GET", "/thinclients") == []
    assert make_device(1) != one


def test_online_delete_keeps_a_silent_device(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    one = make_device(1)
    [entry] = imi.ok("DELETE", f"/thinclients/{one}")["CommandExecList"]
    assert entry["state"] == "FAILED"
    assert "id" not in entry
    store.set_online("001B1B000001", True)
    [entry] = imi.ok("DELETE", f"/thinclients/{one}")["CommandExecList"]
    assert (entry["state"], entry["mac"], entry["exectime"]) == ("SUCCESS", "", 0)
    assert imi.ok("GET", "/thinclients") == []


def test_registration_meets_preregistration(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    folder = imi.ok("PUT", "/directories/tcdirectories", {"name": "plant-a"})["id"]
    one = make_device(1, name="l1-op1", parentID=folder)
    info = {"address": "10.20.1.11", "serial": "S1", "firmware": {"product": "IGEL OS 12", "version": "12.9.1"}}
    assert store.register("001b1b000001", info) == one
    shown = imi.ok("GET", f"/thinclients/{one}?facets=details")
    assert (shown["name"], shown["parentID"], shown["lastIP"]) == ("l1-op1", folder, "10.20.1.11")
    assert (shown["serialNumber"], shown["isThinClientRegistered"]) == ("S1", "true")
    assert shown["configChanges"] == "APPLIED"
    firmware = imi.ok("GET", f"/firmwares/{shown['firmwareID']}")
    assert (firmware["product"], firmware["version"]) == ("IGEL OS 12", "12.9.1")


def test_registration_of_a_stranger_lands_in_the_root(imi: Any, store: UmsStore) -> None:
    one = store.register(MAC, {"address": "10.20.1.12"})
    shown = imi.ok("GET", f"/thinclients/{one}?facets=online")
    assert (shown["name"], shown["parentID"], shown["online"]) == (f"ITC{MAC}", "-1", True)


def test_bin_devices_are_listed_and_refuse(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    one = make_device(1)
    store.inject("bin", {"mac": "001B1B000001"})
    assert imi.ok("GET", "/thinclients")[0]["movedToBin"] is True
    order = [{"id": one, "type": "tc"}]
    assert imi.fails("POST", "/thinclients?command=reboot", order) == (400, "ITG-0A018")
    assert imi.fails("PUT", f"/thinclients/{one}", {"name": "x"}) == (400, "ITG-0A018")
    assert imi.fails("PUT", "/thinclients", {"mac": "001B1B000001", "firmwareID": "1"}) == (400, "ITG-0A008")


def test_commands_answer_by_device(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    up, never, down = make_device(1, lastIP="10.0.0.1"), make_device(2), make_device(3, lastIP="10.0.0.3")
    store.set_online("001B1B000001", True)
    order = [{"id": one, "type": "tc"} for one in (up, int(never), down)]
    entries = imi.ok("POST", "/thinclients/?command=settings2tc", order)["CommandExecList"]
    told = {entry["id"]: (entry["state"], entry["message"]) for entry in entries}
    assert told[up] == ("SUCCESS", "OK")
    assert told[never] == ("FAILED", "Found no IP address for device")
    assert told[down][0] == "FAILED"
    assert len({entry["execID"] for entry in entries}) == 1
    assert isinstance(entries[0]["exectime"], str)
    assert imi.ok("GET", f"/thinclients/{up}?facets=details")["configChanges"] == "APPLIED"
    wake = imi.ok("POST", "/thinclients?command=wakeup", order)["CommandExecList"]
    assert {entry["state"] for entry in wake} == {"SUCCESS"}
    imi.ok("POST", "/thinclients?command=shutdown", order[:1])
    assert imi.ok("GET", f"/thinclients/{up}?facets=online")["online"] is False


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("explode", [{"id": "1", "type": "tc"}], "ITG-0A003"),
        ("reboot", [], "ITG-0A012"),
        ("reboot", [{"id": "999", "type": "tc"}], "ITG-0A001"),
        ("reboot", [{"id": "1"}], "ITG-0A004"),
        ("reboot", {"id": "1", "type": "tc"}, "ITG-0A004"),
    ],
)
def test_command_refusals(imi: Any, command: str, body: Any, code: str) -> None:
    assert imi.fails("POST", f"/thinclients?command={command}", body) == (400, code)


def test_answers_are_shuffled(imi: Any, make_device: Callable[..., str]) -> None:
    asked = [make_device(number) for number in range(8)]
    order = [{"id": one, "type": "tc"} for one in asked]
    entries = imi.ok("POST", "/thinclients?command=wakeup", order)["CommandExecList"]
    got = [entry["id"] for entry in entries]
    assert got != asked
    assert sorted(got) == sorted(asked)
