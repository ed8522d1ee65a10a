# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_devices
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import (
    Create,
    Current,
    Delete,
    DevicePlan,
    Move,
    Update,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices import plan_present
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices_absent import plan_absent
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.tree import Tree
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import wanted_devices
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeTalk, FakeUms

A, B, C = "0A0000000001", "0A0000000002", "0A0000000003"
FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}


@pytest.fixture
def fake() -> FakeUms:
    return site()


def site() -> FakeUms:
    fake = FakeUms()
    plant = fake.add_directory("plant-a")
    fake.add_directory("line-1", plant)
    fake.add_firmware("IGEL OS 12", "12.9.0")
    fake.add_firmware("IGEL OS 11", "11.10.210")
    return fake


def item(**changes: Any) -> dict[str, Any]:
    return {"name": "op1", "mac": A, "directory": "plant-a/line-1", "firmware": FIRMWARE, **changes}


def current(fake: FakeUms) -> Current:
    ums = Ums(FakeTalk(fake))
    return Current(ums.devices("details"), Tree(ums.directories()), ums.firmwares())


def plan(fake: FakeUms, *items: dict[str, Any], **options: Any) -> DevicePlan:
    return plan_present(current(fake), wanted_devices(items), **options)


def converge(fake: FakeUms, *items: dict[str, Any]) -> DevicePlan:
    first = plan(fake, *items)
    apply_devices(Ums(FakeTalk(fake)), first.change.steps)
    return first


def side(found: object) -> dict[str, Any]:
    """Give one side of a change; devices always have dictionaries there."""
    assert isinstance(found, dict)
    return found


def kinds(decided: DevicePlan) -> list[type]:
    return [type(step) for step in decided.change.steps]


def line_1(fake: FakeUms) -> str:
    return next(key for key, row in fake.directories.items() if row["name"] == "line-1")


def test_create_sends_what_the_contract_asks_for(fake: FakeUms) -> None:
    decided = plan(fake, item(mac="0a:00:00:00:00:01", comment="neu", asset_id="7"))
    (step,) = decided.change.steps
    assert isinstance(step, Create)
    firmware = next(key for key, row in fake.firmwares.items() if row["version"] == "12.9.0")
    assert step.body == {
        "mac": A,
        "firmwareID": firmware,
        "name": "op1",
        "parentID": line_1(fake),
        "comment": "neu",
        "assetID": "7",
    }
    assert decided.change.before == {}
    assert side(decided.change.after)["op1"] == {
        "unit_id": A,
        "mac": A,
        "directory": "plant-a/line-1",
        "firmware": FIRMWARE,
        "name": "op1",
        "comment": "neu",
        "asset_id": "7",
    }
    assert decided.rows[0]["action"] == "created"


def test_update_only_what_differs_and_move_in_one_request(fake: FakeUms) -> None:
    first = fake.add_device(A, name="op1", site="old", department="keep")
    second = fake.add_device(B, name="op2")
    decided = plan(fake, item(site="", department="keep"), item(name="op2", mac=B))
    assert decided.change.steps == (
        Update("op1", first, {"site": ""}),
        Move(line_1(fake), "plant-a/line-1", (first, second)),
    )
    assert [row["action"] for row in decided.rows] == ["moved", "moved"]
    assert side(decided.change.before)["op1"] == {
        "unit_id": A, "mac": A, "directory": "", "name": "op1", "site": "old"
    }  # fmt: skip
    assert side(decided.change.after)["op1"]["site"] == ""
    assert side(decided.change.after)["op1"]["directory"] == "plant-a/line-1"


def test_unchanged_gives_an_empty_diff(fake: FakeUms) -> None:
    fake.add_device(A, name="op1", parentID=line_1(fake))
    decided = plan(fake, item())
    assert not decided.change.changed
    assert decided.change.diff()["before"] == decided.change.diff()["after"]
    assert decided.rows[0]["action"] == "unchanged"


def test_fields_not_given_and_firmware_stay(fake: FakeUms) -> None:
    fake.add_device(A, name="other", site="x", firmwareID="99")
    decided = plan(fake, {"mac": A, "firmware": FIRMWARE})
    assert decided.change.steps == ()
    assert decided.rows[0]["firmware"] is None


def test_unit_id_decides_before_mac(fake: FakeUms) -> None:
    own = fake.add_device(A, name="x")
    fake.add_device(A, unitID="85641000E583142622", name="stick", lastIP="10.0.0.9")
    decided = plan(fake, item(directory=None))
    assert decided.change.steps == (Update("op1", own, {"name": "op1"}),)
    assert "85641000E583142622" in decided.warnings[0]


