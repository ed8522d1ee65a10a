# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole swap against the simulated Aruba AOS-CX over real SSH: what is particular to it, and every cut."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import plan as planning
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_aoscx import AosCx
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_aoscx import MARKER

LEGACY = (
    "access-list ip LEGACY",
    "10 permit tcp 10.20.1.11 10.20.60.0/24 eq http",
    "20 deny any any any count log",
    "interface 1/1/1",
    "apply access-list ip LEGACY in",
)
BOUND = len(("list", "entry", "entry", "comment", "end", "mark", "comment", "end", "interface", "apply"))


@pytest.fixture
def make(make_rig: Callable[..., Any]) -> Callable[..., Any]:
    """Make a rig whose waiting lets the clock of the simulated switch go on."""

    def build(**config: Any) -> Any:
        rig = make_rig({"lines": list(LEGACY), **config}, "aoscx")

        def wait(seconds: float) -> None:
            rig.world.time += seconds

        rig.driver = AosCx(wait=wait)
        return rig

    return build


@pytest.fixture
def wish(want: Callable[..., Any]) -> Callable[..., Any]:
    return partial(want, interface="1/1/1")


def _pass(rig: Any, seconds: float) -> None:
    rig.world.time += seconds
    with rig.world.lock:
        rig.switch.tick(rig.world.time)


def _writes(rig: Any) -> int:
    return len([entry for entry in rig.world.lines if entry["write"]])


def _clean(rig: Any) -> bool:
    """No timer, no mark, and startup as running."""
    running = rig.show("show running-config")
    return rig.switch.pending is None and MARKER not in running and f"{rig.bound()}" in rig.show("show startup-config")


