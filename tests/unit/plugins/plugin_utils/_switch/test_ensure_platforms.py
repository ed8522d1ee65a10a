# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real session and swap against the simulated switches that are not IOS, over real SSH."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import plan as planning
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import NETMIKO_TYPES, driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection

DEVICE_TYPES = sorted(set(NETMIKO_TYPES.values()))


@dataclass(frozen=True)
class Case:
    """One platform: its first port with a legacy list, how many lines a swap types, and which of them arms and binds.

    ``foreign`` starts a revert timer of somebody else: (what enters a mode, lines, what leaves it).
    """

    platform: str
    binding: tuple[str, ...]
    lines: int
    armed: int
    foreign: tuple[tuple[str, tuple[str, ...], str], ...]
    base: tuple[str, ...] = ()

    @property
    def legacy(self) -> list[str]:
        entries = ("permit tcp host 10.20.1.11 10.20.60.0/24 eq www", "deny ip any any log")
        return [*self.base, "ip access-list LEGACY", *entries, *self.binding]


CASES = {
    "eos": Case(
        "eos",
        ("interface Ethernet1", "ip access-group LEGACY in"),
        lines=11,
        armed=10,
        foreign=(("configure session maintenance", ("hostname sw-l1",), "commit timer 00:05:00"),),
    ),
    "nxos": Case(
        "nxos",
        ("interface Ethernet1/1", "ip port access-group LEGACY in"),
        lines=21,
        armed=16,
        foreign=(
            ("configure terminal", ("scheduler job name otedge-bob-00000001", "show clock", "exit"), "end"),
            (
                "configure terminal",
                ("scheduler schedule name otedge-bob-00000001", "job name otedge-bob-00000001", "time start +00:00:05"),
                "end",
            ),
        ),
        base=("feature scheduler",),
    ),
}


