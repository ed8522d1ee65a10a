# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_directories
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directories import (
    CreateDirectory,
    DirectoryPlan,
    plan_absent,
    plan_present,
    wanted_paths,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeTalk, FakeUms
from hypothesis import given, settings
from hypothesis import strategies as st


def present(fake: FakeUms, *paths: str) -> DirectoryPlan:
    return plan_present(Tree(Ums(FakeTalk(fake)).directories()), wanted_paths(paths))


def absent(fake: FakeUms, *paths: str) -> DirectoryPlan:
    ums = Ums(FakeTalk(fake))
    return plan_absent(Tree(ums.directories()), ums.devices(), wanted_paths(paths))


def apply(fake: FakeUms, decided: DirectoryPlan) -> bool:
    return apply_directories(Ums(FakeTalk(fake)), decided.change.steps).doubt


def test_creates_what_is_missing_from_the_top() -> None:
    fake = FakeUms()
    plant = fake.add_directory("plant-a")
    decided = present(fake, "plant-a/line-1/cell", "/plant-a/line-1/", "plant-b")
    assert decided.change.steps == (
        CreateDirectory("plant-a/line-1", plant),
        CreateDirectory("plant-a/line-1/cell", None),
        CreateDirectory("plant-b", "-1"),
    )
    assert decided.change.after == ["plant-a/line-1", "plant-a/line-1/cell", "plant-b"]
    assert [row["action"] for row in decided.rows] == ["created"] * 3
    assert apply(fake, decided) is False
    again = present(fake, "plant-a/line-1/cell", "plant-b")
    assert not again.change.changed
    assert all(row["id"] for row in again.rows)


@pytest.mark.parametrize("ignore", [False, True])
def test_directory_that_lands_in_the_root_is_moved(ignore: bool) -> None:
    fake = FakeUms()
    fake.ignore_parent = ignore
    apply(fake, present(fake, "a/b/c"))
    assert not present(fake, "a/b/c").change.changed
    moves = [path for method, path in fake.writes if path.count("/") == 3]
    assert len(moves) == (2 if ignore else 0)


def test_bin_does_not_count() -> None:
    fake = FakeUms()
    fake.add_directory("plant-a", movedToBin="true")
    assert len(present(fake, "plant-a").change.steps) == 1


def test_ambiguous_path_fails() -> None:
    fake = FakeUms()
    fake.add_directory("plant-a")
    fake.add_directory("plant-a")
    with pytest.raises(InputError, match="ambiguous"):
        present(fake, "plant-a/line-1")
    with pytest.raises(InputError, match="ambiguous"):
        absent(fake, "plant-a")


@pytest.mark.parametrize("path", ["", "/", "  "])
def test_root_cannot_be_wanted(path: str) -> None:
    with pytest.raises(InputError, match="root is always there"):
        wanted_paths([path])


def test_absent_deepest_first() -> None:
    fake = FakeUms()
    apply(fake, present(fake, "a/b", "c"))
    decided = absent(fake, "a", "a/b", "gone")
    assert [step.path for step in decided.change.steps] == ["a/b", "a"]
    assert [row["action"] for row in decided.rows] == ["deleted", "deleted", "unchanged"]
    apply(fake, decided)
    assert [row["name"] for row in fake.directories.values()] == ["c"]


def test_absent_refuses_what_is_not_empty_and_names_it() -> None:
    fake = FakeUms()
    apply(fake, present(fake, "a/b", "c"))
    by_name = {row["name"]: key for key, row in fake.directories.items()}
    fake.add_device("0A0000000001", name="op1", parentID=by_name["c"])
    fake.add_device("0A0000000002", parentID=by_name["c"], movedToBin=True)
    with pytest.raises(RefusedError) as caught:
        absent(fake, "a", "c")
    assert caught.value.details["problems"] == [
        "a holds directory b",
        "c holds device 0A0000000002 (recycle bin), device op1",
    ]


def test_server_that_still_refuses_is_typed() -> None:
    fake = FakeUms()
    apply(fake, present(fake, "a"))
    decided = absent(fake, "a")
    fake.add_device("0A0000000001", parentID=next(iter(fake.directories)))
    with pytest.raises(UmsError, match="Cannot delete directory a on https://fake: the directory is not empty"):
        apply(fake, decided)


paths = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join), max_size=6)


@given(paths, paths, st.booleans())
@settings(max_examples=150, deadline=None)
def test_one_run_converges_and_touches_nothing_else(known: list[str], wanted: list[str], ignore: bool) -> None:
    fake = FakeUms()
    apply(fake, present(fake, *known))
    fake.ignore_parent = ignore
    before = dict(fake.directories)
    assert apply(fake, present(fake, *wanted)) is False
    assert not present(fake, *wanted).change.changed
    assert not present(fake, *known).change.changed
    assert {key: fake.directories[key] for key in before} == before
