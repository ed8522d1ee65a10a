# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList, content_hash
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import plan as planning
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import netmiko_type
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import (
    Protection,
    binding_problems,
    check_flows,
    switch_problems,
    timer_is_ours,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import is_generation, prefix, stub
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted, decide, unproven
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import (
    Config,
    Interface,
    SwitchState,
    Timer,
)

PORT = "GigabitEthernet1/0/1"
RULES = rules_from(
    [
        {"action": "permit", "protocol": "tcp", "src": "10.20.1.11", "dst": "10.20.60.0/24", "dst_ports": [[443, 443]]},
        {"action": "deny", "log": True},
    ]
)
WANT = Wanted(PORT, "in", "l1-op1", RULES, "10.20.1.11")
NAME = f"OTE_l1_op1_in_{content_hash(RULES)}"
OTHER = (Rule("permit"),)


def _config(bound: str | None = None, **lists: Any) -> Config:
    ports = {PORT: Interface(PORT, {"in": bound} if bound else {})}
    made = {name: AccessList(name, entries=tuple(rules)) for name, rules in lists.items()}
    return Config(made, ports, ip_routing=True)


def _state(running: Config, startup: Config | None = None, **more: Any) -> SwitchState:
    return SwitchState(running, startup or running, **more)


def test_the_first_list_gets_the_name_of_its_content() -> None:
    plan = decide(_state(_config()), [WANT], IosXe())
    (swap,) = plan.swaps
    assert (swap.new, swap.old, swap.create, swap.drop_first) == (NAME, None, True, False)
    assert plan.save
    assert plan.removals == ()


def test_a_left_over_that_is_equal_is_used_and_one_that_is_not_is_built_again() -> None:
    ready = decide(_state(_config(None, **{NAME: RULES})), [WANT], IosXe()).swaps[0]
    assert (ready.new, ready.create) == (NAME, False)
    half = decide(_state(_config(None, **{NAME: RULES[:1], "X": OTHER})), [WANT], IosXe()).swaps[0]
    assert (half.new, half.create, half.drop_first) == (NAME, False, False)  # the end denies: the same packets
    cut = decide(_state(_config(None, **{NAME: ()})), [WANT], IosXe()).swaps[0]
    assert (cut.create, cut.drop_first) == (True, True)


# Pitfall 32: no run alternates; a taken name moves to the next generation and stays there
def test_a_name_in_use_with_other_content_is_left_alone() -> None:
    swap = decide(_state(_config(NAME, **{NAME: OTHER})), [WANT], IosXe()).swaps[0]
    second = f"OTE_l1_op1_in_{content_hash(RULES, 1)}"
    assert (swap.old, swap.new) == (NAME, second)
    assert not decide(_state(_config(second, **({NAME: OTHER} | {second: RULES}))), [WANT], IosXe()).changed


def test_no_name_left_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "GENERATIONS", 1)
    with pytest.raises(RefusedError, match="All names"):
        decide(_state(_config(NAME, **{NAME: OTHER})), [WANT], IosXe())


def test_an_unsaved_change_of_a_cut_run_is_saved() -> None:
    plan = decide(_state(_config(NAME, **{NAME: RULES}), _config()), [WANT], IosXe())
    assert (plan.swaps, plan.save) == ((), True)
    assert not decide(_state(_config(NAME, **{NAME: RULES})), [WANT], IosXe()).changed


def test_of_several_idle_generations_the_one_a_restart_would_use_is_kept() -> None:
    idle = {f"OTE_l1_op1_in_{n * 8}": OTHER for n in "12"}
    running = _config(NAME, **{NAME: RULES}, **idle)
    plan = decide(_state(running, _config("OTE_l1_op1_in_22222222", **idle)), [WANT], IosXe())
    assert plan.removals == ("OTE_l1_op1_in_11111111",)


def test_of_two_old_generations_the_one_that_nobody_edited_is_kept() -> None:
    before = (Rule("permit", 6, dst_ports=((80, 80),)), Rule("deny", log=True))
    intact, now = f"OTE_l1_op1_in_{content_hash(before)}", f"OTE_l1_op1_in_{content_hash(RULES, 1)}"
    drifted = dict(zip((NAME, intact), (OTHER, before), strict=True))
    plan = decide(_state(_config(NAME, **drifted)), [WANT], IosXe())
    assert (plan.swaps[0].new, plan.removals) == (now, (NAME,))
    # The next run chooses as this one did.
    for idle in ({intact: before}, {intact: before, NAME: OTHER}, {NAME: OTHER}):
        lists = {now: RULES} | idle
        again = decide(_state(_config(now, **lists)), [WANT], IosXe())
        assert again.removals == ((NAME,) if len(idle) > 1 else ())
    # Better an edited one than none.
    assert decide(_state(_config(NAME, **{NAME: OTHER})), [WANT], IosXe()).removals == ()


# Pitfall 20: lists of others are never removed
def test_lists_of_others_are_left_alone() -> None:
    foreign = {"OTE_l1_op1_in_zzzzzzzz": OTHER, "OTE_l1_op12_in_11111111": OTHER, "CISCO-CWA-URL": OTHER}
    used = {"OTE_l1_op1_in_33333333": OTHER, "OTE_l1_op1_in_44444444": OTHER, "OTE_l1_op1_in_55555555": OTHER}
    running = replace(_config(NAME, **{NAME: RULES}, **foreign, **used), other_uses=frozenset(used))
    assert decide(_state(running), [WANT], IosXe()).removals == ()


