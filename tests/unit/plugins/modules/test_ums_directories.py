# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.modules import ums_directories
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    yield running
    running.server.close()


def test_creates_once(bench: Bench) -> None:
    first = bench.run(ums_directories, paths=["plant-a/line-1", "plant-a"])
    assert first["changed"]
    assert first["diff"]["after"] == '[\n  "plant-a",\n  "plant-a/line-1"\n]\n'
    ids = {row["name"]: key for key, row in bench.fake.directories.items()}
    assert first["directories"] == [
        {"path": "plant-a/line-1", "id": ids["line-1"], "action": "created"},
        {"path": "plant-a", "id": ids["plant-a"], "action": "created"},
    ]
    writes = len(bench.fake.writes)
    second = bench.run(ums_directories, paths=["plant-a/line-1", "plant-a"])
    assert not second["changed"]
    assert second["diff"]["before"] == second["diff"]["after"]
    assert len(bench.fake.writes) == writes == 2


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_writes_nothing_and_shows_the_same_diff(bench: Bench, state: str) -> None:
    if state == "absent":
        bench.run(ums_directories, paths=["plant-a"])
    writes = len(bench.fake.writes)
    planned = bench.run(ums_directories, check_mode=True, paths=["plant-a"], state=state)
    assert planned["changed"]
    assert len(bench.fake.writes) == writes
    done = bench.run(ums_directories, paths=["plant-a"], state=state)
    assert done["diff"] == planned["diff"]
    assert [row["action"] for row in done["directories"]] == [row["action"] for row in planned["directories"]]


def test_absent_refuses_what_is_not_empty(bench: Bench) -> None:
    bench.run(ums_directories, paths=["plant-a/line-1"])
    with pytest.raises(RefusedError, match="plant-a holds directory line-1"):
        bench.run(ums_directories, paths=["plant-a"], state="absent")
    bench.run(ums_directories, paths=["plant-a", "plant-a/line-1"], state="absent")
    assert not bench.fake.directories


def test_wrong_password(bench: Bench) -> None:
    bench.account["password"] = "wrong"
    with pytest.raises(TalkError, match="credentials are not accepted"):
        bench.run(ums_directories, paths=["plant-a"])


def test_environment_gives_the_connection(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    account = bench.account
    for name in ("host", "port", "username", "password", "ca_path"):
        monkeypatch.setenv(f"IGEL_UMS_{name.upper()}", str(account[name]))
    bench.account = {}
    assert bench.run(ums_directories, paths=["plant-a"])["changed"]
