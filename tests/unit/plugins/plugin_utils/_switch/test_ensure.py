# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real session and swap against the simulated switch over real SSH."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession

PORT = "GigabitEthernet1/0/1"
LEGACY = [
    "ip access-list extended LEGACY",
    "permit tcp host 10.20.1.11 10.20.60.0 0.0.0.255 eq www",
    "deny ip any any log",
    f"interface {PORT}",
    "ip access-group LEGACY in",
]


def test_pitfall_31_swap_confirm_save_and_then_nothing(rig: Any, want: Callable[..., Any]) -> None:
    first = rig.ensure([want(443, 3389, interface="Gi1/0/1")])
    assert first["changed"]
    assert first["saved"]
    assert rig.bound() == first["bindings"][0]["list"]
    assert rig.bound().startswith("OTE_l1_op1_in_")
    assert rig.permits("10.20.60.7", 443)
    assert not rig.permits("10.20.60.7", 80)
    assert rig.switch.pending is None
    assert rig.switch.startup.text_lines() == rig.switch.running.text_lines()

    sent, written = len(rig.world.configuration()), len([e for e in rig.world.lines if e["write"]])
    again = rig.ensure([want(443, 3389)])
    assert not again["changed"]
    assert again["bindings"][0]["equal"]
    assert again["diff"]["before"] == again["diff"]["after"]
    assert len(rig.world.configuration()) == sent
    assert len([e for e in rig.world.lines if e["write"]]) == written


def test_pitfall_32_one_old_generation_is_kept(rig: Any, want: Callable[..., Any]) -> None:
    names = [rig.ensure([want(port)])["bindings"][0]["list"] for port in (443, 444, 445)]
    assert set(rig.switch.running.lists) == set(names[1:])
    back = rig.ensure([want(444)])
    assert back["bindings"][0]["list"] == names[1]
    assert set(rig.switch.running.lists) == set(names[1:])


