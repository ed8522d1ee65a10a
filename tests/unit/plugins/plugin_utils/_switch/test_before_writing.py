# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run looks at before it writes: both ways of a flow, room, other runs, the log mode."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.apply import minutes_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import (
    UNJUDGED,
    Protection,
    binding_problems,
    switch_problems,
    unjudged_path,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import Room
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.lock import only_run
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.log_mode import permit_and_log
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.names import logs_only
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.paths import Flow, first_denied, passing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Swap, Wanted, serves
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.room import entries_needed, peak, room_problem
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import Config, Interface, SwitchState
from hypothesis import given, settings
from hypothesis import strategies as st

PORT = "GigabitEthernet1/0/1"
STATION, SERVER, MANAGER, SWITCH = "10.20.1.11", "10.20.60.7", "10.20.90.5", "10.20.0.11"
LAST = Rule("deny", log=True)


def rule(protocol: int | None = 6, src: str = "any", dst: str = "any", **more: Any) -> Rule:
    return Rule("permit", protocol, Address.of(src), Address.of(dst), **more)


def want(*rules: Rule, direction: str = "in", interface: str = PORT, address: str | None = STATION) -> Wanted:
    return Wanted(interface, direction, "l1-op1", (*rules, LAST), address)


def state(port: Interface | None = None, **lists: Any) -> SwitchState:
    port = port or Interface(PORT)
    made = {name: AccessList(name, entries=tuple(rules)) for name, rules in lists.items()}
    config = Config(made, {port.name: port}, ip_routing=True)
    return SwitchState(config, config)


FLOW = {"src": f"{STATION}/32", "dst": f"{SERVER}/32", "protocol": "tcp", "dst_port": 443}
THERE = rule(src=STATION, dst=SERVER, dst_ports=((443, 443),))
BACK = rule(src=SERVER, dst=STATION, src_ports=((443, 443),), established=True)


@pytest.mark.parametrize(
    ("direction", "address", "rules", "found"),
    [
        ("in", STATION, (THERE,), 0),
        ("in", STATION, (BACK,), 1),
        ("out", STATION, (BACK,), 0),
        ("out", STATION, (THERE,), 1),
        ("in", SERVER, (BACK,), 0),
        ("in", SERVER, (THERE,), 1),
        ("out", SERVER, (THERE,), 0),
        ("in", None, (THERE,), 0),
        ("out", None, (BACK,), 0),
        ("in", "10.20.1.0/26", (THERE,), 0),
        ("in", "10.20.2.0/26", (BACK,), 0),
        # one client port in the middle that is denied: the ends alone would not show it
        ("in", STATION, (Rule("deny", 6, src_ports=((5000, 5000),)), THERE), 1),
    ],
)
def test_a_protected_flow_is_proven_both_ways(direction: str, address: Any, rules: Any, found: int) -> None:
    wanted = want(*rules, direction=direction, address=address)
    port = Interface(PORT, access=False)
    assert len(binding_problems(state(port), wanted, Protection(flows=(FLOW,)))) == found


@pytest.mark.parametrize(
    ("direction", "rules", "found"),
    [
        ("in", (rule(src=MANAGER, dst=SWITCH, dst_ports=((22, 22),)),), 0),
        ("in", (rule(17),), 1),
        ("out", (rule(src=SWITCH, dst=MANAGER, src_ports=((22, 22),), established=True),), 0),
        ("out", (rule(src=MANAGER, dst=SWITCH, dst_ports=((22, 22),)),), 1),
    ],
)
# Pitfall 42: either direction
def test_pitfall_42_the_management_path_is_kept_there_and_back(direction: str, rules: Any, found: int) -> None:
    port = Interface("Port-channel1", access=False)
    wanted = want(*rules, direction=direction, interface=port.name, address=None)
    protection = Protection(management_address=MANAGER, switch_address=SWITCH)
    problems = binding_problems(state(port), wanted, protection)
    assert len([text for text in problems if "cut the automation node off" in text]) == found


@pytest.mark.parametrize(
    ("known", "access", "found"),
    [
        ({}, False, ["management_address and switch_address"]),
        ({"management_address": MANAGER}, False, ["switch_address"]),
        ({"switch_address": SWITCH}, False, ["management_address"]),
        ({"management_address": MANAGER, "switch_address": SWITCH}, False, []),
        ({"management_address": MANAGER}, True, []),
    ],
)
def test_a_management_path_that_cannot_be_judged_is_told(known: dict[str, str], access: bool, found: list[str]) -> None:
    at = state(Interface(PORT, access=access))
    one, protection = want(THERE), Protection(**known)
    assert unjudged_path(at, one, protection) == [f"{UNJUDGED}: give {name} as address" for name in found]
    assert unjudged_path(at, replace(one, absent=True), protection) == []


