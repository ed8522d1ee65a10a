# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.modules import ums_profile_assignments as plugin
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Bench

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
