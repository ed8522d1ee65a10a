# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.modules import ums_profile_assignments as plugin
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Answer, Bench, error

WANTED = [{"profile": "base", "directory": "plant-a"}, {"profile": "role", "device": "op1"}]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    running.fake.add_directory("plant-a")
    running.fake.add_profile("base")
    running.fake.add_profile("role")
    running.fake.add_device("0A0000000001", name="op1")
    yield running
    running.server.close()


def test_assign_once_and_remove(bench: Bench) -> None:
    planned = bench.run(plugin, check_mode=True, assignments=WANTED)
    assert bench.fake.writes == []
    first = bench.run(plugin, assignments=WANTED)
    assert first["diff"] == planned["diff"]
    assert first["assignments"] == planned["assignments"]
    assert [row["action"] for row in first["assignments"]] == ["assigned", "assigned"]
    assert len(bench.fake.writes) == 2
    assert not bench.run(plugin, assignments=WANTED)["changed"]
    assert len(bench.fake.writes) == 2
    gone = bench.run(plugin, assignments=WANTED, state="absent")
    assert [row["action"] for row in gone["assignments"]] == ["removed", "removed"]
    assert bench.fake.assignments == set()
    assert not bench.run(plugin, assignments=WANTED, state="absent")["changed"]


def test_reads_only_what_it_needs(bench: Bench) -> None:
    bench.run(plugin, check_mode=True, assignments=WANTED[1:])
    role = next(key for key, row in bench.fake.profiles.items() if row["name"] == "role")
    assert [path for _method, path in bench.fake.log[1:-1]] == [
        "/profiles",
        "/thinclients",
        "/directories/tcdirectories",
        f"/profiles/{role}/assignments/thinclients",
    ]


def test_unknown_device_fails_but_not_in_check_mode(bench: Bench) -> None:
    wanted = [{"profile": "role", "device": "op9"}]
    with pytest.raises(InputError, match="device op9: it does not exist"):
        bench.run(plugin, assignments=wanted)
    assert "op9 does not exist yet" in bench.run(plugin, check_mode=True, assignments=wanted)["warnings"][0]


def test_profile_that_cannot_be_created(bench: Bench) -> None:
    for check_mode in (False, True):
        with pytest.raises(InputError, match="profile none: it does not exist"):
            bench.run(plugin, check_mode, assignments=[{"profile": "none", "device": "op1"}])


def test_exclusive_once(bench: Bench) -> None:
    bench.run(plugin, assignments=[*WANTED, {"profile": "base", "device": "op1"}])
    planned = bench.run(plugin, check_mode=True, assignments=WANTED[1:], exclusive=True)
    writes = len(bench.fake.writes)
    done = bench.run(plugin, assignments=WANTED[1:], exclusive=True)
    assert done["diff"] == planned["diff"]
    assert done["diff"]["before"] == '[\n  "base -> device op1"\n]\n'
    assert [row["action"] for row in done["assignments"]] == ["unchanged", "removed"]
    assert len(bench.fake.writes) == writes + 1
    assert len(bench.fake.assignments) == 2  # the directory was not named
    assert not bench.run(plugin, assignments=WANTED[1:], exclusive=True)["changed"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"assignments": []}, "names no device and no directory"),
        ({"assignments": WANTED, "state": "absent"}, "no meaning with state=absent"),
        ({"assignments": WANTED, "max_deletions": -1}, "must not be negative"),
    ],
)
def test_exclusive_that_is_refused_before_the_login(bench: Bench, options: dict[str, Any], text: str) -> None:
    with pytest.raises((InputError, RefusedError), match=text):
        bench.run(plugin, exclusive=True, **options)
    assert bench.fake.log == []


def test_fault_in_the_middle_is_told_and_repaired(bench: Bench) -> None:
    handle = bench.fake.handle

    def once(method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if method == "PUT" and path.endswith("/thinclients"):
            return error(503, "ITG-FF004")
        return handle(method, path, query, body)

    bench.fake.handle = once  # type: ignore[method-assign]
    with pytest.raises(UmsError, match="Cannot assign profile role") as caught:
        bench.run(plugin, assignments=WANTED, parallel=1)
    assert [row["item"] for row in caught.value.details["written"]] == ["base -> directory plant-a"]
    assert [row["item"] for row in caught.value.details["failed"]] == ["role -> device op1"]
    bench.fake.handle = handle  # type: ignore[method-assign]
    repaired = bench.run(plugin, assignments=WANTED)
    assert [row["action"] for row in repaired["assignments"]] == ["unchanged", "assigned"]


def test_removal_that_the_server_does_not_keep_fails(bench: Bench) -> None:
    bench.run(plugin, assignments=WANTED)
    handle = bench.fake.handle
    bench.fake.handle = lambda method, path, query, body: (  # type: ignore[method-assign]
        (200, {"message": "deleted profile assignment"}) if method == "DELETE" else handle(method, path, query, body)
    )
    with pytest.raises(PeerError, match="did not keep all changes"):
        bench.run(plugin, assignments=WANTED[1:], state="absent")
