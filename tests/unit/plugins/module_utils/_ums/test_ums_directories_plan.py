# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply_tree import apply_directories
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directories import (
    plan_absent,
    plan_present,
    wanted_directories,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.directory_steps import (
    CreateDirectory,
    DirectoryPlan,
    Relocate,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import UmsError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeTalk, FakeUms
from hypothesis import given, settings
from hypothesis import strategies as st


def present(fake: FakeUms, *paths: str) -> DirectoryPlan:
    return renamed(fake, [], *paths)


def renamed(fake: FakeUms, pairs: list[tuple[str, str]], *paths: str) -> DirectoryPlan:
    items = [{"path": new, "from": old} for old, new in pairs]
    return plan_present(Tree(Ums(FakeTalk(fake)).directories()), wanted_directories(paths, items))


def site(*paths: str) -> FakeUms:
    fake = FakeUms()
    apply(fake, present(fake, *paths))
    return fake


def relocation(decided: DirectoryPlan) -> Relocate:
    return next(step for step in decided.change.steps if isinstance(step, Relocate))


def found(fake: FakeUms) -> list[str]:
    tree = Tree(Ums(FakeTalk(fake)).directories())
    return sorted(str(tree.path(key)) for key in fake.directories)


def absent(fake: FakeUms, *paths: str) -> DirectoryPlan:
    ums = Ums(FakeTalk(fake))
    return plan_absent(Tree(ums.directories()), ums.devices(), wanted_directories(paths, absent=True))


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
        wanted_directories([path])


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
        "a holds directory b.",
        "c holds device 0A0000000002 (recycle bin), device op1.",
    ]


def test_server_that_still_refuses_is_typed() -> None:
    fake = FakeUms()
    apply(fake, present(fake, "a"))
    decided = absent(fake, "a")
    fake.add_device("0A0000000001", parentID=next(iter(fake.directories)))
    with pytest.raises(UmsError, match="Cannot delete directory a on https://fake: the directory is not empty"):
        apply(fake, decided)


def test_rename_move_and_both_keep_the_id() -> None:
    fake = site("a/b/c", "d")
    ids = {row["name"]: key for key, row in fake.directories.items()}
    pairs = [("a", "plant-a"), ("plant-a/b", "d/b"), ("d/b/c", "e/f")]
    decided = renamed(fake, pairs, "d/new")
    assert decided.change.steps == (
        Relocate("plant-a", "a", ids["a"], "-1"),
        Relocate("d/b", "plant-a/b", ids["b"], ids["d"]),
        CreateDirectory("e", "-1"),
        Relocate("e/f", "d/b/c", ids["c"], None),
        CreateDirectory("d/new", ids["d"]),
    )
    assert (decided.change.before, decided.change.after) == (
        ["a", "d/b/c", "plant-a/b"],
        ["d/b", "d/new", "e", "e/f", "plant-a"],
    )
    assert [row["action"] for row in decided.rows] == ["created", "renamed", "moved", "moved"]
    assert apply(fake, decided) is True  # what was moved is read again
    assert found(fake) == ["d", "d/b", "d/new", "e", "e/f", "plant-a"]
    assert fake.directories[ids["c"]]["name"] == "f"
    again = renamed(fake, pairs, "d/new")
    assert not again.change.changed and not again.warnings
    assert [row["action"] for row in again.rows] == ["unchanged"] * 4


def test_run_that_ended_between_move_and_rename_is_completed() -> None:
    fake = site("a/x", "b")
    step = relocation(renamed(fake, [("a/x", "b/y")]))
    fake.directories[step.id]["parentID"] = step.parent_id
    rest = renamed(fake, [("a/x", "b/y")])
    assert "a/x is not there, but b/x is: it is renamed to b/y" in rest.warnings[0]
    apply(fake, rest)
    assert found(fake) == ["a", "b", "b/y"]
    assert fake.writes[-1] == ("PUT", f"/directories/tcdirectories/{step.id}")


def test_neither_old_nor_new_is_created_with_a_warning() -> None:
    fake = site("a")
    decided = renamed(fake, [("typo", "b")])
    assert decided.warnings == ("Neither typo nor b is there: b is created. Check from.",)
    apply(fake, decided)
    assert not renamed(fake, [("typo", "b")]).warnings


@pytest.mark.parametrize(
    ("pairs", "paths", "text"),
    [
        ([("a", "b")], [], "b and a both exist"),
        ([("a/x", "c/y")], [], "on its way c/x would stand there twice"),
        ([("gone", "new")], [], "that lies in the recycle bin"),
        ([("a", "n"), ("a/x", "b/z")], [], "another item takes a/x along"),
        ([("a", "n")], ["a"], "a is to be n, but another item wants it"),
        ([("a", "n"), ("n", "m")], [], "n is wanted, but another item takes it away"),
        ([], ["twice/x"], "twice/x is ambiguous"),
    ],
)
def test_refused_with_nothing_written(pairs: list[tuple[str, str]], paths: list[str], text: str) -> None:
    fake = site("a/x", "b", "c/x")
    fake.add_directory("gone", movedToBin=True)
    fake.add_directory("twice")
    fake.add_directory("twice")
    with pytest.raises((InputError, RefusedError), match=text) as caught:
        renamed(fake, pairs, *paths)
    assert caught.value.fix


@pytest.mark.parametrize(("old", "new"), [("a", "a"), ("a", "a/b"), ("/", "a"), ("a//b", "c")])
def test_from_that_makes_no_sense(old: str, new: str) -> None:
    with pytest.raises(InputError):
        wanted_directories([], [{"path": new, "from": old}])
    with pytest.raises(InputError, match="no meaning with state=absent"):
        wanted_directories([], [{"path": "x", "from": "y"}], absent=True)


def test_every_problem_at_once() -> None:
    with pytest.raises(RefusedError) as caught:
        renamed(site("a/x", "b", "c/d"), [("a", "b"), ("a/x", "c/d")])
    assert caught.value.details["problems"] == ["b and a both exist.", "c/d and a/x both exist."]


def test_move_that_the_server_does_not_do_is_not_renamed_either() -> None:
    fake = site("a/x", "b")
    decided = renamed(fake, [("a/x", "b/y")])
    fake.no_moves = True
    assert apply(fake, decided) is True
    assert fake.writes[-1] == ("PUT", f"/directories/tcdirectories/{relocation(decided).parent_id}")


def test_account_that_does_not_see_what_it_made() -> None:
    fake = FakeUms()
    fake.blind = True
    decided = present(fake, "a", "b")
    assert decided.blind
    with pytest.raises(UmsError, match=r"Directory a was created .* not shown it") as caught:
        apply_directories(Ums(FakeTalk(fake)), decided.change.steps, blind=True)
    assert "Browse" in caught.value.fix
    assert len(fake.directories) == 1


def test_directory_that_cannot_be_brought_to_its_parent_is_not_made_again() -> None:
    fake = site("a")
    fake.ignore_parent = fake.no_moves = True
    with pytest.raises(UmsError, match=r"a/b was created .* elsewhere .* cannot be moved"):
        apply(fake, present(fake, "a/b"))


def test_bin_is_named_when_something_new_stands_beside_it() -> None:
    fake = site("a")
    fake.add_directory("b", next(iter(fake.directories)), movedToBin=True)
    assert present(fake, "a/b").warnings == ("A directory a/b lies in the recycle bin; it stays there.",)
    with pytest.raises(RefusedError, match=r"a holds directory b \(recycle bin\)"):
        absent(fake, "a")


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


roots = st.sampled_from(["a", "b", "c", "a/b", "b/a", "a/b/c", "c/b"])


@given(
    paths,
    st.lists(st.tuples(roots, roots).filter(lambda pair: not f"{pair[1]}/".startswith(f"{pair[0]}/")), max_size=3),
    paths,
)
@settings(max_examples=150, deadline=None)
def test_renames_converge_or_refuse_before_anything_is_written(
    known: list[str], pairs: list[tuple[str, str]], wanted: list[str]
) -> None:
    fake = site(*known)
    before = set(fake.directories)
    writes = len(fake.writes)
    try:
        decided = renamed(fake, pairs, *wanted)
    except (InputError, RefusedError):
        assert len(fake.writes) == writes
        return
    apply(fake, decided)
    assert not renamed(fake, pairs, *wanted).change.changed
    assert before <= set(fake.directories)
    there = found(fake)
    assert {*wanted, *(new for _old, new in pairs)} <= set(there)
    assert not {old for old, _new in pairs} & set(there)
    assert len(there) == len(set(there))
