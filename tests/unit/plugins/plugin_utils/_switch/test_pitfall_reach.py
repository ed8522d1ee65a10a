# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pitfall 41: entries for anybody, and lists with a number, count in every answer about who reaches what."""

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.assertions import judge, region
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.flows import flows_denied
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.guards import Protection, switch_problems
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.paths import Flow, first_denied, passing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.state import SwitchState

PC, CELL = Address.of("10.20.1.11"), Address.of("10.20.11.0/24")
MODBUS = region(PC, [CELL], {"protocol": "tcp", "ports": [502]}, {})
FLOW = {"src": "10.20.1.11", "dst": "10.20.11.7", "protocol": "tcp", "dst_port": 502}
IOS_PORT = "interface GigabitEthernet1/0/1\n ip access-group {} in\n"


def _named(head: str, port: str, bind: str, *lines: str) -> str:
    body = "".join(f" {line}\n" for line in lines)
    return f"{head} CELL\n{body}interface {port}\n {bind.format('CELL')}\n"


def _ios(*lines: str) -> str:
    return _named("ip access-list extended", "GigabitEthernet1/0/1", "ip access-group {} in", *lines)


def _eos(*lines: str) -> str:
    return _named("ip access-list", "Ethernet1", "ip access-group {} in", *lines)


def _nxos(*lines: str) -> str:
    return _named("ip access-list", "Ethernet1/1", "ip port access-group {} in", *lines)


def _aoscx(*lines: str) -> str:
    return _named("access-list ip", "1/1/1", "apply access-list ip {} in", *lines)


LETS_THROUGH = [
    ("cisco_xe", _ios("permit ip any any")),
    ("cisco_xe", _ios("deny udp any any", "permit ip any 10.20.0.0 0.0.255.255")),
    ("cisco_xe", _ios("deny tcp any any eq 80", "permit tcp any any")),
    ("cisco_ios", "access-list 101 permit tcp any any eq 502\n" + IOS_PORT.format(101)),
    ("cisco_ios", "access-list 101 remark x\naccess-list 101 permit ip any any\n" + IOS_PORT.format(101)),
    ("cisco_ios", "access-list 10 permit any\n" + IOS_PORT.format(10)),
    ("cisco_ios", "access-list 1300 permit 10.20.0.0 0.0.255.255\n" + IOS_PORT.format(1300)),
    ("cisco_ios", "ip access-list extended 2000\n permit ip any any\n" + IOS_PORT.format(2000)),
    ("cisco_ios", IOS_PORT.format(199)),
    ("arista_eos", _eos("10 permit ip any any")),
    ("arista_eos", _eos("10 deny tcp any any eq 80", "20 permit tcp any any")),
    ("arista_eos", "ip access-list standard 10\n   10 permit any\ninterface Ethernet1\n   ip access-group 10 in\n"),
    ("cisco_nxos", _nxos("10 permit ip any any")),
    ("cisco_nxos", _nxos("10 deny udp any any", "20 permit tcp any 10.20.0.0/16")),
    ("aruba_aoscx", _aoscx("10 permit any any any count")),
    ("aruba_aoscx", _aoscx("10 deny udp any any", "20 permit tcp any any gt 500 count")),
]
KEEPS_OUT = [
    ("cisco_xe", _ios("deny ip any any", "permit tcp any any eq 502")),
    (
        "cisco_ios",
        "access-list 101 deny tcp any any eq 502\naccess-list 101 permit ip any any\n" + IOS_PORT.format(101),
    ),
    ("cisco_ios", "access-list 10 deny any\naccess-list 10 permit any\n" + IOS_PORT.format(10)),
    ("arista_eos", _eos("10 deny ip any any", "20 permit tcp any any eq 502")),
    ("cisco_nxos", _nxos("10 deny ip any any", "20 permit tcp any any eq 502")),
    ("aruba_aoscx", _aoscx("10 deny any any any", "20 permit tcp any any eq 502")),
]


def _held(device_type: str, text: str) -> tuple[Rule, ...]:
    """What the first port of the configuration does."""
    config = driver_for(device_type).parse_config(text)
    (port,) = (port for port in config.interfaces.values() if port.lists)
    name = port.lists["in"]
    found = config.find(name)
    assert found is None or not found.opaque
    return config.effective(name)


@pytest.mark.parametrize(("device_type", "text"), LETS_THROUGH)
def test_pitfall_41_entries_for_anybody_and_numbered_lists_let_through(device_type: str, text: str) -> None:
    rules = _held(device_type, text)
    answer = judge(rules, MODBUS, "denied")
    assert answer.holds is False
    assert answer.witness is not None and answer.witness.dst_port == 502
    assert judge(rules, MODBUS, "permitted").holds is True
    assert (
        flows_denied(
            [rule.to_dict() for rule in rules],
            [{"from": str(PC), "to": "10.20.11.7", "protocol": "tcp", "ports": [502]}],
        )
        == []
    )
    assert first_denied(rules, list(passing(Flow.of(FLOW), "in", PC))) == ""


@pytest.mark.parametrize(("device_type", "text"), KEEPS_OUT)
def test_pitfall_41_entries_for_anybody_and_numbered_lists_keep_out(device_type: str, text: str) -> None:
    rules = _held(device_type, text)
    assert judge(rules, MODBUS, "denied").holds is True
    denied = flows_denied(
        [rule.to_dict() for rule in rules], [{"from": str(PC), "to": "10.20.11.7", "protocol": "tcp", "ports": [502]}]
    )
    assert {item["denied_by"] for item in denied} == {0}
    assert "by rule 1" in first_denied(rules, list(passing(Flow.of(FLOW), "in", PC)))


@pytest.mark.parametrize(
    ("lists", "lets_in"),
    [
        ("access-list 10 permit 10.20.90.0 0.0.0.255\n", True),
        ("access-list 10 permit any\n", True),
        ("access-list 10 permit 10.20.91.0 0.0.0.255\n", False),
        ("access-list 10 deny any\naccess-list 10 permit any\n", False),
        ("ip access-list standard 10\n permit 10.20.91.0 0.0.0.255\n", False),
    ],
)
def test_pitfall_41_42_a_numbered_list_of_the_terminal_lines_counts(lists: str, lets_in: bool) -> None:
    config = driver_for("cisco_ios").parse_config(f"{lists}line vty 0 4\n access-class 10 in\n")
    protection = Protection(management_address="10.20.90.5", switch_address="10.20.0.11")
    problems = switch_problems(SwitchState(config, config), protection, changing=True)
    assert [found for found, _fix in problems if "terminal lines" in found] == [] if lets_in else problems
