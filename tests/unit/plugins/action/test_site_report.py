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
from ansible_collections.otedge.endpoint.plugins.action import site_report
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import Evidence

SITE: dict[str, Any] = {"groups": {}, "site_id": "plant-a", "site_zones": [{"id": "OPZ"}]}
HOSTVARS: dict[str, Any] = {}


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.site_report")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = site_report.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(site_report, "controlling_pid", os.getpid)
    Evidence(str(tmp_path), lambda: 0.0).observation("station_info", "op1", {"stage": "verified"})
    plan = {"site": "plant-a", "stations": {"op1": {"disposition": "migrate"}}, "waves": []}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    return tmp_path


def test_written_once_and_the_same_again(records: Path) -> None:
    args = {"site_records": str(records), "stations": {"op1": {"stage": "verified"}}}
    first = run(args)
    assert first["changed"] is True and first["path"] == str(records / "report.html")
    assert first["summary"]["numbers"]["verified"] == 1 and first["summary"]["as_of"].startswith("1970-01-01")
    text = (records / "report.html").read_text()
    assert run(args)["changed"] is False and (records / "report.html").read_text() == text


def test_the_content_lies_beside_the_page_as_json(records: Path) -> None:
    found = run({"site_records": str(records)})
    beside = Path(found["json_path"])
    assert beside == records / "report.json" and json.loads(beside.read_text())["conduits"]["cells"] == {}
    beside.write_text("{}")
    assert (
        run({"site_records": str(records)})["changed"] is True and json.loads(beside.read_text())["site"] == "plant-a"
    )
    assert run({"site_records": str(records), "path": str(records / "x.json")})["json_path"].endswith("x.json.json")


def test_a_model_that_cannot_be_read_is_one_clear_error(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conduit = {"id": "c", "from": "OPZ", "to": "OPZ", "services": ["https"]}
    monkeypatch.setitem(SITE, "site_conduits", [conduit])
    found = run({"site_records": str(records)})
    assert found["failed"] is True and "site_conduits[0].services: no service (https)" in found["msg"]


def test_check_mode_and_own_path(records: Path) -> None:
    path = records / "elsewhere" / "page.html"
    args = {"site_records": str(records), "path": str(path)}
    assert run(args, check=True)["changed"] is True and not path.exists()
    assert run(args)["changed"] is True and "not observed" in path.read_text()


def test_a_tampered_chain_is_reported(records: Path) -> None:
    evidence = records / "evidence.jsonl"
    evidence.write_text(evidence.read_text().replace("verified", "legacy"))
    summary = run({"site_records": str(records)})["summary"]
    assert summary["evidence"]["verified"] is False and "damaged" in summary["evidence"]["problem"]
