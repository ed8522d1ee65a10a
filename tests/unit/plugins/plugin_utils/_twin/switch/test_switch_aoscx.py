# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated AOS-CX: spellings, active against configured, auto checkpoint, hardware, Netmiko."""

from __future__ import annotations

import json
from typing import Any

import netmiko
import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import make_switch
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.aoscx import Switch

from .conftest import Running  # type: ignore[import-not-found]

CONFIG: dict[str, Any] = {"platform": "aoscx", "vlans": {101: "10.20.1.1/26"}, "ports": ["1/1/1", "1/1/2"]}
SSH = {"protocol": "tcp", "src": "10.20.1.11", "dst": "10.20.60.10", "src_port": 50123, "dst_port": 22}


class Cli:
    """A switch, its clock and one session."""

    def __init__(self, world: Any, state: Any = None, **config: Any) -> None:
        self.world = world
        self.switch = make_switch("sw-l1", {**CONFIG, **config}, world, state)
        assert isinstance(self.switch, Switch)
        self.session = self.switch.open_session("automation")

    def type(self, *lines: str) -> str:
        text = ""
        for line in lines:
            text = self.switch.execute(self.session, line).text
        return text

    def later(self, seconds: float = 1.0) -> None:
        self.world.time += seconds
        self.switch.tick(self.world.time)

    def permits(self, interface: str = "1/1/1", direction: str = "in", **packet: Any) -> bool:
        return bool(self.switch.evaluate(interface, direction, {**SSH, **packet}, count=True)["permit"])


@pytest.fixture
def box(world: Any) -> Cli:
    return Cli(world)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (
            "10 permit tcp 10.0.0.0/24 10.9.0.10 eq 502 count",
            "10 permit tcp 10.0.0.0/255.255.255.0 10.9.0.10 eq 502 count",
        ),
        ("10 permit tcp 10.0.0.7/24 10.9.0.10/32 eq 80", "10 permit tcp 10.0.0.7/255.255.255.0 10.9.0.10 eq http"),
        ("permit ip any any", "10 permit any any any"),
        ("10 permit udp any gt 1023 any eq dns", "10 permit udp any gt 1023 any eq dns"),
        ("10 deny 6 any any range 80 443 log count", "10 deny tcp any any range http https count log"),
        ("10 permit icmp any any icmp-type echo", "10 permit icmp any any icmp-type echo"),
        ("10 permit 47 any 10.0.0.0/255.255.0.0", "10 permit gre any 10.0.0.0/255.255.0.0"),
        ("10 permit tcp any any established", "10 permit tcp any any established"),
        ("10 comment the  MES", "10 comment the MES"),
    ],
)
def test_what_is_stored(box: Cli, typed: str, stored: str) -> None:
    assert box.type("configure terminal", "access-list ip A", typed) == ""
    box.later()
    assert box.type("do show access-list ip A commands") == f"access-list ip A\n    {stored}\n"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("10 permit any any", "% Command incomplete.\n"),
        ("10 permit tcp host 10.0.0.1 any", "Invalid input: any\n"),
        ("10 permit tcp any any neq 80", "Invalid input: neq\n"),
        ("10 permit tcp any any eq 80 81", "Invalid input: 81\n"),
        ("10 permit tcp any any eq domain", "Invalid input: domain\n"),
        ("10 permit tcp 10.0.0.0 0.0.0.255 any", "Invalid input: any\n"),
        ("10 permit any nobody any", "Invalid input: nobody\n"),
        ("foo", "Invalid input: foo\n"),
    ],
)
def test_what_is_refused(box: Cli, typed: str, answer: str) -> None:
    """There is no `host` and no wildcard: such words are read as a group's name and a second address."""
    assert box.type("configure terminal", "access-list ip A", typed) == answer
    assert box.switch.running.lists["A"].entries == {}