def test_swap_confirm_save_and_then_nothing(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    first = rig.ensure([wish(443, 3389)])
    assert first["changed"]
    assert first["saved"]
    assert rig.bound() == first["bindings"][0]["list"]
    assert rig.permits("10.20.60.7", 443)
    assert not rig.permits("10.20.60.7", 80)
    assert _clean(rig)
    sent, written = len(rig.world.configuration()), _writes(rig)
    again = rig.ensure([wish(443, 3389)])
    assert not again["changed"]
    assert again["bindings"][0]["equal"]
    assert (len(rig.world.configuration()), _writes(rig)) == (sent, written)


def test_pitfall_01_03_an_equal_list_of_another_spelling_stays(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    result = rig.ensure([wish(80)])
    assert not result["changed"]
    assert result["bindings"][0]["list"] == "LEGACY"
    assert rig.world.configuration() == []


def test_pitfall_09_a_list_of_object_groups_is_compared_by_what_they_hold(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    groups = ("object-group ip address PCS", "10 10.20.1.11", "object-group port WEB", "10 eq 80", "20 eq 443")
    grouped = ("access-list ip LEGACY", "10 permit tcp PCS 10.20.60.0/24 group WEB", *LEGACY[2:])
    rig = make(lines=[*groups, *grouped])
    assert not rig.ensure([wish(80, 443)])["changed"]
    assert rig.ensure([wish(80, 444)])["changed"]


def test_pitfall_34_check_mode_writes_nothing_and_names_what_the_run_does(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    check = rig.ensure([wish(443)], check=True)
    assert check["changed"]
    assert _writes(rig) == 0
    assert check["diff"] == rig.ensure([wish(443)])["diff"]


def test_pitfall_15_32_one_old_generation_is_kept_and_runs_do_not_alternate(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    names = [rig.ensure([wish(port)])["bindings"][0]["list"] for port in (443, 444, 445)]
    assert rig.ensure([wish(444)])["bindings"][0]["list"] == names[1]
    running = rig.show("show running-config")
    assert [name in running for name in names] == [False, True, True]
    assert not rig.ensure([wish(444)])["changed"]


@pytest.mark.parametrize("line", range(1, BOUND + 6))
def test_pitfall_30_a_cut_session_leaves_old_or_new_and_the_next_run_repairs(
    make: Callable[..., Any], wish: Callable[..., Any], line: int
) -> None:
    rig = make()
    seen: list[tuple[bool, bool, bool]] = []
    rig.world.on_change = lambda: seen.append(
        (rig.permits("10.20.60.7", 80), rig.permits("10.20.60.7", 443), rig.permits("10.20.99.9", 9))
    )
    rig.switch.faults.cut_after_line = line
    cut = False
    try:
        rig.ensure([wish(80, 443)])
    except TalkError:
        cut = True
    rig.switch.faults.cut_after_line = None
    assert cut == (line <= BOUND + 4)
    result = rig.ensure([wish(80, 443)])
    assert result["changed"] == cut
    assert rig.permits("10.20.60.7", 443)
    assert set(seen) <= {(True, False, False), (True, True, False)}
    assert _clean(rig)
    _pass(rig, 300)
    assert rig.permits("10.20.60.7", 443)
    assert not rig.ensure([wish(80, 443)])["changed"]


def _lose(rig: Any, wish: Callable[..., Any]) -> None:
    """Lose the switch right after the new list is bound: no session can be had any more."""
    rig.switch.faults.sessions_left = 1
    rig.switch.faults.cut_after_line = BOUND + 1
    with pytest.raises(TalkError, match="revert timer puts the old lists back within 2 min"):
        rig.ensure([wish(443)])
    rig.switch.faults.sessions_left = None
    assert rig.bound() != "LEGACY"


def test_pitfall_39_the_switch_that_was_lost_reverts_by_itself(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    _lose(rig, wish)
    _pass(rig, 121)
    assert rig.bound() == "LEGACY"
    assert rig.permits("10.20.60.7", 80)
    assert MARKER not in rig.show("show running-config")
    assert rig.ensure([wish(443)])["changed"]
    assert _clean(rig)


def test_pitfall_38_a_left_over_timer_of_ours_is_resolved(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    _lose(rig, wish)
    assert rig.ensure([wish(443)])["changed"]
    assert _clean(rig)
    _pass(rig, 300)
    assert rig.permits("10.20.60.7", 443)
    assert not rig.ensure([wish(443)])["changed"]


def test_pitfall_38_a_left_over_of_another_policy_is_resolved_too(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    _lose(rig, wish)
    assert rig.ensure([wish(80)])["changed"]
    assert rig.permits("10.20.60.7", 80)
    assert not rig.permits("10.20.60.7", 443)
    assert _clean(rig)


def test_pitfall_38_a_timer_of_somebody_else_stops_before_anything_is_bound(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    rig.show("checkpoint auto 30")
    with pytest.raises(OtedgeError, match="did not start its revert timer|refused"):
        rig.ensure([wish(443)])
    assert rig.bound() == "LEGACY"
    assert rig.switch.pending is not None


def test_pitfall_38_a_mark_of_another_user_stops_everything(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make(lines=[*LEGACY, f"access-list ip {MARKER}", "10 comment revert timer of someone"])
    with pytest.raises(RefusedError, match="revert timer of user someone"):
        rig.ensure([wish(443)])
    assert _writes(rig) == 0


def test_pitfall_39_without_a_second_session_nothing_is_kept(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    rig.switch.faults.sessions_left = 1
    with pytest.raises(TalkError, match="old lists are bound again"):
        rig.ensure([wish(443)])
    assert rig.bound() == "LEGACY"
    assert rig.switch.pending is None
    _pass(rig, 300)
    assert rig.permits("10.20.60.7", 80)


def test_pitfall_35_a_slow_hardware_is_waited_for(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make(processing_seconds=3.0)
    before = rig.world.time
    assert rig.ensure([wish(443)])["changed"]
    assert rig.world.time >= before + 3
    assert rig.permits("10.20.60.7", 443)
    assert _clean(rig)


def test_pitfall_35_a_list_that_does_not_fit_is_never_left_bound(
    make: Callable[..., Any], wish: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make(tcam_entries=6)
    # As on a model that does not tell how much room there is.
    monkeypatch.setattr(AosCx, "hardware_room", lambda self, shell: None)
    with pytest.raises(OtedgeError, match="does not match active configuration"):
        rig.ensure([wish(*range(1, 12))])
    assert rig.bound() == "LEGACY"
    assert rig.permits("10.20.60.7", 80)
    assert rig.switch.pending is None


def test_pitfall_33_a_refused_line_fails_and_leaves_nothing(
    make: Callable[..., Any], wish: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make()
    real = AosCx.create
    monkeypatch.setattr(AosCx, "create", lambda self, name, rules: [*real(self, name, rules), "90 permit nonsense"])
    monkeypatch.setattr(planning, "_prove_rendering", lambda *args: None)
    with pytest.raises(OtedgeError, match="refused"):
        rig.ensure([wish(443)])
    assert "OTE_" not in rig.show("show running-config")
    assert rig.bound() == "LEGACY"


def test_pitfall_22_long_comments_do_not_stall(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    long = tuple(Rule("permit", 6, dst_ports=((n, n),), remark=f"{n} " + "x" * 120) for n in range(1, 30))
    assert rig.ensure([wish(443, rules=(*long, Rule("deny", log=True)))])["changed"]


def test_pitfall_21_long_host_names(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make(hostname="a-very-long-host-name-of-a-switch-in-hall-3")
    assert rig.ensure([wish(443)])["changed"]


def test_drift_made_by_hand_is_put_right(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    name = rig.ensure([wish(443)])["bindings"][0]["list"]
    shell = rig.connect()
    shell.configure([f"access-list ip {name}", "5 permit any any any"])
    shell.close()
    rig.driver._wait(1.0)
    assert rig.permits("10.20.99.9", 9)
    result = rig.ensure([wish(443)])
    assert result["bindings"][0]["list"] != name
    assert not rig.permits("10.20.99.9", 9)
    assert not rig.ensure([wish(443)])["changed"]


def test_two_ports_are_swapped_and_given_back(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    second = {"interface": "1/1/2", "name": "l1-op2", "address": "10.20.1.12"}
    assert rig.ensure([wish(443), wish(444, **second)])["changed"]
    assert rig.bound("1/1/2").startswith("OTE_l1_op2_in_")
    off = [wish(rules=(), absent=True, restore="LEGACY"), wish(rules=(), absent=True, **second)]
    assert rig.ensure(off)["changed"]
    assert (rig.bound(), rig.bound("1/1/2")) == ("LEGACY", None)
    assert "OTE_" not in rig.show("show running-config")
    assert not rig.ensure(off)["changed"]


@pytest.mark.parametrize(
    ("interface", "direction", "line", "enforced"),
    [
        ("Vlan101", "in", "routed-in", False),
        ("Vlan101", "out", "routed-out", False),
        ("context vlan 101", "in", "in", True),
    ],
)
def test_vlans_and_their_interfaces_take_lists(  # noqa: PLR0917
    make: Callable[..., Any], wish: Callable[..., Any], interface: str, direction: str, line: str, enforced: bool
) -> None:
    rig = make()
    result = rig.ensure([wish(443, interface=interface, direction=direction)])
    assert result["bindings"][0]["enforced"] is enforced
    name = result["bindings"][0]["list"]
    assert f"    apply access-list ip {name} {line}" in rig.show("show running-config").splitlines()
    assert not rig.ensure([wish(443, interface=interface, direction=direction)])["changed"]


def test_pitfall_07_counters_are_read(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    name = rig.ensure([wish(443)])["bindings"][0]["list"]
    packet = {"src": "10.20.1.11", "dst": "10.20.60.7", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
    for _time in range(3):
        rig.switch.evaluate("1/1/1", "in", packet, count=True)
    shell = rig.connect()
    hits = rig.driver.read_hits(shell, [name])[name]
    room = rig.driver.hardware_room(shell)
    shell.close()
    assert room is not None
    assert 0 < room.used < room.maximum
    assert [hit.count for hit in hits] == [3, 0]
    assert not rig.ensure([wish(443)])["changed"]


# The switch writes a warning between prompts, two minutes before its timer fires
def test_the_warning_of_the_timer_disturbs_nothing(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make()
    warned: list[bool] = []

    def hurry() -> None:
        if rig.switch.pending and not warned and rig.bound() != "LEGACY":
            warned.append(True)
            _pass(rig, 61)

    rig.world.on_change = hurry
    assert rig.ensure([wish(443)], minutes=3)["changed"]
    assert warned
    assert _clean(rig)


def test_pitfall_20_lists_that_are_not_ours_are_left_alone(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    other = (
        "access-list ip MGMT",
        "10 permit tcp 10.20.90.5 any eq ssh",
        "apply access-list ip MGMT control-plane vrf mgmt",
    )
    rig = make(lines=[*other, *LEGACY])
    rig.ensure([wish(443)])
    assert not [line for line in rig.world.configuration() if "MGMT" in line or "LEGACY" in line]
    assert "access-list ip MGMT" in rig.show("show running-config")


def test_pitfall_23_24_25_27_a_bound_list_is_never_edited_nor_deleted(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    names = [rig.ensure([wish(port)])["bindings"][0]["list"] for port in (443, 444, 445)]
    sent = rig.world.configuration()
    for name in names:
        assert sent.index(f"access-list ip {name}") < sent.index(f"apply access-list ip {name} in")
    gone = sent.index(f"no access-list ip {names[0]}")
    assert sent.index(f"apply access-list ip {names[1]} in") < gone
    assert {line for line in sent if line.startswith("no ")} == {
        f"no access-list ip {names[0]}",
        f"no access-list ip {MARKER}",
    }


def test_pitfall_36_an_existing_list_is_updated_as_a_new_one_is_made(
    make: Callable[..., Any], wish: Callable[..., Any]
) -> None:
    rig = make()
    for ports in ((443,), (443, 444), (444,)):
        assert rig.ensure([wish(*ports)])["changed"]
        assert [rig.permits("10.20.60.7", port) for port in (443, 444)] == [443 in ports, 444 in ports]


def test_a_member_of_a_lag_takes_no_list_but_its_lag_does(make: Callable[..., Any], wish: Callable[..., Any]) -> None:
    rig = make(lines=[*LEGACY, "interface lag 1", "no shutdown", "interface 1/1/2", "lag 1"])
    with pytest.raises(RefusedError, match="member of EtherChannel 1"):
        rig.ensure([wish(443, interface="1/1/2")])
    assert _writes(rig) == 0
    assert rig.ensure([wish(443, interface="LAG 1")])["changed"]
    assert rig.bound("lag 1").startswith("OTE_")
