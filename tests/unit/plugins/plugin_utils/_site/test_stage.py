# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.stage import (
    STAGES,
    Observations,
    arming,
    is_news,
    match_device,
    other_pc,
    stage_of,
    wanted_phase,
)

MIGRATE: dict[str, Any] = {"disposition": "migrate", "ums": {"directory": "plant-a/line-1", "profiles": ["base"]}}
CONTAIN: dict[str, Any] = {"disposition": "contain", "ums": {"directory": "plant-a/line-1", "profiles": []}}
DEVICE = {"online": True, "directory": "plant-a/line-1", "profiles": ["base", "extra"]}
WINDOWS = {"reachable": True, "cause": "", "staged": False, "armed": False}
GONE = {"reachable": False, "cause": "refused", "staged": False, "armed": False}


@pytest.mark.parametrize(
    ("planned", "seen", "stage", "phase"),
    [
        (MIGRATE, Observations(device=DEVICE), "verified", "after"),
        (MIGRATE, Observations(device={**DEVICE, "online": False}), "thin_client", "before"),
        (MIGRATE, Observations(device={**DEVICE, "online": None}), "thin_client", "before"),
        (MIGRATE, Observations(device={**DEVICE, "directory": ""}), "thin_client", "before"),
        (MIGRATE, Observations(device={**DEVICE, "profiles": None}), "thin_client", "before"),
        ({}, Observations(device=DEVICE), "thin_client", "none"),
        (MIGRATE, Observations(probe=WINDOWS), "legacy", "before"),
        (MIGRATE, Observations(probe={**WINDOWS, "staged": True}), "staged", "before"),
        (MIGRATE, Observations(probe={**WINDOWS, "staged": True, "armed": True}), "armed", "before"),
        (MIGRATE, Observations(probe={**WINDOWS}, arming=True), "legacy", "before"),
        (MIGRATE, Observations(probe=GONE), "unreachable", "none"),
        (MIGRATE, Observations(probe=GONE, arming=True), "converting", "before"),
        (MIGRATE, Observations(), "unreachable", "none"),
        (CONTAIN, Observations(probe=GONE), "unreachable", "after"),
        (CONTAIN, Observations(probe=WINDOWS, exception=True, phase="after"), "contained", "after"),
        (CONTAIN, Observations(probe=GONE, exception=True, phase="after"), "contained", "after"),
        (CONTAIN, Observations(probe=WINDOWS, exception=False, phase="after"), "legacy", "after"),
        (CONTAIN, Observations(probe=WINDOWS, exception=True, phase="before"), "legacy", "after"),
        (CONTAIN, Observations(probe=WINDOWS, exception=True), "legacy", "after"),
        (CONTAIN, Observations(probe={**WINDOWS, "armed": True}, exception=True, phase="after"), "armed", "after"),
        (MIGRATE, Observations(probe=WINDOWS, exception=True, phase="after"), "legacy", "before"),
        ({"disposition": "defer"}, Observations(probe=WINDOWS), "legacy", "none"),
        ({"disposition": "retire"}, Observations(probe=GONE), "unreachable", "none"),
    ],
)
def test_stage_and_wanted_phase(planned: dict[str, Any], seen: Observations, stage: str, phase: str) -> None:
    found, reasons = stage_of(planned, seen)
    assert found == stage and found in STAGES
    assert all(reason["code"] and reason["text"] for reason in reasons) and reasons
    assert wanted_phase(planned.get("disposition"), found) == phase


@pytest.mark.parametrize(
    ("expect", "probe", "names"),
    [
        ({"serial": "S1", "uuid": "U1"}, {**WINDOWS, "serial": "S1", "uuid": "U1"}, []),
        ({"serial": "S1", "uuid": "U1"}, {**WINDOWS, "serial": "S2", "uuid": "U1"}, ["serial", "'S1'", "'S2'"]),
        ({"serial": "S1", "uuid": "U1"}, {**WINDOWS, "serial": "S1", "uuid": "U2"}, ["uuid", "'U1'", "'U2'"]),
        ({"serial": "", "uuid": ""}, {**WINDOWS, "serial": "S2", "uuid": "U2"}, []),
        ({"serial": "S1", "uuid": "U1"}, {**WINDOWS, "serial": "", "uuid": "U1"}, ["serial", "'S1'", "''"]),
        ({"serial": "S1", "uuid": "U1"}, {**GONE, "serial": "S2", "uuid": ""}, []),
        ({"serial": "S1", "uuid": "U1"}, None, []),
        ({}, {**WINDOWS, "serial": "S2", "uuid": "U2"}, []),
    ],
)
def test_another_pc_in_the_place_of_the_planned_one(
    expect: dict[str, str], probe: dict[str, Any] | None, names: list[str]
) -> None:
    found = other_pc({"expect": expect}, probe)
    assert [reason["code"] for reason in found] == (["drift"] if names else [])
    assert all(name in found[0]["text"] for name in names)


def test_device_is_found_under_any_mac_and_only_a_thin_client_counts() -> None:
    old = {"id": "1", "mac": "001B1B001103", "unit_id": "001B1B001103", "thin_client": False, "online": None}
    new = {"id": "2", "mac": "00:1b:1b:00:11:13", "unit_id": "001B1B001113", "thin_client": True, "online": True}
    off = {**new, "id": "0", "online": False}
    macs = ["001B1B001103", "001B1B001113"]
    assert match_device([old], macs) is None
    assert match_device([old, off, new], macs) is new
    assert match_device([new], ["001B1B001199"]) is None
    assert match_device([new], []) is None


def _entry(kind: str, action: str = "", outcome: str = "", **data: Any) -> dict[str, Any]:
    return {"kind": kind, "action": action, "outcome": outcome, "data": data}


ARM = [_entry("intent", "arm"), _entry("result", "arm", "done")]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], False),
        (ARM, True),
        (ARM[:1], True),
        ([ARM[0], _entry("result", "arm", "failed")], True),
        ([ARM[0], _entry("result", "arm", "refused")], False),
        ([*ARM, _entry("intent", "disarm"), _entry("result", "disarm", "done")], False),
        ([*ARM, _entry("intent", "disarm"), _entry("result", "disarm", "failed")], True),
        ([*ARM, _entry("observation", stage="staged")], False),
        ([*ARM, _entry("observation", stage="unreachable")], True),
        ([*ARM, _entry("observation", stage="verified")], False),
        ([_entry("observation", stage="staged"), *ARM], True),
        ([*ARM, _entry("observation", gates={})], True),
        ([_entry("intent", "stage"), _entry("result", "stage", "done")], False),
    ],
)
def test_arming_from_evidence(entries: list[dict[str, Any]], expected: bool) -> None:
    assert arming(entries) is expected


@pytest.mark.parametrize(
    ("entries", "stage", "expected"),
    [
        ([], "legacy", False),
        ([], "verified", True),
        ([_entry("observation", stage="verified")], "verified", False),
        ([_entry("observation", stage="verified"), *ARM], "verified", False),
        ([_entry("observation", stage="contained")], "legacy", False),
        (ARM, "staged", True),
        (ARM, "converting", False),
        ([*ARM, _entry("observation", stage="staged")], "staged", False),
    ],
)
def test_only_news_goes_into_the_evidence(entries: list[dict[str, Any]], stage: str, expected: bool) -> None:
    assert is_news(entries, stage) is expected