def test_a_number_in_use_is_replaced_and_a_comment_shares_it(box: Cli) -> None:
    box.type(
        "conf t", "access-list ip A", "10 permit tcp any any eq 22", "10 comment jump host", "10 permit udp any any"
    )
    box.later()
    shown = box.type("show access-list ip A commands").splitlines()[1:]
    assert [line.strip() for line in shown] == ["10 comment jump host", "10 permit udp any any"]
    box.type("no 10 comment")
    assert box.switch.running.lists["A"].lines() == ["10 permit udp any any"]
    box.type("no 10", "exit", "access-list ip A resequence 5 5")
    assert box.switch.running.lists["A"].lines() == []


def test_active_follows_configuration_after_a_while(box: Cli) -> None:
    box.type("conf t", "access-list ip A", "10 deny tcp any any eq ssh count", "20 permit any any any")
    box.type("exit", "interface 1/1/1", "apply access-list ip A in")
    assert box.permits()
    assert "currently being processed" in box.type("do show access-list ip A commands")
    box.later()
    assert not box.permits()
    assert "processed" not in box.type("do show access-list ip A commands configuration")
    assert box.type("do show running-config interface 1/1/1").splitlines()[-2] == "    apply access-list ip A in"
    assert box.permits("1/1/2")
    assert "                   1  10 deny tcp any any eq ssh count" in box.type("do show access-list hitcounts ip A")
    assert "                   -  20 permit any any any" in box.type(
        "do show access-list hitcounts ip A interface 1/1/1 in"
    )


def test_what_does_not_fit_is_configured_but_not_active_until_reset(world: Any) -> None:
    box = Cli(world, tcam_entries=2)
    box.type(
        "conf t", "access-list ip A", "10 permit any any any", "exit", "interface 1/1/1", "apply access-list ip A in"
    )
    box.later()
    box.type("access-list ip A", "5 deny tcp any any eq 22")
    box.later()
    assert box.permits()
    assert "user configuration does not match active configuration." in box.type("do show running-config")
    assert box.type("do show access-list ip A commands").splitlines()[2:] == [
        "access-list ip A",
        "    10 permit any any any",
    ]
    box.type("exit", "access-list ip A reset")
    assert box.switch.running.lists["A"].lines() == ["10 permit any any any"]
    assert "does not match" not in box.type("do show running-config")


def test_lists_apply_to_vlans_svis_and_lags(box: Cli) -> None:
    box.type("conf t", "access-list ip NO", "10 deny tcp any any eq 22", "20 permit any any any")
    box.type("vlan 101", "apply access-list ip NO in")
    box.later()
    assert not box.permits()
    box.type("no apply access-list ip NO in", "interface vlan 101")
    assert box.type("apply access-list ip NO in") == "Invalid input: in\n"
    assert box.type("apply access-list ip NO routed-in") == ""
    box.later()
    assert box.permits()
    assert not box.permits("vlan101")
    assert box.switch.gateway("1/1/1", SSH) == "vlan101"
    assert box.switch.gateway("1/1/1", {**SSH, "dst": "10.20.1.12"}) == ""
    box.type("interface lag 1", "apply access-list ip NO in", "interface 1/1/2", "lag 1")
    box.later()
    assert not box.permits("1/1/2")
    assert "member of a LAG" in box.type("apply access-list ip NO in")
    assert "does not exist" in box.type("interface 1/1/1", "apply access-list ip MISSING in")


def test_object_groups_are_looked_into(box: Cli) -> None:
    box.type(
        "conf t",
        "object-group ip address MES",
        "10.20.60.0/24",
        "object-group port REMOTE",
        "10 eq ssh",
        "20 range 80 90",
    )
    box.type("access-list ip A", "permit tcp any MES group REMOTE", "interface 1/1/1", "apply access-list ip A in")
    box.later()
    assert box.permits()
    assert box.permits(dst_port=85)
    assert not box.permits(dst_port=91)
    assert "in use" in box.type("no object-group port REMOTE")
    box.type("object-group port REMOTE", "no 10")
    box.later()
    assert not box.permits()
    assert "object-group ip address MES\n    10 10.20.60.0/255.255.255.0\n" in box.type("do show object-group commands")


