# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    OtedgeError,
    PeerError,
    RefusedError,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock
from ansible_collections.otedge.endpoint.plugins.module_utils._ums import client
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.modules import ums_devices
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Bench, error

A, B = "0A0000000001", "0A0000000002"
FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
OP1 = {"name": "op1", "mac": "0a:00:00:00:00:01", "directory": "plant-a", "firmware": FIRMWARE}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    running.fake.add_directory("plant-a")
    running.fake.add_firmware("IGEL OS 12", "12.9.0")
    yield running
    running.server.close()


def test_create_then_nothing_in_few_requests(bench: Bench) -> None:
    many = [{**OP1, "name": f"op{i}", "mac": f"0A000000{i:04X}"} for i in range(30)]
    first = bench.run(ums_devices, devices=many)
    assert first["changed"]
    assert len(bench.fake.log) == 5 + 30
    assert {row["action"] for row in first["devices"]} == {"created"}
    assert {row["id"] for row in first["devices"]} == set(bench.fake.devices)
    bench.fake.log.clear()
    second = bench.run(ums_devices, devices=many)
    assert not second["changed"]
    assert len(bench.fake.log) == 5
    assert second["devices"][0] == {
        "name": "op0",
        "id": first["devices"][0]["id"],
        "unit_id": "0A0000000000",
        "mac": "0A0000000000",
        "directory": "plant-a",
        "firmware": FIRMWARE,
        "action": "unchanged",
    }


def test_check_mode_writes_nothing_and_shows_the_same_diff(bench: Bench) -> None:
    bench.fake.add_device(B, name="x")
    options: dict[str, Any] = {"devices": [OP1, {**OP1, "name": "op2", "mac": B}]}
    planned = bench.run(ums_devices, check_mode=True, **options)
    assert bench.fake.writes == []
    assert [row["id"] for row in planned["devices"]] == [None, next(iter(bench.fake.devices))]
    done = bench.run(ums_devices, **options)
    assert done["diff"] == planned["diff"]
    assert [row["action"] for row in done["devices"]] == [row["action"] for row in planned["devices"]]
    assert '"op2"' in done["diff"]["after"]


def test_check_mode_before_the_directory_exists(bench: Bench) -> None:
    result = bench.run(ums_devices, check_mode=True, devices=[{**OP1, "directory": "plant-b"}])
    assert result["changed"]
    assert "plant-b does not exist yet" in result["warnings"][0]
    with pytest.raises(InputError, match="plant-b: it does not exist on the server .near: plant-a"):
        bench.run(ums_devices, devices=[{**OP1, "directory": "plant-b"}])


@pytest.mark.parametrize("kept_once", [False, True])
def test_merge_and_a_record_that_survives_its_deletion_once(bench: Bench, kept_once: bool) -> None:
    spare = bench.fake.add_device(A, name="op1")
    kept = bench.fake.add_device(B, lastIP="10.0.0.1")
    if kept_once:
        bench.fake.keep_once.add(spare)
    result = bench.run(ums_devices, devices=[{**OP1, "candidate_macs": [B]}])
    assert set(bench.fake.devices) == {kept}
    (row,) = result["devices"]
    assert (row["action"], row["id"], row["unit_id"], row["directory"]) == ("merged", kept, B, "plant-a")
    assert not bench.run(ums_devices, devices=[{**OP1, "candidate_macs": [B]}])["changed"]


def test_server_that_never_deletes_fails_after_three_rounds(bench: Bench) -> None:
    bench.fake.add_device(A)
    bench.fake.stuck = True
    with pytest.raises(PeerError, match="did not keep all changes; still missing after 3 tries: delete 0A0000000001"):
        bench.run(ums_devices, devices=[{"mac": A}], state="absent")
    assert len(bench.fake.writes) == 3


