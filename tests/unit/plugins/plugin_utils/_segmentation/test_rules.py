# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    Address,
    Rule,
    normal_ports,
    protocol_number,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("any", "any"),
        ("0.0.0.0/0", "any"),
        ("10.0.0.7", "10.0.0.7/32"),
        ("10.0.0.7/24", "10.0.0.0/24"),
        ("10.0.0.7/0.0.0.255", "10.0.0.0/24"),
        ("10.0.10.0/0.255.0.255", "10.0.10.0/0.255.0.255"),
        ("2001:db8:0::7/64", "2001:db8::/64"),
        ("::1", "::1/128"),
    ],
)
def test_addresses_have_one_spelling(text: str, normal: str) -> None:
    assert str(Address.of(text)) == normal
    assert Address.of(normal) == Address.of(text)


@pytest.mark.parametrize("text", ["10.0.0", "10.0.0.0/33", "host", "10.0.0.0/0.0.0.256", "2001:db8::g"])
def test_a_wrong_address_says_how_to_write_it(text: str) -> None:
    with pytest.raises(InputError, match="Write it like"):
        Address.of(text)


def test_a_wildcard_that_is_no_prefix_covers_what_it_says() -> None:
    address = Address.of("10.0.10.0/0.255.0.255")
    assert address.covers(int(Address.of("10.99.10.7").value))
    assert not address.covers(int(Address.of("10.99.11.7").value))


@pytest.mark.parametrize(
    ("pairs", "normal"),
    [
        (None, None),
        ([[0, 65535]], None),
        ([[443, 443], [80, 80]], ((80, 80), (443, 443))),
        ([[80, 90], [91, 95]], ((80, 95),)),
        ([[80, 95], [85, 90]], ((80, 95),)),
    ],
)
def test_ports_are_sorted_and_joined(pairs: list[list[int]] | None, normal: object) -> None:
    assert normal_ports(pairs) == normal


@pytest.mark.parametrize("pairs", [[], [[90, 80]], [[1, 70000]], [[-1, 3]]])
def test_impossible_ports_are_refused(pairs: list[list[int]]) -> None:
    with pytest.raises(InputError):
        normal_ports(pairs)


@pytest.mark.parametrize(
    ("spelled", "number"), [("ip", None), ("tcp", 6), ("6", 6), (17, 17), ("UDP", 17), ("112", 112), (0, None)]
)
def test_protocols_are_numbers(spelled: str | int, number: int | None) -> None:
    assert protocol_number(spelled) == number


def test_the_plain_form_round_trips() -> None:
    rule = Rule("permit", 6, Address.of("10.0.0.1"), ANY, dst_ports=((443, 443),), established=True, remark="x")
    assert Rule.from_dict(rule.to_dict()) == rule
    ping = Rule("deny", 1, icmp=(8, None), log=True)
    assert Rule.from_dict(ping.to_dict()) == ping
    solicited = Rule("permit", 58, Address.of("2001:db8::/64"), ANY6, icmp=(135, 0))
    assert Rule.from_dict(solicited.to_dict()) == solicited
    rest = Rule("deny", src=ANY6, dst=ANY6)
    assert Rule.from_dict(rest.to_dict()) == rest and rest.to_dict()["family"] == "ipv6"


@pytest.mark.parametrize(
    "data",
    [
        {"action": "allow"},
        {"action": "permit", "protocol": "ip", "dst_ports": [[80, 80]]},
        {"action": "permit", "protocol": "udp", "established": True},
        {"action": "permit", "protocol": "tcp", "icmp": [8, 0]},
        {"action": "permit", "protocol": "tcp", "destination": "any"},
        {"action": "permit", "protocol": 300},
        {"action": "permit", "src": "10.0.0.1", "dst": "::1"},
        {"action": "permit", "src": "10.0.0.1", "family": "ipv6"},
        {"action": "permit", "family": "ipx"},
    ],
)
def test_what_no_device_can_mean_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Rule.from_dict(data)