def test_an_auto_checkpoint_that_is_not_confirmed_restores_everything(box: Cli) -> None:
    said: list[str] = []
    box.switch.on_message = said.append
    assert box.type("checkpoint auto 61") == "Invalid input: 61\n"
    assert box.type("checkpoint auto 3") == "Auto checkpoint mode expires in 3 minute(s)\n"
    assert box.type("checkpoint auto 3").startswith("%")
    box.type(
        "conf t",
        "hostname other",
        "access-list ip A",
        "10 deny any any any",
        "interface 1/1/1",
        "apply access-list ip A in",
    )
    box.later(70)
    assert said == ['WARNING  Please "checkpoint auto confirm" within 2 minutes\n']
    assert not box.permits()
    box.later(111)
    assert said[-1] == "Restoration successful\n"
    assert box.permits()
    assert box.switch.running.hostname == "sw-l1"
    assert box.switch.running.lists == {}
    assert [line["why"] for line in box.world.writes() if line["kind"] == "change"] == ["checkpoint auto"]


def test_a_confirmed_checkpoint_stays_and_only_saving_outlives_a_power_cut(box: Cli) -> None:
    box.type("checkpoint auto 2", "conf t", "access-list ip A", "10 permit any any any", "end")
    assert box.type("checkpoint auto confirm").startswith("checkpoint AUTO2026")
    assert box.type("checkpoint auto confirm").startswith("%")
    box.later(300)
    assert "A" in box.switch.running.lists
    assert not box.switch.dump()["startup_equals_running"]
    assert box.type("write memory") == "Copying configuration: [Success]\n"
    box.type("conf t", "no access-list ip A")
    box.switch.inject("power_cut", {})
    assert "A" in box.switch.running.lists


def test_the_state_outlives_a_restart(box: Cli, world: Any) -> None:
    box.type(
        "conf t",
        "access-list ip A",
        "10 deny any any any",
        "20 comment end",
        "interface 1/1/1",
        "apply access-list ip A in",
    )
    box.type("end", "checkpoint auto 5")
    state = json.loads(json.dumps(box.switch.dump()))
    again = Cli(world, state)
    again.later()
    assert not again.permits()
    assert again.switch.pending["minutes"] == 5
    assert again.switch.dump()["bindings"] == {"1/1/1": {"in": "A"}}


def test_a_control_plane_list_keeps_new_sessions_out(world: Any) -> None:
    box = Cli(world, seen_as="10.20.90.5", address="10.20.0.11")
    box.type("conf t", "access-list ip MGMT", "10 permit tcp 10.20.90.0/24 any eq ssh", "exit")
    box.type("apply access-list ip MGMT control-plane vrf default")
    box.later()
    assert box.switch.admit()
    box.switch.inject("seen_as", {"address": "10.20.1.11"})
    assert not box.switch.admit()


def test_the_table_form(box: Cli) -> None:
    box.type(
        "conf t", "access-list ip A", "10 permit udp any 172.16.1.0/24", "20 permit tcp 172.16.2.0/16 gt 1023 any count"
    )
    box.later()
    table = box.type("do show access-list").splitlines()
    assert table[7:] == [
        "IPv4       A",
        "        10 permit                          udp",
        "           any",
        "           172.16.1.0/255.255.255.0",
        "        20 permit                          tcp",
        "           172.16.2.0/255.255.0.0          >  1023",
        "           any",
        "           Hit-counts: enabled",
        "-" * 79,
    ]


