# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque, content_hash
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_iosxe import (
    clean_remark,
    parse_entry,
    parse_lists,
    render,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    Address,
    Rule,
    normal_ports,
)
from hypothesis import given, settings
from hypothesis import strategies as st

_PORT = st.integers(0, 65535)
_PAIRS = st.lists(st.tuples(_PORT, _PORT).map(sorted), min_size=1, max_size=3).map(normal_ports)
_ADDRESS = st.one_of(
    st.just(ANY),
    st.builds(lambda v, n: Address.masked(v, (1 << n) - 1), st.integers(0, 2**32 - 1), st.integers(0, 32)),
    st.builds(Address.masked, st.integers(0, 2**32 - 1), st.sampled_from([0x000300FF, 0x00000600, 5])),
)


@st.composite
def _rules(draw: st.DrawFn) -> Rule:
    protocol = draw(st.sampled_from([None, 1, 6, 17, 47, 112]))
    ports = protocol in (6, 17)
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(_ADDRESS),
        draw(_ADDRESS),
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | st.tuples(st.integers(0, 255), st.none() | st.integers(0, 255))) if protocol == 1 else None,
        protocol == 6 and draw(st.booleans()),
        draw(st.booleans()),
        draw(st.text(max_size=150)),
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(_rules(), min_size=1, max_size=6))
def test_render_then_parse_is_identity_on_cubes(rules: list[Rule]) -> None:
    lines = render("L", rules)
    config = "\n".join([lines[0], *(f" {line}" for line in lines[1:]), "!"])
    read = parse_lists(config)["L"]
    assert read.opaque == ()
    assert compare(read.rules, rules).equal


def _entry(text: str) -> Rule:
    (rule,) = parse_entry(text)
    assert isinstance(rule, Rule), text
    return rule


# Spellings of one address
@pytest.mark.parametrize("spelled", ["host 10.0.0.7", "10.0.0.7/32", "10.0.0.7 0.0.0.0"])
def test_pitfall_01_host_spellings_are_the_same(spelled: str) -> None:
    assert _entry(f"permit ip {spelled} any").src == Address.of("10.0.0.7")


@pytest.mark.parametrize(
    ("text", "src_ports", "dst_ports"),
    [
        ("permit tcp host 10.0.0.1 eq 443 host 10.0.0.2 eq www", ((443, 443),), ((80, 80),)),
        ("permit tcp any any eq 80 443 8080", None, ((80, 80), (443, 443), (8080, 8080))),
        ("permit tcp any any range ftp-data telnet", None, ((20, 23),)),
        ("permit tcp any any gt 1023", None, ((1024, 65535),)),
        ("permit udp any any lt ntp", None, ((0, 122),)),
        ("permit tcp any any neq 80", None, ((0, 79), (81, 65535))),
        ("permit tcp any any neq 0", None, ((1, 65535),)),
        ("permit udp any eq bootpc any eq bootps", ((68, 68),), ((67, 67),)),
    ],
)
def test_pitfall_02_03_ports_by_name_and_number(text: str, src_ports: object, dst_ports: object) -> None:
    rule = _entry(text)
    assert (rule.src_ports, rule.dst_ports) == (src_ports, dst_ports)


# Names belong to a protocol
def test_pitfall_04_port_names_are_per_protocol() -> None:
    assert _entry("permit tcp any any eq msrpc").dst_ports == ((135, 135),)
    assert parse_entry("permit udp any any eq msrpc") == [Opaque("permit udp any any eq msrpc")]
    assert _entry("permit tcp any any eq cmd").dst_ports == _entry("permit udp any any eq syslog").dst_ports


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("permit 6 any any established", Rule("permit", 6, established=True)),
        ("permit tcp any any match-any +ack +rst", Rule("permit", 6, established=True)),
        ("permit tcp any any match-any +rst +ack", Rule("permit", 6, established=True)),
        ("permit 112 any any", Rule("permit", 112)),
        ("deny icmp any any echo-reply", Rule("deny", 1, icmp=(0, None))),
        ("deny icmp any any 3 4 log", Rule("deny", 1, icmp=(3, 4), log=True)),
        ("deny   ip any any log-input", Rule("deny", log=True)),
        ("permit ip 10.0.0.7 0.0.0.255 any", Rule("permit", src=Address.of("10.0.0.0/24"))),
        ("permit ip 10.0.10.0 0.255.0.255 any", Rule("permit", src=Address.of("10.0.10.0/0.255.0.255"))),
    ],
)
def test_pitfall_06_10_entries_of_a_device(text: str, rule: Rule) -> None:
    assert _entry(text) == rule