def test_mac_decides_where_no_unit_id_does(fake: FakeUms) -> None:
    own = fake.add_device(A, unitID="85641000E583142622", name="x")
    assert plan(fake, item(directory=None)).change.steps == (Update("op1", own, {"name": "op1"}),)


def test_several_by_mac_alone_is_ambiguous(fake: FakeUms) -> None:
    fake.add_device(A, unitID="85641000E583142622")
    fake.add_device(A, unitID="85641000E583142623")
    with pytest.raises(InputError, match="2 records share its MAC and no unit id decides"):
        plan(fake, item())
    with pytest.raises(InputError, match="2 records share its MAC"):
        plan_absent(current(fake), wanted_devices([item()]))


def test_came_back_under_the_other_mac(fake: FakeUms) -> None:
    spare = fake.add_device(A, name="op1", parentID=line_1(fake))
    kept = fake.add_device(B, name="ITC", lastIP="10.20.1.13")
    decided = plan(fake, item(candidate_macs=[A, "0a-00-00-00-00-02"]))
    assert decided.change.steps == (
        Update("op1", kept, {"name": "op1"}),
        Move(line_1(fake), "plant-a/line-1", (kept,)),
        Delete("op1", spare, never_connected=True),
    )
    row = decided.rows[0]
    assert (row["id"], row["unit_id"], row["name"], row["directory"], row["action"]) == (
        kept, B, "op1", "plant-a/line-1", "merged"
    )  # fmt: skip
    assert set(decided.change.before) == {"op1", f"op1 ({A})"}
    assert set(decided.change.after) == {"op1"}
    converge(fake, item(candidate_macs=[B]))
    assert set(fake.devices) == {kept}
    assert not plan(fake, item(candidate_macs=[B])).change.changed


def test_spare_record_that_connects_meanwhile_is_not_removed(fake: FakeUms) -> None:
    spare = fake.add_device(A, name="op1", parentID=line_1(fake))
    fake.add_device(B, name="op1", lastIP="10.20.1.13", parentID=line_1(fake))
    decided = plan(fake, item(candidate_macs=[B]))
    fake.devices[spare]["lastIP"] = "10.20.1.14"
    with pytest.raises(RefusedError, match="has connected in the meantime"):
        apply_devices(Ums(FakeTalk(fake)), decided.change.steps)
    assert spare in fake.devices


def test_two_connected_records_are_refused(fake: FakeUms) -> None:
    fake.add_device(A, lastIP="10.20.1.13")
    fake.add_device(B, productId="UC1-LX")
    with pytest.raises(RefusedError, match="op1 has 2 records that have connected: .*10.20.1.13.*no IP"):
        plan(fake, item(candidate_macs=[B]))


def test_two_records_that_never_connected_stay(fake: FakeUms) -> None:
    fake.add_device(B, name="op1b")
    own = fake.add_device(A, name="op1", parentID=line_1(fake))
    decided = plan(fake, item(candidate_macs=[B]))
    assert decided.change.steps == ()
    assert decided.rows[0]["id"] == own
    assert "pre-registered 2 times" in decided.warnings[0]


def test_record_in_the_bin_is_refused(fake: FakeUms) -> None:
    fake.add_device(A, movedToBin="true")
    with pytest.raises(RefusedError, match="op1 lies in the recycle bin") as caught:
        plan(fake, item())
    assert "UMS console" in caught.value.fix


def test_every_problem_in_one_message(fake: FakeUms) -> None:
    with pytest.raises(InputError) as caught:
        plan(
            fake,
            item(firmware={"product": "IGEL OS 12", "version": "1"}),
            item(name="op2", mac=B, directory="plant-a/line-9"),
            item(name="op3", mac=C, firmware=None),
        )
    text = str(caught.value)
    assert "no firmware IGEL OS 12 1; it has: IGEL OS 11 11.10.210, IGEL OS 12 12.9.0" in text
    assert "op2: the directory plant-a/line-9: it does not exist on the server (near: plant-a/line-1" in text
    assert "op3 is not known and has no firmware" in text
    assert len(caught.value.details["problems"]) == 3


def test_check_run_takes_directories_as_created(fake: FakeUms) -> None:
    fake.add_device(B, name="op2")
    decided = plan(
        fake, item(directory="plant-a/line-9"), item(name="op2", mac=B, directory="plant-a/line-9"), assume_missing=True
    )
    assert kinds(decided) == [Create, Move]
    assert [row["directory"] for row in decided.rows] == ["plant-a/line-9"] * 2
    assert len(decided.warnings) == 1


