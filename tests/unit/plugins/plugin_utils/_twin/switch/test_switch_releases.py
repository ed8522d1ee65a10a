# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The factory by platform, classic IOS 15.x, enable passwords, VTY lists, SVIs, slow lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import netmiko
import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.flows import judge
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch, make_switch, platform_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.editor import LineEditor

from .conftest import CONFIG, Running  # type: ignore[import-not-found]

PACKET = {"protocol": "tcp", "src": "10.20.1.11", "dst": "10.20.60.10", "src_port": 50123, "dst_port": 443}


def typed(switch: Any, *lines: str) -> str:
    session, text = switch.open_session("automation"), ""
    for line in lines:
        text = switch.execute(session, line).text
    switch.close_session(session)
    return text


@pytest.fixture
def classic(world: Any) -> Any:
    return make_switch("sw-l1", {**CONFIG, "platform": "ios15"}, world)


@pytest.mark.parametrize(
    ("config", "network_os", "platform"),
    [
        ({}, "", "iosxe"),
        ({}, "cisco.ios.ios", "iosxe"),
        ({}, "arista.eos.eos", "eos"),
        ({}, "cisco.nxos.nxos", "nxos"),
        ({}, "arubanetworks.aoscx.aoscx", "aoscx"),
        ({"platform": "ios15"}, "cisco.ios.ios", "ios15"),
    ],
)
def test_the_platform_comes_from_the_inventory(
    world: Any, config: dict[str, Any], network_os: str, platform: str
) -> None:
    assert platform_of(config, network_os) == platform
    assert make_switch("sw-l1", {"platform": platform, "vlans": {101: "10.20.1.1/26"}}, world).dump()["bindings"] == {}


def test_a_platform_that_is_not_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="'junos' is not simulated"):
        platform_of({"platform": "junos"})


def test_classic_ios_keeps_no_numbers(classic: Any) -> None:
    lines = [
        "ip access-list extended A",
        "remark MES",
        "permit tcp any any eq 443",
        "15 permit tcp any any eq 80",
        "deny ip any any",
    ]
    typed(classic, "conf t", *lines, "end", "write memory")
    section = typed(classic, "show running-config | section access-list").splitlines()
    assert section == [
        "ip access-list extended A",
        " remark MES",
        " permit tcp any any eq 443",
        " permit tcp any any eq www",
        " deny ip any any",
    ]
    shown = [line.split()[0] for line in typed(classic, "show ip access-lists A").splitlines()[1:]]
    assert shown == ["10", "15", "25"]
    classic.inject("power_cut", {})
    shown = [line.split()[0] for line in typed(classic, "show ip access-lists A").splitlines()[1:]]
    assert shown == ["10", "20", "30"]
    assert "Version 15.2" in typed(classic, "show version")


def test_classic_ios_refuses_a_numbered_remark_and_survives_a_restart(classic: Any, world: Any) -> None:
    assert "% Invalid input" in typed(classic, "conf t", "ip access-list extended A", "10 remark MES")
    typed(classic, "conf t", "ip access-list extended A", "permit ip any any")
    again = make_switch("sw-l1", {**CONFIG, "platform": "ios15"}, world, json.loads(json.dumps(classic.dump())))
    assert isinstance(again, Switch)
    assert again.running.lists["A"].config_lines()[1:] == [" permit ip any any"]


def test_an_enable_password_is_asked_for_and_never_journaled(world: Any) -> None:
    switch = make_switch("sw-l1", {**CONFIG, "enable_password": "secret-2"}, world)
    session = switch.open_session("automation")
    assert session.prompt == "sw-l1>"
    assert "% Invalid input" in switch.execute(session, "show running-config").text
    for word in ("enable", "secret-2"):
        switch.execute(session, word)
    assert session.prompt == "sw-l1#"
    for word in ("disable", "enable", "no-1", "no-2"):
        switch.execute(session, word)
    assert session.prompt == "Password: "
    assert switch.execute(session, "no-3").text.startswith("% Bad secrets")
    assert session.prompt == "sw-l1>"
    assert "secret-2" not in str(world.lines)
    assert "no-1" not in str(world.lines)


def test_netmiko_gives_the_enable_password(world: Any, tmp_path: Any) -> None:
    switch = make_switch("sw-l1", {**CONFIG, "platform": "ios15", "enable_password": "secret-2"}, world)
    running = Running(switch, str(tmp_path / "host_key"))
    try:
        login = {"host": "127.0.0.1", "port": running.server.port, "username": "automation", "password": "secret-1"}
        with netmiko.ConnectHandler(device_type="cisco_ios", secret="secret-2", **login) as device:
            device.enable()
            assert "privilege level is 15" in device.send_command("show privilege")
            output = device.send_config_set(["ip access-list extended A", "permit ip any any"])
            assert "%" not in output
    finally:
        running.close()


def test_the_access_class_of_the_vtys_filters_new_sessions(switch: Switch) -> None:
    typed(switch, "conf t", "line vty 0 15", "access-class MGMT in")
    switch.inject("seen_as", {"address": "10.20.90.5"})
    assert switch.admit()  # the list is missing: everything may come in
    typed(switch, "conf t", "ip access-list standard MGMT", "permit 10.20.90.0 0.0.0.255")
    assert switch.admit()
    switch.inject("seen_as", {"address": "10.20.1.11"})
    assert not switch.admit()
    switch.inject("none", {})
    assert switch.admit()  # nobody said where sessions come from


def test_an_svi_routes_only_what_leaves_its_vlan(switch: Switch, cli: Callable[..., str]) -> None:
    assert switch.gateway("gi1/0/1", PACKET) == "Vlan101"
    assert switch.gateway("gi1/0/1", {**PACKET, "dst": "10.20.1.12"}) == ""
    assert switch.gateway("gi1/0/3", PACKET) == ""
    cli("conf t", "ip access-list extended S", "deny tcp any any eq 443", "permit ip any any")
    cli("interface vlan 101", "ip access-group S in")
    assert not judge(switch, "gi1/0/1", PACKET)["permit"]
    assert judge(switch, "gi1/0/1", {**PACKET, "dst": "10.20.1.12"})["permit"]
    cli("no ip routing")
    assert judge(switch, "gi1/0/1", PACKET) == {"permit": True, "rule": "no list"}
    assert switch.gateway("gi1/0/1", PACKET) == ""


def test_what_is_typed_ahead_beyond_the_room_is_lost() -> None:
    editor = LineEditor()
    editor.feed("show version\r", 4)
    assert editor.next("sw#", 80)[0] == "show"
