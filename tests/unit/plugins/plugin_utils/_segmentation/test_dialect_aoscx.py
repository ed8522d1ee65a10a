# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.access_list import Opaque
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import compare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.dialect_aoscx import (
    parse_entry,
    parse_groups,
    parse_lists,
    render,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import (
    ANY,
    ANY6,
    Address,
    Rule,
    normal_ports,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.words import prefixes
from hypothesis import given, settings
from hypothesis import strategies as st

_PORT = st.integers(0, 65535)
_PAIRS = st.lists(st.tuples(_PORT, _PORT).map(sorted), min_size=1, max_size=3).map(normal_ports)
_ADDRESS = st.one_of(
    st.just(ANY),
    st.builds(lambda v, n: Address.masked(v, (1 << n) - 1), st.integers(0, 2**32 - 1), st.integers(0, 32)),
    st.builds(Address.masked, st.integers(0, 2**32 - 1), st.sampled_from([0x000300FF, 0x00000600, 5])),
)
_ADDRESS6 = st.one_of(
    st.just(ANY6),
    st.builds(lambda v, n: Address.masked(v, (1 << n) - 1, 128), st.integers(0, 2**128 - 1), st.integers(0, 128)),
)


@st.composite
def _rules(draw: st.DrawFn, address: st.SearchStrategy[Address], icmp: int) -> Rule:
    protocol = draw(st.sampled_from([None, icmp, 6, 17, 47, 112]))
    ports = protocol in (6, 17)
    kinds = st.tuples(st.integers(0, 255), st.none() | st.integers(0, 255))
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(address),
        draw(address),
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | _PAIRS) if ports else None,
        draw(st.none() | kinds) if protocol == icmp else None,
        protocol == 6 and draw(st.booleans()),
        draw(st.booleans()),
        draw(st.text(max_size=150)),
    )


def _config(lines: list[str]) -> str:
    return "\n".join([lines[0], *(f"    {line}" for line in lines[1:]), "!"])


@settings(max_examples=100, deadline=None)
@given(st.lists(_rules(_ADDRESS, 1), min_size=1, max_size=5) | st.lists(_rules(_ADDRESS6, 58), min_size=1, max_size=5))
def test_render_then_parse_is_identity_on_cubes(rules: list[Rule]) -> None:
    read = parse_lists(_config(render("L", rules)))["L"]
    assert read.opaque == ()
    assert compare(read.rules, rules).equal


@given(_ADDRESS)
def test_prefixes_cover_the_address_and_nothing_else(address: Address) -> None:
    whole = [Rule("permit", src=address)]
    pieces = [Rule("permit", src=piece) for piece in prefixes(address)]
    assert all(piece.is_prefix for piece in prefixes(address))
    assert compare(whole, pieces).equal


def test_an_address_of_too_many_prefixes_is_refused() -> None:
    with pytest.raises(InputError, match="falls into 65536 prefixes"):
        render("L", [Rule("permit", src=Address.of("10.0.0.0/0.255.255.1"))])


def test_what_is_written() -> None:
    rules = [
        Rule("permit", 6, Address.of("10.0.0.0/24"), Address.of("10.9.0.10"), dst_ports=((502, 502),), remark="c1"),
        Rule("permit", 6, ANY, ANY, dst_ports=((80, 80), (90, 99)), established=True, log=True),
        Rule("permit", 1, icmp=(8, None), remark="ping"),
        Rule("deny", log=True, remark="the end"),
    ]
    assert render("L", rules) == [
        "access-list ip L",
        "10 permit tcp 10.0.0.0/24 10.9.0.10 eq 502 count",
        "10 comment c1",
        "20 permit tcp any any eq 80 established count",
        "30 permit tcp any any range 90 99 established count",
        "40 permit icmp any any icmp-type 8 count",
        "40 comment ping",
        "50 deny any any any count log",
        "50 comment the end",
    ]
    assert render("L", [Rule("permit", src=ANY6, dst=Address.of("2001:db8::1"))])[:2] == [
        "access-list ipv6 L",
        "10 permit any any 2001:db8::1 count",
    ]


