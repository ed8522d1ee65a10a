# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsStore
from hypothesis import given
from hypothesis import strategies as st


def test_dump_goes_through_json_and_back(
    imi: Any, store: UmsStore, hooks: Any, make_device: Callable[..., str]
) -> None:
    folder = imi.ok("PUT", "/directories/tcdirectories", {"name": "plant-a"})["id"]
    one = make_device(1, name="l1-op1", parentID=folder, site="north")
    store.assign("3", "tc", one)
    store.assign("3", "tcdirectory", folder)
    kept = json.loads(json.dumps(store.dump()))
    again = UmsStore(store.config, hooks, kept)
    assert again.dump() == store.dump()
    assert again.summary() == store.summary()
    assert again.new_id() not in {one, folder}
    with pytest.raises(Exception, match="duplicate key"):
        again.add_device("001B1B000001")


def test_summary_tells_the_truth_by_name(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    folder = imi.ok("PUT", "/directories/tcdirectories", {"name": "plant-a"})["id"]
    one = make_device(1, name="l1-op1", parentID=folder)
    store.assign("4", "tc", one)
    store.assign("3", "tcdirectory", folder)
    told = store.summary()
    assert told["directories"] == ["plant-a"]
    assert told["assignments"] == [
        {"profile": "role-operator", "device": "l1-op1"},
        {"profile": "base-plant-a", "directory": "plant-a"},
    ]
    [device] = told["devices"]
    assert (device["directory"], device["profiles"], device["online"]) == ("plant-a", ["role-operator"], False)


def test_restart_keeps_what_the_config_names_once(store: UmsStore, hooks: Any) -> None:
    config = {**store.config, "profiles": [*store.config["profiles"], "new"], "directories": ["a/b", "a/c"]}
    again = UmsStore(config, hooks, store.dump())
    third = UmsStore(config, hooks, again.dump())
    assert [row["name"] for row in third.profiles.values()] == ["base-plant-a", "role-operator", "role-kiosk", "new"]
    assert third.summary()["directories"] == ["a", "a/b", "a/c"]
    assert len(third.firmwares) == 2


def test_unknown_fault_is_refused(store: UmsStore) -> None:
    with pytest.raises(ValueError, match="knows no fault"):
        store.inject("nonsense", {})
    with pytest.raises(ValueError, match="unit ID"):
        store.inject("bin", {"mac": "0"})


def test_status_fault_counts(imi: Any, store: UmsStore) -> None:
    store.inject("status", {"status": 503, "count": 2})
    told = [imi.call("GET", "/thinclients") for _turn in range(3)]
    assert [reply.status_code for reply in told] == [503, 503, 200]
    assert told[0].headers["Content-Type"] == "text/html"


def test_drop_faults(imi: Any, store: UmsStore, hooks: Any) -> None:
    store.inject("drop_after", {"count": 1})
    with pytest.raises(requests.exceptions.ConnectionError):
        imi.call("PUT", "/directories/tcdirectories", {"name": "x"})
    assert [row["name"] for row in imi.ok("GET", "/directories/tcdirectories")] == ["x"]
    assert [line["path"] for line in hooks.writes()] == ["/umsapi/v3/directories/tcdirectories"]
    store.inject("drop", {"count": 1})
    with pytest.raises(requests.exceptions.ConnectionError):
        imi.call("PUT", "/directories/tcdirectories", {"name": "y"})
    assert len(imi.ok("GET", "/directories/tcdirectories")) == 1


def test_answer_faults(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    one = make_device(1, lastIP="10.0.0.1")
    store.inject("wrapper", {})
    assert [row["id"] for row in imi.ok("GET", "/thinclients")["results"]] == [one]
    store.inject("none", {})
    store.inject("stringly_booleans", {})
    assert imi.ok("GET", f"/thinclients/{one}")["movedToBin"] == "false"
    store.inject("none", {})
    store.inject("missing_fields", {})
    assert "unitID" not in imi.ok("GET", "/thinclients")[0]
    store.inject("none", {})
    store.inject("weak_rights", {})
    assert imi.ok("GET", "/thinclients") == imi.ok("GET", "/directories/tcdirectories") == []
    store.inject("none", {})
    store.inject("license", {"count": 1})
    assert imi.fails("GET", "/thinclients") == (400, "ITG-0C001")
    store.inject("delete_leaves_record", {"count": 1})
    imi.ok("DELETE", f"/thinclients/{one}/deletetcoffline")
    assert len(imi.ok("GET", "/thinclients")) == 1
    store.inject("extra_wol", {})
    make_device(2)
    answer = imi.ok("POST", "/thinclients?command=wakeup", [{"id": one, "type": "tc"}])
    assert len(answer["CommandExecList"]) == 2
    store.inject("session_lost", {})
    assert imi.fails("GET", "/thinclients") == (401, "ITG-0B004")


def test_ignored_parent(imi: Any, store: UmsStore) -> None:
    top = imi.ok("PUT", "/directories/tcdirectories", {"name": "a"})["id"]
    store.inject("ignore_parent", {"count": 1})
    body = {"name": "b", "parentID": top}
    assert imi.ok("PUT", "/directories/tcdirectories", body)["parentID"] == "-1"


def test_command_fault(imi: Any, store: UmsStore) -> None:
    one = store.register("001B1B000001", {"address": "10.0.0.1"})
    store.inject("command_fails", {"count": 1})
    for state in ("FAILED", "SUCCESS"):
        answer = imi.ok("POST", "/thinclients?command=reboot", [{"id": one, "type": "tc"}])
        assert answer["CommandExecList"][0]["state"] == state


def test_slow_online_waits_outside_the_lock(imi: Any, store: UmsStore, make_device: Callable[..., str]) -> None:
    make_device(1)
    store.inject("slow_online", {"seconds": 0.3})
    before = time.monotonic()
    imi.ok("GET", "/thinclients?facets=online")
    assert time.monotonic() - before >= 0.3


def test_a_mistake_of_ours_is_500_and_in_the_journal(
    imi: Any, store: UmsStore, hooks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "devices", None)
    assert imi.fails("GET", "/thinclients") == (500, "ITG-FF001")
    assert [line["kind"] for line in hooks.lines[-2:]] == ["error", "request"]


def test_manual_words(hooks: Any, store: UmsStore, imi: Any) -> None:
    store.config = {**store.config, "messages": "manual"}
    answer = imi.ok("PUT", "/thinclients", {"mac": "001B1B000001", "firmwareID": "1"})
    assert answer["message"] == "Thin client successfully inserted."
    body = [{"assignee": {"id": "3", "type": "profile"}, "receiver": {"id": answer["id"], "type": "tc"}}]
    told = imi.ok("PUT", f"/thinclients/{answer['id']}/assignments/profiles", body)
    assert told["message"] == f"1 asssignments successfully assigned to thinclient <{answer['id']}>"


def test_twenty_thousand_devices(imi: Any, store: UmsStore) -> None:
    for number in range(20_000):
        store.add_device(f"{number:012X}", firmwareID="1")
    before = time.process_time()
    assert len(imi.ok("GET", "/thinclients")) == 20_000
    assert time.process_time() - before < 4
    before = time.process_time()
    imi.ok("PUT", "/thinclients", {"mac": "FFFFFFFFFFFF", "firmwareID": "1"})
    assert time.process_time() - before < 0.2


def test_a_long_list_that_is_kept_is_never_an_old_one(imi: Any, store: UmsStore, hooks: Any) -> None:
    first, *_rest = (store.add_device(f"{number:012X}", firmwareID="1") for number in range(1_000))
    one, unit = first["id"], first["unitID"]
    store.config = {**store.config, "react_seconds": 5}
    changes: list[Callable[[], Any]] = [
        lambda: imi.ok("PUT", f"/thinclients/{one}", {"comment": "a"}),
        lambda: store.register(unit, {"address": "10.0.0.1"}),
        lambda: imi.ok("PUT", "/profiles/3/assignments/thinclients", [
            {"assignee": {"id": "3", "type": "profile"}, "receiver": {"id": one, "type": "tc"}}]),
        lambda: store.delivered(first) or store.changed(),
        lambda: store.inject("bin", {"mac": unit}),
        lambda: store.inject("restore", {"mac": unit}),
        lambda: store.add_device("FFFFFFFFFFFF"),
        lambda: store.move("tc", first, store.add_directory("a", "-1")["id"]),
        lambda: store.remove_device(store.find_unit("FFFFFFFFFFFF") or {}),
    ]  # fmt: skip
    kept = imi.ok("GET", "/thinclients?facets=details")
    assert imi.ok("GET", "/thinclients?facets=details") == kept
    for number, change in enumerate(changes):
        change()
        seen = imi.ok("GET", "/thinclients?facets=details")
        assert seen != kept, number
        kept = seen
    assert len(imi.ok("GET", "/thinclients?facets=short")) == 1_000


@given(st.lists(st.tuples(st.sampled_from("amd"), st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_no_sequence_of_moves_makes_a_ring(steps: list[tuple[str, int, int]]) -> None:
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums.directories import (  # noqa: PLC0415
        move_one,
    )

    class Quiet:
        def now(self) -> float:
            return 0.0

    store = UmsStore({}, Quiet(), None)  # type: ignore[arg-type]
    ids = [store.add_directory(str(number), "-1")["id"] for number in range(4)]
    for _kind, one, target in steps:
        move_one(store, "tcdirectory", ids[target], ids[one], "tcdirectory")
        for key in ids:
            assert store.directories[store.ancestors(key)[-1]]["parentID"] == "-1"