# What is spelled differently is the same
def test_pitfall_01_03_an_equal_list_of_another_spelling_stays(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": LEGACY})
    result = rig.ensure([want(80)])
    assert not result["changed"]
    assert result["bindings"][0]["list"] == "LEGACY"
    assert rig.world.configuration() == []


def test_pitfall_34_check_mode_writes_nothing_and_names_what_the_run_does(rig: Any, want: Callable[..., Any]) -> None:
    check = rig.ensure([want(443)], check=True)
    assert check["changed"]
    assert not [entry for entry in rig.world.lines if entry["write"]]
    real = rig.ensure([want(443)])
    assert check["diff"] == real["diff"]
    assert f" ip access-group {rig.bound()} in" in check["diff"]["after"]
    assert " permit tcp host 10.20.1.11 10.20.60.0 0.0.0.255 eq 443" in check["diff"]["after"]


# At every line of the configuration, with the list of another policy bound before
@pytest.mark.parametrize("line", range(1, 11))
def test_pitfall_30_a_cut_session_leaves_old_or_new_and_the_next_run_repairs(
    make_rig: Callable[..., Any], want: Callable[..., Any], line: int
) -> None:
    rig = make_rig({"lines": LEGACY})
    seen: list[tuple[bool, bool, bool]] = []
    rig.world.on_change = lambda: seen.append(
        (rig.permits("10.20.60.7", 80), rig.permits("10.20.60.7", 443), rig.permits("10.20.99.9", 9))
    )
    rig.switch.faults.cut_after_line = line
    cut = False
    try:
        rig.ensure([want(80, 443)])
    except TalkError:
        cut = True
    rig.switch.faults.cut_after_line = None
    assert rig.bound() == "LEGACY" or not cut
    result = rig.ensure([want(80, 443)])
    assert result["changed"] == cut
    assert rig.permits("10.20.60.7", 443)
    assert rig.switch.pending is None
    assert set(seen) <= {(True, False, False), (True, True, False)}
    assert rig.switch.startup.text_lines() == rig.switch.running.text_lines()
    assert not rig.ensure([want(80, 443)])["changed"]


def test_pitfall_38_the_left_over_timer_of_a_lost_switch_is_resolved(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": LEGACY})
    rig.switch.faults.sessions_left = 1
    rig.switch.faults.cut_after_line = 8
    with pytest.raises(TalkError, match="revert timer puts the old lists back within 2 min"):
        rig.ensure([want(443)])
    rig.switch.faults.sessions_left = None
    assert rig.bound() != "LEGACY"
    assert rig.switch.pending
    repaired = rig.ensure([want(443)])
    assert repaired["changed"]
    assert rig.switch.pending is None
    assert rig.permits("10.20.60.7", 443)
    assert not rig.ensure([want(443)])["changed"]


def test_pitfall_39_the_switch_that_was_lost_reverts_by_itself(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": LEGACY})
    rig.switch.faults.sessions_left = 1
    rig.switch.faults.cut_after_line = 8
    with pytest.raises(TalkError):
        rig.ensure([want(443)])
    rig.world.time += 121
    with rig.world.lock:
        rig.switch.tick(rig.world.time)
    assert rig.bound() == "LEGACY"


def test_pitfall_39_without_a_second_session_nothing_is_kept(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig({"lines": LEGACY})
    rig.switch.faults.sessions_left = 1
    with pytest.raises(TalkError, match="old lists are bound again"):
        rig.ensure([want(443)])
    assert rig.bound() == "LEGACY"
    assert rig.switch.pending is None


@pytest.mark.parametrize(
    ("config", "change", "protection", "found"),
    [
        ({"archive_path": "", "eem": False}, {}, {}, "no configuration archive"),
        ({}, {"interface": "Gi9/0/1"}, {}, "does not exist"),
        ({"lines": ["interface Gi1/0/1", "channel-group 1 mode active"]}, {}, {}, "EtherChannel"),
        ({"lines": [*LEGACY[:2], "permit tcp any any eq 81 time-range NIGHT", *LEGACY[2:]]}, {}, {}, "not understood"),
        ({}, {}, {"flows": ({"dst": "10.20.50.20", "dst_port": 443},)}, "protected flow"),
        (
            {},
            {"interface": "Vlan101"},
            {"management_address": "10.20.90.5", "switch_address": "10.20.0.11"},
            "cut the automation node off",
        ),
    ],
)
def test_guards_refuse_before_the_first_write(  # noqa: PLR0917
    make_rig: Callable[..., Any], want: Callable[..., Any], config: Any, change: Any, protection: Any, found: str
) -> None:
    rig = make_rig(config)
    with pytest.raises(RefusedError, match=found):
        rig.ensure([want(443, **change)], protection=Protection(**protection))
    assert not [entry for entry in rig.world.lines if entry["write"]]


def test_a_binding_that_cannot_be_made_is_left_out_while_others_go_on(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig()
    wrong = want(443, interface="Gi9/0/1", name="l1-op9")
    result = rig.ensure([want(443), wrong], strict=False)
    assert set(result["refused"]) == {"l1-op9"}
    assert [item["name"] for item in result["bindings"]] == ["l1-op1"]
    assert rig.permits("10.20.60.7", 443)


def test_closed_gates_leave_a_station_out_right_before_the_write(
    make_rig: Callable[..., Any], want: Callable[..., Any]
) -> None:
    rig = make_rig()
    asked: list[list[str]] = []

    def gates(names: Any) -> dict[str, Any]:
        asked.append(list(names))
        return {"l1-op1": {"window": {"open": False, "read": "closed", "needs": "a window"}}}

    other = want(443, interface="Gi1/0/2", name="l1-op2", address="10.20.1.12")
    result = rig.ensure([want(443), other], strict=False, gates=gates)
    assert asked == [["l1-op1", "l1-op2"]]
    assert result["refused"]["l1-op1"]["window"]["needs"] == "a window"
    assert rig.bound() is None
    assert rig.bound("GigabitEthernet1/0/2")


def test_pitfall_33_a_list_that_does_not_fit_the_hardware_is_taken_back(
    make_rig: Callable[..., Any], want: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A model that does not tell its room: only the log after the swap does.
    monkeypatch.setattr(IosXe, "hardware_room", lambda self, shell: None)
    rig = make_rig({"lines": LEGACY, "tcam_entries": 6})
    with pytest.raises(OtedgeError, match="do not fit into the hardware.*old lists are bound again"):
        rig.ensure([want(*range(1, 12))])
    assert rig.bound() == "LEGACY"
    assert rig.permits("10.20.60.7", 80)
    assert rig.switch.pending is None


def test_a_user_without_privilege_is_told_so(
    rig: Any, want: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rig.switch.open_session

    def unprivileged(user: str) -> Any:
        session = real(user)
        session.enter("user")
        return session

    monkeypatch.setattr(rig.switch, "open_session", unprivileged)
    with pytest.raises(RefusedError, match="privilege level 1"):
        rig.ensure([want(443)])


def test_pitfall_38_a_foreign_timer_stops_everything(rig: Any, want: Callable[..., Any]) -> None:
    shell = rig.connect()
    shell.configure(["hostname sw-l1"], enter="configure terminal revert timer 5")
    shell.close()
    rig.switch.pending["user"] = "someone"
    with pytest.raises(RefusedError, match="revert timer of user someone"):
        rig.ensure([want(443)])
    assert rig.bound() is None


def test_no_timer_only_where_it_was_allowed(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig({"archive_path": "", "eem": False})
    result = rig.ensure([want(443)], protection=Protection(allow_no_revert_timer=True))
    assert result["changed"]
    assert rig.permits("10.20.60.7", 443)


# An edited list of ours: its name is taken, so the content comes back under another generation's name
def test_drift_made_by_hand_is_put_right(rig: Any, want: Callable[..., Any]) -> None:
    name = rig.ensure([want(443)])["bindings"][0]["list"]
    shell = rig.connect()
    shell.configure([f"ip access-list extended {name}", "5 permit ip any any"])
    shell.close()
    result = rig.ensure([want(443)])
    assert result["bindings"][0]["list"] != name
    assert "would permit" in result["bindings"][0]["reason"]
    assert not rig.permits("10.20.99.9", 9)
    assert not rig.ensure([want(443)])["changed"]


def test_pitfall_13_40_an_undefined_list_counts_as_open(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig({"lines": [f"interface {PORT}", "ip access-group GONE in"]})
    result = rig.ensure([want(443)])
    assert "everything is permitted" in result["bindings"][0]["reason"]
    assert not rig.permits("10.20.60.7", 80)


def test_a_vlan_interface_is_reported_as_not_enforced(make_rig: Callable[..., Any], want: Callable[..., Any]) -> None:
    rig = make_rig({"ip_routing": False})
    with pytest.raises(RefusedError, match="does not route.*Nothing was written"):
        rig.ensure([want(443, interface="Vlan101")])
    assert not [entry for entry in rig.world.lines if entry["write"]]
    allowed = Protection(allow_no_routing=True)
    binding = rig.ensure([want(443, interface="Vlan101")], protection=allowed)["bindings"][0]
    assert binding["enforced"] is False
    assert "ip routing" in binding["reason"]


# The error of a line is a failure, and the unbound list goes
def test_pitfall_33_a_refused_line_fails_and_leaves_nothing(
    rig: Any, want: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import driver_iosxe  # noqa: PLC0415

    real = driver_iosxe.IosXe.create
    monkeypatch.setattr(driver_iosxe.IosXe, "create", lambda self, name, rules: [*real(self, name, rules), "permit x"])
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import plan  # noqa: PLC0415

    monkeypatch.setattr(plan, "_prove_rendering", lambda *args: None)
    with pytest.raises(OtedgeError, match="refused"):
        rig.ensure([want(443)])
    assert rig.switch.running.lists == {}
    assert rig.bound() is None


def test_pitfall_22_long_remarks_do_not_stall(rig: Any, want: Callable[..., Any]) -> None:
    long = tuple(Rule("permit", 6, dst_ports=((n, n),), remark=f"{n} " + "x" * 120) for n in range(1, 30))
    result = rig.ensure([want(443, rules=(*long, Rule("deny", log=True)))])
    assert result["changed"]
    assert len(rig.switch.running.lists) == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"password": "wrong"}, "does not let user 'automation' in"),
        ({"port": 1}, "refuses the connection"),
        ({"known_hosts": "/nonexistent/known_hosts"}, "no known_hosts file"),
    ],
)
def test_no_session_says_why(rig: Any, change: dict[str, Any], found: str) -> None:
    with pytest.raises(TalkError, match=found) as caught:
        SwitchSession(replace(rig.target, **change))
    assert caught.value.fix


def test_an_unknown_or_other_host_key_is_never_accepted(rig: Any, tmp_path: Any) -> None:
    empty = tmp_path / "empty"
    empty.write_text("")
    with pytest.raises(TalkError, match="host key of switch .* is unknown") as caught:
        SwitchSession(replace(rig.target, known_hosts=str(empty)))
    assert f"ssh-keyscan -p {rig.target.port}" in caught.value.fix
    other = "AAAAC3NzaC1lZDI1NTE5AAAAIKnp8c4tUuS3PJ1pUKBvwmkqxfsPzrFCgbLYp5zHyZVQ"
    empty.write_text(f"[127.0.0.1]:{rig.target.port} ssh-ed25519 {other}\n")
    with pytest.raises(TalkError, match="another host key"):
        SwitchSession(replace(rig.target, known_hosts=str(empty)))