def test_create_that_lands_in_the_root_is_moved(bench: Bench) -> None:
    bench.fake.ignore_parent = True
    result = bench.run(ums_devices, devices=[OP1])
    assert result["devices"][0]["action"] == "created"
    assert result["devices"][0]["directory"] == "plant-a"
    assert next(iter(bench.fake.devices.values()))["parentID"] == next(iter(bench.fake.directories))


def test_record_nobody_may_see(bench: Bench) -> None:
    bench.fake.fail += [(200, [{"id": "101", "name": "plant-a"}]), (200, [])]
    bench.fake.add_device(A)
    bench.fake.fail.append((200, {"FwResource": list(bench.fake.firmwares.values())}))
    result = bench.run(ums_devices, devices=[OP1])
    assert result["devices"][0]["id"] == next(iter(bench.fake.devices))
    assert len(bench.fake.devices) == 1


def test_create_that_never_was_one_is_not_told_as_written(bench: Bench) -> None:
    firmwares = {"FwResource": list(bench.fake.firmwares.values())}
    lists: list[Any] = [(200, [{"id": "101", "name": "plant-a"}]), (200, []), (200, firmwares)]
    bench.fake.fail += [*lists, error(400, "ITG-0A008")] * 3 + lists
    with pytest.raises(PeerError, match="did not keep all changes") as caught:
        bench.run(ums_devices, devices=[OP1])
    assert caught.value.details["written"] == []


def test_absent(bench: Bench) -> None:
    bench.fake.add_device(A, name="op1")
    result = bench.run(ums_devices, devices=[{"mac": A}], state="absent")
    assert result["devices"][0]["action"] == "deleted"
    assert not bench.fake.devices
    assert bench.run(ums_devices, devices=[{"mac": A}], state="absent")["devices"] == []


def test_absent_leaves_what_connected_if_only_registrations_are_to_go(bench: Bench) -> None:
    bench.fake.add_device(A, name="op1")
    kept = bench.fake.add_device(B, name="op2", lastIP="10.0.0.2")
    items = [{"name": "op1", "mac": A}, {"name": "op2", "mac": B}]
    result = bench.run(ums_devices, devices=items, state="absent", never_connected=True)
    assert [(row["name"], row["action"]) for row in result["devices"]] == [("op1", "deleted"), ("op2", "unchanged")]
    assert set(bench.fake.devices) == {kept}
    assert not bench.run(ums_devices, devices=items, state="absent", never_connected=True)["changed"]


def test_refusal_in_the_middle_names_the_device(bench: Bench) -> None:
    bench.fake.add_device(A, name="x")
    bench.fake.fail += [bench.fake.handle("GET", path, {}, None) for path in (
        "/directories/tcdirectories", "/thinclients", "/firmwares"
    )]  # fmt: skip
    bench.fake.fail.append(error(400, "ITG-0A024"))
    with pytest.raises(UmsError, match="Cannot update device op1 on https://127.0.0.1.*name is not allowed"):
        bench.run(ums_devices, devices=[OP1])


def lines(records: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (records / "evidence.jsonl").read_text().splitlines()]


def test_records_need_the_lock_and_get_evidence(bench: Bench, tmp_path: Path) -> None:
    records = tmp_path / "records"
    options: dict[str, Any] = {"devices": [OP1], "site_records": str(records)}
    assert bench.run(ums_devices, check_mode=True, **options)["changed"]
    assert not records.exists()
    with pytest.raises(RefusedError, match="lock"):
        bench.run(ums_devices, **options)
    assert not bench.fake.devices
    acquire_lock(str(records), os.getpid(), "test", 0.0)
    (records / "stop").touch()
    with pytest.raises(RefusedError, match="stop file"):
        bench.run(ums_devices, **options)
    assert not bench.fake.devices
    (records / "stop").unlink()
    bench.run(ums_devices, **options)
    bench.run(ums_devices, **options)
    assert [(line["kind"], line["actor"], line["subject"], line["outcome"]) for line in lines(records)] == [
        ("intent", "ums_devices", "ums:127.0.0.1", ""),
        ("result", "ums_devices", "ums:127.0.0.1", "done"),
    ]
    assert lines(records)[0]["data"]["after"]["op1"]["directory"] == "plant-a"