def test_pitfall_42_a_list_of_the_terminal_lines_lets_the_automation_node_in() -> None:
    config = Config({"A": AccessList("A", "standard", (rule(None, "10.20.91.0/24"),))}, login_lists=frozenset("A"))
    protection = Protection(management_address=MANAGER)
    ((found, fix),) = switch_problems(SwitchState(config, config), protection, changing=True)
    assert MANAGER in found
    assert "management_address" in fix
    assert switch_problems(SwitchState(config, config), protection, changing=False) == []
    open_to = Protection(management_address="10.20.91.5")
    assert switch_problems(SwitchState(config, config), open_to, changing=True) == []


_PLAIN = st.sampled_from(
    [THERE, BACK, rule(None), rule(17), LAST, rule(src=STATION), rule(dst=STATION, established=True)]
)


# Every mix of whole old and new lists, on the way there and on the way back, judged packet by packet
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.lists(_PLAIN, max_size=4), st.lists(_PLAIN, max_size=4)), min_size=4, max_size=4))
def test_what_old_and_new_lists_permit_every_mix_permits(lists: list[tuple[list[Rule], list[Rule]]]) -> None:
    places = [("in", STATION), ("out", SERVER), ("in", SERVER), ("out", STATION)]
    flow = Flow.of(FLOW)
    pairs = [(tuple([*old, LAST]), tuple([*new, LAST])) for old, new in lists]
    for (way, address), (_old, new) in zip(places, pairs, strict=True):
        if first_denied(new, list(passing(flow, way, Address.of(address)))):
            return
    client, server = Address.of(STATION).value, Address.of(SERVER).value
    there, back = Packet(6, client, server, 50000, 443), Packet(6, server, client, 443, 50000, True)
    packets = [there, there, back, back]

    def works(chosen: tuple[int, ...]) -> bool:
        found = zip(pairs, chosen, packets, strict=True)
        return all(permits(pair[which], packet) for pair, which, packet in found)

    assert works((1, 1, 1, 1))
    if works((0, 0, 0, 0)):
        assert all(works(mix) for mix in itertools.product((0, 1), repeat=4))


def test_ports_of_layer_2_take_no_list_out() -> None:
    problems = binding_problems(state(), want(rule(None), direction="out"), Protection(), IosXe())
    assert problems == [f"{PORT}: a layer 2 port takes lists in direction in only"]


def test_a_range_needs_an_entry_a_prefix() -> None:
    assert entries_needed([rule(dst_ports=((1024, 65535),)), LAST]) == 7
    assert entries_needed([rule(dst_ports=((1, 65534),))]) == 30
    assert entries_needed([rule(dst_ports=((80, 80), (443, 443)), src_ports=((0, 1),))]) == 2


def test_old_and_new_list_need_room_at_once() -> None:
    config = Config({"OLD": AccessList("OLD", entries=(LAST,) * 3)})
    swaps = [Swap(want(*[THERE] * 9), "OLD", "NEW", create=True), Swap(want(*[THERE] * 9), None, "NEW2", create=True)]
    assert peak(config, swaps) == 17
    assert room_problem(config, swaps, Room(83, 100)) is None
    assert room_problem(config, swaps, None) is None
    problem = room_problem(config, swaps, Room(84, 100))
    assert problem is not None
    assert "up to 17 hardware entries, and 16 of 100 are free" in problem[0]


def test_lists_that_do_not_fit_are_refused_before_anything_is_written(make_rig: Callable[..., Any]) -> None:
    rig = make_rig({"tcam_entries": 6})
    rules = rules_from([*({"action": "permit", "protocol": "tcp", "dst_ports": [[n, n]]} for n in range(1, 12))])
    with pytest.raises(RefusedError, match="hardware entries.*Nothing was written"):
        rig.ensure([Wanted(PORT, "in", "l1-op1", (*rules, LAST), STATION)])
    assert not [entry for entry in rig.world.lines if entry["write"]]


@pytest.mark.parametrize(("measured", "minutes"), [(0, 2), (40, 2), (41, 3), (3600, 120)])
def test_the_timer_is_three_times_what_was_measured(measured: float, minutes: int) -> None:
    assert minutes_for(measured, (1, 120)) == minutes