def test_a_list_that_cannot_be_proven_equal_is_replaced() -> None:
    hard = rules_from([{"action": "permit", "src": "0.0.0.0/85.85.85.84"}])
    plan = decide(_state(_config("HARD", HARD=hard)), [WANT], IosXe())
    assert plan.bindings[0]["reason"] == "HARD cannot be proven equal"


class _Misread(IosXe):
    """A driver that does not read back what it renders."""

    def parse_lists(self, text: str) -> dict[str, AccessList]:
        return {name: replace(found, entries=found.entries[1:]) for name, found in super().parse_lists(text).items()}


def test_a_list_that_does_not_read_back_from_its_rendering_is_never_written() -> None:
    with pytest.raises(RefusedError, match="cannot be proven"):
        decide(_state(_config()), [WANT], _Misread())


@pytest.mark.parametrize("other", [replace(WANT, name="other"), replace(WANT, interface="GigabitEthernet1/0/2")])
def test_doubles_are_refused(other: Wanted) -> None:
    with pytest.raises(InputError, match="the same"):
        decide(_state(_config()), [WANT, other], IosXe())


def test_names_fit_and_stay_apart() -> None:
    assert stub("l1-op1") == "l1_op1"
    long = [stub(f"line-1-operator-station-{n}") for n in (1, 2)]
    assert long[0] != long[1]
    assert all(len(name) <= 15 for name in long)
    for way in ("in", "out"):
        whole = f"{prefix('line-1-operator-station-1', way)}0123abcd"
        assert len(whole) <= 31
        assert is_generation(whole, "line-1-operator-station-1", way)
    assert not is_generation(f"{prefix('l1-op1', 'in')}0123abcd", "l1-op1", "out")


def test_what_is_not_as_planned_is_named() -> None:
    plan = decide(_state(_config()), [WANT], IosXe())
    assert unproven(_config(NAME, **{NAME: RULES}), plan, [WANT]) == []
    assert "no list instead of" in unproven(_config(), plan, [WANT])[0]
    assert "not what was sent" in unproven(_config(NAME, **{NAME: OTHER}), plan, [WANT])[0]


@pytest.mark.parametrize(
    ("timer", "user", "names", "ours"),
    [
        (None, "a", [NAME], False),
        (Timer("a", ""), "a", [NAME], True),
        (Timer("a", ""), "a", ["X"], False),
        (Timer("b", ""), "a", [NAME], False),
        (Timer("", ""), "", [NAME], False),
    ],
)
def test_only_our_own_timer_is_ours(timer: Timer | None, user: str, names: list[str], ours: bool) -> None:
    assert timer_is_ours(_state(_config(None, **dict.fromkeys(names, OTHER)), timer=timer), user) is ours


def test_a_switch_that_must_not_be_written_says_all_reasons() -> None:
    state = _state(
        _config(),
        unfit=("The user has privilege level 1", "x"),
        no_timer=("The switch has no configuration archive", "y"),
        timer=Timer("x", ""),
    )
    found = [text for text, _fix in switch_problems(state, Protection(), changing=True)]
    assert len(found) == 3
    assert len(switch_problems(state, Protection(), changing=False)) == 2
    assert switch_problems(replace(state, timer=None, unfit=None), Protection(), changing=False) == []


# Pitfall 42
@pytest.mark.parametrize(
    ("port", "address", "count"),
    [
        (Interface(PORT, access=True), "10.20.1.11", 0),
        (Interface(PORT, access=True), "10.20.90.5", 1),
        (Interface(PORT, access=False), None, 1),
    ],
)
def test_the_management_path_is_kept(port: Interface, address: str | None, count: int) -> None:
    state = _state(Config({}, {PORT: port}))
    protection = Protection(management_address="10.20.90.5", switch_address="10.20.0.11")
    assert len(binding_problems(state, replace(WANT, address=address), protection)) == count
    open_rules = rules_from([{"action": "permit", "protocol": "tcp", "dst_ports": [[22, 22]]}])
    assert binding_problems(state, replace(WANT, address=address, rules=open_rules), protection) == []


@pytest.mark.parametrize(
    ("flow", "count"),
    [
        ({"dst": "10.20.60.7", "protocol": "tcp", "dst_port": 443}, 0),
        ({"dst": "10.20.60.7", "protocol": "tcp", "dst_port": 80}, 1),
        ({"dst": "10.20.60.0/23", "protocol": "tcp", "dst_port": 443}, 1),
        ({"src": "10.20.1.12", "dst": "10.20.60.7", "protocol": "tcp", "dst_port": 80}, 0),
        ({"src": "10.20.1.0/24", "dst": "10.20.60.7", "protocol": "udp", "dst_port": 53}, 1),
    ],
)
def test_protected_flows(flow: dict[str, Any], count: int) -> None:
    assert len(binding_problems(_state(_config()), WANT, Protection(flows=(flow,)))) == count


@pytest.mark.parametrize("flow", [{"src": "any"}, {"dst": "x"}, {"dst": "any", "protocol": "x"}])
def test_unreadable_protection_is_refused(flow: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check_flows([flow])


def test_platforms() -> None:
    assert netmiko_type("cisco.ios.ios") == "cisco_xe"
    with pytest.raises(InputError, match="no switch driver"):
        netmiko_type("junipernetworks.junos.junos")
