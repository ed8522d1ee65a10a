# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the compiler makes of a site model, bound on every simulated platform: remarks, boxes, VLAN interfaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.compile import compile_station
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.rules import Rule
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.time_box import rules_in_force
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.vlan_model import vlan_lists
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.plan import Wanted

PLATFORMS = ("iosxe", "ios15", "eos", "nxos", "aoscx")
ROOM = {"nxos": {"lines": ["feature scheduler"]}}
REMARK = "conduit opz-to-sup owner ot-plant-a review 2027-05-31: Operators see the web panels"
BOX = {"valid_from": "2026-12-05T02:00:00+01:00", "valid_to": "2026-12-05T06:00:00+01:00"}
MODEL: dict[str, Any] = {
    "site": {"controller_address": "10.20.90.5"},
    "zones": [
        {"id": "OPZ", "cidrs": ["10.20.1.0/26"]},
        {"id": "SUP", "cidrs": ["10.20.50.0/24"]},
        {"id": "REM", "cidrs": ["10.20.80.0/24"]},
        {"id": "INF", "cidrs": ["10.20.95.0/24"]},
    ],
    "conduits": [
        {
            "id": "opz-to-sup", "from": "OPZ", "to": "SUP", "services": [{"service": "https"}, {"service": "ssh"}],
            "phases": ["before", "after"], "owner": "ot-plant-a", "review_by": "2027-05-31",
            "justification": "Operators see the web panels",
        },
        {
            "id": "vendor", "from": "REM", "to": "OPZ", "services": [{"service": "rdp"}], "phases": ["after"],
            "owner": "ot-plant-a", "justification": "Press 3", "review_by": "2027-05-31", "ticket": "CHG-1",
            "approver": "ot-plant-a", **BOX,
        },
        {
            "id": "dhcp", "from": "OPZ", "to": "INF", "services": [{"service": "dhcp"}], "phases": ["after"],
            "owner": "it-plant-a", "justification": "Addresses", "review_by": "2027-05-31",
        },
    ],
    "stations": {
        "op1": {"zone": "OPZ", "address": "10.20.1.11", "flows": []},
        "op2": {"zone": "OPZ", "address": "10.20.1.12", "flows": []},
    },
    "switches": {"sw-l1": {}},
    "vlan_lists": [
        {"id": "line-1", "switch": "sw-l1", "interface": "Vlan101", "zones": ["OPZ"], "directions": ["in", "out"]}
    ],
}  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def compiled(name: str = "op1", at: str = "2026-11-23T00:00:00+00:00") -> dict[str, tuple[Rule, ...]]:
    plain = compile_station(MODEL, name, disposition="migrate")
    return {phase: rules_in_force(rules, moment(at)) for phase, rules in plain.items()}


@pytest.fixture(params=PLATFORMS)
def rig(request: pytest.FixtureRequest, make_quick: Callable[..., Any]) -> Any:
    return make_quick(ROOM.get(request.param), request.param)


def station(rig: Any, rules: tuple[Rule, ...]) -> Wanted:
    return Wanted(rig.side.ports[0], "in", "op1", rules, "10.20.1.11")


def test_owner_review_date_and_justification_are_on_the_switch_and_never_toggle(rig: Any) -> None:
    wanted = station(rig, compiled()["after"])
    assert rig.ensure([wanted])["changed"]
    shown = rig.show("show running-config")
    assert shown.count(REMARK) == 1, "once before all the rules that share it"
    assert "dhcp owner it-plant-a review 2027-05-31: Addresses" in shown
    written = rig.writes()
    assert not rig.ensure([wanted])["changed"] and rig.writes() == written
    other = tuple(replace(rule, remark=rule.remark.replace("ot-plant-a", "somebody")) for rule in wanted.rules)
    assert not rig.ensure([replace(wanted, rules=other)])["changed"], "other words are no other policy"


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2026-12-05T00:59:59+00:00", False),
        ("2026-12-05T01:00:00+00:00", True),
        ("2026-12-05T04:59:59+00:00", True),
        ("2026-12-05T05:00:00+00:00", False),
    ],
)
def test_vendor_access_is_on_the_switch_inside_its_box_only(rig: Any, at: str, there: bool) -> None:
    rig.ensure([station(rig, compiled(at=at)["after"])])
    answer = {"src": "10.20.1.11", "dst": "10.20.80.7", "protocol": "tcp", "src_port": 3389, "dst_port": 50000}
    port = rig.side.ports[0]
    assert rig.switch.evaluate(port, "in", {**answer, "established": True, "flags": ["ack"]})["permit"] is there
    assert ("conduit vendor" in rig.show("show running-config")) is there


def test_the_list_of_a_vlan_interface_treats_each_station_by_its_own_phase(rig: Any) -> None:
    vlan = vlan_lists(MODEL)[0]
    rules = {name: compiled(name) for name in vlan.stations}
    addresses = {name: str(MODEL["stations"][name]["address"]) for name in vlan.stations}
    found = vlan.rules(rules, addresses, {"op1": "after", "op2": "before"})
    wanted = [Wanted(vlan.interface, way, vlan.id, found[way]) for way in vlan.directions]
    result = rig.ensure(wanted)
    assert all("not enforced within its VLAN" in item["reason"] for item in result["bindings"])
    assert not any(item["enforced"] for item in result["bindings"])
    interface = rig.driver.interface_name("Vlan101")

    def permits(src: str, dst: str, port: int, way: str = "in") -> bool:
        packet = {"src": src, "dst": dst, "protocol": "tcp", "src_port": 50000, "dst_port": port}
        return bool(rig.switch.evaluate(interface, way, packet)["permit"])

    assert permits("10.20.1.11", "10.20.50.7", 443) and not permits("10.20.1.11", "10.20.50.7", 80)
    assert permits("10.20.1.12", "10.20.50.7", 80) and permits("10.20.1.40", "10.20.50.7", 80)
    assert not permits("10.20.50.7", "10.20.1.11", 80, "out") and permits("10.20.50.7", "10.20.1.12", 80, "out")
    assert not rig.ensure(wanted)["changed"]