def test_failure_is_evidence_too(bench: Bench, tmp_path: Path) -> None:
    acquire_lock(str(tmp_path), os.getpid(), "test", 0.0)
    bench.fake.add_device(A)
    bench.fake.stuck = True
    with pytest.raises(PeerError):
        bench.run(ums_devices, devices=[{"mac": A}], state="absent", site_records=str(tmp_path))
    assert [line["outcome"] for line in lines(tmp_path)] == ["", "failed"]


def test_failure_after_writes_is_evidence_with_what_was_written(bench: Bench, tmp_path: Path) -> None:
    acquire_lock(str(tmp_path), os.getpid(), "test", 0.0)
    bench.fake.add_device(A, name="x")
    bench.fake.add_device(B, name="y")
    bench.fake.keep_once.add(next(iter(bench.fake.devices)))
    bench.fake.stuck = True
    with pytest.raises(PeerError, match="In all 6 written, 0 left") as caught:
        bench.run(ums_devices, devices=[{"mac": A}, {"mac": B}], state="absent", site_records=str(tmp_path))
    assert len(caught.value.details["written"]) == 6
    assert lines(tmp_path)[1]["data"]["written"] == caught.value.details["written"]


def test_missing_library_says_what_to_install(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "REQUESTS_ERROR", ImportError("no requests"))
    with pytest.raises(OtedgeError, match="library requests is missing") as caught:
        bench.run(ums_devices, devices=[OP1])
    assert "pip install" in caught.value.fix
    assert bench.fake.log == []


def test_bad_list_and_a_server_that_is_down(bench: Bench) -> None:
    bad = {**OP1, "mac": "0A000000001"}
    with pytest.raises(InputError, match="op1: '0A000000001' is not a MAC"):
        bench.run(ums_devices, devices=[bad], host="127.0.0.2", port=1)
    with pytest.raises(InputError) as caught:
        bench.run(ums_devices, devices=[bad, {**OP1, "name": "op2", "mac": B, "directory": "plant-z"}])
    assert len(caught.value.details["problems"]) == 2
    with pytest.raises(InputError, match="is not a MAC"):
        bench.run(ums_devices, devices=[bad], state="absent")
    assert bench.fake.writes == []


def test_options_that_contradict_each_other(bench: Bench) -> None:
    for options, words in (
        ({"exclusive": True}, "exclusive needs a directory"),
        ({"exclusive": True, "directory": "plant-a", "state": "absent"}, "contradict"),
        ({"host": "https://ums:8443"}, "host must be a name or an address alone"),
        ({"parallel": 99}, "parallel 99"),
    ):
        with pytest.raises(InputError, match=words):
            bench.run(ums_devices, devices=[OP1], **options)
    assert bench.fake.log == []


def test_comparing_never_writes_and_never_fails_over_what_it_finds(bench: Bench) -> None:
    bench.fake.add_device(A, name="x")
    items = [OP1, {**OP1, "name": "op2", "mac": B, "directory": "plant-z"}]
    result = bench.run(ums_devices, devices=items, state="compared")
    assert not result["changed"] and "diff" not in result
    assert [row["field"] for row in result["drift"]["differences"]] == ["name", "directory"]
    assert result["drift"]["missing"] == [{"name": "op2", "mac": B, "directory": "plant-z"}]
    why = "The directory plant-z: it does not exist on the server (near: plant-a)"
    assert [row["problem"] for row in result["drift"]["problems"]] == [f"{why}."]
    assert result["msg"] == (
        f"UMS is not as declared: 2 different: op1 (name), op1 (directory); 1 missing: op2; 1 problems: {why}."
    )
    assert not result["drift"]["in_sync"]
    assert bench.fake.writes == []
