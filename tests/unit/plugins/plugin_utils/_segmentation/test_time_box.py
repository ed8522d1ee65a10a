# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import box_of, rules_in_force

START, END = "2026-12-05T02:00:00+01:00", "2026-12-05T06:00:00+01:00"
BOX = {"valid_from": START, "valid_to": END, "ticket": "CHG-1", "approver": "ot"}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"valid_to": None}, "has no valid_to"),
        ({"ticket": ""}, "has no ticket"),
        ({"approver": None}, "has no approver"),
        ({"valid_from": "soon"}, "'soon' is not a time"),
        ({"valid_from": "2026-12-05T02:00:00"}, "has no offset"),
        ({"valid_to": START}, "is open from"),
        ({"valid_to": "2026-12-05T10:00:01+01:00"}, "is open from"),
    ],
)
def test_a_box_that_is_none_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told):
        box_of({"id": "v", **BOX, **changes})


def test_eight_hours_are_enough_and_no_box_is_none() -> None:
    assert box_of({"id": "v", **BOX, "valid_to": "2026-12-05T10:00:00+01:00"}) is not None
    assert box_of({"id": "v", "owner": "it"}) is None


def model() -> dict[str, Any]:
    access = {"id": "vendor", "from": "REM", "to": "LCZ", "services": [{"service": "rdp"}], "phases": ["after"], **BOX}
    return {
        "zones": [{"id": "LCZ", "cidrs": ["10.20.1.64/28"]}, {"id": "REM", "cidrs": ["10.20.80.9/32"]}],
        "conduits": [access],
        "stations": {"hmi1": {"zone": "LCZ", "address": "10.20.1.65", "role": "legacy_hmi", "flows": []}},
    }


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        (datetime.fromisoformat(START) - timedelta(seconds=1), 1),
        (datetime.fromisoformat(START), 3),
        (datetime.fromisoformat(END) - timedelta(seconds=1), 3),
        (datetime.fromisoformat(END), 1),
    ],
)
def test_boxed_rules_are_there_inside_the_box_only(at: datetime, rules: int) -> None:
    after = compile_station(model(), "hmi1", disposition="contain")["after"]
    assert len(rules_in_force(after, at)) == rules


def test_who_forgets_the_box_is_refused_instead_of_opening_the_door() -> None:
    after = compile_station(model(), "hmi1", disposition="contain")["after"]
    with pytest.raises(InputError, match="valid_from"):
        rules_from(after)
    half = {"action": "permit", "valid_from": START}
    assert rules_in_force([half], datetime.fromisoformat(START)) == ()
