# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import station_gate
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock, read_chain
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.station_gate import GATES as SPEC_GATES
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.gates import GATES

SITE: dict[str, Any] = {"groups": {"stations": ["op1"]}}
HOSTVARS: dict[str, Any] = {"op1": {}}


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.station_gate")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = station_gate.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


def test_the_spec_knows_every_gate() -> None:
    assert tuple(SPEC_GATES) == GATES


def test_closed_gates_say_what_they_read_and_need(tmp_path: Path) -> None:
    result = run({"site_records": str(tmp_path)})
    assert result["open"] is False and result["changed"] is False and set(result["gates"]) == set(GATES)
    assert result["gates"]["stop"] == {"open": True, "read": "no stop file", "needs": ""}
    assert "no plan" in result["gates"]["window"]["read"] and result["gates"]["window"]["needs"]
    assert set(result["stations"]) == {"op1"} and read_chain(str(tmp_path))[0] == []


def test_a_subset_can_be_open(tmp_path: Path) -> None:
    assert run({"site_records": str(tmp_path), "gates": ["stop", "lock"]})["open"] is True


def test_the_worst_of_several_stations_shows(tmp_path: Path) -> None:
    result = run({"site_records": str(tmp_path), "stations": ["a", "b"], "gates": ["stop", "drift"]})
    assert set(result["stations"]) == {"a", "b"} and result["gates"]["drift"]["open"] is False


def test_fail_names_the_gate(tmp_path: Path) -> None:
    (tmp_path / "stop").write_text("")
    result = run({"site_records": str(tmp_path), "gates": ["stop"], "fail": True})
    assert result["failed"] is True and "op1: gate stop is closed" in result["msg"]


@pytest.mark.parametrize(("check", "told"), [(False, ["op1"]), (True, [])])
def test_a_run_tells_its_evidence(tmp_path: Path, check: bool, told: list[str]) -> None:
    acquire_lock(str(tmp_path), os.getpid(), "x", 0.0)
    run({"site_records": str(tmp_path), "gates": ["window", "stop"]}, check=check)
    entries = read_chain(str(tmp_path))[0]
    assert [entry["subject"] for entry in entries] == told
    assert all(set(entry["data"]["gates"]) == {"window"} for entry in entries)