def test_netmiko_drives_it_without_settings(world: Any, tmp_path: Any) -> None:
    switch = make_switch("sw-l1", CONFIG, world)
    running = Running(switch, str(tmp_path / "host_key"))
    try:
        login = {"host": "127.0.0.1", "port": running.server.port, "username": "automation", "password": "secret-1"}
        with netmiko.ConnectHandler(device_type="aruba_aoscx", **login) as device:
            assert device.find_prompt() == "sw-l1#"
            output = device.send_config_set(
                ["access-list ip A", *(f"{n} permit tcp any any eq {n}" for n in range(1, 41)), "end"]
            )
            assert "Invalid" not in output
            device.send_config_set(["interface 1/1/1", "apply access-list ip A in", "end"])
            world.time += 1
            assert "    40 permit tcp any any eq 40" in device.send_command("show running-config")
            assert "[Success]" in device.send_command("write memory")
            assert switch.dump()["bindings"] == {"1/1/1": {"in": "A"}}
            switch.tell("WARNING\n")
    finally:
        running.close()


SIX = {"protocol": "tcp", "src": "2001:db8:20::11", "dst": "2001:db8:60::10", "src_port": 50123, "dst_port": 443}


def test_each_family_has_lists_and_applications_of_its_own(box: Cli) -> None:
    box.type("configure terminal", "access-list ip A", "10 deny any any any", "access-list ipv6 A")
    assert box.session.prompt == "sw-l1(config-acl-ipv6)# "
    box.type("10 permit icmpv6 any any icmp-type 135", "20 permit tcp any 2001:DB8:60::/64 eq https count")
    box.type("30 deny ipv6 any any", "interface 1/1/1", "apply access-list ip A in")
    box.later()
    assert box.permits(**SIX) and box.permits(**SIX | {"dst_port": 22}) and not box.permits()
    box.type("apply access-list ipv6 A in")
    box.later()
    assert box.permits(**SIX) and not box.permits(**SIX | {"dst_port": 22})
    asks = {**SIX, "protocol": "icmpv6", "dst": "ff02::1:ff00:11", "icmp_type": 135, "icmp_code": 0}
    assert box.permits(**asks) and not box.permits(**asks | {"icmp_type": 128})
    assert box.type("show access-list ipv6 A commands").splitlines() == [
        "access-list ipv6 A",
        "    10 permit icmpv6 any any icmp-type 135",
        "    20 permit tcp any 2001:db8:60::/64 eq https count",
        "    30 deny any any any",
    ]
    assert "    apply access-list ip A in\n    apply access-list ipv6 A in\n" in box.type("show running-config")
    assert " 1  20 permit tcp any" in box.type("show access-list hitcounts ipv6 A")
    assert box.switch.dump()["bindings"] == {"1/1/1": {"in": "A", "ipv6 in": "A"}}
    again = Cli(box.world, json.loads(json.dumps(box.switch.dump())))
    assert again.permits(**SIX) and not again.permits(**SIX | {"dst_port": 22})
    box.type("no access-list ipv6 A")
    box.later()
    assert box.switch.dump()["bindings"] == {"1/1/1": {"in": "A"}} and box.permits(**SIX | {"dst_port": 22})


@pytest.mark.parametrize(
    "line",
    ["10 permit tcp any 10.0.0.1", "10 permit icmp any any", "10 permit tcp any 2001:db8::/129", "deny ip any any"],
)
def test_what_a_list_of_ipv6_does_not_take(box: Cli, line: str) -> None:
    box.type("configure terminal", "access-list ipv6 A")
    assert "Invalid input" in box.type(line)


def test_a_group_of_ipv6_addresses_filters(box: Cli) -> None:
    box.type("configure terminal", "object-group ipv6 address PCS", "10 2001:db8:20::/64")
    box.type("access-list ipv6 A", "10 permit any PCS any", "interface 1/1/1", "apply access-list ipv6 A in")
    box.later()
    assert box.permits(**SIX) and not box.permits(**SIX | {"src": "2001:db8:21::1"})
