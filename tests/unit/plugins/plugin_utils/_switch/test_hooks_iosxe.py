# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counters, room and login lists, as Cisco IOS-XE prints them."""

from __future__ import annotations

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.hooks import (
    Counts,
    Hits,
    PicksPlaces,
    Room,
    TellsRoom,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.read_iosxe import (
    parse_config,
    parse_hits,
    parse_room,
)

SHOWN = """\
Standard IP access list 10
    20 deny   any log
Extended IP access list A
    10 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 502 (12 matches)
    20 permit icmp any any echo (1 match)
    30 deny ip any any log
"""
ROOM = """\
 Table                  Subtype      Dir      Max     Used    %Used       V4       V6     MPLS    Other
 ------------------------------------------------------------------------------------------------------
 Mac Address Table      EM           I       32768       49    0.15%        0        0        0       49
 QoS ACL                TCAM         IO       5120       85    1.66%       28       38        0       19
 Security ACL           TCAM         IO       5120      131    2.56%       26       60        0       45
"""


def test_the_driver_brings_every_hook() -> None:
    driver = IosXe()
    assert isinstance(driver, TellsRoom)
    assert isinstance(driver, Counts)
    assert isinstance(driver, PicksPlaces)


# Pitfall 7: one match and several, and none
def test_counters_belong_to_their_entries() -> None:
    found = parse_hits(SHOWN)
    assert found["10"] == [Hits("deny any log", 0)]
    assert [hits.count for hits in found["A"]] == [12, 1, 0]
    assert found["A"][0].entry == "permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 502"


def test_the_room_is_that_of_security_lists_and_the_tightest_counts() -> None:
    assert parse_room(ROOM) == Room(131, 5120)
    assert parse_room(ROOM + ROOM.replace(" 131 ", "5000 ").splitlines()[-1]) == Room(5000, 5120)
    assert parse_room("% Invalid input detected at '^' marker.\n") is None


def test_lists_of_the_terminal_lines_decide_who_logs_in() -> None:
    text = """\
line con 0
 access-class C in
line vty 0 4
 access-class A in vrf-also
line vty 5 15
 access-class B in
 access-class D out
"""
    assert parse_config(text).login_lists == {"A", "B"}
