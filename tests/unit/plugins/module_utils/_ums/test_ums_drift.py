# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Strangers, exclusive lists, the comparison and custom attributes: pure plans over the fake server."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, RefusedError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.apply import apply_devices
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.device_steps import (
    Create,
    Delete,
    DevicePlan,
    Update,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices import plan_present
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.devices_absent import plan_absent
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.exclusive import Terms, terms_of
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.resources import Ums
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.wanted import read_wanted, wanted_devices
from ansible_collections.otedge.endpoint.plugins.modules.ums_devices import read_current
from ansible_collections.otedge.endpoint.tests.unit.plugins.module_utils._ums.fake_ums import FakeTalk, FakeUms

A, B, C, D = (f"0A000000000{number}" for number in (1, 2, 3, 4))
FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
RANGE = {"identifier": "country", "name": "Country", "type": "range", "allowedValues": ["DE", "AT"]}
NUMBER = {"identifier": "seat", "name": "Seat", "type": "number"}


class Site:
    """A small plant on the fake server: plant-a with line-1 and line-2 below, plant-b beside."""

    def __init__(self) -> None:
        self.fake = FakeUms()
        self.plant = self.fake.add_directory("plant-a")
        self.line_1 = self.fake.add_directory("line-1", self.plant)
        self.line_2 = self.fake.add_directory("line-2", self.plant)
        self.other = self.fake.add_directory("plant-b")
        self.firmware = self.fake.add_firmware("IGEL OS 12", "12.9.0")
        self.asked: list[str] = []

    def online(self, device_id: str) -> bool | None:
        self.asked.append(device_id)
        record = Ums(FakeTalk(self.fake)).device(device_id, "online")
        return False if record is None else record.online

    def plan(self, *items: dict[str, Any], assume_missing: bool = False, **terms: Any) -> DevicePlan:
        wanted, bad = read_wanted(items)
        current = read_current(Ums(FakeTalk(self.fake)), any(item.attributes for item in wanted))
        chosen = Terms(online=self.online, bad=bad, **terms)
        return plan_present(current, wanted, assume_missing=assume_missing, terms=chosen)

    def exclusive(self, *items: dict[str, Any], **terms: Any) -> DevicePlan:
        return self.plan(*items, **{"directory": "plant-a", "exclusive": True, **terms})

    def apply(self, decided: DevicePlan) -> None:
        apply_devices(Ums(FakeTalk(self.fake)), decided.change.steps)

    def stranger(self, mac: str, parent: str, **extra: Any) -> str:
        return self.fake.add_device(mac, **{"parentID": parent, "online": False, **extra})


@pytest.fixture
def site() -> Site:
    return Site()


def item(**changes: Any) -> dict[str, Any]:
    return {"name": "op1", "mac": A, "directory": "plant-a/line-1", "firmware": FIRMWARE, **changes}


def strangers(decided: DevicePlan) -> list[tuple[str, str]]:
    return [(row["unit_id"], row["action"]) for row in decided.drift["strangers"]]


def test_strangers_are_those_of_the_named_directories_and_below_the_given_one(site: Site) -> None:
    site.stranger(B, site.line_1)
    site.stranger(C, site.line_2)
    site.stranger(D, site.other)
    assert strangers(site.plan(item())) == [(B, "left")]
    assert strangers(site.plan(item(), directory="plant-a")) == [(B, "left"), (C, "left")]
    assert strangers(site.plan(item(), directory="")) == [(B, "left"), (C, "left"), (D, "left")]
    assert site.asked == []


def test_a_record_in_the_bin_or_of_the_list_is_no_stranger(site: Site) -> None:
    site.stranger(B, site.line_1, movedToBin="true")
    site.stranger(C, site.line_2)
    assert strangers(site.exclusive(item(candidate_macs=[C]))) == []


def test_exclusive_removes_strangers_below_only(site: Site) -> None:
    kept = site.stranger(A, site.line_1, name="op1", lastIP="10.0.0.1", online=True)
    gone = [site.stranger(B, site.plant), site.stranger(C, site.line_2, name="old", lastIP="10.0.0.3")]
    beside = site.stranger(D, site.other)
    decided = site.exclusive(item())
    assert decided.change.steps == (
        Delete(f"{B} ({B})", gone[0], offline_in=site.plant),
        Delete(f"old ({C})", gone[1], offline_in=site.line_2),
    )
    assert site.asked == gone, "only those that would go are asked whether they are online"
    assert isinstance(decided.change.before, dict) and set(decided.change.before) == {f"{B} ({B})", f"old ({C})"}
    assert [row["id"] for row in decided.rows] == [kept]
    site.apply(decided)
    assert set(site.fake.devices) == {kept, beside}
    again = site.exclusive(item())
    assert not again.change.changed and again.drift["in_sync"]


def test_a_record_that_shares_a_mac_with_the_list_is_left(site: Site) -> None:
    site.stranger(A, site.line_1, name="op1")
    stick = site.stranger(A, site.line_1, unitID="85641000E583142622")
    decided = site.exclusive(item())
    assert not decided.change.changed
    assert strangers(decided) == [("85641000E583142622", "left")]
    assert "left alone" in " ".join(decided.warnings)
    assert stick in site.fake.devices


@pytest.mark.parametrize("state", [True, "true"])
def test_a_stranger_that_is_online_stops_everything(site: Site, state: Any) -> None:
    site.stranger(B, site.line_1, name="in-use", online=state)
    site.stranger(C, site.line_1)
    with pytest.raises(RefusedError, match=rf"not in the list are online: in-use \({B}\)") as caught:
        site.exclusive(item())
    assert "in use" in caught.value.fix
    assert site.fake.writes == []


def test_a_stranger_whose_state_nobody_knows_stops_everything(site: Site) -> None:
    key = site.stranger(B, site.line_1)
    del site.fake.devices[key]["online"]
    with pytest.raises(RefusedError, match="does not say whether"):
        site.exclusive(item())


def test_more_strangers_than_allowed(site: Site) -> None:
    for number in range(12):
        site.stranger(f"0B00000000{number:02X}", site.line_1)
    with pytest.raises(RefusedError, match=r"12 devices below plant-a .* max_deletions \(5\).* and 2 more") as caught:
        site.exclusive(item())
    assert "set max_deletions to 12" in caught.value.fix
    assert site.asked == []
    assert len(site.exclusive(item(), max_deletions=12).change.steps) == 13


@pytest.mark.parametrize("change", [{"online": True}, {"parentID": "-1"}, {"movedToBin": True}, {"online": None}])
def test_a_stranger_is_looked_at_again_right_before(site: Site, change: dict[str, Any]) -> None:
    key = site.stranger(B, site.line_1)
    decided = site.exclusive(item())
    site.fake.devices[key].update(change)
    with pytest.raises(RefusedError, match="in the meantime; it was not removed"):
        site.apply(decided)
    assert key in site.fake.devices


def test_a_stranger_that_is_gone_already_is_no_error(site: Site) -> None:
    key = site.stranger(B, site.line_1)
    decided = site.exclusive(item())
    del site.fake.devices[key]
    site.apply(decided)
    assert len(site.fake.devices) == 1


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ((None, True, 5, 1), InputError, "needs a directory"),
        (("/", True, 5, 1), InputError, "needs a directory"),
        ((" ", True, 5, 1), InputError, "needs a directory"),
        (("plant-a", True, 5, 0), RefusedError, "list of devices is empty"),
        (("plant-a", False, -1, 1), InputError, "max_deletions is -1"),
        (("a//b", False, 5, 1), InputError, "empty name"),
    ],
)
def test_terms_that_cannot_be_meant(options: Any, kind: type[OtedgeError], words: str) -> None:
    with pytest.raises(kind, match=words):
        terms_of(*options)


