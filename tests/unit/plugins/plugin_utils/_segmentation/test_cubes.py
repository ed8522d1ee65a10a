# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import NotDecided, compare, difference
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, first_match, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import ANY6, Address, Rule
from hypothesis import given, settings
from hypothesis import strategies as st

# A small space: two bits of source and destination, three ports, four protocols, both TCP states.
_ADDRESSES = [Address.masked(value, wild) for value in range(4) for wild in (0, 1, 2, 3, 0xFFFFFFFF)]
_PORTS = st.sampled_from([None, ((0, 0),), ((1, 1),), ((0, 1),), ((0, 0), (2, 2)), ((2, 65535),)])


@st.composite
def _rules(draw: st.DrawFn) -> Rule:
    protocol = draw(st.sampled_from([None, 1, 6, 17]))
    ports = protocol in (6, 17)
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(st.sampled_from(_ADDRESSES)),
        draw(st.sampled_from(_ADDRESSES)),
        draw(_PORTS) if ports else None,
        draw(_PORTS) if ports else None,
        draw(st.sampled_from([None, (0, None), (0, 1), (8, 0)])) if protocol == 1 else None,
        protocol == 6 and draw(st.booleans()),
    )


def _space() -> list[Packet]:
    packets = []
    for src, dst in itertools.product((0, 1, 2, 3, 9), repeat=2):
        packets += [Packet(1, src, dst, 0, port) for port in (0, 1, 2048, 2049, 9)]
        packets += [Packet(p, src, dst, a, b) for p in (17, 47) for a in (0, 1, 2, 5) for b in (0, 1, 2, 5)]
        packets += [Packet(6, src, dst, a, b, e) for a in (0, 1, 2) for b in (0, 1, 2) for e in (False, True)]
    return packets


_SPACE = _space()
_LISTS = st.lists(_rules(), max_size=6)


@settings(max_examples=120, deadline=None)
@given(_LISTS, _LISTS)
def test_comparison_agrees_with_brute_force(first: list[Rule], second: list[Rule]) -> None:
    found = compare(first, second)
    differing = [packet for packet in _SPACE if permits(first, packet) != permits(second, packet)]
    if found.equal:
        assert not differing
    else:
        assert found.witness is not None
        assert permits(first, found.witness) == (found.first == "permit")
        assert permits(second, found.witness) == (found.second == "permit")
        assert found.first != found.second
    if differing:
        assert found.verdict == "different"


@settings(max_examples=60, deadline=None)
@given(_LISTS, _LISTS)
def test_difference_holds_exactly_the_differing_packets(first: list[Rule], second: list[Rule]) -> None:
    found = difference(first, second)
    for packet in _SPACE:
        inside = [
            permitted
            for box, permitted in found
            if all(low <= at <= high for (low, high), at in zip(box, packet.point, strict=True))
        ]
        expected = [permits(first, packet)] if permits(first, packet) != permits(second, packet) else []
        assert inside == expected


@settings(max_examples=40, deadline=None)
@given(_LISTS)
def test_a_list_equals_itself_and_itself_repeated(rules: list[Rule]) -> None:
    assert compare(rules, rules).equal
    assert compare(rules, [*rules, *rules]).equal


def test_any_entries_count_and_the_end_is_a_deny() -> None:
    assert compare([], [Rule("deny", log=True)]).equal
    assert compare([Rule("permit")], []).witness == Packet(0, 0, 0)


def test_a_non_contiguous_wildcard_is_compared_exactly() -> None:
    wild = [Rule("permit", src=Address.of("10.0.10.0/0.3.0.255"))]
    spelled = [Rule("permit", src=Address.of(f"10.{second}.10.0/24")) for second in range(4)]
    assert compare(wild, spelled).equal
    assert compare(wild, spelled[:3]).witness == Packet(0, Address.of("10.3.10.0").value, 0)


def test_ipv6_is_compared_exactly() -> None:
    half = Address.of("2001:db8::/33"), Address.of("2001:db8:8000::/33")
    whole = [Rule("permit", 6, Address.of("2001:db8::/32"), ANY6)]
    halves = [Rule("permit", 6, part, ANY6) for part in half]
    assert compare(whole, halves).equal
    found = compare(whole, halves[:1])
    assert found.witness is not None and found.witness.to_dict()["src"] == "2001:db8:8000::"
    assert permits(whole, found.witness) and not permits(halves[:1], found.witness)
    assert not permits([Rule("permit")], found.witness)


def test_families_are_not_mixed() -> None:
    with pytest.raises(InputError, match="one family"):
        compare([Rule("permit")], [Rule("permit", src=ANY6, dst=ANY6)])


def test_too_much_work_is_not_decided_never_equal() -> None:
    wide = [Rule("permit", src=Address.of("0.0.0.0/85.85.85.84"))]
    assert compare(wide, [*wide, Rule("deny")]).verdict == "not decided"
    assert compare(wide, [Rule("permit", src=wide[0].src, log=True)]).equal  # the same decisions, entry by entry
    many = [Rule("permit", 6, Address.of(f"10.0.{n}.1"), dst_ports=((n, n),)) for n in range(200)]
    assert compare(many, many[::-1], work=100).verdict == "not decided"
    assert compare(many, many[::-1]).equal
    with pytest.raises(NotDecided):
        difference([Rule("permit")], many, limit=3)


def test_first_match_wins() -> None:
    rules = [Rule("deny", 6, dst_ports=((80, 80),)), Rule("permit", 6)]
    assert first_match(rules, Packet(6, 1, 2, 5, 80)) == 0
    assert first_match(rules, Packet(6, 1, 2, 5, 81)) == 1
    assert first_match(rules, Packet(17, 1, 2, 5, 81)) is None


@pytest.mark.parametrize(
    ("packet", "keys"),
    [
        (Packet(6, 1, 2, 3, 4, True), {"protocol": "tcp", "src_port": 3, "dst_port": 4, "established": True}),
        (Packet(1, 1, 2, 0, 2048), {"protocol": "icmp", "icmp_type": 8, "icmp_code": 0}),
        (Packet(47, 1, 2), {"protocol": 47}),
    ],
)
def test_a_witness_reads_like_a_packet(packet: Packet, keys: dict[str, object]) -> None:
    assert packet.to_dict() == {"src": "0.0.0.1", "dst": "0.0.0.2", **keys}
