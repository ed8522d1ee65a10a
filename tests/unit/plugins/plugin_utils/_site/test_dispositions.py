# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.assessment import BLOCKER_FIELDS, REQUIRED_GATES
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.dispositions import CAUTION, decide
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROLES = {"operator": {}, "legacy_hmi": {}}
CONTAINMENT = {"owner": "ot", "review_by": "2027-04-30", "exit_condition": "new panel"}


def _whole(model: dict[str, Any], assessments: dict[str, Any], **station: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return {**model["stations"]["op1"], **station}, copy.deepcopy(assessments["op1"])


def test_whole_evidence_migrates(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    station, assessment = _whole(model, assessments)
    assert decide(station, assessment, ROLES).disposition == "migrate"


def test_reasons_hold_the_requirement_and_no_reading(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    station, assessment = _whole(model, assessments, containment=CONTAINMENT)

    def read(size: str, *found: str) -> dict[str, Any]:
        gate = {"code": "memory", "ok": False, "text": f"{size} GiB of memory (needs 4 GB)", "needs": "4 GB of memory"}
        others = [gate for gate in assessment["gates"] if gate["code"] not in ("memory", "disk_free")]
        free = {"code": "disk_free", "ok": None, "text": f"{size} odd", "needs": "3 GB free on the system volume"}
        blockers = [{"code": "licence_dongle", "text": text} for text in found]
        return {**assessment, "gates": [free, gate, *others], "blockers": blockers}

    first = decide(station, read("1.9", "A", "B"), ROLES)
    assert first.as_dict()["reasons"] == [
        {"code": "memory", "text": "not met: 4 GB of memory"},
        {"code": "licence_dongle", "text": "A"},
        {"code": "licence_dongle", "text": "B"},
        {"code": "disk_free", "text": "not known: 3 GB free on the system volume"},
    ]
    assert decide(station, read("2.0", "B", "A", "B"), ROLES) == first


@pytest.mark.parametrize("containment", [None, CONTAINMENT])
def test_what_holds_it_contains_or_defers(
    model: dict[str, Any], assessments: dict[str, Any], containment: dict[str, str] | None
) -> None:
    expected = "contain" if containment else "defer"
    station, assessment = _whole(model, assessments, containment=containment)
    blocked = {**assessment, "blockers": [{"code": "licence_dongle", "text": "Sentinel"}]}
    found = decide(station, blocked, ROLES)
    assert found.disposition == expected and found.reasons[0]["code"] == "licence_dongle"
    failed = {**assessment, "gates": [{"code": "cpu_64bit", "ok": False, "text": "32 bit"}, *assessment["gates"][1:]]}
    assert decide(station, failed, ROLES).disposition == expected
    local = {**station, "apps": [{"name": "Panel", "delivery": "local_only"}]}
    assert decide(local, assessment, ROLES).disposition == expected
    assert decide(local, None, ROLES).disposition == expected


def test_a_containment_without_exit_condition_is_none(model: dict[str, Any], assessments: dict[str, Any]) -> None:
    station, assessment = _whole(model, assessments, containment={**CONTAINMENT, "exit_condition": ""})
    found = decide({**station, "apps": [{"name": "P", "delivery": "local_only"}]}, assessment, ROLES)
    assert found.disposition == "defer" and "exit_condition" in found.reasons[-1]["text"]


@pytest.mark.parametrize(
    ("override", "evidence", "expected"),
    [
        ("migrate", "whole", "migrate"),
        ("contain", "whole", "contain"),
        ("retire", "whole", "retire"),
        ("defer", "whole", "defer"),
        ("migrate", "blocked", "contain"),
        ("contain", "none", "defer"),
        ("retire", "none", "retire"),
        ("migrate", "none", "defer"),
        ("explode", "whole", "migrate"),
    ],
)
def test_override_only_makes_it_more_cautious(
    model: dict[str, Any], assessments: dict[str, Any], override: str, evidence: str, expected: str
) -> None:
    station, assessment = _whole(model, assessments, containment=CONTAINMENT, disposition=override)
    document: dict[str, Any] | None = assessment
    if evidence == "blocked":
        assessment["blockers"] = [{"code": "x", "text": "y"}]
    elif evidence == "none":
        document = None
    assert decide(station, document, ROLES).disposition == expected


def _without(station: dict[str, Any], assessment: dict[str, Any], what: tuple[str, str]) -> None:
    kind, key = what
    if kind == "station":
        station.pop(key, None)
    elif kind == "document":
        assessment.pop(key, None)
    elif kind == "field":
        assessment.get("fields", {})[key] = {"value": None, "available": False, "reason": "access denied"}
    elif kind == "gate":
        assessment["gates"] = [gate for gate in assessment.get("gates") or [] if gate["code"] != key]
    elif kind == "unknown":
        for gate in assessment.get("gates") or []:
            gate["ok"] = None if gate["code"] == key else gate["ok"]


REMOVALS = st.one_of(
    st.tuples(st.just("station"), st.sampled_from(["apps", "role", "zone", "mac", "port", "containment", "line"])),
    st.tuples(st.just("document"), st.sampled_from(["gates", "blockers", "fields"])),
    st.tuples(st.just("field"), st.sampled_from(BLOCKER_FIELDS)),
    st.tuples(st.sampled_from(["gate", "unknown"]), st.sampled_from(REQUIRED_GATES)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(data=st.data())
def test_removing_evidence_never_makes_it_migrate(
    model: dict[str, Any], assessments: dict[str, Any], data: st.DataObject
) -> None:
    station, assessment = _whole(model, assessments)
    station["containment"] = data.draw(st.sampled_from([None, CONTAINMENT]))
    station["disposition"] = data.draw(st.sampled_from([None, *CAUTION]))
    for gate in assessment["gates"]:
        gate["ok"] = data.draw(st.sampled_from([True, True, True, True, True, True, False, None]))
    assessment["blockers"] = data.draw(st.sampled_from([[], [], [{"code": "x", "text": "y"}]]))
    before = decide(station, assessment, ROLES).disposition
    poorer = copy.deepcopy(assessment)
    for what in data.draw(st.lists(REMOVALS, min_size=1, max_size=3)):
        _without(station, poorer, what)
    after = decide(station, poorer, ROLES).disposition
    assert after != "migrate" or before == "migrate"


@pytest.mark.parametrize("role", [None, "vdi"])
def test_an_unknown_role_defers(model: dict[str, Any], assessments: dict[str, Any], role: str | None) -> None:
    station, assessment = _whole(model, assessments, role=role)
    assert decide(station, assessment, ROLES).disposition == "defer"
