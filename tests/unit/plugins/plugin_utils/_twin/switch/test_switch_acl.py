# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Editing by number, and first match against an evaluator that shares no line with the switch's."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.acl import AccessList
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch.entry import CliError, Token, tokens_of
from hypothesis import given, settings
from hypothesis import strategies as st

HOSTS = ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.1.0.1"]
BLOCKS = {"any": "0.0.0.0/0", "10.0.0.0 0.0.0.255": "10.0.0.0/24", "10.0.0.0 0.0.1.255": "10.0.0.0/23"}
BLOCKS.update({f"host {host}": f"{host}/32" for host in HOSTS})
PORT_WORDS = ["", "eq 80", "eq 53 443", "range 50 90", "gt 79", "lt 80", "neq 80"]
PORTS = [1, 53, 79, 80, 90, 443, 60000]


def made(*lines: str, standard: bool = False) -> AccessList:
    acl = AccessList("T", standard)
    for line in lines:
        words = tokens_of(line)
        acl.add(*((words[1:], words[0]) if words[0].text.isdigit() else (words, None)))
    return acl


def port_fits(words: str, port: int) -> bool:
    """Read a port condition the slow way."""
    kind, *texts = words.split() or ["none"]
    numbers = [int(text) for text in texts]
    return {
        "none": lambda: True,
        "eq": lambda: port in numbers,
        "neq": lambda: port not in numbers,
        "gt": lambda: port > numbers[0],
        "lt": lambda: port < numbers[0],
        "range": lambda: port in range(numbers[0], numbers[1] + 1),
    }[kind]()


def oracle(rules: list[dict[str, Any]], packet: dict[str, Any]) -> bool:
    for rule in rules:
        if rule["protocol"] not in ("ip", packet["protocol"]):
            continue
        if rule["established"] and not packet["established"]:
            continue
        inside = all(
            ipaddress.ip_address(packet[side]) in ipaddress.ip_network(BLOCKS[rule[side]]) for side in ("src", "dst")
        )
        if inside and port_fits(rule["sp"], packet["src_port"]) and port_fits(rule["dp"], packet["dst_port"]):
            return bool(rule["action"] == "permit")
    return not rules


def text_of(rule: dict[str, Any]) -> str:
    words = [rule["action"], rule["protocol"], rule["src"], rule["sp"], rule["dst"], rule["dp"]]
    return " ".join(word for word in [*words, "established" if rule["established"] else ""] if word)


@st.composite
def rule_of(draw: st.DrawFn) -> dict[str, Any]:
    protocol = draw(st.sampled_from(["ip", "tcp", "udp"]))
    ports = st.sampled_from(["", *PORT_WORDS] if protocol != "ip" else [""])
    return {
        "action": draw(st.sampled_from(["permit", "deny"])),
        "protocol": protocol,
        "src": draw(st.sampled_from(["any", "any", *sorted(BLOCKS)])),
        "dst": draw(st.sampled_from(["any", "any", *sorted(BLOCKS)])),
        "sp": draw(ports),
        "dp": draw(ports),
        "established": protocol == "tcp" and draw(st.booleans()),
    }


PACKETS = st.fixed_dictionaries(
    {
        "protocol": st.sampled_from(["tcp", "udp"]),
        "src": st.sampled_from(HOSTS),
        "dst": st.sampled_from(HOSTS),
        "src_port": st.sampled_from(PORTS),
        "dst_port": st.sampled_from(PORTS),
        "established": st.booleans(),
    }
)


@settings(max_examples=200, deadline=None)
@given(st.lists(rule_of(), max_size=6), st.lists(PACKETS, min_size=1, max_size=8))
def test_first_match_agrees_with_the_oracle(rules: list[dict[str, Any]], packets: list[dict[str, Any]]) -> None:
    acl = made(*(text_of(rule) for rule in rules))
    for packet in packets:
        assert acl.decide(packet)[0] == oracle(rules, packet)
    again = AccessList.load("T", acl.dump())
    assert [again.decide(packet) for packet in packets] == [acl.decide(packet) for packet in packets]
    assert again.config_lines() == acl.config_lines()
    assert not any(again.add(tokens_of(text_of(rule))) for rule in rules)


