# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import PHASES, compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint import lint
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, Rule, rules_from
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_lists import (
    Member,
    VlanList,
    mirrored,
    vlan_list,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import (
    listed_at,
    problems,
    vlan_lists,
)
from hypothesis import given, settings
from hypothesis import strategies as st

OP1, OP2, PRINTER = "10.20.1.11", "10.20.1.12", "10.20.1.50"
SUP, MGT = "10.20.50.20", "10.20.90.5"


def number(text: str) -> int:
    return int(ipaddress.IPv4Address(text))


def conduit(name: str, start: str, to: str, *phases: str, **service: Any) -> dict[str, Any]:
    return {
        "id": name, "from": start, "to": to, "owner": "it", "justification": "needed", "review_by": "2027-05-31",
        "phases": list(phases), "services": [service or {"service": "https"}],
    }  # fmt: skip


def model(**more: Any) -> dict[str, Any]:
    return {
        "site": {"controller_address": MGT},
        "zones": [
            {"id": "OPZ", "kind": "OPZ", "level": 2, "cidrs": ["10.20.1.0/26"]},
            {"id": "OPZ-1", "kind": "OPZ", "level": 2, "cidrs": ["10.20.1.8/29"], "parent": "OPZ"},
            {"id": "SUP", "kind": "SUP", "level": 3, "cidrs": ["10.20.50.0/24"]},
            {"id": "MGT", "kind": "MGT", "level": 3, "cidrs": ["10.20.90.0/24"]},
        ],
        "conduits": [
            conduit("web", "OPZ", "SUP", "before", "after"),
            conduit("dhcp", "OPZ", "MGT", *PHASES, service="dhcp"),
            conduit("watch", "MGT", "OPZ", "after", service="snmp"),
            conduit("shell", "MGT", "OPZ", "after", service="ssh"),
        ],
        "stations": {
            "op1": {"zone": "OPZ-1", "address": OP1, "flows_complete": True, "flows": []},
            "op2": {"zone": "OPZ-1", "address": OP2, "flows": [{"to": "10.20.60.1", "protocol": "tcp", "ports": [22]}]},
        },
        "switches": {"sw-core": {}},
        "vlan_lists": [{"id": "line-1", "switch": "sw-core", "interface": "Vlan10", "zones": ["OPZ"]}],
        **more,
    }  # fmt: skip


def rules(name: str, phase: str) -> tuple[Rule, ...]:
    return rules_from(compile_station(model(), name, disposition="migrate")[phase])


def members(first: str = "after", second: str = "before") -> list[Member]:
    phases = {"op1": first, "op2": second}
    return [Member(name, Address.of(ip), rules(name, phases[name])) for name, ip in (("op1", OP1), ("op2", OP2))]


def packet(src: str, dst: str, dst_port: int, *, protocol: int = 6, src_port: int = 50000, **more: Any) -> Packet:
    return Packet(protocol, number(src), number(dst), src_port, dst_port, **more)


def test_each_station_is_in_its_own_phase() -> None:
    found = vlan_list(members("after", "before"))
    assert permits(found, packet(OP1, SUP, 443)) and permits(found, packet(OP2, SUP, 443))
    assert not permits(found, packet(OP1, "10.20.60.1", 22)), "op1 is converted; only what a conduit allows"
    assert permits(found, packet(OP2, "10.20.60.1", 22)), "op2 is as it was before"
    assert permits(found, packet(OP2, "10.99.9.9", 1)), "its flows are not known to be complete"


def test_addresses_of_no_station_are_let_through_until_somebody_says_otherwise() -> None:
    assert permits(vlan_list(members()), packet(PRINTER, SUP, 9100))
    closed = vlan_list(members(), others="deny")
    assert not permits(closed, packet(PRINTER, SUP, 9100)) and closed[-1].log and closed[-1].action == "deny"


def test_a_station_without_an_address_yet_still_gets_one() -> None:
    ask = packet("0.0.0.0", "255.255.255.255", 67, protocol=17, src_port=68)
    answer = packet(MGT, "255.255.255.255", 68, protocol=17, src_port=67)
    closed = [vlan_list(members("after", "after"), way, "deny") for way in ("in", "out")]
    assert permits(closed[0], ask) and permits(closed[1], answer)
    assert not permits(closed[0], replace(ask, dst_port=53)) and not permits(closed[1], replace(answer, src_port=53))


def test_the_way_back_is_the_stateless_mirror() -> None:
    out = vlan_list(members("after", "after"), "out", "deny")
    assert permits(out, packet(SUP, OP1, 50000, src_port=443, established=True))
    assert not permits(out, packet(SUP, OP1, 50000, src_port=443)), "no new connection on a way back"
    assert permits(out, packet(MGT, OP1, 22)), "the conduit that leads to the station"
    assert not permits(out, packet(SUP, OP1, 22))
    assert permits(out, packet(MGT, OP1, 161, protocol=17))


def test_mirrored_twice_is_the_same_decision() -> None:
    for rule in rules("op1", "after"):
        assert mirrored(mirrored(rule)).decides == rule.decides


def test_no_two_blocks_of_remarks_are_alike() -> None:
    # A device refuses a remark that its list has already (switch-acl.md section 4, pitfall 15).
    for way in ("in", "out"):
        texts = [rule.remark for rule in vlan_list(members("after", "after"), way)]
        blocks = [text for index, text in enumerate(texts) if index == 0 or text != texts[index - 1]]
        assert len(blocks) == len(set(blocks))


PORTS = st.sampled_from([22, 53, 67, 68, 80, 161, 443, 3389, 5985, 8443, 50000])
SENDERS = st.sampled_from([OP1, OP2])
FAR = st.sampled_from([SUP, MGT, "10.20.60.1", "10.99.9.9", PRINTER, OP1, "255.255.255.255"])
PATHS = st.tuples(SENDERS, FAR, PORTS, PORTS)
TWO_PHASES = st.tuples(st.sampled_from(PHASES), st.sampled_from(PHASES))


def sent(path: tuple[str, str, int, int], protocol: int, established: bool = False) -> Packet:
    src, dst, *ports = path
    first, last = ports if protocol in (6, 17) else (0, 0)
    return Packet(protocol, number(src), number(dst), first, last, established=established and protocol == 6)


@settings(max_examples=200, deadline=None)
@given(PATHS, st.sampled_from([1, 6, 17, 47]), st.booleans(), TWO_PHASES, st.sampled_from(["permit", "deny"]))
def test_a_station_is_treated_as_on_a_port_of_its_own(
    path: tuple[str, str, int, int], protocol: int, established: bool, phases: tuple[str, str], others: str
) -> None:
    found, one = members(*phases), sent(path, protocol, established)
    port = next(member for member in found if member.address == Address.of(path[0]))
    assert permits(vlan_list(found, "in", others), one) == permits(port.rules, one)


@settings(max_examples=200, deadline=None)
@given(PATHS, st.sampled_from([1, 6, 17]), TWO_PHASES)
def test_what_may_be_asked_may_be_answered(
    path: tuple[str, str, int, int], protocol: int, phases: tuple[str, str]
) -> None:
    src, dst, first, last = path
    found = members(*phases)
    if permits(vlan_list(found, "in", "deny"), sent(path, protocol)):
        assert permits(vlan_list(found, "out", "deny"), sent((dst, src, last, first), protocol, established=True))


def test_the_model_names_zones_with_those_inside_or_stations() -> None:
    found = vlan_lists(model())
    assert found == [
        VlanList(
            "line-1", "sw-core", "Vlan10", ("op1", "op2"), (Address.of("10.20.1.0/26"), Address.of("10.20.1.8/29"))
        )
    ]
    entry = {"id": "x", "switch": "sw-core", "interface": "vlan 10", "stations": ["op2"], "directions": ["out", "in"]}
    one = vlan_lists(model(vlan_lists=[{**entry, "networks": ["10.20.1.0/24"], "others": "deny"}]))[0]
    assert one == VlanList("x", "sw-core", "vlan10", ("op2",), (Address.of("10.20.1.0/24"),), ("in", "out"), "deny")


ENTRY = {"id": "line-1", "switch": "sw-core", "interface": "Vlan10", "zones": ["OPZ"]}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"switch": "sw-9"}, "[0].switch: unknown switch (sw-9)"),
        ({"interface": "Gi1/0/1"}, "[0].interface: not a VLAN interface (Gi1/0/1)"),
        ({"zones": ["moon"]}, "[0].zones: unknown zone (moon)"),
        ({"zones": "OPZ"}, "[0].zones: not a list (OPZ)"),
        ({"zones": [], "stations": ["op9"]}, "[0].stations: unknown station (op9)"),
        ({"zones": ["SUP"]}, "[0]: no station is behind it"),
        ({"directions": ["out"]}, "not [in] or [in, out]"),
        ({"directions": "in"}, "not [in] or [in, out]"),
        ({"others": "maybe"}, "neither permit nor deny (maybe)"),
        ({"networks": ["10.20.1.0/99"]}, "is not an address"),
        ({"id": None}, "[0].id: no id"),
        ({"id": {"a": 1}}, "[0].id: no id"),
        ({"vlan": 10}, "[0].vlan: unknown key (10)"),
        ({5: 10}, "[0].5: unknown key (10)"),
        ({"switch": ["sw-core"]}, "[0].switch: unknown switch"),
        ({"networks": "10.20.1.0/26"}, "[0].networks: not a list (10.20.1.0/26)"),
        ({"networks": ["10.20.2.0/26"]}, "[0].networks: op1 is in none of the networks of the VLAN (10.20.1.11)"),
    ],
)
def test_an_entry_that_cannot_be_read_says_why(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        vlan_lists(model(vlan_lists=[{**ENTRY, **change}]))
    assert told in caught.value.message and caught.value.fix


def test_a_station_is_behind_one_list_and_an_interface_has_one() -> None:
    other = {"id": "again", "switch": "sw-core", "interface": "vlan10", "stations": ["op1"]}
    with pytest.raises(InputError) as caught:
        vlan_lists(model(vlan_lists=[ENTRY, other]))
    assert "it has a list already" in caught.value.message and "op1 is behind line-1 too" in caught.value.message


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (OP1, "op1 has the same address"),
        (f" {OP1}", "the address of op2 is not one IPv4 address"),
        ("10.20.1.0/26", "the address of op2 is not one IPv4 address"),
        ("2001:db8::1", "the address of op2 is not one IPv4 address"),
        (None, "op2 has no address"),
        ("10.20.9.9", "op2 is in none of the networks of the VLAN"),
    ],
)
def test_each_station_is_told_by_one_address_of_its_own(address: str | None, told: str) -> None:
    stations = {**model()["stations"], "op2": {"zone": "OPZ-1", "address": address}}
    with pytest.raises(InputError, match=told):
        vlan_lists(model(stations=stations))


@pytest.mark.parametrize("value", ["abc", 5, {"a": 1}])
def test_what_is_no_list_of_entries_is_one_problem(value: Any) -> None:
    assert [problem for _key, _value, problem, _fix in problems(model(vlan_lists=value))] == ["not a list"]
    assert listed_at(model(vlan_lists=value)) == {}


def test_the_linter_says_that_nothing_is_enforced_within_the_vlan() -> None:
    site = model()
    site["stations"]["op2"]["containment"] = {"owner": "ot"}
    assert listed_at(site) == {"op1": "Vlan10 of sw-core", "op2": "Vlan10 of sw-core"}
    found = {(item.severity, item.code, item.where) for item in lint(site, date(2026, 11, 22))}
    assert ("warning", "vlan_only", "op1") in found and ("error", "contained_at_vlan", "op2") in found
