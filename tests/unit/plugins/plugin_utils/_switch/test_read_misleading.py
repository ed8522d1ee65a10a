# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations that look like something they are not: banners, ports that only seem to be a station's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch import (
    read_aoscx,
    read_eos,
    read_iosxe,
    read_nxos,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.driver_iosxe import IosXe

Parse = Callable[[str], Any]
IOS_PORT = """\
ip access-list extended CELL
 10 deny ip any any
interface GigabitEthernet1/0/1
 ip access-group CELL in
"""
TEXT = """\
Ports of the cell are set up like this:
interface GigabitEthernet1/0/1
 no ip access-group
interface Ethernet1
 description none
interface Ethernet1/1
interface 1/1/1
ip access-list extended CELL
ip access-list CELL
ip access-list extended GHOST
ip access-list GHOST
access-list ip GHOST
 10 permit ip any any
"""


@pytest.mark.parametrize(
    ("parse", "before", "banner", "port"),
    [
        (read_iosxe.parse_config, IOS_PORT, f"banner motd ^C\n{TEXT}^C\nend\n", "GigabitEthernet1/0/1"),
        (read_iosxe.parse_config, IOS_PORT, f"banner login \x03{TEXT}\x03\nend\n", "GigabitEthernet1/0/1"),
        (
            read_eos.parse_config,
            "ip access-list CELL\n   10 deny ip any any\ninterface Ethernet1\n   ip access-group CELL in\n",
            f"banner motd\n{TEXT}EOF\n!\nend\n",
            "Ethernet1",
        ),
        (
            read_nxos.parse_config,
            "ip access-list CELL\n  10 deny ip any any\ninterface Ethernet1/1\n  ip port access-group CELL in\n",
            f"banner motd #\n{TEXT}#\n",
            "Ethernet1/1",
        ),
        (
            read_aoscx.parse_config,
            "access-list ip CELL\n    10 deny any any any\ninterface 1/1/1\n    apply access-list ip CELL in\n",
            f"banner motd !\n{TEXT}!\n",
            "1/1/1",
        ),
    ],
    ids=["ios", "ios-control", "eos", "nxos", "aoscx"],
)
def test_what_a_banner_says_is_no_configuration(parse: Parse, before: str, banner: str, port: str) -> None:
    found = parse(before + banner)
    assert found.interfaces[port].lists == {"in": "CELL"}
    assert sorted(found.lists) == ["CELL"]
    assert [rule.action for rule in found.lists["CELL"].rules] == ["deny"]
    assert sorted(parse(banner + before).lists) == ["CELL"]


def test_a_banner_on_one_line_or_without_an_end_hides_nothing() -> None:
    for banner in ("banner motd ^C hands off ^C\n", "banner motd #x#\n", "banner exec ^Cnever ends\n"):
        found = read_iosxe.parse_config(banner + IOS_PORT)
        assert found.interfaces["GigabitEthernet1/0/1"].lists == {"in": "CELL"}


@pytest.mark.parametrize(
    ("lines", "access"),
    [
        ("", True),
        (" switchport mode access\n switchport trunk native vlan 99\n", True),
        (" switchport mode trunk\n", False),
        (" switchport mode dynamic desirable\n", False),
        (" switchport trunk allowed vlan 10,20\n", False),
        (" switchport mode private-vlan host\n", True),
    ],
)
def test_a_port_that_may_be_an_uplink_is_none_of_a_station(lines: str, access: bool) -> None:
    found = read_iosxe.parse_config(f"interface GigabitEthernet1/0/1\n{lines}!\n")
    assert found.interfaces["GigabitEthernet1/0/1"].access is access


@pytest.mark.parametrize(
    "line", [" ip access-group common SHARED CELL in", " ipv6 traffic-filter common SHARED CELL in"]
)
def test_a_binding_that_is_not_understood_stops(line: str) -> None:
    found = read_iosxe.parse_config(f"interface GigabitEthernet1/0/1\n{line}\n")
    assert "not understood" in IosXe().place_problem(found.interfaces["GigabitEthernet1/0/1"], "in")


def test_a_shared_list_beside_the_one_of_the_port_is_never_taken_off(make_quick: Any, want: Any) -> None:
    rig = make_quick()
    real = rig.driver.read_state

    def shared(shell: Any) -> Any:
        run = shell.run
        text = "interface GigabitEthernet1/0/1\n"
        shell.run = lambda command, timeout=60.0: run(command).replace(text, f"{text} ip access-group common A B in\n")
        return real(shell)

    rig.driver.read_state = shared
    with pytest.raises(RefusedError, match="not understood"):
        rig.ensure([want(443)])
    assert rig.writes() == 0


@pytest.mark.parametrize("text", ["banner motd ^C\nsw-l1 #", "banner motd ^C\nsw-l1#\n", "sw-l1 is in hall 3 >"])
def test_a_line_that_begins_like_the_prompt_does_not_end_an_answer(rig: Any, text: str) -> None:
    prompt = rig.connect()._exec_prompt  # noqa: SLF001
    assert not prompt.search(text)
    assert prompt.search(f"{text}\nsw-l1#")
    assert prompt.search("sw-l1-hall-3> ")


def test_vlans_that_stand_on_one_line_are_all_there() -> None:
    found = read_aoscx.parse_config("vlan 1,10-12\nvlan 20\n    apply access-list ip CELL in\n")
    assert [name for name in found.interfaces if name.startswith("context")] == [
        f"context vlan {number}" for number in (1, 10, 11, 12, 20)
    ]
    assert found.interfaces["context vlan 20"].lists == {"in": "CELL"}