# What is not understood is never dropped
@pytest.mark.parametrize(
    "text",
    [
        "permit tcp any any eq 80 time-range WORK (active)",
        "permit ip object-group PCS any",
        "permit tcp object-group-ish any",
        "permit object-group SERVICES any any",
        "permit tcp any any match-all +ack +rst",
        "permit ipv6 any any",
        "permit icmp any any 300",
        "permit ip any any dscp ef",
        "permit ip any any ttl eq 1",
        "permit tcp any any syn",
        "evaluate MIRROR",
        "permit tcp any any reflect MIRROR",
        "permit ip any any fragments",
        "permit tcp any any eq 70000",
        "permit sctp any eq 5 any",
        "permit ip any",
        "permit",
    ],
)
def test_pitfall_08_09_what_is_not_understood_stays_opaque(text: str) -> None:
    assert parse_entry(text) == [Opaque(text)]


SHOW = """\
Standard IP access list 10
    10 permit 10.0.10.0, wildcard bits 0.255.0.255
    20 deny   any log
Extended IP access list CELL
    10 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 502 (1 match)
    20 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.11 eq www (12 matches)
    100 deny ip any any log (2 matches)
"""

CONFIG = """\
hostname sw\r
ip access-list extended CELL\r
 10 remark conduit a owner b\r
 10 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.10 eq 502\r
 permit tcp 10.0.0.0 0.0.0.255 host 10.9.0.11 eq 80\r
 remark the end\r
 deny   ip any any log\r
ip access-list extended EMPTY\r
ip access-list standard S\r
 permit 10.1.2.3\r
 permit host 10.1.2.4\r
access-list 101 permit tcp any any eq telnet\r
access-list 101 deny   ip any any\r
line vty 0 4\r
 access-class 101 in\r
"""


# Counters and numbers carry no meaning; order does
def test_pitfall_07_11_12_14_show_and_configuration_read_the_same() -> None:
    shown, configured = parse_lists(SHOW), parse_lists(CONFIG)
    assert [rule.match for rule in shown["CELL"].rules] == [rule.match for rule in configured["CELL"].rules]
    assert shown["10"].kind == "standard"
    assert shown["10"].rules[0].src == Address.of("10.0.10.0/0.255.0.255")
    assert shown["10"].opaque == ()


def test_pitfall_16_remarks_stand_with_their_entry() -> None:
    remarks = [rule.remark for rule in parse_lists(CONFIG)["CELL"].rules]
    assert remarks == ["conduit a owner b", "", "the end"]


def test_pitfall_13_an_empty_list_permits_everything() -> None:
    empty = parse_lists(CONFIG)["EMPTY"]
    assert empty.entries == ()
    assert compare(empty.effective, [Rule("permit")]).equal


def test_pitfall_14_standard_and_numbered_lists() -> None:
    lists = parse_lists(CONFIG)
    assert [str(rule.src) for rule in lists["S"].rules] == ["10.1.2.3/32", "10.1.2.4/32"]
    assert [rule.protocol for rule in lists["101"].rules] == [6, None]
    assert set(lists) == {"CELL", "EMPTY", "S", "101"}


# The device ignores equal entries and refuses equal remarks
def test_pitfall_15_25_equal_entries_and_remarks_are_written_once() -> None:
    rule = Rule("permit", 6, dst_ports=((80, 80),), remark="same")
    other = Rule("permit", 6, dst_ports=((81, 81),), remark="same")
    lines = render("L", [rule, other, Rule("permit", 6, dst_ports=((80, 80),), log=True)])
    assert lines == [
        "ip access-list extended L",
        "remark same",
        "permit tcp any any eq 80",
        "permit tcp any any eq 81",
    ]


def test_a_remark_is_one_clean_line() -> None:
    assert clean_remark("what?\n owner\u00fc  x") == "what owner x"
    assert len(clean_remark("x" * 300)) == 100


def test_the_name_follows_the_content_not_the_remark() -> None:
    rules = [Rule("permit", 6, remark="a"), Rule("deny", log=True)]
    assert content_hash(rules) == content_hash([Rule("permit", 6, remark="b"), Rule("deny", log=True)])
    assert content_hash(rules) != content_hash(rules[:1])
    assert content_hash(rules) != content_hash(rules, 1)
