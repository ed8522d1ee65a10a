# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.flows import flows_denied
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.packets import Packet, permits
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Address, rules_from
from hypothesis import given, settings
from hypothesis import strategies as st

PC = "10.20.1.11"


def _conduit(name: str, start: str, to: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "from": start, "to": to, "owner": "it", "review_by": "2027-05-31", "phases": ["before", "after"],
        "services": [{"protocol": "tcp", "ports": [443]}], **more,
    }  # fmt: skip


def _model(**station: Any) -> dict[str, Any]:
    return {
        "site": {"controller_address": "10.20.90.5"},
        "zones": [
            {"id": "OPZ", "cidrs": ["10.20.1.0/26"]},
            {"id": "VDI", "cidrs": ["10.20.60.0/24"]},
            {"id": "MGT", "cidrs": ["10.20.90.0/24"]},
            {"id": "UMS", "cidrs": ["10.20.90.20/32"], "parent": "MGT"},
            {"id": "INF", "cidrs": ["10.20.95.0/24"]},
        ],
        "conduits": [
            _conduit("to-vdi", "OPZ", "VDI"),
            _conduit("to-inf", "OPZ", "INF", services=[{"service": "dns"}, {"service": "dhcp"}], phases=["island"]),
            _conduit("from-mgt", "MGT", "OPZ", services=[{"service": "winrm"}, {"service": "snmp"}], phases=["after"]),
        ],
        "stations": {
            "op1": {
                "zone": "OPZ", "address": PC, "role": "operator",
                "flows": [{"to": "10.20.50.20", "protocol": "tcp", "ports": [443]}], **station,
            }
        },
        "ums": {"address": "10.20.90.20"},
    }  # fmt: skip


def _permits(rules: list[dict[str, Any]], to: str, port: int, *, protocol: int = 6, **more: Any) -> bool:
    src = int(ipaddress.IPv4Address(more.pop("src", PC)))
    packet = Packet(protocol, src, int(ipaddress.IPv4Address(to)), more.pop("src_port", 50000), port, **more)
    return permits(rules_from(rules), packet)


def test_before_is_everything_of_today_and_what_the_conversion_needs() -> None:
    before = compile_station(_model(flows_complete=True), "op1", disposition="migrate")["before"]
    assert _permits(before, "10.20.50.20", 443)
    assert _permits(before, "10.20.60.7", 443)
    assert _permits(before, "10.20.90.20", 8443)
    assert _permits(before, "10.20.90.5", 50000, src_port=5985, established=True)
    assert not _permits(before, "10.20.90.5", 50000, src_port=5985)
    assert not _permits(before, "10.20.50.21", 443)
    assert before[-1] | {"remark": ""} == {
        "action": "deny", "protocol": "ip", "src": "any", "src_ports": None, "dst": "any", "dst_ports": None,
        "established": False, "log": True, "remark": "",
    }  # fmt: skip


def test_unknown_flows_are_permitted_and_logged() -> None:
    before = compile_station(_model(), "op1", disposition="migrate")["before"]
    assert (before[-1]["action"], before[-1]["log"]) == ("permit", True)
    assert _permits(before, "10.99.9.9", 1)


def test_observed_flows_are_as_binding_as_declared_ones() -> None:
    seen = [{"to": "10.20.50.99", "protocol": "udp", "ports": [161]}]
    compiled = compile_station(_model(flows_complete=True), "op1", disposition="migrate", observed_flows=seen)
    assert _permits(compiled["before"], "10.20.50.99", 161, protocol=17)
    assert not _permits(compiled["after"], "10.20.50.99", 161, protocol=17)


def test_after_is_the_conduits_with_their_stateless_replies() -> None:
    after = compile_station(_model(), "op1", disposition="migrate")["after"]
    assert _permits(after, "10.20.60.7", 443)
    assert not _permits(after, "10.20.50.20", 443)
    assert _permits(after, "10.20.90.77", 50000, src_port=5986, established=True)
    assert not _permits(after, "10.20.90.77", 50000, src_port=5986)
    assert _permits(after, "10.20.90.77", 50000, src_port=161, protocol=17)
    assert not _permits(after, "10.20.60.7", 443, src="10.20.1.12")
    assert after[-1]["action"] == "deny"


