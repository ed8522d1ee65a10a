# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packets for declared flows."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin import flows
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (
            {"to": "10.0.0.1", "protocol": "tcp", "ports": [443, 3389]},
            {"tcp 10.0.0.1:443": 443, "tcp 10.0.0.1:3389": 3389},
        ),
        (
            {"to": "10.0.0.1", "protocol": "udp", "ports": ["5000-5010"]},
            {"udp 10.0.0.1:5000": 5000, "udp 10.0.0.1:5010": 5010},
        ),
        ({"to": "10.0.0.1", "service": "dns"}, {"udp 10.0.0.1:53": 53, "tcp 10.0.0.1:53": 53}),
        ({"to": "10.0.0.1", "protocol": "icmp"}, {"icmp 10.0.0.1": None}),
        ({"to": "10.0.0.1", "protocol": 47}, {"47 10.0.0.1": None}),
    ],
)
def test_one_packet_for_each_port(flow: dict[str, Any], expected: dict[str, Any]) -> None:
    packets = flows.declared("10.20.1.11", [flow])
    assert {label: packet["dst_port"] for label, packet in packets.items() if packet} == expected
    assert all(packet and packet["src"] == "10.20.1.11" and not packet["established"] for packet in packets.values())


def test_names_need_an_address() -> None:
    assert flows.declared("10.0.0.9", [{"to": "mes.site", "ports": [1]}]) == {"tcp mes.site:1": None}
    known = flows.declared("10.0.0.9", [{"to": "mes.site", "ports": [1]}], {"mes.site": "10.1.1.1"})["tcp mes.site:1"]
    assert known and known["dst"] == "10.1.1.1"


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_a_network_is_stood_for_by_one_of_its_own_addresses(address: ipaddress.IPv4Address, prefix: int) -> None:
    network = ipaddress.IPv4Network((int(address), prefix), strict=False)
    found = flows.address_of(str(network), {})
    assert found is not None and ipaddress.IPv4Address(found) in network


def test_an_answer_is_established() -> None:
    packet = flows.answer("10.0.0.1", 5985, "10.0.0.2")
    assert packet["established"] and packet["src_port"] == 5985 and packet["dst_port"] == flows.EPHEMERAL
