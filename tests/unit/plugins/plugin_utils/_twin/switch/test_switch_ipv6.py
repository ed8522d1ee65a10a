# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IPv6 lists of the IOS switch: what is typed, stored, printed, and what they let through."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch
from hypothesis import given
from hypothesis import strategies as st

PORT = "GigabitEthernet1/0/1"
WEB = {"src": "2001:db8:1::11", "dst": "2001:db8:60::10", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
DNS = {**WEB, "protocol": "udp", "dst_port": 53}
SIX = ("ipv6 access-list SIX", "sequence 10 permit tcp any any eq 443", "sequence 20 deny ipv6 any any log")
BIND = (f"interface {PORT}", "ipv6 traffic-filter SIX in")
Cli = Callable[..., str]

ENTRIES = [
    ("sequence 5 permit tcp 2001:db8:1::7/64 host 2001:DB8:6::1 eq www",
     "permit tcp 2001:DB8:1::/64 host 2001:DB8:6::1 eq www"),
    ("permit udp host 2001:db8::1 range 10 20 any eq 53", "permit udp host 2001:DB8::1 range 10 20 any eq domain"),
    ("permit icmp any any nd-ns", "permit icmp any any nd-ns"),
    ("permit icmp any any 128", "permit icmp any any echo-request"),
    ("permit 58 any any", "permit icmp any any"),
    ("permit tcp any eq 502 any established", "permit tcp any eq 502 any established"),
    ("deny ipv6 any any log-input", "deny ipv6 any any log-input"),
    ("permit ipv6 ::/0 any", "permit ipv6 any any"),
    ("permit ipv6 2001:db8::5/128 any", "permit ipv6 host 2001:DB8::5 any"),
    ("permit tcp any any dscp ef", "permit tcp any any dscp ef"),
    ("rem Mixed Case 2001:db8::1", "remark Mixed Case 2001:db8::1"),
    ("evaluate mirror", "evaluate mirror"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "stored"), ENTRIES)
def test_entries_are_stored_as_the_switch_prints_them(cli: Cli, switch: Switch, typed: str, stored: str) -> None:
    assert cli("conf t", "ipv6 access-list SIX", typed) == ""
    assert [rule.body for rule in switch.running.lists6["SIX"].entries.values()] == [stored]


@pytest.mark.parametrize(
    "line",
    ["10 permit ipv6 any any", "10 remark text", "permit ip any any", "permit tcp 10.0.0.0 0.0.0.255 any",
     "sequence 0 permit ipv6 any any", "sequence 10 allow ipv6 any any", "permit tcp any any eq http",
     "permit tcp object-group A any", "permit tcp any any eq 80 443", "permit ipv6 2001:db8::1 any"],
)  # fmt: skip
def test_lines_that_are_refused(cli: Cli, switch: Switch, line: str) -> None:
    assert "% Invalid input" in cli("conf t", "ipv6 access-list SIX", line)
    assert switch.running.lists6["SIX"].entries == {}


def test_numbers_in_front_or_behind_and_the_three_outputs(cli: Cli, switch: Switch) -> None:
    cli("conf t", "ipv6 access-list SIX", "permit tcp any any eq 22", "sequence 15 remark who", "permit udp any any")
    cli(
        "permit icmp any any sequence 12 log",
        "no deny ipv6 any any sequence 25 log",
        "no sequence 25",
        "sequence 30 deny ipv6 any any",
        "end",
    )
    assert cli("show running-config | section ipv6 access-list").splitlines() == [
        "ipv6 access-list SIX",
        " sequence 10 permit tcp any any eq 22",
        " sequence 12 permit icmp any any log",
        " sequence 15 remark who",
        " sequence 30 deny ipv6 any any",
    ]
    assert cli("show ipv6 access-list SIX").splitlines() == [
        "IPv6 access list SIX",
        "    permit tcp any any eq 22 sequence 10",
        "    permit icmp any any log sequence 12",
        "    deny ipv6 any any sequence 30",
    ]
    cli("conf t", "ip access-list extended FOUR", "permit ip any any", "end")
    assert cli("show access-lists | include access list").splitlines() == [
        "Extended IP access list FOUR",
        "IPv6 access list SIX",
    ]
    assert cli("show ipv6 access-list GHOST") == ""


def test_duplicates_and_deleting(cli: Cli, switch: Switch) -> None:
    assert cli("conf t", *SIX, "sequence 10 permit udp any any") == "% Duplicate sequence number\n"
    assert cli("sequence 30 permit tcp any any eq 443", "sequence 10 permit tcp any any eq 443") == ""
    assert list(switch.running.lists6["SIX"].entries) == [10, 20]
    assert cli("no sequence 99").startswith("% Sequence number 99 does not exist")
    assert cli("no permit tcp any any eq 443") == ""
    assert cli("no permit tcp any any eq 443") == "% Entry does not exist in the access list\n"
    assert cli("sequence 10 remark x", "no sequence 10 remark") == ""
    assert list(switch.running.lists6["SIX"].entries) == [20]


def test_the_families_share_their_names(cli: Cli) -> None:
    assert "IPv6 access list with this name already exists" in cli("conf t", *SIX, "ip access-list extended SIX")
    cli("ip access-list extended FOUR")
    assert "IPv4 access list with this name already exists" in cli("ipv6 access-list FOUR")
    assert "% Invalid" in cli("ipv6 access-list 101")


def test_no_list_an_empty_one_and_a_missing_one_permit_everything(switch: Switch, cli: Cli) -> None:
    assert switch.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "no list"}
    cli("conf t", *BIND)
    assert switch.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "missing list SIX"}
    cli("ipv6 access-list SIX")
    assert switch.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "empty list SIX"}
    cli("permit tcp any any eq 443")
    assert switch.evaluate(PORT, "in", WEB) == {"permit": True, "rule": "10 permit tcp any any eq 443"}
    assert switch.evaluate(PORT, "in", DNS) == {"permit": False, "rule": "implicit deny"}
    cli("no ipv6 access-list SIX")
    assert switch.evaluate(PORT, "in", DNS)["permit"]