def test_bad_items_are_listed_at_once() -> None:
    with pytest.raises(InputError) as caught:
        wanted_devices(
            [
                item(mac="0A000000001"),
                item(name="op2", mac=B, candidate_macs=["nonsense"]),
                item(name="op3", mac=B),
                item(name="op4", mac=C, directory="a//b"),
            ]
        )
    assert caught.value.details["problems"] == [
        "op1: '0A000000001' is not a MAC address of 12 hexadecimal digits",
        "op2: 'nonsense' is not a MAC address of 12 hexadecimal digits",
        f"op3: MAC {B} is also given for op2",
        "op4: The directory path 'a//b' has an empty name in it.",
    ]


def test_two_items_for_one_record_fail(fake: FakeUms) -> None:
    fake.add_device(B, unitID=A)
    with pytest.raises(InputError, match="op2 and op1 both match"):
        plan(fake, item(), item(name="op2", mac=B))


def test_absent_removes_every_record_of_the_device(fake: FakeUms) -> None:
    first, second = fake.add_device(A), fake.add_device(B, lastIP="10.0.0.1")
    fake.add_device(C)
    decided = plan_absent(current(fake), wanted_devices([{"mac": A, "candidate_macs": [B]}]))
    assert decided.change.steps == (Delete(A, first), Delete(A, second))
    apply_devices(Ums(FakeTalk(fake)), decided.change.steps)
    again = plan_absent(current(fake), wanted_devices([{"mac": A, "candidate_macs": [B]}]))
    assert not again.change.changed
    assert [row["mac"] for row in fake.devices.values()] == [C]


def test_absent_never_lets_another_run_find_another_device(fake: FakeUms) -> None:
    own = fake.add_device(A)
    fake.add_device(A, unitID="85641000E583142622", lastIP="10.0.0.9")
    with pytest.raises(InputError, match="other records share its MAC: 85641000E583142622 .*not clear"):
        plan_absent(current(fake), wanted_devices([{"mac": A}]))
    decided = plan_absent(current(fake), wanted_devices([{"mac": A}]), never_connected=True)
    assert decided.change.steps == (Delete(A, own, never_connected=True),)


def test_only_a_registration_that_never_connected_is_taken_back(fake: FakeUms) -> None:
    own, other = fake.add_device(A, name="op1"), fake.add_device(B)
    items = wanted_devices([{"mac": A, "candidate_macs": [C]}])
    decided = plan_absent(current(fake), items, never_connected=True)
    assert decided.change.steps == (Delete(A, own, never_connected=True),)
    assert decided.rows[0]["action"] == "deleted"
    fake.devices[own]["lastIP"] = "10.20.1.11"
    with pytest.raises(RefusedError, match="has connected in the meantime; it was not removed"):
        apply_devices(Ums(FakeTalk(fake)), decided.change.steps)
    assert set(fake.devices) == {own, other}


@pytest.mark.parametrize("seen", [{"lastIP": "10.0.0.1"}, {"isThinClientRegistered": "true"}, {"productId": "UC1-LX"}])
def test_a_device_that_came_keeps_all_its_records(fake: FakeUms, seen: dict[str, Any]) -> None:
    fake.add_device(A)
    came = fake.add_device(B, **seen)
    decided = plan_absent(current(fake), wanted_devices([{"mac": A, "candidate_macs": [B]}]), never_connected=True)
    assert not decided.change.changed
    assert [(row["id"], row["action"]) for row in decided.rows] == [(came, "unchanged")]
    assert "has connected" in decided.warnings[0]


def test_records_that_only_share_a_mac_are_no_registration_of_the_station(fake: FakeUms) -> None:
    fake.add_device(A, unitID="0B0000000001")
    fake.add_device(A, unitID="0B0000000002")
    decided = plan_absent(current(fake), wanted_devices([{"mac": A}]), never_connected=True)
    assert not decided.change.changed
    assert decided.rows == ()


def test_absent_warns_of_the_bin(fake: FakeUms) -> None:
    fake.add_device(A, movedToBin=True)
    decided = plan_absent(current(fake), wanted_devices([{"mac": A}]))
    assert not decided.change.changed
    assert "recycle bin" in decided.warnings[0]


def test_duplicate_on_create_leaves_a_doubt(fake: FakeUms) -> None:
    decided = plan(fake, item())
    fake.add_device(A)
    applied = apply_devices(Ums(FakeTalk(fake)), decided.change.steps)
    assert applied.doubt
    assert kinds(plan(fake, item())) == [Update, Move]


def test_parent_ignored_on_create_leaves_a_doubt(fake: FakeUms) -> None:
    fake.ignore_parent = True
    applied = apply_devices(Ums(FakeTalk(fake)), plan(fake, item()).change.steps)
    assert applied.doubt
    assert kinds(plan(fake, item())) == [Move]
