# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.judge import (
    Reading,
    is_stopped_value,
    judge,
    state_name,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state.source import Source
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_792_000_000.0
SOURCE = Source(
    type="opcua",
    stopped=frozenset({"stopped", "maintenance"}),
    endpoint="opc.tcp://h:1",
    node="ns=2;s=a",
    since_node="ns=2;s=b",
    states={"0": "running", "2": "stopped", "3": "maintenance", "Idle": "stopped", "True": "running"},
)
STOPPED = Reading(value=2, quality="Good", source_time=NOW - 1, since=NOW - 600, since_quality="Good")


def test_all_speaks_for_stopped() -> None:
    verdict = judge(STOPPED, SOURCE, NOW)
    assert verdict.as_dict() == {
        "running": False, "state": "stopped", "quality": "Good", "source_time": "2026-10-14T17:46:39.000Z",
        "age_s": 1.0, "dwell_s": 600.0, "reason": "The line is stopped for 600 s.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"value": 0}, "is running"),
        ({"value": 4}, "not in the line's state_map"),
        ({"value": None}, "not in the line's state_map"),
        ({"value": [2]}, "not in the line's state_map"),
        ({"value": 2.0}, "not in the line's state_map"),
        ({"value": True}, "is running"),
        ({"quality": "BadNoCommunication"}, "BadNoCommunication"),
        ({"quality": "UncertainLastUsableValue"}, "Uncertain"),
        ({"quality": "GoodLocalOverride"}, "GoodLocalOverride"),
        ({"quality": ""}, "quality"),
        ({"source_time": None}, "no source time"),
        ({"source_time": NOW - 61}, "stale: 61 s"),
        ({"source_time": NOW + 6}, "6 s in the future"),
        ({"source_time": math.nan}, "future"),
        ({"since": None}, "gives no time"),
        ({"since": NOW + 6}, "since_node is 6 s in the future"),
        ({"since": NOW - 299}, "stopped for 299 s, 300 s are needed"),
        ({"since": math.nan}, "future"),
        ({"since_quality": "BadNodeIdUnknown"}, "since_node is BadNodeIdUnknown"),
        ({"since_quality": ""}, "missing"),
    ],
)
def test_any_doubt_means_running(changes: dict[str, Any], words: str) -> None:
    verdict = judge(replace(STOPPED, **changes), SOURCE, NOW)
    assert verdict.running
    assert words in verdict.reason


@pytest.mark.parametrize("changes", [{"source_time": NOW + 4}, {"source_time": NOW - 60}, {"since": NOW - 300}])
def test_edges_that_hold(changes: dict[str, Any]) -> None:
    assert not judge(replace(STOPPED, **changes), SOURCE, NOW).running


def test_small_skew_is_no_negative_age() -> None:
    assert judge(replace(STOPPED, source_time=NOW + 3), SOURCE, NOW).age_s == 0.0


def test_without_since_node_only_watching_counts() -> None:
    source = replace(SOURCE, since_node="")
    assert judge(STOPPED, source, NOW).running
    assert not judge(replace(STOPPED, observed_s=300.0), source, NOW).running
    assert judge(replace(STOPPED, observed_s=299.0), source, NOW).running


def test_same_number_means_what_the_map_says() -> None:
    other = replace(SOURCE, states={"2": "running", "0": "stopped"})
    assert judge(STOPPED, other, NOW).running
    assert state_name(0, other) == "stopped"
    assert state_name("Idle", SOURCE) == "stopped"
    assert state_name("2", SOURCE) == "stopped"


@given(
    value=st.one_of(st.integers(), st.text(), st.booleans(), st.none(), st.floats()),
    quality=st.sampled_from(["Good", "Bad", "UncertainX", ""]),
    age=st.floats(-1e9, 1e9),
    dwell=st.floats(-1e9, 1e9),
)
def test_stopped_needs_every_condition(value: Any, quality: str, age: float, dwell: float) -> None:
    reading = Reading(value, quality, NOW - age, NOW - dwell, "Good")
    verdict = judge(reading, SOURCE, NOW)
    assert verdict.reason
    if not verdict.running:
        assert is_stopped_value(reading, SOURCE)
        assert -5 <= age <= 60.001
        assert dwell >= 299.999