def test_neighbours_are_found_before_the_invisible_deny_and_not_before_a_visible_one(switch: Switch, cli: Cli) -> None:
    ask = {"src": "fe80::1", "dst": "ff02::1:ff00:1", "protocol": "icmpv6", "icmp_type": 135}
    cli("conf t", "ipv6 access-list SIX", "permit tcp any any eq 443", *BIND)
    assert switch.evaluate(PORT, "in", ask) == {"permit": True, "rule": "implicit permit nd-ns"}
    assert switch.evaluate(PORT, "in", {**ask, "icmp_type": 136})["permit"]
    assert not switch.evaluate(PORT, "in", {**ask, "icmp_type": 128})["permit"]
    cli("ipv6 access-list SIX", "deny ipv6 any any")
    assert switch.evaluate(PORT, "in", ask) == {"permit": False, "rule": "20 deny ipv6 any any"}


def test_a_bind_replaces_in_one_step_and_each_family_keeps_its_own(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *SIX, "ipv6 access-list ALL", "permit ipv6 any any", *BIND)
    seen: list[bool] = []
    world.on_change = lambda: seen.append(switch.evaluate(PORT, "in", DNS)["permit"])
    cli("ipv6 traffic-filter ALL in", "ip access-group FOUR in")
    assert seen == [True, True]
    assert switch.dump()["bindings"] == {PORT: {"ipv6 in": "ALL", "in": "FOUR"}}
    assert " ipv6 traffic-filter ALL in" in cli(f"do show running-config interface {PORT}").splitlines()
    assert cli("no ipv6 traffic-filter SIX in", "no ipv6 traffic-filter ALL in") == ""
    assert switch.dump()["bindings"] == {PORT: {"in": "FOUR"}}
    assert "% Invalid" in cli("ipv6 traffic-filter ALL out")
    assert cli("interface vlan 101", "ipv6 traffic-filter ALL out") == ""
    assert "Outgoing access list ALL" in cli("do show ipv6 interface vlan 101")
    assert cli("ipv6 address 2001:db8:1::1/64", "ipv6 enable") == ""


