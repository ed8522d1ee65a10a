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
from ansible_collections.otedge.endpoint.plugins.action import station_exception
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import read_chain
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _gated

SITE: dict[str, Any] = {}
HOSTVARS: dict[str, Any] = {}
PLAN: dict[str, Any] = {
    "timezone": "UTC",
    "stations": {
        "hmi1": {"disposition": "contain", "reasons": [{"code": "local_only", "text": "Panel"}]},
        "op1": {"disposition": "migrate", "reasons": []},
    },
}


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(
        args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.station_exception"
    )
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = station_exception.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


@pytest.fixture
def args(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(_gated, "controlling_pid", os.getpid)
    monkeypatch.setattr(station_exception.ActionModule, "clock", lambda _self: 1_764_547_200.0)  # 2025-12-01
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    return {"site_records": str(tmp_path), "owner": "ot", "review_by": "2027-04-30", "exit_condition": "new panel"}


def test_recorded_once_with_evidence(args: dict[str, Any]) -> None:
    first = run(args, "hmi1")
    assert first["changed"] is True
    assert (
        first["exception_record"]["owner"] == "ot" and first["exception_record"]["reasons"][0]["code"] == "local_only"
    )
    assert run(args, "hmi1")["changed"] is False
    assert [entry["kind"] for entry in read_chain(args["site_records"])[0]] == ["intent", "result"]
    changed = run({**args, "owner": "it"}, "hmi1")
    assert changed["changed"] is True and '"it"' in changed["diff"]["after"]


def test_check_mode_writes_nothing(args: dict[str, Any]) -> None:
    assert run(args, "hmi1", check=True)["changed"] is True
    assert not (Path(args["site_records"]) / "exceptions").exists()
    assert read_chain(args["site_records"])[0] == []


@pytest.mark.parametrize(
    ("host", "change", "text"),
    [
        ("op1", {}, "the plan says migrate"),
        ("ghost", {}, "the plan says None"),
        ("hmi1", {"review_by": "30.04."}, "not a date"),
        ("hmi1", {"review_by": "2025-11-30"}, "is past"),
    ],
)
def test_refused(args: dict[str, Any], host: str, change: dict[str, Any], text: str) -> None:
    result = run({**args, **change}, host)
    assert result["failed"] is True and text in result["msg"]
    assert not (Path(args["site_records"]) / "exceptions").exists()
