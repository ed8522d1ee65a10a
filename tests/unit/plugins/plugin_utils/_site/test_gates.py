# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site import gates as g
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.backup import backup_gate
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.release import Verdict
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.times import parse_time

PLAN: dict[str, Any] = {
    "site": "plant-a",
    "timezone": "Europe/Berlin",
    "windows": [{"id": "w", "start": "2026-12-05T01:00:00Z", "end": "2026-12-05T05:00:00Z"}],
    "waves": [{"id": "wave-1", "window": "w", "stations": ["op1", "hmi1"]}],
    "budget": {"convert_minutes": 20, "fallback_minutes": 10},
    "stations": {
        "op1": {"wave": "wave-1", "disposition": "migrate"},
        "hmi1": {"wave": "wave-1", "disposition": "contain"},
        "free": {"wave": None, "disposition": "migrate"},
    },
}
VALID = Verdict((), {("backup", "op1"): "spare PC stands by"}, "2026-12-05T05:00:00Z")
BACKUP = {"id": "img", "sha256": "c" * 64, "restore_tested_on": "2026-10-20"}


def _at(text: str) -> float:
    return parse_time(text, "UTC").timestamp()


@pytest.mark.parametrize(
    ("station", "at", "converting", "expected"),
    [
        ("op1", "2026-12-05T00:59:59Z", True, False),
        ("op1", "2026-12-05T01:00:00Z", True, True),
        ("op1", "2026-12-05T04:29:59Z", True, True),
        ("op1", "2026-12-05T04:30:00Z", True, False),
        ("op1", "2026-12-05T04:30:00Z", False, True),
        ("op1", "2026-12-05T05:00:00Z", False, False),
        ("hmi1", "2026-12-05T04:59:59Z", True, True),
        ("hmi1", "2026-12-05T05:00:00Z", True, False),
        ("free", "2026-12-05T02:00:00Z", True, False),
        ("nobody", "2026-12-05T02:00:00Z", True, False),
    ],
)
def test_window(station: str, at: str, converting: bool, expected: bool) -> None:
    result = g.window_gate(PLAN, station, _at(at), converting=converting)
    assert result.open is expected
    assert result.read and (expected or result.needs)


@pytest.mark.parametrize(
    "windows",
    [
        [],
        [{"id": "w", "start": "2026-12-05T03:00:00Z", "end": "2026-12-05T05:00:00Z"}],
        [{"id": "w", "start": "soon", "end": "2026-12-05T05:00:00Z"}],
        [{"id": "w", "start": "2026-12-06T01:00:00Z", "end": "2026-12-06T05:00:00Z"}],
    ],
)
def test_todays_inventory_can_only_close_the_window(windows: list[dict[str, Any]]) -> None:
    assert g.window_gate(PLAN, "op1", _at("2026-12-05T02:00:00Z"), windows=windows).open is False
    wide = [{"id": "w", "start": "2020-01-01T00:00:00Z", "end": "2030-01-01T00:00:00Z"}]
    assert g.window_gate(PLAN, "op1", _at("2026-12-05T08:00:00Z"), windows=wide).open is False


def test_freeze_is_the_local_date_and_either_calendar_counts() -> None:
    day = [{"date": "2026-12-24", "reason": "stock taking"}]
    eve = _at("2026-12-23T23:30:00Z")
    assert g.freeze_gate("Europe/Berlin", eve, day).open is False
    assert g.freeze_gate("UTC", eve, day).open is True
    assert g.freeze_gate("Europe/Berlin", eve, [], day).open is False
    assert g.freeze_gate("Europe/Berlin", eve, None, None).open is True
    assert g.freeze_gate("Europe/Berlin", eve, [{"date": "x"}]).open is False
    assert g.freeze_gate("None", eve, []).open is False


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, False),
        ({}, False),
        ({"running": None}, False),
        ({"running": True, "state": "running"}, False),
        ({"running": False, "state": "stopped", "quality": "good"}, True),
    ],
)
def test_line_unknown_is_running(state: dict[str, Any] | None, expected: bool) -> None:
    assert g.line_gate("line-1", state).open is expected


