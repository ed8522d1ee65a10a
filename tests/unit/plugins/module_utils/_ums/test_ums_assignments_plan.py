# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply_tree import apply_assignments
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignees import ProfileFinder, resolve
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import (
    Assign,
    AssignmentPlan,
    Unassign,
    plan_absent,
    plan_exclusive,
    plan_present,
    used,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeTalk, FakeUms
from hypothesis import given, settings
from hypothesis import strategies as st

A, B = "0A0000000001", "0A0000000002"
BOTH = frozenset({"receiver", "profile"})


def site() -> tuple[FakeUms, dict[str, str]]:
    fake = FakeUms()
    ids = {"plant-a": fake.add_directory("plant-a")}
    ids["line-1"] = fake.add_directory("line-1", ids["plant-a"])
    ids["base"], ids["role"] = fake.add_profile("base"), fake.add_profile("role")
    ids["op1"] = fake.add_device(A, name="op1", parentID=ids["line-1"])
    ids["op2"] = fake.add_device(B, name="op2", unitID="85641000E583142622")
    return fake, ids


def wish(
    profile: str, device: str | None = None, directory: str | None = None, kind: str | None = None
) -> dict[str, Any]:
    return {"profile": profile, "device": device, "directory": directory, "type": kind}


def plan(
    fake: FakeUms, *items: dict[str, Any], present: bool = True, missing: frozenset[str] = frozenset()
) -> AssignmentPlan:
    ums = Ums(FakeTalk(fake))
    profiles = ProfileFinder(ums.profiles() + ums.priority_profiles(), ums.priority_refused)
    resolved = resolve(items, profiles, ums.devices(), Tree(ums.directories()), allow_missing=missing)
    direct = {(profile.id, kind): ums.direct_receivers(profile, kind) for profile, kind in used(resolved)}
    return (plan_present if present else plan_absent)(resolved, direct)


def exclusive(fake: FakeUms, *items: dict[str, Any], limit: int = 5) -> AssignmentPlan:
    ums = Ums(FakeTalk(fake))
    profiles = ums.profiles() + ums.priority_profiles()
    resolved = resolve(items, ProfileFinder(profiles), ums.devices(), Tree(ums.directories()))
    live = [profile for profile in profiles if not profile.in_bin]
    direct = {(item.id, kind): ums.direct_receivers(item, kind) for item in live for kind in ("tc", "tcdirectory")}
    return plan_exclusive(resolved, live, direct, limit)


def apply(fake: FakeUms, decided: AssignmentPlan) -> None:
    apply_assignments(Ums(FakeTalk(fake)), decided.change.steps)


def test_one_request_a_profile_and_kind() -> None:
    fake, ids = site()
    items = [wish("role", "op1"), wish("role", "op2"), wish("base", None, "plant-a"), wish("role", A)]
    decided = plan(fake, *items)
    by_name = {profile.name: profile for profile in Ums(FakeTalk(fake)).profiles()}
    assert decided.change.steps == (
        Assign(by_name["role"], "tc", (ids["op1"], ids["op2"])),
        Assign(by_name["base"], "tcdirectory", (ids["plant-a"],)),
    )
    assert decided.change.after == ["base -> directory plant-a", "role -> device op1", "role -> device op2"]
    apply(fake, decided)
    assert len(fake.writes) == 2
    assert not plan(fake, *items).change.changed
    assert [row["action"] for row in plan(fake, *items).rows] == ["unchanged"] * 4


def test_inherited_is_not_direct() -> None:
    fake, ids = site()
    fake.assignments.add((ids["base"], "tcdirectory", ids["line-1"]))
    decided = plan(fake, wish("base", "op1"))
    assert [step.ids for step in decided.change.steps if isinstance(step, Assign)] == [(ids["op1"],)]
    assert decided.rows[0]["inherited_from"] == ["plant-a/line-1"]
    gone = plan(fake, wish("base", "op1"), present=False, missing=BOTH)
    assert not gone.change.changed
    assert gone.warnings == ("device op1 inherits base from plant-a/line-1; it stays.",)
    fake.assignments.add((ids["base"], "tcdirectory", ids["plant-a"]))
    rows = plan(fake, wish("base", "op1"), wish("base", None, "plant-a/line-1"), wish("base", None, "plant-a")).rows
    assert [row["inherited_from"] for row in rows] == [["plant-a/line-1", "plant-a"], ["plant-a"], []]
    assert [row["action"] for row in rows] == ["assigned", "unchanged", "unchanged"]


@pytest.mark.parametrize("reference", ["op2", "0a-00-00-00-00-02", "85641000e583142622"])
def test_device_by_name_mac_or_unit_id(reference: str) -> None:
    fake, ids = site()
    assert plan(fake, wish("role", reference)).rows[0]["receiver_id"] == ids["op2"]


def test_every_problem_in_one_message() -> None:
    fake, _ids = site()
    fake.add_device("0A0000000003", name="op1")
    fake.add_profile("role")
    fake.add_profile("binned", movedToBin=True)
    with pytest.raises(InputError) as caught:
        plan(
            fake,
            wish("role", "op2"),
            wish("binned", "op2"),
            wish("base", "op1"),
            wish("base", "nobody"),
            wish("base", None, "plant-a/line-9"),
            wish("base", " "),
        )
    assert [text.split(":")[0] for text in caught.value.details["problems"]] == [
        "profile role",
        "profile binned",
        "device op1",
        "device nobody",
        "directory plant-a/line-9",
        "profile base",
    ]


def test_check_run_takes_receivers_as_created() -> None:
    fake, _ids = site()
    items = [wish("role", "new-1"), wish("role", "new-2")]
    decided = plan(fake, *items, missing=frozenset({"receiver"}))
    assert decided.change.after == ["role -> device new-1", "role -> device new-2"]
    assert len(decided.warnings) == 2
    with pytest.raises(InputError, match="profile new"):
        plan(fake, wish("new", "op1"), missing=frozenset({"receiver"}))


def test_remove_only_what_is_there() -> None:
    fake, ids = site()
    fake.assignments |= {(ids["role"], "tc", ids["op1"]), (ids["role"], "tc", ids["op2"])}
    items = [wish("role", "op1"), wish("role", A), wish("base", "op1"), wish("no", "op1"), wish("role", "nobody")]
    decided = plan(fake, *items, present=False, missing=BOTH)
    assert [type(step) for step in decided.change.steps] == [Unassign]
    assert decided.change.before == ["role -> device op1"]
    apply(fake, decided)
    assert fake.assignments == {(ids["role"], "tc", ids["op2"])}
    assert not plan(fake, *items, present=False, missing=BOTH).change.changed


def test_priority_profile() -> None:
    fake, _ids = site()
    key = fake.add_profile("company", "masterprofile")
    decided = plan(fake, wish("company", "op1"))
    apply(fake, decided)
    assert fake.writes == [("PUT", f"/masterprofiles/{key}/assignments/thinclients")]


def test_unknown_names_come_with_near_ones_and_the_bin_is_named() -> None:
    fake, ids = site()
    fake.add_profile("old", movedToBin=True)
    fake.add_device("0A0000000009", name="op9", movedToBin=True)
    fake.add_directory("line-8", ids["plant-a"], movedToBin="true")
    with pytest.raises(InputError) as caught:
        plan(
            fake,
            wish("Roles", "op2"),
            wish("old", "op3"),
            wish("base", None, "plant-a/line1"),
            wish("base", "op9"),
            wish("base", "0A:00:00:00:00:09"),
            wish("base", None, "plant-a/line-8"),
        )
    refused = (
        "priority profiles are not enabled, not licensed or not shown to the account: Cannot list the priority profiles"
    )
    problems = caught.value.details["problems"]
    assert problems[0].startswith(f"profile Roles: it does not exist on the server (near: role); {refused}")
    assert "ITG-0C001" in problems[0]
    in_bin = "it lies in the recycle bin; restore it in the UMS console"
    assert problems[1:] == [
        f"profile old: {in_bin}",
        "device op3: it does not exist on the server (near: op2, op1)",
        "directory plant-a/line1: it does not exist on the server (near: plant-a/line-1, plant-a)",
        f"device op9: {in_bin}",
        f"device 0A:00:00:00:00:09: {in_bin}",
        f"directory plant-a/line-8: {in_bin}",
    ]


def test_ordinary_and_priority_profile_of_one_name() -> None:
    fake, _ids = site()
    key = fake.add_profile("role", "masterprofile")
    rows = plan(
        fake, wish("role", "op1"), wish("role", "op2", kind="priority"), wish("role", "op1", kind="profile")
    ).rows
    assert [row["type"] for row in rows] == ["profile", "priority", "profile"]
    assert rows[1]["profile_id"] == key
    with pytest.raises(InputError, match="profile base: it does not exist"):
        plan(fake, wish("base", "op1", kind="priority"))


def test_exclusive_takes_away_what_the_named_receivers_have_besides() -> None:
    fake, ids = site()
    top = fake.add_profile("company", "masterprofile")
    binned = fake.add_profile("binned", movedToBin=True)
    fake.assignments |= {
        (ids["base"], "tc", ids["op1"]),
        (top, "tc", ids["op1"]),
        (binned, "tc", ids["op1"]),
        (ids["base"], "tcdirectory", ids["line-1"]),
        (ids["role"], "tc", ids["op2"]),
    }
    decided = exclusive(fake, wish("role", "op1"), limit=2)
    assert decided.change.before == ["base -> device op1", "company -> device op1"]
    assert decided.change.after == ["role -> device op1"]
    assert [type(step) for step in decided.change.steps] == [Assign, Unassign, Unassign]
    assert [(row["profile"], row["action"], row["inherited_from"]) for row in decided.rows] == [
        ("role", "assigned", []),
        ("base", "removed", ["plant-a/line-1"]),
        ("company", "removed", []),
    ]
    with pytest.raises(RefusedError, match="2 assignments .* max_deletions is 1: base -> device op1, company"):
        exclusive(fake, wish("role", "op1"), limit=1)
    apply(fake, decided)
    assert fake.assignments == {
        (ids["role"], "tc", ids["op1"]),
        (binned, "tc", ids["op1"]),
        (ids["base"], "tcdirectory", ids["line-1"]),
        (ids["role"], "tc", ids["op2"]),
    }
    assert not exclusive(fake, wish("role", "op1")).change.changed


wishes = st.lists(
    st.builds(
        wish,
        st.sampled_from(["base", "role"]),
        st.sampled_from(["op1", "op2"]),
    )
    | st.builds(wish, st.sampled_from(["base", "role"]), st.none(), st.sampled_from(["plant-a", "plant-a/line-1"])),
    max_size=6,
)


@given(wishes, wishes, st.booleans())
@settings(max_examples=150, deadline=None)
def test_one_run_converges_and_touches_nothing_else(
    known: list[dict[str, Any]], wanted: list[dict[str, Any]], present: bool
) -> None:
    fake, _ids = site()
    apply(fake, plan(fake, *known))
    before = set(fake.assignments)
    decided = plan(fake, *wanted, present=present, missing=BOTH)
    apply(fake, decided)
    assert not plan(fake, *wanted, present=present, missing=BOTH).change.changed
    listed = {(row["profile_id"], "tc" if row["device"] else "tcdirectory", row["receiver_id"]) for row in decided.rows}
    assert before - listed == set(fake.assignments) - listed
    assert listed.issubset(fake.assignments) if present else not listed & fake.assignments


@given(wishes, wishes.filter(bool))
@settings(max_examples=100, deadline=None)
def test_exclusive_converges_and_touches_only_what_is_named(
    known: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    fake, _ids = site()
    apply(fake, plan(fake, *known))
    before = set(fake.assignments)
    decided = exclusive(fake, *wanted, limit=99)
    apply(fake, decided)
    assert not exclusive(fake, *wanted, limit=0).change.changed
    named = {("tc" if row["device"] else "tcdirectory", row["receiver_id"]) for row in decided.rows}
    listed = {
        (row["profile_id"], "tc" if row["device"] else "tcdirectory", row["receiver_id"])
        for row in decided.rows
        if row["action"] != "removed"
    }
    assert {item for item in before if item[1:] not in named} == {
        item for item in fake.assignments if item[1:] not in named
    }
    assert {item for item in fake.assignments if item[1:] in named} == listed
