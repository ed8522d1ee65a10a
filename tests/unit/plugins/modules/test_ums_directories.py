# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.modules import ums_directories
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import (
    Answer,
    Bench,
    checked,
    error,
)


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
        {"path": "plant-a/line-1", "id": ids["line-1"], "from": None, "action": "created"},
        {"path": "plant-a", "id": ids["plant-a"], "from": None, "action": "created"},
    ]
    writes = len(bench.fake.writes)
    second = bench.run(ums_directories, paths=["plant-a/line-1", "plant-a"])
    assert not second["changed"]
    assert second["diff"]["before"] == second["diff"]["after"]
    assert len(bench.fake.writes) == writes == 2


def test_created_but_not_read_back_is_told_as_written(bench: Bench) -> None:
    plant = bench.fake.add_directory("plant-a")
    bench.fake.fail += [(200, list(bench.fake.directories.values())), (200, {"id": "777"}), (503, None)]
    with pytest.raises(UmsError, match=r"Directory plant-a/line-1 was created \(id 777\), but where") as caught:
        bench.run(ums_directories, paths=["plant-a/line-1"])
    assert caught.value.details["written"] == [{"action": "created", "item": "plant-a/line-1"}]
    assert caught.value.details["failed"] == []
    assert caught.value.fix.startswith("If it does not stand in plant-a, move it there")
    assert list(bench.fake.directories) == [plant]


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


MOVES = [{"path": "plant-a/packing", "from": "plant-a/line-2"}, {"path": "plant-b/cell", "from": "plant-a/line-1"}]


def test_rename_and_move_once(bench: Bench) -> None:
    bench.run(ums_directories, paths=["plant-a/line-1", "plant-a/line-2", "plant-a/line-3"])
    writes = len(bench.fake.writes)
    planned = bench.run(ums_directories, check_mode=True, directories=MOVES)
    assert len(bench.fake.writes) == writes
    done = bench.run(ums_directories, directories=MOVES)
    assert done["diff"] == planned["diff"]
    assert done["diff"]["before"] == '[\n  "plant-a/line-1",\n  "plant-a/line-2"\n]\n'
    assert done["diff"]["after"] == '[\n  "plant-a/packing",\n  "plant-b",\n  "plant-b/cell"\n]\n'
    ids = {row["name"]: key for key, row in bench.fake.directories.items()}
    assert done["directories"] == [
        {"path": "plant-a/packing", "id": ids["packing"], "from": "plant-a/line-2", "action": "renamed"},
        {"path": "plant-b/cell", "id": ids["cell"], "from": "plant-a/line-1", "action": "moved"},
    ]
    writes = len(bench.fake.writes)
    assert not bench.run(ums_directories, directories=MOVES)["changed"]
    assert len(bench.fake.writes) == writes


def test_fault_between_move_and_rename_is_told_and_completed(bench: Bench) -> None:
    bench.run(ums_directories, paths=["plant-a/line-1", "plant-b"])
    wanted = [{"path": "plant-a/new"}, {"path": "plant-b/cell", "from": "plant-a/line-1"}]
    handle = bench.fake.handle

    def once(method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if body == {"name": "cell"}:
            bench.fake.handle = handle  # type: ignore[method-assign]
            return error(500, "ITG-FF002")
        return handle(method, path, query, body)

    bench.fake.handle = once  # type: ignore[method-assign]
    with pytest.raises(UmsError, match="Cannot rename directory plant-a/line-1 to cell") as caught:
        bench.run(ums_directories, directories=wanted)
    assert [row["item"] for row in caught.value.details["failed"]] == ["plant-a/line-1 to plant-b/cell"]
    assert [row["item"] for row in caught.value.details["left"]] == ["plant-a/new"]
    repaired = bench.run(ums_directories, directories=wanted)
    assert repaired["changed"] and "plant-b/line-1 is: it is renamed" in repaired["warnings"][0]
    assert not bench.run(ums_directories, directories=wanted)["changed"]
    assert sorted(row["name"] for row in bench.fake.directories.values()) == ["cell", "new", "plant-a", "plant-b"]


def test_deletion_is_read_again_and_refusals_of_the_server_are_told(bench: Bench) -> None:
    bench.run(ums_directories, paths=["plant-a", "plant-b"])
    reads = bench.fake.log.count(("GET", "/directories/tcdirectories"))
    bench.run(ums_directories, paths=["plant-a"], state="absent")
    assert bench.fake.log.count(("GET", "/directories/tcdirectories")) == reads + 2
    handle = bench.fake.handle
    for code, text in (("ITG-0A006", "not shown, or what came just now"), ("ITG-0A023", "Remove that rule")):

        def refuse(method: str, path: str, query: dict[str, str], body: Any, code: str = code) -> Answer:
            return error(400, code) if method == "DELETE" else handle(method, path, query, body)

        bench.fake.handle = refuse  # type: ignore[method-assign]
        with pytest.raises(UmsError, match=r"Cannot delete directory plant-b .*" + code) as caught:
            bench.run(ums_directories, paths=["plant-b"], state="absent")
        assert text in caught.value.fix


def test_many_are_created_level_by_level(bench: Bench) -> None:
    paths = [f"plant-{plant}/line-{line}" for plant in range(5) for line in range(6)]
    bench.run(ums_directories, paths=paths, parallel=4)
    rows = bench.fake.directories
    assert sorted(
        f"{rows[row['parentID']]['name']}/{row['name']}" for row in rows.values() if row["parentID"] != "-1"
    ) == (sorted(paths))
    assert len(rows) == 35
    assert not bench.run(ums_directories, paths=paths)["changed"]


def test_one_of_the_two_lists_is_needed() -> None:
    with pytest.raises(AssertionError, match="one of the following is required: paths, directories"):
        checked(ums_directories.SPEC, {"host": "h", "username": "u", "password": "p"})


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
