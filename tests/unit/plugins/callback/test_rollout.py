# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of the rollout callback."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.otedge.endpoint.plugins.callback.rollout import CallbackModule, line_for

CLOSED = {
    "gates": {"line_state": {"open": False, "read": "running", "needs": "stopped for 300 s"}, "release": {"open": True}}
}


@pytest.mark.parametrize(
    ("action", "result", "expected"),
    [
        (
            "station_info",
            {"station": {"stage": "legacy", "disposition": "migrate", "wave": "w1"}},
            "pc: legacy (plan: migrate, wave w1)",
        ),
        ("station_gate", CLOSED, "pc: not touched, closed: line_state (read running; needs stopped for 300 s)"),
        ("station_gate", {"gates": {"release": {"open": True}}}, None),
        (
            "operator_pc_arm",
            {"gates": {"release": {"open": True}}, "armed": True, "changed": True},
            "pc: armed and restarting",
        ),
        (
            "operator_pc_arm",
            CLOSED | {"armed": False, "changed": True},
            "pc: not touched, closed: line_state (read running; needs stopped for 300 s)",
        ),
        ("operator_pc_stage", {"changed": True, "staged": {"installed": True}}, "pc: converter and image staged"),
        ("operator_pc_stage", {"changed": True, "staged": {"installed": False}}, "pc: converter and image removed"),
        ("operator_pc_stage", {"changed": False, "staged": {}}, None),
        (
            "switch_acl",
            {"bindings": [{"changed": True, "list": "OTE_a_in_00000000"}, {"changed": False}]},
            "pc: 1 port list(s) swapped, confirmed and saved",
        ),
        (
            "switch_acl",
            {"bindings": [{"changed": True, "list": None}, {"changed": True, "list": "SITE"}]},
            "pc: 2 port(s) given back, confirmed and saved",
        ),
        (
            "switch_acl",
            {"bindings": [{"changed": True, "list": "OTL_a_in_00000000"}, {"changed": True, "list": "OTE_b_in_0"}]},
            "pc: 1 port list(s) swapped, 1 port list(s) that only log, confirmed and saved",
        ),
        ("switch_acl", {"bindings": [], "refused": {"b": {}, "a": {}}}, "pc: ports left alone of a, b"),
        ("site_report", {"path": "records/report.html"}, "report: records/report.html"),
        (
            "operator_pc_info",
            {
                "assessment": {
                    "fields": {"os.caption": {"value": "Windows 7"}},
                    "gates": [{"ok": True, "text": "a"}, {"ok": None, "text": "free disk is unknown"}],
                    "blockers": [{"text": "fieldbus card"}],
                }
            },
            "pc: Windows 7; free disk is unknown; fieldbus card",
        ),
        ("operator_pc_info", {"assessment": {}}, "pc: Windows of unknown kind; nothing could be judged"),
        ("ansible.builtin.debug", {"msg": "x"}, None),
    ],
)
def test_one_line_for_what_a_person_follows(action: str, result: dict, expected: str | None) -> None:
    name = action if "." in action else f"otedge.endpoint.{action}"
    assert line_for(name, "pc", result) == expected


@pytest.mark.parametrize(("check", "changed"), [(True, True), (False, True), (True, False)])
def test_check_mode_does_not_claim_a_change(check: bool, changed: bool) -> None:
    told: list[str] = []
    callback = CallbackModule(display=SimpleNamespace(display=lambda line, color: told.append(line), verbosity=0))
    callback.v2_runner_on_ok(
        SimpleNamespace(
            task=SimpleNamespace(action="otedge.endpoint.switch_acl_rollback", check_mode=check),
            host=SimpleNamespace(get_name=lambda: "sw"),
            result={"changed": changed, "bindings": [{"changed": True, "list": "OTE_a_in_00000000"}]},
        )
    )
    line = "rollout | sw: 1 port list(s) swapped, confirmed and saved"
    assert told == [f"{line} - or would be: this is check mode, nothing was done" if check and changed else line]
