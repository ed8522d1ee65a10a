# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
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
