# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every list and model: IPv6 and bounds on work by brute force, the phase before, all dialects."""

from __future__ import annotations

import ipaddress
import itertools
from types import ModuleType
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation import (
    dialect_aoscx,
    dialect_eos,
    dialect_iosxe,
    dialect_nxos,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.cubes import NotDecided, compare, difference
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule, rules_from
from hypothesis import given, settings
from hypothesis import strategies as st

BASE = int(ipaddress.IPv6Address("2001:db8::"))
EVERY6 = (1 << 128) - 1
_ADDRESSES6 = [Address.masked(BASE + value, wild, 128) for value in range(4) for wild in (0, 1, 2, 3, EVERY6)]
_PORTS = st.sampled_from([None, ((0, 0),), ((1, 1),), ((0, 1),), ((0, 0), (2, 2)), ((2, 65535),)])


@st.composite
def _rules6(draw: st.DrawFn) -> Rule:
    protocol = draw(st.sampled_from([None, 58, 6, 17]))
    ports = protocol in (6, 17)
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(st.sampled_from(_ADDRESSES6)),
        draw(st.sampled_from(_ADDRESSES6)),
        draw(_PORTS) if ports else None,
        draw(_PORTS) if ports else None,
        draw(st.sampled_from([None, (0, None), (0, 1), (8, 0)])) if protocol == 58 else None,
        protocol == 6 and draw(st.booleans()),
    )


def _space6() -> list[Packet]:
    packets = []
    for src, dst in itertools.product((BASE, BASE + 1, BASE + 2, BASE + 3, 7), repeat=2):
        packets += [Packet(58, src, dst, 0, port, bits=128) for port in (0, 1, 2048, 9)]
        packets += [Packet(17, src, dst, a, b, bits=128) for a in (0, 2) for b in (0, 1, 5)]
        packets += [Packet(6, src, dst, a, b, e, bits=128) for a in (0, 2) for b in (0, 1) for e in (False, True)]
    return packets


