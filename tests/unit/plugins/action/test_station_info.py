# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import station_info
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence, acquire_lock, read_chain

SITE: dict[str, Any] = {"groups": {"stations": ["op1"]}}
HOSTVARS: dict[str, Any] = {"op1": {"station_mac": "00:1B:1B:00:11:01"}}
PLAN: dict[str, Any] = {
    "stations": {
        "op1": {
            "disposition": "migrate",
            "wave": "wave-1",
            "candidate_macs": ["001B1B001101", "001B1B001113"],
            "ums": {"directory": "plant-a/line-1", "profiles": ["base"]},
        }
    }
}
DEVICE = {"id": "1", "unit_id": "001B1B001113", "mac": "001B1B001113", "thin_client": True, "online": True,
          "directory": "plant-a/line-1", "profiles": ["base"]}  # fmt: skip


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.station_info")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = station_info.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


@pytest.fixture
def dials(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = [{"reachable": False, "cause": "refused", "staged": False, "armed": False}]
    monkeypatch.setattr(station_info, "probe", lambda *_a: answers.pop())
    return answers


def _records(folder: Path) -> str:
    (folder / "plan.json").write_text(json.dumps(PLAN))
    return str(folder)


def test_a_thin_client_in_the_ums_is_not_dialled(tmp_path: Path, dials: list[dict[str, Any]]) -> None:
    result = run({"site_records": _records(tmp_path), "ums_devices": [DEVICE]})
    station = result["station"]
    assert (station["stage"], station["phase"], station["wave"]) == ("verified", "after", "wave-1")
    assert len(dials) == 1 and station["observations"]["probe"] is None and result["changed"] is False


def test_a_pc_that_cannot_be_reached_is_a_stage(tmp_path: Path, dials: list[dict[str, Any]]) -> None:
    station = run({"site_records": _records(tmp_path), "ums_devices": [{**DEVICE, "thin_client": False}]})["station"]
    assert station["stage"] == "unreachable" and station["reasons"][0]["text"] == "refused" and not dials


def test_another_pc_in_the_place_of_the_planned_one_is_left_alone(tmp_path: Path, dials: list[dict[str, Any]]) -> None:
    expecting = {"op1": {**PLAN["stations"]["op1"], "expect": {"serial": "S1", "uuid": ""}}}
    (tmp_path / "plan.json").write_text(json.dumps({**PLAN, "stations": expecting}))
    dials[:] = [{"reachable": True, "cause": "", "staged": True, "armed": False, "serial": "S2", "uuid": "U2"}]
    station = run({"site_records": str(tmp_path)})["station"]
    assert (station["stage"], station["phase"]) == ("staged", "none")
    assert station["reasons"][0]["code"] == "drift" and "'S1', now 'S2'" in station["reasons"][0]["text"]


def test_after_arming_it_converts(tmp_path: Path, dials: list[dict[str, Any]]) -> None:
    records = _records(tmp_path)
    Evidence(records).intent("otedge.endpoint.operator_pc_arm", "op1", "arm", {})
    assert run({"site_records": records})["station"]["stage"] == "converting" and not dials


def test_without_records_and_plan(dials: list[dict[str, Any]]) -> None:
    station = run({})["station"]
    assert (station["stage"], station["disposition"], station["phase"]) == ("unreachable", None, "none")
    bare = run({"ums_devices": [{**DEVICE, "mac": "001B1B001101"}]})["station"]
    assert bare["stage"] == "thin_client"


@pytest.mark.parametrize(("locked", "check", "told"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_news_goes_into_the_evidence_of_the_run(
    tmp_path: Path, dials: list[dict[str, Any]], locked: bool, check: bool, told: int
) -> None:
    records = _records(tmp_path)
    if locked:
        acquire_lock(records, os.getpid(), "x", 0.0)
    for _round in range(2):
        run({"site_records": records, "ums_devices": [DEVICE]}, check=check)
    assert len(read_chain(records)[0]) == told
