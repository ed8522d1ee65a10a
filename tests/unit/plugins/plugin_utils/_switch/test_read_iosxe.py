# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_iosxe import (
    interface_name,
    parse_archive,
    parse_config,
    parse_privilege,
    parse_timer,
)

CONFIG = """\
Building configuration...

Current configuration : 3210 bytes
!
hostname sw-l1
!
ip routing
!
archive
 path flash:sw-l1-
!
interface GigabitEthernet1/0/1
 switchport access vlan 101
 switchport mode access
 ip access-group OTE_l1_op1_in_0a1b2c3d in
!
interface GigabitEthernet1/0/2
 channel-group 1 mode active
!
interface GigabitEthernet1/0/24
 switchport mode trunk
!
interface Vlan101
 ip address 10.20.1.1 255.255.255.192
 ip access-group SVI out
!
ip access-list extended OTE_l1_op1_in_0a1b2c3d
 10 permit tcp any any eq 443
ip access-list extended VTY
 10 permit ip host 10.20.90.5 any
!
line vty 0 4
 access-class VTY in vrf-also
!
end
"""


def test_a_configuration_is_read_into_what_matters() -> None:
    config = parse_config(CONFIG)
    assert config.ip_routing
    assert config.interfaces["GigabitEthernet1/0/1"].lists == {"in": "OTE_l1_op1_in_0a1b2c3d"}
    assert config.interfaces["GigabitEthernet1/0/1"].access
    assert config.interfaces["GigabitEthernet1/0/2"].channel_group == "1"
    assert not config.interfaces["GigabitEthernet1/0/24"].access
    assert config.interfaces["Vlan101"].is_svi
    assert config.interfaces["Vlan101"].lists == {"out": "SVI"}
    assert config.users("SVI") == ["Vlan101"]
    assert "VTY" in config.other_uses
    assert "OTE_l1_op1_in_0a1b2c3d" not in config.other_uses
    assert set(config.lists) == {"OTE_l1_op1_in_0a1b2c3d", "VTY"}


def test_a_configuration_that_is_not_there_is_empty() -> None:
    config = parse_config("startup-config is not present\n")
    assert not config.interfaces
    assert not config.lists
    assert not config.ip_routing


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Gi1/0/1", "GigabitEthernet1/0/1"),
        ("gigabitethernet 1/0/1", "GigabitEthernet1/0/1"),
        ("Te1/1/1", "TenGigabitEthernet1/1/1"),
        ("Twe1/0/1", "TwentyFiveGigE1/0/1"),
        ("vlan101", "Vlan101"),
        ("Po1", "Port-channel1"),
        ("Serial0/0", "Serial0/0"),
    ],
)
def test_interfaces_have_one_spelling(short: str, full: str) -> None:
    assert interface_name(short) == full


def test_the_timer_is_none_only_if_the_switch_says_so() -> None:
    assert parse_timer("%No Rollback Confirmed Change pending\n") is None
    text = " Time configured(or reconfigured): 22:50:48 UTC Wed May 9 2007\n Timer value: 2 min\n User: automation\n"
    timer = parse_timer(text)
    assert timer is not None
    assert timer.user == "automation"
    unclear = parse_timer("something else")
    assert unclear is not None
    assert unclear.user == ""


def test_privilege_and_archive() -> None:
    assert parse_privilege("Current privilege level is 15") == 15
    assert parse_privilege("% Invalid input") == 0
    assert parse_archive("The maximum archive configurations allowed is 10.")
    assert not parse_archive("Archive feature not enabled")
    assert not parse_archive("% Invalid input detected at '^' marker.")


class _Shell:
    """A shell that answers from a table."""

    user = "automation"

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def run(self, command: str, timeout: float = 60.0) -> str:
        self.asked.append(command)
        return self.answers.get(command, "% Invalid input detected at '^' marker.\n")


def test_a_list_with_groups_is_read_with_what_they_hold() -> None:
    shell: Any = _Shell(
        {
            "show ip access-lists L": "Extended IP access list L\n    10 permit ip object-group PCS any\n",
            "show running-config": "object-group network PCS\n host 10.20.1.11\n host 10.20.1.12\n",
        }
    )
    found = IosXe().read_list(shell, "L")
    assert found is not None
    assert [str(rule.src) for rule in found.rules] == ["10.20.1.11/32", "10.20.1.12/32"]


def test_a_list_of_ipv6_is_found_and_one_that_is_nowhere_is_not() -> None:
    shown = "IPv6 access list SIX\n    deny ipv6 any any log sequence 10\n"
    shell: Any = _Shell({"show ipv6 access-list SIX": shown, "show ip access-lists L": "Extended IP access list L\n"})
    found = IosXe().read_list(shell, "SIX")
    assert found is not None
    assert found.kind == "ipv6"
    assert IosXe().read_list(shell, "GONE") is None
    plain = IosXe().read_list(shell, "L")
    assert plain is not None
    assert "show running-config" not in shell.asked


def test_what_an_interface_uses_besides_its_lists_is_in_use() -> None:
    text = (
        "object-group network PCS\n host 10.0.0.1\nipv6 access-list SIX\n permit ipv6 any any\n"
        "interface GigabitEthernet1/0/1\n description for OTHER\n ip access-group FOUR in\n"
        " ipv6 traffic-filter SIX in\n mac access-group HARDWARE in\n"
    )
    config = parse_config(text)
    assert config.interfaces["GigabitEthernet1/0/1"].lists == {"in": "FOUR", "ipv6 in": "SIX"}
    assert config.find("SIX", "ipv6") and not config.find("SIX")
    assert "HARDWARE" in config.other_uses
    assert not {"FOUR", "SIX", "OTHER", "PCS"} & config.other_uses