def test_directory_of_the_list_that_does_not_exist(site: Site) -> None:
    with pytest.raises(InputError, match="option directory: the directory plant-z: it does not exist"):
        site.exclusive(item(), directory="plant-z")
    assert "plant-z does not exist yet" in site.exclusive(item(), directory="plant-z", assume_missing=True).warnings[0]
    site.fake.add_directory("plant-a")
    with pytest.raises(InputError, match="ambiguous"):
        site.exclusive(item(directory=None))


def test_the_comparison_names_every_difference(site: Site) -> None:
    other = site.fake.add_firmware("IGEL OS 12", "12.10.0")
    site.fake.attributes = [RANGE]
    values = [{"identifier": "country", "value": "AT"}]
    kept = site.stranger(
        B, site.line_2, name="ITC", comment="x", lastIP="10.0.0.2", firmwareID=other, deviceAttributes=values
    )
    site.stranger(A, site.line_1)
    first = item(candidate_macs=[B], comment="", attributes={"country": "DE"})
    decided = site.plan(first, item(name="op3", mac=C), compare=True)
    row = {"device": "op1", "id": kept, "unit_id": B}
    assert decided.drift["differences"] == [
        {**row, "field": "name", "declared": "op1", "actual": "ITC", "corrected": True},
        {**row, "field": "comment", "declared": "", "actual": "x", "corrected": True},
        {**row, "field": "attributes.country", "declared": "DE", "actual": "AT", "corrected": True},
        {**row, "field": "directory", "declared": "plant-a/line-1", "actual": "plant-a/line-2", "corrected": True},
        {**row, "field": "firmware", "declared": "IGEL OS 12 12.9.0", "actual": "IGEL OS 12 12.10.0",
         "corrected": False},
        {**row, "field": "mac", "declared": A, "actual": B, "corrected": False},
        {**row, "field": "spare_record", "declared": None, "actual": A, "corrected": True},
    ]  # fmt: skip
    assert decided.drift["missing"] == [{"name": "op3", "mac": C, "directory": "plant-a/line-1"}]
    assert decided.drift["in_sync"] is False


