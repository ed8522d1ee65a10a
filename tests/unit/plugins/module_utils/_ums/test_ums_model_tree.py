# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.model import (
    Directory,
    as_flag,
    as_list,
    normal_mac,
    read_device,
    read_directory,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree, normal_path
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        ("00:1b:1b:00:11:01", "001B1B001101"),
        ("00-1B-1B-00-11-01", "001B1B001101"),
        ("001b.1b00.1101", "001B1B001101"),
        (" 001B1B001101 ", "001B1B001101"),
        ("001B1B00110", None),
        ("001B1B0011011", None),
        ("00G1B1B00110", None),
        ("", None),
    ],
)
def test_normal_mac(text: str, mac: str | None) -> None:
    assert normal_mac(text) == mac


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), (False, False), ("true", True), ("False", False), ("", None), (None, None)]
)
def test_as_flag(value: object, flag: bool | None) -> None:
    assert as_flag(value) is flag


@pytest.mark.parametrize("body", [[{"id": 1}], {"results": [{"id": 1}]}, {"FwResource": [{"id": 1}]}])
def test_as_list_takes_bare_and_wrapped(body: object) -> None:
    assert as_list(body, "list") == [{"id": 1}]


@pytest.mark.parametrize("body", [None, {"message": "x"}, "text", ["a"], {"results": "x"}])
def test_as_list_refuses_other_shapes(body: object) -> None:
    with pytest.raises(UmsError, match="Cannot list"):
        as_list(body, "list")


def test_device_with_odd_types_and_missing_fields() -> None:
    device = read_device({"id": 36115, "unitID": "85641000e583142622", "mac": "00e0c520986a", "movedToBin": "False"})
    assert (device.id, device.unit_id, device.mac) == ("36115", "85641000E583142622", "00E0C520986A")
    assert (device.parent_id, device.in_bin, device.online, device.name) == ("-1", False, None, "")
    assert not device.connected


@pytest.mark.parametrize(
    "extra", [{"lastIP": "10.0.0.1"}, {"online": True}, {"isThinClientRegistered": "true"}, {"productId": "UC"}]
)
def test_connected(extra: dict[str, object]) -> None:
    assert read_device({"id": "1", "mac": "00E0C520986A", **extra}).connected


def test_unit_id_defaults_to_the_mac() -> None:
    assert read_device({"id": "1", "mac": "00e0c520986a"}).unit_id == "00E0C520986A"


TREE = [
    Directory("1", "plant-a", "-1"),
    Directory("2", "line-1", "1"),
    Directory("3", "line-1", "1", in_bin=True),
    Directory("4", "lost", "3"),
    Directory("5", "twice", "-1"),
    Directory("6", "twice", "-1"),
    Directory("8", "ring", "9"),
    Directory("9", "ring", "8"),
]


@pytest.mark.parametrize(
    ("path", "key"), [("", "-1"), ("plant-a", "1"), ("plant-a/line-1", "2"), ("plant-a/x", None), ("x/y", None)]
)
def test_find(path: str, key: str | None) -> None:
    assert Tree(TREE).find(path) == key


@pytest.mark.parametrize(
    ("key", "path"),
    [("-1", ""), ("1", "plant-a"), ("2", "plant-a/line-1"), ("3", None), ("4", None), ("8", None), ("77", None)],
)
def test_path(key: str, path: str | None) -> None:
    tree = Tree(TREE)
    assert tree.path(key) == path
    assert tree.path(key) == path


def test_ambiguous_names_fail() -> None:
    with pytest.raises(InputError, match=r"twice exists 2 times under one parent .ids 5, 6."):
        Tree(TREE).find("twice")


@pytest.mark.parametrize(("text", "path"), [("/a/b/", "a/b"), (" a / b ", "a/b"), ("/", ""), ("", "")])
def test_normal_path(text: str, path: str) -> None:
    assert normal_path(text) == path


def test_normal_path_refuses_empty_names() -> None:
    with pytest.raises(InputError, match="empty name"):
        normal_path("a//b")


@given(st.lists(st.integers(min_value=-1, max_value=11), min_size=12, max_size=12))
def test_path_and_find_agree_and_always_end(parents: list[int]) -> None:
    tree = Tree(read_directory({"id": i, "name": f"d{i}", "parentID": parent}) for i, parent in enumerate(parents))
    for i in range(12):
        path = tree.path(str(i))
        if path is not None:
            assert tree.find(path) == str(i)