_SPACE6 = _space6()
_LISTS6 = st.lists(_rules6(), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(_LISTS6, _LISTS6, st.sampled_from([1, 5, 50, 10**6]))
def test_comparison_of_ipv6_agrees_with_brute_force_or_says_that_it_is_not_decided(
    first: list[Rule], second: list[Rule], work: int
) -> None:
    found = compare(first, second, work=work)
    differing = any(permits(first, packet) != permits(second, packet) for packet in _SPACE6)
    assert not (found.equal and differing)
    assert found.verdict != "not decided" or work < 10**6
    if found.verdict == "different":
        assert found.witness is not None and found.witness.bits == 128
        assert permits(first, found.witness) == (found.first == "permit")
        assert permits(second, found.witness) == (found.second == "permit")
        assert found.first != found.second


@settings(max_examples=40, deadline=None)
@given(_LISTS6, _LISTS6, st.sampled_from([1, 5, 50, 10**6]))
def test_difference_of_ipv6_holds_exactly_the_differing_packets(
    first: list[Rule], second: list[Rule], work: int
) -> None:
    try:
        found = difference(first, second, work=work)
    except NotDecided:
        assert work < 10**6
        return
    for packet in _SPACE6:
        inside = [
            permitted
            for box, permitted in found
            if all(low <= at <= high for (low, high), at in zip(box, packet.point, strict=True))
        ]
        ours, theirs = permits(first, packet), permits(second, packet)
        assert inside == ([ours] if ours != theirs else [])


_WIDE = [Address.of(text) for text in ("10.0.10.0/0.3.0.255", "10.20.1.11", "10.20.0.0/16", "0.0.0.0/85.0.0.3")]
DIALECTS = pytest.mark.parametrize(
    "dialect",
    [dialect_aoscx, dialect_eos, dialect_iosxe, dialect_nxos],
    ids=lambda module: module.__name__.rpartition("_")[2],
)


@st.composite
def _hard(draw: st.DrawFn) -> Rule:
    """What is hard to spell: sets of ports on both sides, wildcards that are no prefix, remarks like rules."""
    protocol = draw(st.sampled_from([None, 1, 6, 17, 58, 112]))
    pairs = st.sampled_from([None, ((0, 0),), ((80, 80), (443, 443)), ((1, 65535),), ((0, 79), (81, 65535))])
    icmp = st.sampled_from([None, (0, None), (8, 0), (3, 4), (255, 255)])
    return Rule(
        draw(st.sampled_from(["permit", "deny"])),
        protocol,
        draw(st.sampled_from(_WIDE)),
        draw(st.sampled_from(_WIDE)),
        draw(pairs) if protocol in (6, 17) else None,
        draw(pairs) if protocol in (6, 17) else None,
        draw(icmp) if protocol in (1, 58) else None,
        protocol == 6 and draw(st.booleans()),
        draw(st.booleans()),
        draw(st.sampled_from(["", "10 permit ip any any", "remark", "!", "exit", "a  b", "ü?", "log", "end"])),
    )


@DIALECTS
@settings(max_examples=40, deadline=None)
@given(st.lists(_hard(), min_size=1, max_size=4))
def test_what_is_hard_to_spell_reads_back_as_the_same_entries(dialect: ModuleType, rules: list[Rule]) -> None:
    head, *body = dialect.render("OTE_x_in_00000000", rules)
    text = "\n".join(["hostname sw", head, *(f"  {line}" for line in body), "interface x", " shutdown", ""])
    found = dialect.parse_lists(text)
    assert list(found) == ["OTE_x_in_00000000"]
    read = found["OTE_x_in_00000000"]
    assert read.opaque == ()
    assert compare(read.rules, rules).equal
    # Sent again, it is the same text: no run makes another list of it.
    assert dialect.render("OTE_x_in_00000000", read.rules)[0] == head


PC = "10.20.1.11"
_CIDRS = ["10.20.60.0/24", "10.20.60.8/29", "10.20.70.0/25"]
_TARGETS = ["10.20.60.1", "10.20.60.9", "10.20.70.200", "10.20.70.1", "11.0.0.1"]
_SERVICE = st.tuples(st.sampled_from(_CIDRS), st.sampled_from([6, 17]), st.integers(1, 4), st.booleans())
_FLOW = st.tuples(st.sampled_from(_TARGETS), st.sampled_from([6, 17]), st.integers(1, 4))


def _model(conduits: list[Any], flows: list[Any]) -> dict[str, Any]:
    """A site without addresses that the conversion needs: what is permitted is what conduits and flows say."""
    zones = [{"id": "OPZ", "cidrs": ["10.20.1.0/26"]}]
    made = []
    for index, (cidr, protocol, port, out) in enumerate(conduits):
        zones.append({"id": f"Z{index}", "cidrs": [cidr]})
        ends = ("OPZ", f"Z{index}") if out else (f"Z{index}", "OPZ")
        services = [{"protocol": protocol, "ports": [port]}]
        made.append({"id": f"c{index}", "from": ends[0], "to": ends[1], "services": services, "phases": ["before"]})
    today = [{"to": to, "protocol": "tcp" if number == 6 else "udp", "ports": [port]} for to, number, port in flows]
    station = {"zone": "OPZ", "address": PC, "role": "operator", "flows": today, "flows_complete": True}
    return {
        "site": {"controller_address": "10.99.0.5"},
        "zones": zones,
        "conduits": made,
        "stations": {"op1": station},
        "ums": {"address": "10.99.0.20"},
    }


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_SERVICE, max_size=4),
    st.lists(_FLOW, max_size=3),
    st.lists(_FLOW, max_size=2),
    st.sampled_from(_TARGETS),
    st.tuples(st.sampled_from([6, 17]), st.integers(1, 5), st.integers(1, 5), st.booleans()),
)
def test_the_phase_before_permits_what_is_done_today_and_its_conduits_and_nothing_else(
    conduits: list[Any], flows: list[Any], observed: list[Any], to: str, packet: tuple[int, int, int, bool]
) -> None:
    protocol, ours, theirs, ack = packet
    seen = [{"to": ip, "protocol": "tcp" if number == 6 else "udp", "ports": [port]} for ip, number, port in observed]
    model = _model(conduits, flows)
    compiled = compile_station(model, "op1", disposition="migrate", observed_flows=seen)["before"]
    established = ack and protocol == 6
    target = int(ipaddress.IPv4Address(to))
    sent = Packet(protocol, Address.of(PC).value, target, ours, theirs, established)

    def allowed(cidr: str, number: int, port: int, out: bool) -> bool:
        if number != protocol or not Address.of(cidr).covers(target):
            return False
        return theirs == port if out else ours == port and (protocol == 17 or ack)

    expected = any(allowed(*item) for item in conduits) or any(allowed(*item, True) for item in (*flows, *observed))
    assert permits(rules_from(compiled), sent) == expected
    # Nobody else speaks through this port.
    other = Packet(protocol, Address.of("10.20.1.12").value, target, ours, theirs, established)
    assert not permits(rules_from(compiled), other)