def test_log_mode_permits_everything_and_the_next_run_enforces(rig: Any) -> None:
    rules = (THERE, LAST)
    logging = Wanted(PORT, "in", "l1-op1", permit_and_log(rules), STATION, logging=True)
    first = rig.ensure([logging])["bindings"][0]
    assert logs_only(rig.bound())
    assert (first["mode"], first["enforced"]) == ("log_and_permit", False)
    assert rig.permits("10.20.99.9", 9)
    assert not rig.ensure([logging])["changed"]
    second = rig.ensure([Wanted(PORT, "in", "l1-op1", rules, STATION)])["bindings"][0]
    assert (second["mode"], second["enforced"]) == ("enforce", True)
    assert not rig.permits("10.20.99.9", 9)
    assert rig.permits(SERVER, 443)


def test_a_list_that_permits_all_without_logging_is_not_the_log_mode() -> None:
    logging = Wanted(PORT, "in", "x", permit_and_log((THERE, LAST)), logging=True)
    assert not serves(AccessList("X", entries=(Rule("permit"),)), logging)
    assert serves(AccessList("X", entries=logging.rules), logging)


def test_an_edited_list_of_ours_is_named(rig: Any) -> None:
    wanted = Wanted(PORT, "in", "l1-op1", (THERE, LAST), STATION)
    name = rig.ensure([wanted])["bindings"][0]["list"]
    shell = rig.connect()
    shell.configure([f"ip access-list extended {name}", "5 permit ip any any"])
    shell.close()
    assert rig.ensure([wanted])["bindings"][0]["edited"]
    assert not rig.ensure([wanted])["bindings"][0]["edited"]


def test_counters_are_read_before_and_after_and_entries_at_zero_are_named(rig: Any) -> None:
    wanted = Wanted(PORT, "in", "l1-op1", (THERE, LAST), STATION)
    first = rig.ensure([wanted])
    name = first["bindings"][0]["list"]
    assert first["counters"]["before"] == {}
    assert [item["hits"] for item in first["counters"]["after"][name]] == [0, 0]
    rig.switch.running.lists[name].counters[10] = 12
    again = rig.ensure([wanted])
    assert not again["changed"]
    assert [item["hits"] for item in again["counters"]["before"][name]] == [12, 0]
    assert again["unused"] == {name: ["deny ip any any log"]}
    other = rig.ensure([Wanted(PORT, "in", "l1-op1", (LAST,), STATION)])
    assert list(other["counters"]["before"]) == [name]
    assert list(other["counters"]["after"]) == [other["bindings"][0]["list"]]


# Pitfall 43: from another controller, seen right before the swap
@pytest.mark.parametrize("late", [[f"interface {PORT}", "ip access-group OTHER in"], []])
def test_pitfall_43_a_change_of_somebody_else_stops_the_swap(
    rig: Any, monkeypatch: pytest.MonkeyPatch, late: list[str]
) -> None:
    real = IosXe.hardware_errors

    def meanwhile(self: IosXe, shell: Any) -> list[str]:
        other = rig.connect()
        if late:
            other.configure(late)
        else:
            other.configure(["hostname sw-l1"], enter="configure terminal revert timer 5")
        other.close()
        return real(self, shell)

    monkeypatch.setattr(IosXe, "hardware_errors", meanwhile)
    with pytest.raises(RefusedError, match="Somebody else works on the switch"):
        rig.ensure([Wanted(PORT, "in", "l1-op1", (THERE, LAST), STATION)])
    assert rig.bound() == ("OTHER" if late else None)
    assert bool(rig.switch.pending) is not bool(late)
    assert not [name for name in rig.switch.running.lists if name.startswith("OTE_")]


def _hold(folder: str, ready: Any, done: Any) -> None:
    with only_run(folder, "sw-l1:22"):
        ready.set()
        done.wait(20)


# Pitfall 43: two runs of one controller
def test_pitfall_43_a_second_run_waits_and_then_says_who_holds_the_switch(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    ready, done = fork.Event(), fork.Event()
    other = fork.Process(target=_hold, args=(str(tmp_path), ready, done))
    other.start()
    try:
        assert ready.wait(10)
        with pytest.raises(RefusedError, match=f"process {other.pid}"), only_run(str(tmp_path), "sw-l1:22", 0.3):
            pass
        with only_run(str(tmp_path), "sw-l2:22", 0.3):
            pass
    finally:
        done.set()
        other.join(10)
    with only_run(str(tmp_path), "sw-l1:22", 0.3):
        pass
