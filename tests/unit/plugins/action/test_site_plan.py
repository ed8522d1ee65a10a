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
from ansible_collections.otedge.endpoint.plugins.action import site_plan
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import read_chain
from ansible_collections.otedge.endpoint.plugins.plugin_utils import _gated

SITE: dict[str, Any] = {
    "groups": {"stations": ["op1"]},
    "site_id": "plant-a",
    "site_timezone": "UTC",
    "site_signers": {"ot": "ot@a", "it": "it@a"},
    "site_windows": [{"id": "w", "start": "2026-12-05T01:00:00", "end": "2026-12-05T05:00:00"}],
}
HOSTVARS: dict[str, Any] = {"op1": {"station_mac": "00:1B:1B:00:11:01"}}


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.site_plan")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = site_plan.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


@pytest.fixture(autouse=True)
def _own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_plan, "controlling_pid", os.getpid)
    monkeypatch.setattr(_gated, "controlling_pid", os.getpid)


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_plan_drafts_and_evidence_then_no_change(tmp_path: Path) -> None:
    first = run({"site_records": str(tmp_path)})
    short = first["plan_hash"][:12]
    assert first["changed"] is True
    assert _files(tmp_path) >= {"plan.json", "evidence.jsonl", "lock.json", f"releases/{short}-ot.json"}
    assert first["dispositions"]["op1"]["disposition"] == "defer"
    draft = json.loads((tmp_path / f"releases/{short}-it.json").read_text())
    assert draft["signer"] == "it@a" and draft["plan_hash"] == first["plan_hash"]
    assert [entry["kind"] for entry in read_chain(str(tmp_path))[0]] == ["intent", "result"]
    again = run({"site_records": str(tmp_path)})
    assert again["changed"] is False and again["plan_hash"] == first["plan_hash"]
    assert again["diff"]["before"] == again["diff"]["after"]
    assert len(read_chain(str(tmp_path))[0]) == 2


def test_check_mode_writes_nothing(tmp_path: Path) -> None:
    result = run({"site_records": str(tmp_path / "records")}, check=True)
    assert result["changed"] is True and '"plant-a"' in result["diff"]["after"]
    assert _files(tmp_path) == set()


def test_keep_uses_the_stored_plan(tmp_path: Path) -> None:
    first = run({"site_records": str(tmp_path), "keep": True})
    changed = {"op1": {"station_mac": "00:1B:1B:00:11:02"}}
    kept = run({"site_records": str(tmp_path), "keep": True}, hostvars=changed)
    assert kept["changed"] is False and kept["plan_hash"] == first["plan_hash"]
    anew = run({"site_records": str(tmp_path)}, hostvars=changed)
    assert anew["changed"] is True and anew["plan_hash"] != first["plan_hash"]


def test_a_document_that_exists_is_never_written_again(tmp_path: Path) -> None:
    first = run({"site_records": str(tmp_path)})
    signed = tmp_path / "releases" / f"{first['plan_hash'][:12]}-ot.json"
    signed.write_text('{"waivers": ["mine"]}')
    (tmp_path / "plan.json").unlink()
    assert run({"site_records": str(tmp_path)})["changed"] is True
    assert signed.read_text() == '{"waivers": ["mine"]}'


def test_another_run_refuses(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text(json.dumps({"host": "elsewhere", "pid": 1, "what": "site_rollout"}))
    result = run({"site_records": str(tmp_path)})
    assert result["failed"] is True and "elsewhere" in result["msg"] and result["failure"]["code"] == "refused"
    assert not (tmp_path / "plan.json").exists()