def test_counters_the_journal_and_the_hardware(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *SIX, *BIND, "end")
    switch.evaluate(PORT, "in", WEB, count=True)
    assert "    permit tcp any any eq 443 (1 match) sequence 10" in cli("show ipv6 access-list")
    cli("clear ipv6 access-list SIX")
    assert "match" not in cli("show ipv6 access-list")
    assert {"sequence 10 permit tcp any any eq 443"} <= {line.get("line") for line in world.writes()}
    switch.options["tcam_entries"] = 2
    assert not switch.evaluate(PORT, "in", WEB)["permit"]
    assert "Input IPv6 SIX on interface" in cli("show logging")


def test_what_leaves_the_vlan_passes_the_svi_if_the_switch_routes_ipv6(cli: Cli, switch: Switch) -> None:
    cli("conf t", "interface vlan 101", "ipv6 address 2001:db8:1::1/64")
    assert switch.gateway(PORT, WEB) == ""
    cli("ipv6 unicast-routing")
    assert switch.gateway(PORT, WEB) == "Vlan101"
    assert switch.gateway(PORT, {**WEB, "dst": "2001:db8:1::12"}) == ""


def test_a_revert_and_a_restart_know_ipv6(cli: Cli, switch: Switch, world: Any) -> None:
    cli("configure terminal revert timer 1", *SIX, *BIND, "end")
    switch.evaluate(PORT, "in", WEB, count=True)
    again = Switch(switch.name, switch.options, world, json.loads(json.dumps(switch.dump())))
    assert again.dump() == switch.dump()
    assert switch.dump()["lists"]["ipv6 SIX"][0] == "sequence 10 permit tcp any any eq 443"
    world.time += 60
    switch.tick(world.now())
    assert switch.dump()["bindings"] == {}
    assert switch.dump()["lists"] == {}
    assert {"removed": ["ipv6 SIX"]}.items() <= world.writes()[-2].items()


def test_classic_prints_numbers_only_where_they_are_odd(world: Any) -> None:
    switch = Switch(
        "sw-l1", {"platform": "ios15", "ports": [], "lines": [*SIX, "sequence 25 permit esp any any"]}, world
    )
    lines = switch.running.text_lines()
    at = lines.index("ipv6 access-list SIX")
    assert lines[at + 1 : at + 4] == [
        " permit tcp any any eq 443", " deny ipv6 any any log", " sequence 25 permit esp any any",
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["permit", "deny"]), st.integers(0, 3), st.integers(0, 2)), max_size=6))
def test_first_match_against_brute_force(rules: list[tuple[str, int, int]]) -> None:
    class Quiet:
        def __getattr__(self, _name: str) -> Any:
            return lambda *_a, **_k: 0.0

    lines = [
        f"sequence {10 * number} {action} tcp 2001:db8:{net}::/48 any eq {440 + port}"
        for number, (action, net, port) in enumerate(rules, 1)
    ]
    config = {"ports": [PORT], "port_count": 1, "lines": ["ipv6 access-list SIX", *lines, *BIND]}
    switch = Switch("sw", config, Quiet())  # type: ignore[arg-type]
    for net in range(4):
        for port in range(3):
            packet = {**WEB, "src": f"2001:db8:{net}::9", "dst_port": 440 + port}
            first = next((action for action, n, p in rules if (n, p) == (net, port)), "deny" if rules else "permit")
            assert switch.evaluate(PORT, "in", packet)["permit"] == (first == "permit")
