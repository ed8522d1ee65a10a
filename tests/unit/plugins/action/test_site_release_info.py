# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import site_release_info
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.records import digest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import Release

SITE: dict[str, Any] = {}
HOSTVARS: dict[str, Any] = {}
PLAN = {"site": "plant-a"}


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(
        args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.site_release_info"
    )
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = site_release_info.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


def _args(records: Path, required: bool) -> dict[str, Any]:
    signers = {"ot": "ot@a", "it": "it@a"}
    return {"site_records": str(records), "allowed_signers": "/none", "signers": signers, "required": required}


def test_without_a_plan(tmp_path: Path) -> None:
    found = run(_args(tmp_path, False))
    assert (found["valid"], found["plan_hash"], found["commands"]) == (False, None, [])
    assert run(_args(tmp_path, True))["failed"] is True


def test_not_released_prints_both_commands_and_each_problem(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    found = run(_args(tmp_path, False))
    assert found["valid"] is False and len(found["problems"]) == 2 and "failed" not in found
    failed = run(_args(tmp_path, True))
    assert failed["failed"] is True
    for line in (*found["problems"], *found["commands"], digest(PLAN)):
        assert line in failed["msg"]
    for role, command in zip(("ot", "it"), found["commands"], strict=True):
        assert command.startswith(f"ssh-keygen -Y sign -f <private key> -n otedge-release-{role} ")
    assert failed["failure"]["commands"] == found["commands"]


def test_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    span = {"not_before": "2020-01-01T00:00:00Z", "not_after": "2020-01-02T00:00:00Z", "waivers": []}
    documents = [
        Release(role, role, {"plan_hash": digest(PLAN), "site": "plant-a", "role": role, **span}, f"{role}@a", role)
        for role in ("ot", "it")
    ]
    monkeypatch.setattr(site_release_info, "read_releases", lambda *_a: documents)
    monkeypatch.setattr(site_release_info.time, "time", lambda: 1577840400.0)
    found = run(_args(tmp_path, True))
    assert found["valid"] is True and found["releases"]["ot"]["identity"] == "ot@a" and found["changed"] is False
    assert run({**_args(tmp_path, True), "plan_hash": digest(PLAN)})["valid"] is True
    other = run({**_args(tmp_path, False), "plan_hash": "0" * 64})
    assert other["valid"] is False and "another plan was written meanwhile" in other["problems"][0]
    assert run({**_args(tmp_path, True), "plan_hash": "0" * 64})["failed"] is True
