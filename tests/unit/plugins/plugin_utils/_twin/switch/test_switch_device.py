# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the switch holds and lets through: bindings, lists, journal, hardware, faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch

PORT = "GigabitEthernet1/0/1"
WEB = {"src": "10.20.1.11", "dst": "10.20.60.10", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
DNS = {"src": "10.20.1.11", "dst": "10.20.95.10", "protocol": "udp", "src_port": 50000, "dst_port": 53}
WEB_ONLY = ("ip access-list extended WEB", "10 permit tcp any any eq 443", "20 deny ip any any log")
OPEN = ("ip access-list extended OPEN", "10 permit ip any any log")
Cli = Callable[..., str]


def bind(name: str) -> tuple[str, ...]:
    return (f"interface {PORT}", f"ip access-group {name} in")


def test_the_seed(switch: Switch, cli: Cli) -> None:
    shown = cli("show running-config").splitlines()
    for line in ["hostname sw-l1", "ip routing", "archive", " path flash:sw-l1-", "interface Vlan101"]:
        assert line in shown
    assert " ip address 10.20.1.1 255.255.255.192" in shown
    assert cli(f"show running-config interface {PORT}").splitlines()[4:] == [
        f"interface {PORT}",
        " switchport access vlan 101",
        " switchport mode access",
        "end",
        "",
    ]
    assert switch.dump()["startup_equals_running"]
    assert "connected    101" in cli("show interfaces status")
    assert "Internet address is 10.20.1.1/26" in cli("show ip interface vlan101")
    assert "101  VLAN0101" in cli("show vlan brief")


def test_seed_lines_are_typed_in_and_a_bad_one_is_named(world: Any) -> None:
    config = {"vlans": {1: "10.0.0.1/24"}, "lines": [*OPEN, "interface vlan 1", "ip access-group OPEN out"]}
    switch = Switch("sw-9", {"twin_switch": config, "ports": []}, world)
    assert switch.dump()["bindings"] == {"Vlan1": {"out": "OPEN"}}
    assert switch.dump()["startup_equals_running"]
    assert world.lines == []
    with pytest.raises(ValueError, match="sw-9: seed line 'ip banana' is refused"):
        Switch("sw-9", {"lines": ["ip banana"]}, world)


def test_no_list_an_empty_one_and_a_missing_one_permit_everything(switch: Switch, cli: Cli) -> None:
    assert switch.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "no list"}
    cli("conf t", *bind("GHOST"))
    assert switch.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "missing list GHOST"}
    cli("ip access-list extended GHOST")
    assert switch.evaluate("gi1/0/1", "in", WEB) == {"permit": True, "rule": "empty list GHOST"}
    cli("10 permit udp any any")
    assert switch.evaluate(PORT, "in", WEB) == {"permit": False, "rule": "implicit deny"}
    assert switch.evaluate(PORT, "in", DNS)["permit"]
    assert switch.evaluate(PORT, "out", WEB)["permit"]
    cli("no 10")
    assert switch.evaluate(PORT, "in", WEB)["permit"]


def test_a_bind_replaces_the_binding_in_one_step(switch: Switch, cli: Cli, world: Any) -> None:
    cli("conf t", *OPEN, *WEB_ONLY, *bind("OPEN"))
    seen = []
    world.on_change = lambda: seen.append(switch.evaluate(PORT, "in", DNS)["permit"])
    cli("ip access-group WEB in")
    assert seen == [False]
    cli("no ip access-group OPEN in")
    assert switch.dump()["bindings"] == {PORT: {"in": "WEB"}}
    cli("no ip access-group WEB in")
    assert seen == [False, True]


def test_the_world_is_told_of_what_may_change_what_passes_and_of_nothing_else(cli: Cli, world: Any) -> None:
    cli("conf t", *WEB_ONLY, "ip access-list resequence WEB 100 10")
    assert world.changes == 0
    cli(*bind("WEB"), "ip access-list extended WEB", "105 permit icmp any any", "no 105", "105 remark x")
    assert world.changes == 4
    cli("105 remark x", "100 permit tcp any any eq www", "no 999")
    assert world.changes == 4
    cli("no ip access-list extended WEB")
    assert world.changes == 5


def test_out_is_for_routed_interfaces_and_members_take_nothing(cli: Cli, switch: Switch) -> None:
    assert "% Invalid" in cli("conf t", f"interface {PORT}", "ip access-group A out")
    assert "% Invalid" in cli("interface Port-channel1", "ip access-group A out")
    assert cli("interface vlan 101", "ip access-group A out") == ""
    assert "% Command rejected" in cli("int gi1/0/2", "channel-group 1 mode active", "ip access-group A in")
    assert cli("int gi1/0/3", "no switchport", "ip access-group A out") == ""
    assert "% Invalid" in cli("int gi1/0/3", "switchport", "ip access-group B out")
    assert "% Invalid" in cli("interface gi9/0/1")
    assert set(switch.dump()["bindings"]) == {"Vlan101", "GigabitEthernet1/0/3"}


def test_duplicates_and_wrong_kinds_are_refused(cli: Cli, switch: Switch) -> None:
    assert cli("conf t", *WEB_ONLY, "10 permit udp any any eq 53") == "% Duplicate sequence number\n"
    assert cli("30 permit tcp any any eq 443") == ""
    assert "already exists" in cli("ip access-list standard WEB")
    assert "already exists" in cli("no ip access-list standard WEB")
    assert switch.dump()["lists"]["WEB"] == ["10 permit tcp any any eq 443", "20 deny ip any any log"]