def test_a_contained_station_keeps_its_exact_flows() -> None:
    after = compile_station(_model(), "op1", disposition="contain")["after"]
    assert _permits(after, "10.20.50.20", 443)
    assert not _permits(after, "10.20.50.20", 80)
    assert _permits(after, "10.20.60.7", 443)


def test_island_holds_only_what_survives_the_cut() -> None:
    island = compile_station(_model(), "op1", disposition="migrate")["island"]
    assert _permits(island, "10.20.95.10", 53, protocol=17)
    assert _permits(island, "255.255.255.255", 67, protocol=17, src="0.0.0.0", src_port=68)
    assert not _permits(island, "10.20.60.7", 443)


def test_conduits_of_an_outer_zone_hold_inside() -> None:
    model = _model(zone="UMS", address="10.20.90.20", flows=[])
    model["conduits"].append(_conduit("mgt-out", "MGT", "VDI"))
    after = compile_station(model, "op1", disposition="migrate")["after"]
    assert _permits(after, "10.20.60.1", 443, src="10.20.90.20")


def test_a_conduit_for_other_roles_does_not_count() -> None:
    model = _model()
    model["conduits"][0]["station_roles"] = ["kiosk"]
    assert not _permits(compile_station(model, "op1", disposition="migrate")["after"], "10.20.60.7", 443)


def test_every_rule_says_where_it_comes_from() -> None:
    for rules in compile_station(_model(), "op1", disposition="contain").values():
        assert all(rule["remark"] for rule in rules)
    remarks = [rule["remark"] for rule in compile_station(_model(), "op1", disposition="migrate")["after"]]
    assert "conduit to-vdi owner it review 2027-05-31" in remarks


def test_rules_carry_owner_review_date_and_justification_of_their_conduit() -> None:
    model = _model()
    for conduit in model["conduits"]:
        conduit["justification"] = f"why {conduit['id']}"
    remarks = {rule["remark"] for rule in compile_station(model, "op1", disposition="migrate")["after"]}
    assert "conduit to-vdi owner it review 2027-05-31: why to-vdi" in remarks
    assert "replies, conduit from-mgt owner it review 2027-05-31: why from-mgt" in remarks


def test_the_image_is_reachable_where_it_is_an_address() -> None:
    model = _model(flows_complete=True)
    model["site"]["staging"] = {"image": {"url": "http://10.20.95.40/osc.iso"}, "converter": {"url": "https://x/y"}}
    before = compile_station(model, "op1", disposition="migrate")["before"]
    assert _permits(before, "10.20.95.40", 80)


def test_services_can_be_overridden_by_the_site() -> None:
    model = _model()
    model["conduits"][0]["services"] = [{"service": "rdp"}]
    model["services"] = {"rdp": [{"protocol": "tcp", "ports": [13389]}]}
    after = compile_station(model, "op1", disposition="migrate")["after"]
    assert _permits(after, "10.20.60.7", 13389)
    assert not _permits(after, "10.20.60.7", 3389)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"zone": "NOWHERE"}, "zone NOWHERE"),
        ({"address": None}, "no address"),
        ({"flows": [{"to": "nowhere", "protocol": "tcp", "ports": [1]}]}, "nowhere"),
        ({"flows": [{"to": "10.0.0.1", "protocol": "icmp", "ports": [1]}]}, "tcp or udp"),
        ({"flows": [{"to": "10.0.0.1", "service": "telepathy"}]}, "telepathy"),
    ],
)
def test_a_model_that_cannot_be_compiled_says_why(change: dict[str, Any], found: str) -> None:
    with pytest.raises(InputError, match=found):
        compile_station(_model(**change), "op1", disposition="migrate")


def test_denied_flows_are_named_with_the_rule_that_denies() -> None:
    rules = [
        {"action": "permit", "protocol": "tcp", "src": f"{PC}/32", "dst": "10.0.0.1/32", "dst_ports": [[443, 443]]},
        {"action": "deny", "protocol": "ip", "log": True},
    ]
    flows = [
        {"to": "10.0.0.1", "protocol": "tcp", "ports": [443]},
        {"to": "10.0.0.1", "protocol": "tcp", "ports": [80]},
    ]
    denied = flows_denied(rules, flows)
    assert {(item["port"], item["denied_by"]) for item in denied} == {(80, 1)}
    assert flows_denied(rules, flows[:1]) == []


