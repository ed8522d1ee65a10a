# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_assignments
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.assignments import (
    Assign,
    AssignmentPlan,
    Unassign,
    plan_absent,
    plan_present,
    resolve,
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


def wish(profile: str, device: str | None = None, directory: str | None = None) -> dict[str, Any]:
    return {"profile": profile, "device": device, "directory": directory}


def plan(
    fake: FakeUms, *items: dict[str, Any], present: bool = True, missing: frozenset[str] = frozenset()
) -> AssignmentPlan:
    ums = Ums(FakeTalk(fake))
    profiles = ums.profiles() + ums.priority_profiles()
    resolved = resolve(items, profiles, ums.devices(), Tree(ums.directories()), allow_missing=missing)
    direct = {(profile.id, kind): ums.direct_receivers(profile, kind) for profile, kind in used(resolved)}
    return (plan_present if present else plan_absent)(resolved, direct)


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
    assert not plan(fake, wish("base", "op1"), present=False, missing=BOTH).change.changed


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