def test_numbered_lists_live_in_both_spellings(cli: Cli, switch: Switch) -> None:
    cli("conf t", "access-list 101 permit tcp any any eq 80", "access-list 10 permit host 10.0.0.1")
    cli("ip access-list extended 101", "permit udp any any", "end")
    assert cli("show access-lists").splitlines() == [
        "Standard IP access list 10",
        "    10 permit 10.0.0.1",
        "Extended IP access list 101",
        "    10 permit tcp any any eq www",
        "    20 permit udp any any",
    ]
    cli("conf t", "no access-list 10")
    assert list(switch.dump()["lists"]) == ["101"]


def test_counters_move_only_when_asked_and_can_be_cleared(cli: Cli, switch: Switch) -> None:
    cli("conf t", *WEB_ONLY, *bind("WEB"), "end")
    switch.evaluate(PORT, "in", WEB)
    switch.evaluate(PORT, "in", WEB, count=True)
    switch.evaluate(PORT, "in", DNS, count=True)
    switch.evaluate(PORT, "in", DNS, count=True)
    shown = cli("show ip access-lists WEB")
    assert "eq 443 (1 match)\n" in shown
    assert "any log (2 matches)\n" in shown
    assert "WEB in\n" in cli(f"show ip access-lists interface {PORT} in")
    assert "match" not in cli("show running-config")
    assert "match" not in cli("clear ip access-list counters", "show ip access-lists")


@pytest.mark.parametrize(
    ("lines", "write"),
    [
        (["show running-config"], False),
        (["configure terminal"], False),
        (["configure terminal", "hostname sw-l1"], False),
        (["configure terminal", "hostname sw-2"], True),
        (["configure terminal", "ip access-list extended WEB"], False),
        (["configure terminal", "ip access-list extended NEW"], True),
        (["configure terminal", "ip access-list extended WEB", "30 permit tcp any any eq 443"], False),
        (["configure terminal", "ip access-list extended WEB", "10 permit ip any any"], False),
        (["configure terminal", "ip access-list extended WEB", "15 permit ip any any"], True),
        (["configure terminal", "ip access-list extended WEB", "no 10"], True),
        (["configure terminal", "no ip access-list extended NONE"], False),
        (["configure terminal", f"interface {PORT}"], False),
        (["configure terminal", f"interface {PORT}", "ip access-group WEB in"], False),
        (["configure terminal", f"interface {PORT}", "ip access-group X in"], True),
        (["configure terminal", f"interface {PORT}", "no ip access-group X in"], False),
        (["configure terminal", f"interface {PORT}", "switchport mode access"], False),
        (["configure terminal", f"interface {PORT}", "description operator"], True),
        (["configure terminal", "banana"], False),
        (["write memory"], False),
        (["configure terminal", "hostname sw-2", "end", "write memory"], True),
        (["configure terminal", "hostname sw-2", "end", "copy running-config startup-config", ""], True),
    ],
)
def test_the_write_flag_tells_exactly_whether_a_configuration_changed(
    cli: Cli, switch: Switch, world: Any, lines: list[str], write: bool
) -> None:
    cli("conf t", *WEB_ONLY, *bind("WEB"), "end", "write memory")
    cli(*lines[:-1])
    before = (switch.running.text_lines(), switch.startup.text_lines())
    cli(lines[-1])
    assert world.lines[-1]["line"] == lines[-1]
    assert world.lines[-1]["write"] is write
    assert ((switch.running.text_lines(), switch.startup.text_lines()) != before) is write


def test_the_journal_names_the_line_its_mode_and_the_refusal_but_no_secret(cli: Cli, world: Any) -> None:
    cli("conf t", "banana", "username bob privilege 15 secret hunter2")
    wrong, secret = world.lines[-2:]
    assert (wrong["mode"], wrong["line"]) == ("config", "banana")
    assert wrong["refused"].startswith("% Invalid input")
    assert secret["line"] == "username bob privilege 15 secret ***"
    assert "hunter2" not in str(world.lines)


def test_a_list_that_does_not_fit_drops_everything_and_is_logged(world: Any) -> None:
    switch = Switch("sw-9", {"vlans": {1: "10.0.0.1/24"}, "ports": [PORT], "tcam_entries": 2}, world)
    session = switch.open_session("x")
    for line in ["conf t", *WEB_ONLY, *bind("WEB")]:
        switch.execute(session, line)
    assert switch.evaluate(PORT, "in", WEB) == {"permit": False, "rule": "list WEB is not programmed in hardware"}
    assert "%ACL_ERRMSG-4-UNLOADED" in session.run("do show logging").text
    switch.execute(session, "no ip access-group WEB in")
    assert "UNLOADED" not in session.run("do show logging").text


def test_unknown_faults_and_numbers_are_refused(switch: Switch) -> None:
    with pytest.raises(ValueError, match="unknown switch fault 'banana'"):
        switch.inject("banana", {})
    with pytest.raises(ValueError, match="k >= 1"):
        switch.inject("cut_after_line", {"k": 0})
    with pytest.raises(ValueError, match="match"):
        switch.inject("cut_after_line", {"match": "("})
