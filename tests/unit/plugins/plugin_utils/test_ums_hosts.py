# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import Directory
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.plugins.plugin_utils._ums_hosts import (
    below,
    directories_used,
    folders,
    identity,
    named,
    usable,
)
from hypothesis import given, settings
from hypothesis import strategies as st

DIRECTORIES = [
    Directory("1", "plant-a", "-1"),
    Directory("2", "line-1", "1"),
    Directory("3", "line_1", "1"),
    Directory("4", "plant-ab", "-1"),
    Directory("5", "old", "-1", True),
]
TREE = Tree(DIRECTORIES)
LIVE = DIRECTORIES[:4]


def device(number: int, name: str = "", unit_id: str | None = None, directory: str = "1") -> dict[str, Any]:
    unit = f"0A{number:010d}" if unit_id is None else unit_id
    path = TREE.path(directory)
    return {"id": str(900 + number), "unit_id": unit, "name": name, "directory": path, "directory_id": directory}


def wanted(item: dict[str, Any]) -> str:
    return str(item["name"])


@pytest.mark.parametrize(
    ("names", "hosts", "warned"),
    [
        (["op1", "op2"], ["op1", "op2"], ""),
        (["", "  "], ["0A0000000000", "0A0000000001"], ""),
        (["op", "op", "x"], ["0A0000000000", "0A0000000001", "x"], "called op:"),
        (["Front Desk"], ["0A0000000000"], "Front Desk"),
        (["localhost"], ["0A0000000000"], "localhost"),
        (["all"], ["0A0000000000"], "all"),
        (["-x", "a,b", "a:b", "a/b", "*", "~"], [f"0A000000000{number}" for number in range(6)], "and 1 more"),
        (["0A0000000001", ""], ["0A0000000000-900", "0A0000000001-901"], ""),
        (["Süd-1", "a.b_c"], ["Süd-1", "a.b_c"], ""),
    ],
)
def test_names(names: list[str], hosts: list[str], warned: str) -> None:
    found = named([device(number, name) for number, name in enumerate(names)], wanted)
    assert [name for name, _item in found.hosts] == hosts
    assert warned in " ".join(found.warnings) and bool(found.warnings) is bool(warned)


def test_unit_id_that_is_missing_or_not_unique() -> None:
    found = named([device(1, unit_id="X"), device(2, unit_id="X"), device(3, unit_id="")], wanted)
    assert [name for name, _item in found.hosts] == ["X-901", "X-902", "device-903"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "b", "c d", "0A0000000001", "0A0000000002", "localhost"]), max_size=8))
def test_every_device_is_one_host_of_its_own(names: list[str]) -> None:
    devices = [device(number, name) for number, name in enumerate(names)]
    found = named(devices, wanted)
    assert [item for _name, item in found.hosts] == devices
    assert len({name for name, _item in found.hosts}) == len(devices)
    assert all(" " not in name and name not in ("", "localhost") for name, _item in found.hosts)


@pytest.mark.parametrize(
    ("paths", "ids"),
    [
        ([], "1245"),
        (["/"], "1245"),
        (["plant-a"], "12"),
        ([" plant-a/line-1/ "], "2"),
        (["plant-ab", "plant-a"], "124"),
    ],
)
def test_below(paths: list[str], ids: str) -> None:
    devices = [device(int(one), directory=one) for one in "1245"]
    assert [item["directory_id"] for item in below(devices, paths, TREE, LIVE)] == list(ids)


def test_unknown_directories_are_all_named() -> None:
    with pytest.raises(InputError, match=r"no directory Plant-A .near: plant-a.*, old"):
        below([], ["Plant-A", "plant-a", "old"], TREE, LIVE)


def safe(path: str) -> str:
    return path.replace("-", "_").replace("/", "_")


def test_groups_of_directories_are_nested_and_never_merged() -> None:
    found = folders(LIVE, TREE, ["2", "3"], safe)
    assert found.groups == {"1": "plant_a", "2": "plant_a_line_1_2", "3": "plant_a_line_1_3"}
    assert sorted(found.nested) == [("plant_a", "plant_a_line_1_2"), ("plant_a", "plant_a_line_1_3")]
    assert "plant-a/line-1, plant-a/line_1" in found.warnings[0]
    assert folders(LIVE, TREE, ["2", "4"], safe).warnings == ()


def test_chosen_directories_have_a_group_even_when_empty() -> None:
    assert directories_used([], LIVE, ["plant-a"], TREE) == {"1", "2", "3"}
    assert directories_used([], LIVE, [], TREE) == {"1", "2", "3", "4"}
    assert directories_used([device(1, directory="-1")], LIVE, ["plant-a/line-1"], TREE) == {"2"}


def test_a_kept_list_is_used_for_the_same_question_only() -> None:
    account = {"username": "u", "host": "h", "port": 1, "password": "p"}
    asked = identity(account, ["online", "details"])
    assert "p" not in asked.values()
    kept = {**asked, "devices": [], "directories": []}
    assert usable(kept, identity(account, ["details", "online"]))
    assert not usable(kept, identity(account, ["details"]))
    assert not usable(kept, identity({**account, "host": "other"}, ["online", "details"]))
    for broken in (None, "x", {}, {**kept, "format": 0}, {**kept, "devices": None}):
        assert not usable(broken, asked)