@pytest.mark.parametrize(
    ("planned", "verdict", "expected"),
    [
        ({"disposition": "migrate", "backup": BACKUP}, None, True),
        ({"disposition": "migrate", "backup": {**BACKUP, "restore_tested_on": "2026-12-05"}}, None, True),
        ({"disposition": "migrate", "backup": {**BACKUP, "restore_tested_on": "2026-12-06"}}, None, False),
        ({"disposition": "migrate", "backup": {**BACKUP, "sha256": "c" * 63}}, None, False),
        ({"disposition": "migrate", "backup": {**BACKUP, "id": ""}}, None, False),
        ({"disposition": "migrate", "backup": {**BACKUP, "restore_tested_on": None}}, None, False),
        ({"disposition": "migrate"}, None, False),
        ({"disposition": "migrate"}, VALID, True),
        ({"disposition": "migrate"}, Verdict(("expired",), VALID.waivers), False),
        ({"disposition": "migrate"}, Verdict((), {("backup", "op2"): "x"}), False),
        ({"disposition": "contain"}, None, True),
        ({}, None, False),
    ],
)
def test_backup(planned: dict[str, Any], verdict: Verdict | None, expected: bool) -> None:
    assert backup_gate(planned, "op1", verdict, "2026-12-05").open is expected


def test_release_stop_and_lock() -> None:
    assert g.release_gate(None).open is False
    assert g.release_gate(Verdict(("no",), {})).read == "no"
    assert g.release_gate(VALID).open is True
    assert g.stop_gate(True).open is False and g.stop_gate(False).open is True
    lock = {"pid": 7, "host": "h", "since": "s", "what": "site_plan"}
    assert g.lock_gate({}, mine=False, held=False).open is True
    assert g.lock_gate(lock, mine=True, held=True).open is True
    assert g.lock_gate(lock, mine=False, held=False).open is True
    shut = g.lock_gate(lock, mine=False, held=True)
    assert shut.open is False and "process 7 on h" in shut.read


STATION = {
    "line": "line-1",
    "role": "operator",
    "zone": "OPZ",
    "switch": "sw",
    "port": "Gi1/0/1",
    "address": "10.20.1.11",
    "mac": "00:1B:1B:00:11:01",
    "backup": None,
    "containment": None,
}


@pytest.mark.parametrize("key", g.DRIFT_FIELDS)
def test_any_changed_field_is_drift(key: str) -> None:
    planned = {**STATION, "expect": {"serial": "S", "uuid": ""}}
    current: dict[str, Any] = copy.deepcopy(STATION)
    assert g.drift_gate(planned, current).open is True
    current[key] = "other"
    shut = g.drift_gate(planned, current)
    assert shut.open is False and key in shut.read


def test_drift_of_the_pc_itself_and_spelling() -> None:
    planned = {**STATION, "expect": {"serial": "S", "uuid": ""}}
    assert g.drift_gate(planned, None).open is False
    assert g.drift_gate(planned, {**STATION, "mac": "00-1b-1b-00-11-01"}).open is True
    assert g.drift_gate(planned, STATION, {"serial": "S", "uuid": "U"}).open is True
    assert g.drift_gate(planned, STATION, {"serial": "T", "uuid": ""}).open is False
    assert g.drift_gate(planned, STATION, {}).open is False
    # Unknown is no match: with nothing to hold the PC against, any PC would do.
    nobody = {**planned, "expect": {"serial": "", "uuid": ""}}
    assert g.drift_gate(nobody, STATION, {"serial": "S", "uuid": "U"}).open is False
    assert g.drift_gate(nobody, STATION).open is True


def test_result_form() -> None:
    assert g.GateResult(True, "a", "b").as_dict() == {"open": True, "read": "a", "needs": ""}
    assert g.closed("a", "b").as_dict() == {"open": False, "read": "a", "needs": "b"}


@pytest.mark.parametrize(
    ("planned", "now", "changed"),
    [
        ({"state_map": {0: "running"}, "endpoint": "a"}, {"state_map": {"0": "running"}, "endpoint": "b"}, ""),
        ({"stopped_values": ["stopped"]}, {"stopped_values": ["stopped", "running"]}, "stopped_values"),
        ({"min_dwell_s": 300}, {}, "min_dwell_s"),
        ({"max_age_s": 60, "node": "n"}, {"max_age_s": 600, "node": "m"}, "max_age_s, node"),
    ],
)
def test_what_counts_as_stopped_is_part_of_the_release(planned: dict, now: dict, changed: str) -> None:
    found = g.terms_problem(g.line_terms({"state_source": planned}), {"state_source": now})
    assert (found is None) is (changed == "")
    assert found is None or found.read.endswith(changed)


def test_a_line_the_plan_does_not_know_is_not_judged() -> None:
    found = g.terms_problem(None, {})
    assert found is not None
    assert found.open is False