@pytest.mark.parametrize(
    ("lines", "packet", "verdict"),
    [
        ([], {}, (True, "empty list T")),
        (["remark only"], {}, (True, "empty list T")),
        (["permit tcp any any"], {"protocol": "udp"}, (False, "implicit deny")),
        (["permit tcp any any"], {"protocol": 6}, (True, "10 permit tcp any any")),
        (["permit tcp any any eq 443"], {"dst_port": None}, (False, "implicit deny")),
        (["permit tcp any any established"], {"established": True}, (True, "10 permit tcp any any established")),
        (["permit tcp any any established"], {"established": False}, (False, "implicit deny")),
        (["permit 10.0.0.0 0.0.0.254"], {}, (False, "implicit deny")),
        (["permit icmp any any echo"], {"protocol": "icmp", "icmp_type": 8}, (True, "10 permit icmp any any echo")),
        (["permit icmp any any echo"], {"protocol": "icmp"}, (False, "implicit deny")),
        (["permit icmp any any"], {"protocol": "icmp"}, (True, "10 permit icmp any any")),
        (["permit tcp any any dscp ef", "permit ip any any"], {}, (True, "20 permit ip any any")),
        (["evaluate x"], {}, (False, "implicit deny")),
    ],
)
def test_verdicts(lines: list[str], packet: dict[str, Any], verdict: tuple[bool, str]) -> None:
    whole = {"src": "10.0.0.1", "dst": "10.0.0.2", "protocol": "tcp", "src_port": 50000, "dst_port": 443, **packet}
    standard = any("any any" not in line and "10.0.0.0" in line for line in lines)
    assert made(*lines, standard=standard).decide(whole) == verdict


def test_odd_wildcards_match_bit_by_bit() -> None:
    acl = made("permit ip 10.0.8.0 0.255.0.255 any")
    packet = {"dst": "10.0.0.2", "protocol": "ip"}
    assert acl.decide({**packet, "src": "10.77.8.3"})[0]
    assert not acl.decide({**packet, "src": "10.77.9.3"})[0]


def test_numbers_stay_in_numeric_order_and_go_on_behind_the_last() -> None:
    acl = made("100 permit udp any any", "20 permit tcp any any", "deny ip any any", "5 permit icmp any any")
    assert list(acl.entries) == [5, 20, 100, 110]


def test_a_live_number_is_refused_and_an_equal_entry_ignored() -> None:
    acl = made("10 permit tcp any any eq 80")
    with pytest.raises(CliError, match="% Duplicate sequence number"):
        acl.add(tokens_of("permit udp any any"), Token("10", 0))
    assert not acl.add(tokens_of("permit tcp any any eq www"), Token("30", 0))
    assert not acl.add(tokens_of("permit tcp any any eq www"))
    assert acl.config_lines()[1:] == [" 10 permit tcp any any eq www"]


def test_the_same_remark_twice_in_one_block_is_refused_in_another_block_not() -> None:
    acl = made("10 remark MES", "20 permit tcp any any", "30 remark MES", "40 permit udp any any")
    for number in ("5", "15", "25", "35"):
        with pytest.raises(CliError, match="Duplicate remark"):
            acl.add(tokens_of("remark MES"), Token(number, 0))
    assert acl.add(tokens_of("remark MES"), Token("50", 0))


def test_deleting_by_number_and_by_content() -> None:
    acl = made("10 permit tcp any any eq 80", "20 remark x", "30 deny ip any any")
    acl.remove_entry(tokens_of("permit tcp any any eq www"))
    acl.remove_entry(tokens_of("remark x"))
    acl.remove_number(30)
    assert acl.entries == {}
    assert acl.add(tokens_of("permit tcp any any eq www"))
    acl.remove_number(10)
    with pytest.raises(CliError):
        acl.remove_number(30)
    with pytest.raises(CliError):
        acl.remove_entry(tokens_of("permit udp any any"))


def test_counters_are_printed_in_singular_and_plural_and_follow_a_resequence() -> None:
    acl = made("10 permit tcp any any", "20 remark r", "25 permit udp any any", "30 deny ip any any log")
    packet = {"src": "10.0.0.1", "dst": "10.0.0.2", "protocol": "tcp"}
    acl.decide(packet)
    acl.decide(packet, count=True)
    acl.decide(packet, count=True)
    acl.decide({**packet, "protocol": "udp"}, count=True)
    assert acl.resequence(100, 5)
    assert not acl.resequence(100, 5)
    assert acl.show_lines() == [
        "Extended IP access list T",
        "    100 permit tcp any any (2 matches)",
        "    110 permit udp any any (1 match)",
        "    115 deny ip any any log",
    ]