def _one(text: str) -> Rule:
    (rule,) = parse_entry(text)
    assert isinstance(rule, Rule), text
    return rule


# Pitfall 1: spellings of one address; the mask is a subnet mask here
@pytest.mark.parametrize("spelled", ["10.0.0.7", "10.0.0.7/32", "10.0.0.7/255.255.255.255"])
def test_pitfall_01_host_spellings_are_the_same(spelled: str) -> None:
    assert _one(f"permit any {spelled} any").src == Address.of("10.0.0.7")


@pytest.mark.parametrize("spelled", ["10.252.0.0/17", "10.252.3.4/255.255.128.0"])
def test_pitfall_01_masks_and_host_bits(spelled: str) -> None:
    assert _one(f"permit any {spelled} any").src == Address.of("10.252.0.0/17")


@pytest.mark.parametrize(
    ("text", "src_ports", "dst_ports"),
    [
        ("permit tcp 10.0.0.1 eq 443 10.0.0.2 eq http", ((443, 443),), ((80, 80),)),
        ("permit tcp any range ftp-data 23 any", ((20, 23),), None),
        ("permit tcp any any gt 1023", None, ((1024, 65535),)),
        ("permit udp any any lt 123 count", None, ((0, 122),)),
        ("permit udp any any eq dns", None, ((53, 53),)),
    ],
)
def test_pitfall_02_03_ports_by_name_and_number(text: str, src_ports: object, dst_ports: object) -> None:
    rule = _one(text)
    assert (rule.src_ports, rule.dst_ports) == (src_ports, dst_ports)


def test_pitfall_04_no_name_means_two_ports_and_unknown_ones_mean_none() -> None:
    assert _one("permit udp any any eq syslog").dst_ports == ((514, 514),)
    assert _one("permit tcp any any eq syslog").dst_ports == ((514, 514),)
    # 514 under tcp is called something else elsewhere: that name is not guessed.
    assert parse_entry("permit tcp any any eq cmd") == [Opaque("permit tcp any any eq cmd")]


@pytest.mark.parametrize("protocol", ["any", "ip"])
def test_pitfall_05_any_protocol(protocol: str) -> None:
    assert _one(f"permit {protocol} any any") == Rule("permit")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("permit 6 any any established", Rule("permit", 6, established=True)),
        ("permit 112 any any", Rule("permit", 112)),
        ("permit igmp any any", Rule("permit", 2)),
        ("deny icmp any any icmp-type echo-reply", Rule("deny", 1, icmp=(0, None))),
        ("deny icmp any any icmp-type 3 icmp-code 4 log", Rule("deny", 1, icmp=(3, 4), log=True)),
        ("deny any any any count log", Rule("deny", log=True)),
    ],
)
def test_pitfall_06_08_10_entries_of_a_device(text: str, rule: Rule) -> None:
    assert _one(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "permit tcp any any eq 80 dscp AF11",
        "permit tcp any any ack",
        "permit tcp any any syn ack",
        "permit any GROUP any",
        "permit tcp any any group WEB",
        "permit tcp any any ttl 1",
        "permit any any any vlan 10",
        "permit any any any fragment",
        "permit sctp any eq 5 any",
        "permit 0 any any",
        "permit icmp any any icmp-type 300",
        "permit any any",
        "permit any 10.0.0.0/33 any",
        "permit tcp any any eq nonsense",
        "permit",
    ],
)
def test_pitfall_08_09_what_is_not_understood_stays_opaque(text: str) -> None:
    assert parse_entry(text) == [Opaque(text)]


