# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Object groups of the IOS switch as a filter: what they hold, who may change them, what they let through."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch

PORT = "GigabitEthernet1/0/1"
PCS = ("object-group network PCS", "description operator PCs", "host 10.20.1.11", "10.20.1.32 255.255.255.240")
WEB = ("object-group service WEB", "tcp eq 443", "tcp-udp range 8000 8010", "icmp echo", "tcp source gt 1023 lt 100")
LIST = ("ip access-list extended L", "permit object-group WEB object-group PCS any", f"interface {PORT}")
BIND = "ip access-group L in"
Cli = Callable[..., str]


def packet(src: str = "10.20.1.11", protocol: str = "tcp", port: int | None = 443, **more: Any) -> dict[str, Any]:
    return {"src": src, "dst": "10.20.60.10", "protocol": protocol, "src_port": 50000, "dst_port": port, **more}


def test_what_passes_is_what_both_groups_hold(cli: Cli, switch: Switch) -> None:
    cli("conf t", *PCS, *WEB, *LIST, BIND)
    good = [
        packet(), packet("10.20.1.47"), packet(port=99), packet(protocol="udp", port=8010), packet(port=8000),
        packet(protocol="icmp", port=None, icmp_type=8),
    ]  # fmt: skip
    bad = [
        packet("10.20.1.12"), packet("10.20.1.48"), packet(port=444), packet(protocol="udp"), packet(port=100),
        packet(port=99, src_port=1023), packet(protocol="icmp", port=None, icmp_type=0),
    ]  # fmt: skip
    assert [switch.evaluate(PORT, "in", one)["permit"] for one in good] == [True] * len(good)
    assert [switch.evaluate(PORT, "in", one)["permit"] for one in bad] == [False] * len(bad)


def test_groups_are_printed_and_named_in_the_lists(cli: Cli) -> None:
    cli("conf t", *PCS, "range 10.20.2.1 10.20.2.9", "any", *WEB, "object-group network ALL", "group-object PCS")
    cli(*LIST, "ip access-list extended L", "permit tcp object-group PCS host 10.9.0.1 eq 502", "end")
    assert cli("show object-group").splitlines() == [
        "Network object group ALL",
        " group-object PCS",
        "Network object group PCS",
        " Description operator PCs",
        " host 10.20.1.11",
        " 10.20.1.32 255.255.255.240",
        " range 10.20.2.1 10.20.2.9",
        " any",
        "Service object group WEB",
        " tcp eq 443",
        " tcp-udp range 8000 8010",
        " icmp echo",
        " tcp source gt 1023 lt 100",
    ]
    assert cli("show object-group name ALL").splitlines()[1:] == [" group-object PCS"]
    shown = cli("show running-config | section object-group network").splitlines()
    assert shown[2:5] == ["object-group network PCS", " description operator PCs", " host 10.20.1.11"]
    assert cli("show ip access-lists L").splitlines()[1:] == [
        "    10 permit object-group WEB object-group PCS any",
        "    20 permit tcp object-group PCS host 10.9.0.1 eq 502",
    ]


def test_a_change_of_a_member_takes_effect_at_once_and_the_world_is_told(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *PCS, *WEB, "object-group network ALL", "group-object PCS", "ip access-list extended L")
    cli("permit tcp object-group ALL any", f"interface {PORT}", BIND)
    seen: list[bool] = []
    world.on_change = lambda: seen.append(switch.evaluate(PORT, "in", packet("10.20.1.12"))["permit"])
    cli("object-group network PCS", "host 10.20.1.12", "host 10.20.1.12", "no host 10.20.1.12")
    cli("object-group service WEB", "udp")  # nobody is judged by it
    assert seen == [True, False]


def test_one_in_use_is_neither_deleted_nor_emptied(cli: Cli, switch: Switch) -> None:
    cli("conf t", *PCS, *WEB, *LIST)
    assert "is in use" in cli("no object-group network PCS")
    assert "is in use" in cli("object-group network PCS", "no 10.20.1.32 255.255.255.240", "no host 10.20.1.11")
    assert switch.running.groups["PCS"].members == ["host 10.20.1.11"]
    cli("object-group network OUTER", "group-object PCS", "no ip access-list extended L")
    assert "is in use" in cli("no object-group network PCS")
    cli("no object-group network OUTER", "no object-group network PCS", "no object-group service PCS")
    assert list(switch.running.groups) == ["WEB"]


def test_a_group_that_is_missing_empty_or_of_the_other_kind_matches_nothing(cli: Cli, switch: Switch) -> None:
    cli("conf t", "ip access-list extended L", "permit ip object-group GHOST any", f"interface {PORT}", BIND)
    assert switch.evaluate(PORT, "in", packet()) == {"permit": False, "rule": "implicit deny"}
    cli("object-group network GHOST")
    assert not switch.evaluate(PORT, "in", packet())["permit"]
    cli("host 10.20.1.11")
    assert switch.evaluate(PORT, "in", packet())["permit"]
    cli(*WEB, "ip access-list extended L", "no 10", "permit ip object-group WEB any")
    assert not switch.evaluate(PORT, "in", packet())["permit"]


def test_each_member_takes_room(cli: Cli, switch: Switch) -> None:
    cli("conf t", *PCS, *WEB, *LIST, BIND)
    assert switch.tcam()[0] == 1 + 2 * 5  # tcp-udp counts twice
    cli("object-group network PCS", "host 10.20.1.13")
    assert switch.tcam()[0] == 1 + 3 * 5


@pytest.mark.parametrize(
    ("group", "line"),
    [
        ("network", "host 10.0.0"), ("network", "10.0.0.0 255.0.255.0"), ("network", "range 10.0.0.9 10.0.0.1"),
        ("network", "host 10.0.0.1 10.0.0.2"), ("network", "tcp eq 80"), ("service", "tcp eq http"),
        ("service", "icmp nonsense"), ("network", "group-object NONE"),
        ("network", "group-object ME"), ("network", "object-group service ME"),
    ],
)  # fmt: skip
def test_members_that_are_none(cli: Cli, switch: Switch, group: str, line: str) -> None:
    assert "%" in cli("conf t", f"object-group {group} ME", line)
    assert switch.running.groups["ME"].members == []


def test_loops_are_refused_and_other_modes_are_reached_from_a_group(cli: Cli, switch: Switch) -> None:
    cli("conf t", "object-group network A", "host 10.0.0.1", "object-group network B", "group-object A")
    assert "cannot be a member" in cli("object-group network A", "group-object B")
    cli("10.0.1.7 /24", "object-group service S", "ip", "ip access-list extended FROM-HERE")
    assert switch.running.groups["A"].members == ["host 10.0.0.1", "10.0.1.0 255.255.255.0"]
    assert "FROM-HERE" in switch.running.lists


def test_groups_survive_a_restart_and_a_revert(cli: Cli, switch: Switch, world: Any) -> None:
    cli(
        "conf t", *PCS, *WEB, "end", "configure terminal revert timer 1", *LIST, BIND, "object-group network NEW", "any"
    )
    again = Switch(switch.name, switch.options, world, json.loads(json.dumps(switch.dump())))
    assert again.dump() == switch.dump()
    assert again.evaluate(PORT, "in", packet())["permit"]
    world.time += 60
    again.tick(world.now())
    assert sorted(again.running.groups) == ["PCS", "WEB"]