def test_what_a_known_record_keeps_is_no_reason_to_act(site: Site) -> None:
    other = site.fake.add_firmware("IGEL OS 12", "12.10.0")
    site.stranger(A, site.line_1, name="op1", firmwareID=other)
    decided = site.plan(item())
    assert [row["field"] for row in decided.drift["differences"]] == ["firmware"]
    assert decided.drift["in_sync"] and not decided.change.changed


def test_the_comparison_goes_on_past_problems(site: Site) -> None:
    site.stranger(A, site.line_1, movedToBin=True)
    site.stranger(B, site.line_1, name="op2")
    items = [
        item(),
        item(name="op2", mac=B, directory="plant-a/line-9"),
        item(name="op3", mac=C, directory="plant-a/line-9", firmware={"product": "IGEL OS 12", "version": "1"}),
    ]
    decided = site.plan(*items, compare=True)
    texts = [row["problem"] for row in decided.drift["problems"]]
    assert [text.split(" ")[0] for text in texts] == ["op1", "The", "op3:"]
    assert all(row["fix"] for row in decided.drift["problems"])
    assert [row["name"] for row in decided.drift["missing"]] == ["op1", "op3"]
    assert [row["field"] for row in decided.drift["differences"]] == ["directory"]
    with pytest.raises(RefusedError) as caught:
        site.plan(*items)
    assert len(caught.value.details["problems"]) == 4


def test_the_list_and_the_server_are_told_at_once(site: Site) -> None:
    site.stranger(B, site.line_1, movedToBin=True)
    site.stranger(D, site.line_1, unitID="85641000E583142622")
    site.stranger(D, site.line_1, unitID="85641000E583142623")
    with pytest.raises(RefusedError) as caught:
        site.exclusive(
            item(mac="0A000000001"),
            item(name="op2", mac=B),
            item(name="op3", mac=C, firmware={"product": "IGEL OS 12", "version": "1"}),
            item(name="op4", mac=D),
            item(name="op5", mac="0A0000000005", directory="plant-x"),
        )
    told = "\n".join(caught.value.details["problems"])
    for words in (
        "'0A000000001' is not a MAC",
        "op2 lies in the recycle bin",
        "op3: the server has no firmware IGEL OS 12 1",
        "op4: 2 records share its MAC",
        "op5: the directory plant-x: it does not exist",
    ):
        assert words in told
    assert site.fake.writes == []


def test_a_message_stays_readable_however_many_problems(site: Site) -> None:
    items = [item(name=f"op{n}", mac=f"0A00000001{n:02X}", directory="plant-z") for n in range(200)]
    with pytest.raises(InputError, match="And 180 more, all of them in failure.problems") as caught:
        site.plan(*items)
    assert len(caught.value.details["problems"]) == 200
    with pytest.raises(InputError, match="200 problem.*and 180 more") as caught:
        wanted_devices([{**one, "mac": "x"} for one in items])
    assert len(caught.value.details["problems"]) == 200


def test_names_that_are_not_unique_are_a_warning(site: Site) -> None:
    site.stranger(C, site.other, name="op1")
    decided = site.plan(item(), item(name="op2", mac=B), item(name="op2", mac=D))
    assert decided.warnings == (f"Names that are not unique: op1 (also unit id {C}), op2 (2 times in the list).",)
    assert isinstance(decided.change.after, dict) and set(decided.change.after) == {"op1", f"op2 ({B})", f"op2 ({D})"}


def test_two_items_never_share_a_spare_record(site: Site) -> None:
    site.fake.add_device(A, lastIP="10.0.0.1")
    site.fake.add_device(C, unitID=B)
    with pytest.raises(InputError, match="both match the record"):
        site.plan(item(candidate_macs=[B]), item(name="op2", mac=C))


# --- attributes --------------------------------------------------------------------------------------------------


