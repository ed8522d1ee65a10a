# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A port is given back: pure decisions, and the real swap against the simulated switch over real SSH."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.give_back import bound_before, resolved
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection, binding_problems
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import SwitchPlan, Wanted, decide
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, Interface, SwitchState

PORT = "GigabitEthernet1/0/1"
OURS, OLDER, OTHER = "OTE_l1_op1_in_00000002", "OTE_l1_op1_in_00000001", "OTE_l1_op2_in_00000001"
ANY = (Rule("permit"),)
LEGACY = [
    "ip access-list extended LEGACY",
    "permit tcp host 10.20.1.11 10.20.60.0 0.0.0.255 eq www",
    "deny ip any any log",
    f"interface {PORT}",
    "ip access-group LEGACY in",
]


def back(restore: str | None = None) -> Wanted:
    return Wanted(PORT, "in", "l1-op1", address="10.20.1.11", absent=True, restore=restore)


def config(bound: str | None, *names: str, ways: dict[str, str] | None = None) -> Config:
    port = Interface(PORT, ways or ({"in": bound} if bound else {}))
    lists = {name: AccessList(name, entries=ANY) for name in names}
    return Config(lists, {PORT: port, "Gi2": Interface("Gi2", {"in": OTHER})})


def decided(running: Config, startup: Config | None = None, restore: str | None = None) -> SwitchPlan:
    state = SwitchState(running, startup or running)
    return decide(state, [resolved(state, back(restore))], IosXe())


def problems(running: Config, restore: str | None = None, **protection: Any) -> list[str]:
    state = SwitchState(running, running)
    return binding_problems(state, resolved(state, back(restore)), Protection(**protection))


@pytest.mark.parametrize("restore", [None, "SITE"])
def test_our_list_goes_with_its_generations_and_nothing_else(restore: str | None) -> None:
    plan = decided(config(OURS, OURS, OLDER, OTHER, "SITE"), restore=restore)
    assert [(swap.old, swap.new, swap.create) for swap in plan.swaps] == [(OURS, restore, False)]
    assert sorted(plan.removals) == [OLDER, OURS]
    assert plan.final == {(PORT, "in"): restore}
    assert plan.save
    assert plan.bindings[0]["enforced"] is bool(restore)


@pytest.mark.parametrize("bound", [None, "SITE", "OTE_by_hand"])
def test_a_port_without_a_list_of_ours_is_left_as_it_is(bound: str | None) -> None:
    plan = decided(config(bound, "SITE", OTHER), restore="EARLIER")
    assert not plan.changed
    assert (plan.bindings[0]["list"], plan.bindings[0]["in_place"]) == (bound, True)
    assert problems(config(bound, "SITE"), restore="EARLIER") == []


def test_what_a_restart_would_bring_back_is_saved_away() -> None:
    assert decided(config(None), startup=config(OURS, OURS)).save
    assert not decided(config(None), startup=config("SITE", "SITE")).changed


def test_a_list_of_ours_that_is_in_use_elsewhere_stays() -> None:
    plan = decided(config(OURS, OURS, OLDER, ways={"in": OURS, "out": OURS}))
    assert plan.removals == (OLDER,)


@pytest.mark.parametrize(
    ("running", "restore", "found"),
    [
        (config(OTHER, OTHER), None, "made for something else"),
        (config(OURS, OURS), "SITE", "empty or not on the switch any more"),
        (
            Config(
                {OURS: AccessList(OURS, entries=ANY), "SITE": AccessList("SITE", entries=(Opaque("evaluate X"), *ANY))},
                {PORT: Interface(PORT, {"in": OURS})},
            ),
            "SITE",
            "not understood: 'evaluate X'",
        ),
        (config(None), None, ""),
    ],
)
def test_guards(running: Config, restore: str | None, found: str) -> None:
    assert found in "; ".join(problems(running, restore))
    assert bool(found) == bool(problems(running, restore))