@pytest.fixture(params=sorted(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def rig(make_rig: Callable[..., Any], case: Case) -> Any:
    return make_rig({"lines": case.legacy}, case.platform)


@pytest.fixture
def wish(rig: Any, want: Callable[..., Any]) -> Callable[..., Any]:
    def make(*ports: int, **more: Any) -> Any:
        return want(*ports, **{"interface": rig.port, **more})

    return make


def _writes(rig: Any) -> int:
    return len([entry for entry in rig.world.lines if entry["write"]])


def _saved(rig: Any) -> bool:
    return f"ip access-list {rig.bound()}" in rig.show("show startup-config")


def test_pitfall_31_35_swap_confirm_save_and_then_nothing(rig: Any, wish: Callable[..., Any]) -> None:
    first = rig.ensure([wish(443, 3389)])
    assert first["changed"]
    assert first["saved"]
    assert rig.bound() == first["bindings"][0]["list"]
    assert rig.bound().startswith("OTE_l1_op1_in_")
    assert rig.permits("10.20.60.7", 443)
    assert not rig.permits("10.20.60.7", 80)
    assert _saved(rig)

    sent, written = len(rig.world.configuration()), _writes(rig)
    again = rig.ensure([wish(443, 3389)])
    assert not again["changed"]
    assert again["bindings"][0]["equal"]
    assert (len(rig.world.configuration()), _writes(rig)) == (sent, written)


def test_pitfall_01_03_an_equal_list_of_another_spelling_stays(rig: Any, wish: Callable[..., Any]) -> None:
    result = rig.ensure([wish(80)])
    assert not result["changed"]
    assert result["bindings"][0]["list"] == "LEGACY"
    assert rig.world.configuration() == []


def test_pitfall_34_check_mode_writes_nothing_and_names_what_the_run_does(rig: Any, wish: Callable[..., Any]) -> None:
    check = rig.ensure([wish(443)], check=True)
    assert check["changed"]
    assert _writes(rig) == 0
    assert check["diff"] == rig.ensure([wish(443)])["diff"]


def test_pitfall_32_36_updates_work_and_one_old_generation_is_kept(rig: Any, wish: Callable[..., Any]) -> None:
    names = [rig.ensure([wish(port)])["bindings"][0]["list"] for port in (443, 444, 445)]
    assert rig.ensure([wish(444)])["bindings"][0]["list"] == names[1]
    running = rig.show("show running-config")
    assert [name in running for name in names] == [False, True, True]
    assert "LEGACY" in running


@pytest.mark.parametrize(
    ("case", "line"),
    [(case, line) for case in CASES.values() for line in range(1, case.lines + 1)],
    ids=lambda value: value.platform if isinstance(value, Case) else str(value),
)
def test_pitfall_30_a_cut_session_leaves_old_or_new_and_the_next_run_repairs(
    make_rig: Callable[..., Any], want: Callable[..., Any], case: Case, line: int
) -> None:
    rig = make_rig({"lines": case.legacy}, case.platform)
    wish = partial(want, interface=rig.port)
    seen: list[tuple[bool, bool, bool]] = []
    rig.world.on_change = lambda: seen.append(
        (rig.permits("10.20.60.7", 80), rig.permits("10.20.60.7", 443), rig.permits("10.20.99.9", 9))
    )
    rig.switch.faults.cut_after_line = line
    with pytest.raises(TalkError):
        rig.ensure([wish(80, 443)])
    rig.switch.faults.cut_after_line = None
    assert rig.bound() == "LEGACY"
    assert rig.ensure([wish(80, 443)])["changed"]
    assert rig.permits("10.20.60.7", 443)
    assert set(seen) <= {(True, False, False), (True, True, False)}
    assert _saved(rig)
    assert not rig.ensure([wish(80, 443)])["changed"]


def _lose(rig: Any, wish: Callable[..., Any], case: Case) -> None:
    """Lose the switch right after the timer is armed and the new list is bound: no session can be had any more."""
    rig.switch.faults.sessions_left = 1
    rig.switch.faults.cut_after_line = case.armed
    with pytest.raises(TalkError, match="revert timer puts the old lists back within 2 min"):
        rig.ensure([wish(443)])
    rig.switch.faults.sessions_left = None
    assert rig.bound() != "LEGACY"


def test_pitfall_39_the_switch_that_was_lost_reverts_by_itself(rig: Any, wish: Callable[..., Any], case: Case) -> None:
    _lose(rig, wish, case)
    rig.world.time += 121
    with rig.world.lock:
        rig.switch.tick(rig.world.time)
    assert rig.bound() == "LEGACY"
    assert rig.permits("10.20.60.7", 80)
    assert rig.ensure([wish(443)])["changed"]


def test_pitfall_38_a_left_over_timer_of_ours_is_resolved(rig: Any, wish: Callable[..., Any], case: Case) -> None:
    _lose(rig, wish, case)
    assert rig.ensure([wish(443)])["changed"]
    assert rig.permits("10.20.60.7", 443)
    rig.world.time += 300
    with rig.world.lock:
        rig.switch.tick(rig.world.time)
    assert rig.permits("10.20.60.7", 443)
    assert not rig.ensure([wish(443)])["changed"]


def test_pitfall_38_a_foreign_timer_stops_everything(rig: Any, wish: Callable[..., Any], case: Case) -> None:
    shell = rig.connect()
    for enter, lines, leave in case.foreign:
        shell.configure(lines, enter=enter, leave=leave)
    shell.close()
    written = _writes(rig)
    with pytest.raises(RefusedError, match="revert timer"):
        rig.ensure([wish(443)])
    assert _writes(rig) == written
    assert rig.bound() == "LEGACY"


def test_pitfall_39_without_a_second_session_nothing_is_kept(rig: Any, wish: Callable[..., Any]) -> None:
    rig.switch.faults.sessions_left = 1
    with pytest.raises(TalkError, match="old lists are bound again"):
        rig.ensure([wish(443)])
    assert rig.bound() == "LEGACY"
    rig.switch.faults.sessions_left = None
    rig.world.time += 300
    with rig.world.lock:
        rig.switch.tick(rig.world.time)
    assert rig.bound() == "LEGACY"
    assert rig.ensure([wish(443)])["changed"]


def test_a_list_that_does_not_fit_the_hardware_is_never_left_bound(
    make_rig: Callable[..., Any], case: Case, want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": case.legacy, "tcam_entries": 6}, case.platform)
    with pytest.raises(OtedgeError):
        rig.ensure([want(*range(1, 12), interface=rig.port)])
    assert rig.bound() == "LEGACY"
    assert rig.permits("10.20.60.7", 80)


# An edited list of ours: its name is taken, so the content comes back under another generation's name
def test_pitfall_25_drift_made_by_hand_is_put_right(rig: Any, wish: Callable[..., Any]) -> None:
    name = rig.ensure([wish(443)])["bindings"][0]["list"]
    shell = rig.connect()
    shell.configure([f"ip access-list {name}", "5 permit ip any any", "exit"])
    shell.close()
    assert rig.permits("10.20.99.9", 9)
    result = rig.ensure([wish(443)])
    assert result["bindings"][0]["list"] != name
    assert not rig.permits("10.20.99.9", 9)
    assert not rig.ensure([wish(443)])["changed"]


def test_two_ports_are_swapped_and_given_back(rig: Any, wish: Callable[..., Any]) -> None:
    second = {"interface": rig.side.ports[1], "name": "l1-op2", "address": "10.20.1.12"}
    assert rig.ensure([wish(443), wish(444, **second)])["changed"]
    assert rig.bound(rig.side.ports[1]).startswith("OTE_l1_op2_in_")
    off = [
        wish(rules=(), absent=True, restore="LEGACY"),
        wish(rules=(), absent=True, **second),
    ]
    assert rig.ensure(off)["changed"]
    assert (rig.bound(), rig.bound(rig.side.ports[1])) == ("LEGACY", None)
    assert "OTE_" not in rig.show("show running-config")
    assert not rig.ensure(off)["changed"]


def test_pitfall_33_a_refused_line_fails_and_leaves_nothing(
    rig: Any, wish: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = type(rig.driver).create
    monkeypatch.setattr(
        type(rig.driver), "create", lambda self, name, rules: [*real(self, name, rules), "permit nonsense"]
    )
    monkeypatch.setattr(planning, "_prove_rendering", lambda *args: None)
    with pytest.raises(OtedgeError, match="refused"):
        rig.ensure([wish(443)])
    assert "OTE_" not in rig.show("show running-config")
    assert rig.bound() == "LEGACY"


def test_pitfall_22_long_remarks_do_not_stall(rig: Any, wish: Callable[..., Any]) -> None:
    long = tuple(Rule("permit", 6, dst_ports=((n, n),), remark=f"{n} " + "x" * 120) for n in range(1, 30))
    assert rig.ensure([wish(443, rules=(*long, Rule("deny", log=True)))])["changed"]


def test_pitfall_40_an_undefined_list_counts_as_open(
    make_rig: Callable[..., Any], case: Case, want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": [*case.base, *(line.replace("LEGACY", "GONE") for line in case.binding)]}, case.platform)
    result = rig.ensure([want(443, interface=rig.port)])
    assert "everything is permitted" in result["bindings"][0]["reason"]
    assert not rig.permits("10.20.60.7", 80)


def test_a_vlan_interface_is_reported_as_not_enforced(rig: Any, wish: Callable[..., Any]) -> None:
    assert rig.ensure([wish(443, interface="Vlan101")])["bindings"][0]["enforced"] is False
    assert rig.bound("Vlan101").startswith("OTE_")


def test_counters_are_read_where_the_platform_counts(rig: Any, wish: Callable[..., Any]) -> None:
    name = rig.ensure([wish(443)])["bindings"][0]["list"]
    packet = {"src": "10.20.1.11", "dst": "10.20.60.7", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
    for _time in range(3):
        rig.switch.evaluate(rig.port, "in", packet, count=True)
    shell = rig.connect()
    hits = rig.driver.read_hits(shell, [name])[name]
    room = rig.driver.hardware_room(shell)
    shell.close()
    assert [hit.count for hit in hits] == [3, 0]
    assert room is not None
    assert 0 < room.used < room.maximum


def test_a_device_is_of_one_platform_only(rig: Any) -> None:
    shell = rig.connect()
    version = shell.run("show version")
    shell.close()
    assert rig.side.device_type in {kind for kind in DEVICE_TYPES if driver_for(kind).is_this(_Says(version))}
    assert len({type(driver_for(kind)) for kind in DEVICE_TYPES if driver_for(kind).is_this(_Says(version))}) == 1


class _Says:
    """A shell that knows one answer."""

    user = "automation"

    def __init__(self, text: str) -> None:
        self.text = text

    def run(self, command: str, timeout: float = 60.0) -> str:
        return self.text

    require = run

    def configure(self, lines: Any, **how: Any) -> None: ...

    def close(self) -> None: ...


def test_a_routed_port_of_nxos_takes_a_list_both_ways(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    routed = ["interface Ethernet1/2", "no switchport", "ip address 10.1.1.1/30"]
    rig = make_rig({"lines": ["feature scheduler", *routed]}, "nxos")
    both = [
        want(443, interface="Eth1/2", name="up", address=None),
        want(443, interface="Eth1/2", direction="out", name="up2"),
    ]
    assert rig.ensure(both)["changed"]
    assert f"ip access-group {rig.bound('Ethernet1/2')} in" in rig.show("show running-config")
    assert "ip access-group OTE_up2_out_" in rig.show("show running-config")
    assert not rig.ensure(both)["changed"]


def test_nxos_without_its_scheduler_is_refused_unless_that_is_allowed(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": ["no feature scheduler"]}, "nxos")
    with pytest.raises(RefusedError, match="scheduler is off"):
        rig.ensure([want(443, interface=rig.port)])
    assert _writes(rig) == 0
    allowed = Protection(allow_no_revert_timer=True)
    assert rig.ensure([want(443, interface=rig.port)], protection=allowed)["changed"]


def test_eos_puts_all_bindings_in_force_at_once(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig({"lines": CASES["eos"].legacy}, "eos")
    seen: list[tuple[bool, bool]] = []
    rig.world.on_change = lambda: seen.append((rig.permits("10.20.60.7", 443), not _second(rig)))
    both = [want(443, interface="Et1"), want(443, interface="Et2", name="l1-op2", address=None)]
    assert rig.ensure(both)["changed"]
    assert seen[-1] == (True, True)
    assert set(seen) <= {(False, False), (True, True)}


def _second(rig: Any) -> bool:
    """True while the second port is open."""
    packet = {"src": "10.20.1.12", "dst": "10.20.99.9", "protocol": "tcp", "src_port": 50000, "dst_port": 9}
    return bool(rig.switch.evaluate("Ethernet2", "in", packet)["permit"])


def test_pitfall_43_eos_shows_that_another_run_is_in_its_session(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": CASES["eos"].legacy}, "eos")
    other = rig.switch.open_session("automation")
    other.run("configure session otedge-automation-other")
    with pytest.raises(RefusedError, match="session otedge-automation-other is open on vty"):
        rig.ensure([want(443, interface="Et1")])
    assert rig.bound() == "LEGACY"
    rig.switch.close_session(other)
    # It was cut: what it left is given up, and the run goes on.
    assert rig.ensure([want(443, interface="Et1")])["changed"]
    assert "otedge-automation-other" not in rig.show("show configuration sessions detail")


def test_pitfall_23_24_27_a_bound_list_is_never_touched(rig: Any, wish: Callable[..., Any]) -> None:
    names = [rig.ensure([wish(port)])["bindings"][0]["list"] for port in (443, 444, 445)]
    typed = rig.world.configuration()
    for name, old in zip(names, ["LEGACY", *names], strict=False):
        built, bound = typed.index(f"ip access-list {name}"), _binding(typed, name)
        assert built < typed.index("deny ip any any log", built) < bound
        removed = typed.index(f"no ip access-list {old}") if f"no ip access-list {old}" in typed else None
        assert removed is None or removed > bound
    assert f"no ip access-list {names[0]}" in typed
    assert "no ip access-list LEGACY" not in typed


def _binding(typed: list[str], name: str) -> int:
    return next(index for index, line in enumerate(typed) if line.endswith(f"access-group {name} in"))


def test_pitfall_21_a_long_host_name_and_a_slow_line_do_not_stall(
    make_rig: Callable[..., Any], case: Case, want: Callable[..., Any]
) -> None:
    name = "plant-a-line-1-cell-3-access-switch-with-a-very-long-name"
    rig = make_rig({"lines": case.legacy, "hostname": name, "line_latency": 0.005}, case.platform)
    assert rig.ensure([want(443, interface=rig.port)])["changed"]
    assert rig.permits("10.20.60.7", 443)


def test_pitfall_42_a_list_that_cuts_the_automation_node_off_is_refused(rig: Any, wish: Callable[..., Any]) -> None:
    protection = Protection(management_address="10.20.1.50", switch_address="10.20.1.1")
    written = _writes(rig)
    with pytest.raises(RefusedError):
        rig.ensure([wish(443, interface="Vlan101")], protection=protection)
    assert _writes(rig) == written


def test_pitfall_26_a_standard_list_is_replaced_under_another_name(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    lines = ["ip access-list standard LEGACY", "permit host 10.20.1.11", *CASES["eos"].binding]
    rig = make_rig({"lines": lines}, "eos")
    assert rig.ensure([want(443, interface="Et1")])["bindings"][0]["list"] != "LEGACY"
    assert "ip access-list standard LEGACY" in rig.show("show running-config")


def test_the_enable_password_of_eos_is_used(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig({"lines": CASES["eos"].legacy, "privilege": 1, "enable_password": "up"}, "eos")
    with pytest.raises(RefusedError, match="privilege level 1"):
        rig.ensure([want(443, interface="Et1")])
    rig.target = replace(rig.target, enable_password="up")
    assert rig.ensure([want(443, interface="Et1")])["changed"]
