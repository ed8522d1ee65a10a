# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import site_lock
from ansible_collections.otedge.endpoint.plugins.module_utils import _evidence
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock, require_running
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site import lock as lock_file

NOW = 1_795_000_000.0


@pytest.fixture(autouse=True)
def _controller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_lock, "controlling_pid", os.getpid)


@pytest.fixture
def other_run() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"])
    yield process
    process.kill()
    process.wait()


def run(records: Path, state: str = "released", check: bool = False) -> dict[str, Any]:
    args = {"site_records": str(records), "state": state}
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.site_lock")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    action = site_lock.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, None, None)
    result: dict[str, Any] = action.run(task_vars={})
    return result


def held(records: Path) -> bool:
    return (records / "lock.json").exists()


def test_the_own_lock_is_removed_and_writing_ends_with_it(tmp_path: Path) -> None:
    acquire_lock(str(tmp_path), os.getpid(), "rollout", NOW)
    seen = run(tmp_path, "observed")
    assert (seen["held"], seen["mine"], seen["released"], seen["lock"]["pid"]) == (True, True, False, os.getpid())
    assert run(tmp_path, check=True)["released"] is True
    assert held(tmp_path)
    result = run(tmp_path)
    assert (result["changed"], result["released"], result["held"], result["lock"]) == (False, True, False, {})
    with pytest.raises(RefusedError, match="No run holds"):
        require_running(str(tmp_path))
    assert run(tmp_path)["released"] is False


def test_a_run_on_another_host_can_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("job-1", "job-2"):
        for module in (_evidence, lock_file):
            monkeypatch.setattr(module.socket, "gethostname", lambda host=host: host)
        assert acquire_lock(str(tmp_path), os.getpid(), "rollout", NOW)["host"] == host
        assert run(tmp_path)["released"] is True


def test_the_lock_of_another_live_run_stays(tmp_path: Path, other_run: subprocess.Popen[bytes]) -> None:
    acquire_lock(str(tmp_path), other_run.pid, "rollout", NOW)
    result = run(tmp_path)
    assert (result["released"], result["held"], result["mine"]) == (False, True, False)
    assert held(tmp_path)
    other_run.kill()
    other_run.wait()
    assert run(tmp_path)["released"] is True


def test_the_lock_of_another_host_stays(tmp_path: Path) -> None:
    lock = acquire_lock(str(tmp_path), os.getpid(), "rollout", NOW)
    (tmp_path / "lock.json").write_text(json.dumps({**lock, "host": "elsewhere"}))
    result = run(tmp_path)
    assert (result["released"], result["held"]) == (False, True)
    assert held(tmp_path)


def test_an_orphan_removes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acquire_lock(str(tmp_path), os.getpid(), "rollout", NOW)
    # The worker was given to another parent: the run that forked it is gone.
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(pid=1))
    monkeypatch.setattr(os, "getppid", os.getpid)
    assert run(tmp_path)["released"] is False
    assert held(tmp_path)


def test_no_records_no_lock(tmp_path: Path) -> None:
    assert run(tmp_path / "none")["released"] is False
    assert not (tmp_path / "none").exists()