def test_a_restored_list_may_not_deny_a_protected_flow() -> None:
    running = Config(
        {OURS: AccessList(OURS, entries=ANY), "SITE": AccessList("SITE", entries=(Rule("deny"),))},
        {PORT: Interface(PORT, {"in": OURS})},
    )
    flow = {"dst": "10.20.60.7/32", "protocol": "tcp", "dst_port": 443}
    assert "would deny the protected flow" in problems(running, "SITE", flows=(flow,))[0]
    assert problems(running, flows=(flow,)) == []


def row(before: str | None, new: str | None, changed: bool = True) -> dict[str, Any]:
    return {"interface": PORT, "direction": "in", "before": before, "list": new, "changed": changed}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], {}),
        ([row(None, OURS)], {}),
        ([row("SITE", OURS)], {(PORT, "in"): "SITE"}),
        ([row("SITE", OURS), row(OURS, OLDER)], {(PORT, "in"): "SITE"}),
        ([row("SITE", OURS), row(OURS, "SITE"), row("NEW", OURS)], {(PORT, "in"): "NEW"}),
        ([row("SITE", OURS), row(OURS, "SITE"), row(None, OURS)], {}),
        ([row("SITE", "SITE", changed=False)], {}),
    ],
)
def test_the_evidence_tells_what_our_list_took_the_place_of(
    rows: list[dict[str, Any]], found: dict[tuple[str, str], str]
) -> None:
    entries = [{"kind": "intent", "action": "bind lists", "data": {"bindings": [item]}} for item in rows]
    noise = [{"kind": "result", "action": "bind lists", "data": {}}, {"kind": "observation", "data": {"bindings": 1}}]
    assert bound_before([*noise, *entries, {}]) == found


@pytest.mark.parametrize("lines", [[], LEGACY])
def test_there_and_back_and_then_nothing(
    make_rig: Callable[..., Any], want: Callable[..., Any], lines: list[str]
) -> None:
    rig = make_rig({"lines": lines})
    at_first, restore = rig.switch.running.text_lines(), "LEGACY" if lines else None
    rig.ensure([want(80, 443)])
    rig.ensure([want(80, 444)])
    check = rig.ensure([back(restore)], check=True)
    real = rig.ensure([back(restore)])
    assert check["changed"] and check["diff"] == real["diff"]
    assert rig.bound() == restore
    assert rig.switch.running.text_lines() == rig.switch.startup.text_lines() == at_first
    assert rig.switch.pending is None
    sent = len(rig.world.configuration())
    again = rig.ensure([back(restore)])
    assert not again["changed"]
    assert len(rig.world.configuration()) == sent


@pytest.mark.parametrize("line", range(1, 6))
def test_a_cut_leaves_our_list_or_the_one_before_and_the_next_run_repairs(
    make_rig: Callable[..., Any], want: Callable[..., Any], line: int
) -> None:
    rig = make_rig({"lines": LEGACY})
    rig.ensure([want(80, 443)])
    ours = rig.bound()
    seen: list[tuple[bool, bool]] = []
    rig.world.on_change = lambda: seen.append((rig.permits("10.20.60.7", 80), rig.permits("10.20.99.9", 9)))
    rig.switch.faults.cut_after_line = line
    try:
        rig.ensure([back("LEGACY")])
    except TalkError:
        assert rig.bound() in (ours, "LEGACY")
    rig.switch.faults.cut_after_line = None
    rig.ensure([back("LEGACY")])
    assert rig.bound() == "LEGACY"
    assert set(seen) <= {(True, False)}
    assert list(rig.switch.running.lists) == ["LEGACY"]
    assert rig.switch.pending is None
    assert not rig.ensure([back("LEGACY")])["changed"]


def test_what_was_bound_before_and_is_gone_is_refused(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig()
    rig.ensure([want(443)])
    ours = rig.bound()
    with pytest.raises(RefusedError, match="not on the switch any more. Nothing was written"):
        rig.ensure([back("LEGACY")])
    refused = rig.ensure([back("LEGACY")], strict=False)
    assert refused["refused"]["l1-op1"]["guard"]["open"] is False
    assert rig.bound() == ours