_CIDRS = ["10.20.60.0/24", "10.20.60.8/29", "10.20.70.0/25", "10.20.1.0/26", "10.0.0.0/8"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(_CIDRS), st.sampled_from([6, 17]), st.integers(1, 5)), max_size=5),
    st.sampled_from(["10.20.60.1", "10.20.60.9", "10.20.70.200", "10.20.70.1", "10.99.0.1", "11.0.0.1"]),
    st.sampled_from([6, 17]),
    st.integers(1, 5),
)
def test_after_permits_exactly_what_a_conduit_allows(
    allowed: list[tuple[str, int, int]], to: str, protocol: int, port: int
) -> None:
    model = _model(flows=[])
    model["conduits"] = []
    for index, (cidr, number, allowed_port) in enumerate(allowed):
        model["zones"].append({"id": f"Z{index}", "cidrs": [cidr]})
        services = [{"protocol": number, "ports": [allowed_port]}]
        model["conduits"].append(_conduit(f"c{index}", "OPZ", f"Z{index}", services=services))
    after = compile_station(model, "op1", disposition="migrate")["after"]
    expected = any(
        Address.of(cidr).covers(int(ipaddress.IPv4Address(to))) and number == protocol and port == allowed_port
        for cidr, number, allowed_port in allowed
    )
    assert _permits(after, to, port, protocol=protocol) == expected
    assert not _permits(after, to, port, protocol=protocol, src="10.20.1.12")


_CONDUITS = st.lists(
    st.fixed_dictionaries(
        {
            "cidr": st.sampled_from(_CIDRS),
            "protocol": st.sampled_from([6, 17]),
            "port": st.integers(1, 4),
            "out": st.booleans(),
            "phases": st.sets(st.sampled_from(["before", "after", "island"])),
            "roles": st.sampled_from([None, ["operator"], ["kiosk"]]),
        }
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(
    _CONDUITS,
    st.sampled_from(["after", "island"]),
    st.sampled_from(["10.20.60.1", "10.20.60.9", "10.20.70.200", "10.20.70.1", "11.0.0.1"]),
    st.fixed_dictionaries(
        {
            "protocol": st.sampled_from([6, 17]),
            "ours": st.integers(1, 5),
            "theirs": st.integers(1, 5),
            "ack": st.booleans(),
        }
    ),
)
def test_every_phase_permits_requests_and_answers_of_its_conduits_and_nothing_else(
    wanted: list[dict[str, Any]], phase: str, to: str, packet: dict[str, Any]
) -> None:
    model = _model(flows=[])
    model["conduits"] = []
    for index, item in enumerate(wanted):
        model["zones"].append({"id": f"Z{index}", "cidrs": [item["cidr"]]})
        ends = ("OPZ", f"Z{index}") if item["out"] else (f"Z{index}", "OPZ")
        services = [{"protocol": item["protocol"], "ports": [item["port"]]}]
        more = {"station_roles": item["roles"]} if item["roles"] else {}
        model["conduits"].append(_conduit(f"c{index}", *ends, services=services, phases=sorted(item["phases"]), **more))
    rules = compile_station(model, "op1", disposition="migrate")[phase]

    def allows(item: dict[str, Any]) -> bool:
        if phase not in item["phases"] or item["roles"] == ["kiosk"] or item["protocol"] != packet["protocol"]:
            return False
        if not Address.of(item["cidr"]).covers(int(ipaddress.IPv4Address(to))):
            return False
        if item["out"]:
            return bool(packet["theirs"] == item["port"])
        answers = packet["protocol"] == 17 or packet["ack"]
        return bool(packet["ours"] == item["port"] and answers)

    more = {"src_port": packet["ours"], "protocol": packet["protocol"]}
    established = {"established": packet["ack"]} if packet["protocol"] == 6 else {}
    assert _permits(rules, to, packet["theirs"], **more, **established) == any(map(allows, wanted))