def test_attributes_are_set_changed_cleared_and_left(site: Site) -> None:
    site.fake.attributes = [RANGE, NUMBER, {"identifier": "note", "name": "Note", "type": "string"}]
    known = site.stranger(
        A, site.line_1, name="op1",
        deviceAttributes=[{"identifier": "country", "value": "AT"}, {"identifier": "note", "value": "x"}],
    )  # fmt: skip
    first = item(attributes={"country": "DE", "seat": 7, "note": None})
    decided = site.plan(first, item(name="op2", mac=B, attributes={"country": "AT", "note": ""}))
    create, update = decided.change.steps
    assert isinstance(create, Create)
    assert create.body["deviceAttributes"] == [{"identifier": "country", "value": "AT"}]
    assert update == Update("op1", known, {"deviceAttributes": [
        {"identifier": "country", "value": "DE"}, {"identifier": "seat", "value": "7"},
        {"identifier": "note", "value": ""},
    ]})  # fmt: skip
    before, after = decided.change.before, decided.change.after
    assert isinstance(before, dict) and isinstance(after, dict)
    assert before["op1"]["attributes"] == {"country": "AT", "seat": "", "note": "x"}
    assert after["op1"]["attributes"] == {"country": "DE", "seat": "7", "note": ""}
    site.apply(decided)
    assert not site.plan(first, item(name="op2", mac=B, attributes={"country": "AT"})).change.changed
    assert not site.plan(item(), item(name="op2", mac=B)).change.changed, "what is not given stays"


def test_attributes_are_only_read_if_asked_for(site: Site) -> None:
    site.plan(item())
    lists = [entry for entry in site.fake.log if entry == ("GET", "/thinclients")]
    assert len(lists) == 1
    site.fake.log.clear()
    site.stranger(B, site.line_1)
    with pytest.raises(InputError):
        site.plan(item(attributes={"x": "y"}))
    assert site.fake.log.count(("GET", "/thinclients")) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"country": "FR"}, "attribute country does not take 'FR'; it takes: DE, AT"),
        ({"county": "DE"}, "the server has no attribute county; it has: country, seat"),
        ({"seat": "seven"}, "attribute seat takes a number, not 'seven'"),
        ({"country": True}, "attribute country is neither a text nor a number; put it in quotes"),
        ({"country": ["DE"]}, "neither a text nor a number"),
    ],
)
def test_attributes_the_server_does_not_take(site: Site, given: dict[str, Any], words: str) -> None:
    site.fake.attributes = [RANGE, NUMBER]
    site.stranger(B, site.other)
    with pytest.raises(InputError, match="op1: ") as caught:
        site.plan(item(attributes=given))
    assert words in str(caught.value)


def test_attributes_of_an_empty_server_cannot_be_checked(site: Site) -> None:
    decided = site.plan(item(attributes={"country": "DE"}))
    assert "could not be checked" in decided.warnings[0]
    assert decided.change.changed


def test_a_bad_item_is_not_half_taken() -> None:
    with pytest.raises(InputError) as caught:
        wanted_devices([item(attributes={"a": True, "b": {}}, directory="a//b", mac="1")])
    assert len(caught.value.details["problems"]) == 4


# --- unit ids ----------------------------------------------------------------------------------------------------

STICK = "85641000E583142622"


def test_a_unit_id_decides_where_a_mac_cannot(site: Site) -> None:
    pc = site.stranger(A, site.line_1, name="op1")
    stick = site.stranger(A, site.line_1, unitID=STICK, lastIP="10.0.0.9")
    items = [item(), item(name="stick", unit_id=STICK.lower())]
    decided = site.exclusive(*items)
    assert decided.change.steps == (Update("stick", stick, {"name": "stick"}),)
    assert decided.warnings == () and decided.drift["strangers"] == []
    site.apply(decided)
    assert not site.exclusive(*items).change.changed
    gone = plan_absent(read_current(Ums(FakeTalk(site.fake)), False), wanted_devices([{"mac": A, "unit_id": STICK}]))
    assert gone.change.steps == (Delete(STICK, stick),)
    site.apply(gone)
    assert set(site.fake.devices) == {pc}
    again = plan_absent(read_current(Ums(FakeTalk(site.fake)), False), wanted_devices([{"mac": A, "unit_id": STICK}]))
    assert not again.change.changed


def test_a_unit_id_nobody_has_is_not_created(site: Site) -> None:
    with pytest.raises(InputError, match=f"no record has the unit id {STICK}, and it cannot be created"):
        site.plan(item(unit_id=STICK))
    (create,) = site.plan(item(unit_id="0a:00:00:00:00:01")).change.steps
    assert isinstance(create, Create) and create.body["mac"] == A


def test_a_unit_id_belongs_to_one_item() -> None:
    with pytest.raises(InputError) as caught:
        wanted_devices([item(unit_id=STICK), item(mac=B, unit_id=STICK), item(mac=C), item(mac=D, unit_id=C)])
    assert caught.value.details["problems"] == [
        f"op1 ({STICK}): unit id {STICK} is also given for op1 ({STICK})",
        f"op1 ({C}): unit id {C} is also given for op1 ({C})",
    ]
