# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import operator_pc_import

CSV = "mac,ram,cpu.cores\n00:1B:1B:00:11:01,2 GiB,4\n00:1B:1B:00:99:99,8 GiB,4\n"
SITE = {"groups": {"stations": ["op1"]}, "hostvars": {"op1": {"station_mac": "00:1B:1B:00:11:01"}}}


def run(folder: Path, check: bool = False, **args: Any) -> dict[str, Any]:
    options = {
        "path": str(folder / "pcs.csv"), "source": "survey", "site_records": str(folder / "records"),
        "columns": {"system.memory_bytes": "ram"}, **args,
    }  # fmt: skip
    name = "otedge.endpoint.operator_pc_import"
    task = SimpleNamespace(args=options, check_mode=check, diff=False, async_val=0, action=name)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = operator_pc_import.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    result: dict[str, Any] = action.run(task_vars={**SITE, "inventory_hostname": "site"})
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pcs.csv").write_text(CSV)
    return tmp_path


def test_check_mode_tells_and_writes_nothing_then_it_is_taken_over_once(folder: Path) -> None:
    checked = run(folder, check=True)
    assert checked["changed"] is True and not (folder / "records").exists()
    done = run(folder)
    assert done["diff"] == checked["diff"] and done["imported"] == checked["imported"]
    assert done["imported"] == {"op1": {"fields": ["cpu.cores", "system.memory_bytes"], "kept": []}}
    assert done["unmatched"] == ["row 2 (mac 00:1B:1B:00:99:99)"] and "row 2" in done["warnings"][0]
    document = json.loads((folder / "records/assessments/op1.json").read_text())
    assert document["fields"]["cpu.cores"]["origin"] == "import: survey, pcs.csv, row 1"
    gates = {gate["code"]: (gate["ok"], gate["imported"]) for gate in document["gates"]}
    assert gates["memory"] == (False, True) and gates["bitlocker"] == (None, False)
    again = run(folder)
    assert again["changed"] is False and again["diff"]["before"] == again["diff"]["after"]


def test_bad_input_is_one_error_and_nothing_is_written(folder: Path) -> None:
    for args, told in (
        ({"path": str(folder / "none.csv")}, "Cannot read"),
        ({"columns": {"colour": "C"}}, "no field colour"),
        ({"fingerprints": [{"seen_in": "moon"}]}, "entry 1"),
        ({"columns": {"cpu.max_mhz": "ram"}}, "row 1, column ram"),
    ):
        failed = run(folder, **args)
        assert failed["failed"] is True and told in failed["msg"]
    assert not (folder / "records").exists()
