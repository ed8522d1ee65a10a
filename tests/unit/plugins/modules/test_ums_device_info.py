# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.otedge.endpoint.plugins.modules import ums_device_info as plugin
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import Bench

A = "0A0000000001"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    running = Bench(tmp_path)
    yield running
    running.server.close()


def seed(bench: Bench) -> None:
    fake = bench.fake
    plant = fake.add_directory("plant-a")
    firmware = fake.add_firmware("IGEL OS 12", "12.9.0")
    device = fake.add_device(A, name="op1", parentID=plant, firmwareID=firmware, lastIP="10.0.0.1", online="true")
    role, company = fake.add_profile("role"), fake.add_profile("company", "masterprofile")
    fake.assignments |= {(role, "tc", device), (company, "tc", device), (company, "tcdirectory", plant)}


@pytest.mark.parametrize("wrapper", ["", "results", "items", "data"])
def test_short_list_in_five_requests(bench: Bench, wrapper: str) -> None:
    seed(bench)
    bench.fake.wrapper = wrapper
    result = bench.run(plugin)
    assert not result["changed"] and result["warnings"] == []
    (device,) = result["devices"]
    assert (device["directory"], device["thin_client"], device["online"]) == ("plant-a", True, None)
    assert device["firmware"] == {"product": "IGEL OS 12", "version": "12.9.0"}
    assert device["profiles"] is None
    assert len(bench.fake.log) == 5


def test_online_profiles_and_query(bench: Bench) -> None:
    seed(bench)
    result = bench.run(plugin, online=True, profiles=True, query="[].[name, online, profiles]")
    assert result["devices"] == [["op1", True, ["company", "role"]]]


def test_no_rights_warn(bench: Bench) -> None:
    seed(bench)
    bench.fake.blind = True
    result = bench.run(plugin)
    assert result["devices"] == []
    assert "may lack the right Browse" in result["warnings"][0]