CONFIG = """\
Current configuration:
!
!Version ArubaOS-CX FL.10.13.1000
hostname sw1
object-group ip address PCS
    10 10.20.1.11
    20 10.20.2.0/24
object-group ip address EMPTY
object-group ipv6 address SIX
    10 2001:db8::/64
object-group port WEB
    10 eq http
    20 range 8000 8010
object-group port ODD
    10 eq nonsense
! access-list ip CELL user configuration does not match active configuration.
access-list ip CELL
    5 comment all of it
    10 permit tcp 10.0.0.0/255.255.255.0 10.9.0.10 eq 502 count
    20 comment the conduit
    20 permit tcp PCS 10.9.0.11 group WEB
    ! access-list ip CELL user configuration currently being processed
    100 deny any any any count log
access-list ip HARD
    10 permit any EMPTY any
    20 permit tcp any any group ODD
    30 permit any SIX any
access-list ip NONE
access-list ipv6 CELL
    10 permit icmpv6 any any
    20 permit any SIX any
access-list ipv6 ONLY6
    10 deny any any any
access-list mac M
    10 permit any any any
access-list log-timer 300
interface 1/1/1
    apply access-list ip CELL in
"""


def test_lists_comments_and_numbers() -> None:
    lists = parse_lists(CONFIG)
    assert set(lists) == {"CELL", "HARD", "NONE", "CELL (ipv6)", "ONLY6"}
    cell = lists["CELL"]
    assert cell.opaque == ()
    assert [rule.remark for rule in cell.rules] == ["all of it", "the conduit", "the conduit", ""]
    assert lists["ONLY6"].rules == (Rule("deny", src=ANY6, dst=ANY6),)
    assert lists["ONLY6"].kind == "ipv6"


# Pitfall 9: groups are expanded, never dropped; one that cannot be read leaves its entry opaque
def test_pitfall_09_object_groups_are_expanded() -> None:
    lists = parse_lists(CONFIG)
    ports = ((80, 80), (8000, 8010))
    target = Address.of("10.9.0.11")
    assert [rule.match for rule in lists["CELL"].rules[1:3]] == [
        Rule("permit", 6, Address.of("10.20.1.11"), target, dst_ports=ports),
        Rule("permit", 6, Address.of("10.20.2.0/24"), target, dst_ports=ports),
    ]
    assert lists["HARD"].opaque == (
        "permit any EMPTY any",
        "permit tcp any any group ODD",
        "permit any SIX any",
    )
    assert lists["CELL (ipv6)"].rules[1].src == Address.of("2001:db8::/64")


def test_groups_may_come_from_elsewhere() -> None:
    shown = "access-list ip CELL\n    20 permit tcp PCS any group WEB\n"
    assert parse_lists(shown)["CELL"].opaque
    assert len(parse_lists(shown, parse_groups(CONFIG))["CELL"].rules) == 2


def test_pitfall_11_12_order_decides_not_numbers() -> None:
    one = parse_lists("access-list ip A\n    10 permit tcp any any\n    100 deny any any any\n")["A"]
    two = parse_lists("access-list ip A\n    1 permit tcp any any count\n    2 deny any any any log\n")["A"]
    assert compare(one.rules, two.rules).equal


def test_pitfall_13_an_empty_list_permits_everything() -> None:
    assert compare(parse_lists(CONFIG)["NONE"].effective, [Rule("permit")]).equal


def test_pitfall_15_16_a_comment_behind_its_entry_stays_with_it() -> None:
    lines = render("L", [Rule("permit", 6, remark="a"), Rule("permit", 17, remark="a"), Rule("deny", remark="b")])
    assert [rule.remark for rule in parse_lists(_config(lines))["L"].rules] == ["a", "", "b"]


def test_pitfall_18_a_comment_alone_at_a_number_replaces_no_rule() -> None:
    text = "access-list ip A\n    10 comment alone\n    20 permit tcp any any\n    30 comment last\n"
    assert [rule.remark for rule in parse_lists(text)["A"].rules] == ["alone"]
