# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.lint import lint
from ansible_collections.otedge.endpoint.plugins.plugin_utils._segmentation.matrix import heat, matrix, service_text

TODAY = date(2026, 11, 22)


def zone(name: str, kind: str, level: float | None, net: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": kind, "level": level, "cidrs": [net], **more}


def conduit(name: str, start: str, to: str, *services: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": name, "from": start, "to": to, "services": list(services) or [{"service": "https"}], "phases": ["after"],
        "owner": "it", "justification": "needed", "review_by": "2027-05-31", **more,
    }  # fmt: skip


def model(*conduits: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "site": {"controller_address": "10.20.90.5"},
        "ums": {"address": "10.20.90.20"},
        "zones": [
            zone("OPZ", "OPZ", 2, "10.20.1.0/26"),
            zone("OPZ-2", "OPZ", 2, "10.20.2.0/26"),
            zone("LCZ", "LCZ", 2, "10.20.1.64/28"),
            zone("CEL", "CEL", 1, "10.20.11.0/24"),
            zone("SUP", "SUP", 3, "10.20.50.0/24"),
            zone("SUP-HMI", "SUP", 3, "10.20.50.0/28", parent="SUP"),
            zone("VDI", "VDI", 3, "10.20.60.0/24"),
            zone("DMZ", "DMZ", 3.5, "10.20.80.0/24"),
            zone("ENT", "ENT", 4, "0.0.0.0/0"),
            zone("REM", "REM", 5, "203.0.113.0/24"),
        ],
        "conduits": list(conduits),
        "stations": {"op1": {"zone": "OPZ", "role": "operator", "address": "10.20.1.11", "flows": []}},
        **more,
    }


def codes(found: dict[str, Any], observed: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    return [(item.code, item.where) for item in lint(found, TODAY, observed)]


def test_a_sound_model_has_no_findings() -> None:
    assert codes(model(conduit("c", "OPZ", "SUP"))) == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (conduit("c", "OPZ", "CEL"), "forbidden_conduit"),
        (conduit("c", "OPZ", "OPZ-2"), "forbidden_conduit"),
        (conduit("c", "OPZ", "OPZ", owner=None), "no_owner"),
        (conduit("c", "OPZ", "SUP", justification=""), "no_justification"),
        (conduit("c", "OPZ", "SUP", review_by="2026-11-21"), "review_overdue"),
        (conduit("c", "OPZ", "SUP", review_by=None), "review_overdue"),
        (conduit("c", "OPZ", "SUP", {"protocol": "ip"}), "any_protocol"),
        (conduit("c", "OPZ", "SUP", {"protocol": "tcp"}), "any_port"),
        (conduit("c", "OPZ", "SUP", {"protocol": "udp", "ports": ["1024-65535"]}), "many_ports"),
        (conduit("c", "OPZ", "ENT"), "any_address"),
        (conduit("c", "OPZ", "ENT"), "level_skip"),
        (conduit("c", "OPZ", "VDI", {"service": "rdp"}, {"service": "ica"}), "display_protocols"),
        (conduit("c", "SUP", "VDI"), "unused_conduit"),
        (conduit("c", "OPZ", "VDI", station_roles=["kiosk"]), "unused_conduit"),
        (conduit("c", "REM", "OPZ"), "unboxed_access"),
    ],
)
def test_each_rule_finds_what_it_is_for(bad: dict[str, Any], code: str) -> None:
    assert code in [found for found, _where in codes(model(bad))]


@pytest.mark.parametrize(
    "good",
    [
        conduit("c", "OPZ", "SUP", review_by="2026-11-22"),
        conduit("c", "OPZ", "SUP", {"service": "dhcp"}),
        conduit("c", "OPZ", "VDI", {"service": "rdp"}),
        conduit("c", "OPZ", "VDI", {"service": "rdp"}, {"service": "ica"}, station_roles=["operator"]),
        conduit("c", "OPZ", "DMZ"),
    ],
)
def test_what_is_as_it_should_be_is_not_found(good: dict[str, Any]) -> None:
    assert codes(model(good)) == []


def test_zones_of_different_classes_do_not_nest_and_stations_stand_where_they_belong() -> None:
    nested = model(conduit("c", "OPZ", "SUP"))
    nested["zones"].append(zone("CEL-HMI", "OPZ", None, "10.20.11.0/28", parent="CEL"))
    nested["stations"]["op2"] = {"zone": "CEL", "role": "operator", "address": "10.20.11.7", "flows": []}
    assert codes(nested) == [("station_in_zone", "op2"), ("zone_mix", "CEL-HMI")]


def test_a_zone_outside_the_zone_around_it_is_not_reached_by_its_conduits() -> None:
    found = model(conduit("c", "OPZ", "SUP"))
    found["zones"].append(zone("SUP-IN", "SUP", None, "10.20.50.16/28", parent="SUP"))
    assert codes(found) == []
    found["zones"].append(zone("SUP-OUT", "SUP", None, "10.20.51.0/28", parent="SUP"))
    assert codes(found) == [("outside_parent", "SUP-OUT")]


def test_contained_pcs_have_a_micro_zone_each() -> None:
    found = model(conduit("c", "LCZ", "CEL"))
    for number in (1, 2):
        found["stations"][f"hmi{number}"] = {"zone": "LCZ", "address": f"10.20.1.{64 + number}", "flows": []}
    assert codes(found) == [("shared_micro_zone", "LCZ")]


@pytest.mark.parametrize(
    ("other", "shadowed"),
    [
        ({"to": "SUP"}, True),
        ({"to": "SUP", "services": [{"protocol": "tcp", "ports": ["440-450"]}]}, True),
        ({"to": "SUP", "services": [{"protocol": "tcp", "ports": [80]}]}, False),
        ({"to": "SUP", "phases": ["before"]}, False),
        ({"to": "SUP", "station_roles": ["operator"]}, False),
        ({"to": "VDI"}, False),
        ({"to": "SUP", "valid_from": "2026-12-05T02:00:00Z"}, False),
    ],
)
def test_a_conduit_that_adds_nothing_is_proven_to(other: dict[str, Any], shadowed: bool) -> None:
    found = codes(model(conduit("inner", "OPZ", "SUP-HMI"), conduit("outer", "OPZ", "SUP") | other))
    assert (("shadowed_conduit", "conduit inner") in found) is shadowed
    assert ("shadowed_conduit", "conduit outer") not in found


def test_flows_that_no_conduit_allows_are_named() -> None:
    seen = {
        "op1": [
            {"to": "10.20.50.7", "protocol": "tcp", "ports": [443]},
            {"to": "10.20.50.7", "protocol": "tcp", "ports": [445]},
        ],
        "gone": [{"to": "10.20.50.7", "protocol": "tcp", "ports": [445]}],
    }
    found = lint(model(conduit("c", "OPZ", "SUP")), TODAY, seen)
    assert [(item.code, item.where) for item in found] == [("flow_without_conduit", "op1")]
    assert "10.20.50.7 port 445" in found[0].text


# What issue and page promise of the linter, by name; what each finds is tested above.
PROMISED = {
    "zone mixes": model(
        zones=[zone("CEL", "CEL", 1, "10.20.11.0/24"), zone("IN", "OPZ", 2, "10.20.11.0/28", parent="CEL")]
    ),
    "shadowed conduits": model(conduit("a", "OPZ", "SUP"), conduit("b", "OPZ", "SUP-HMI")),
    "unused conduits": model(conduit("a", "SUP", "VDI")),
    "level skips": model(conduit("a", "OPZ", "ENT")),
    "missing owner": model(conduit("a", "OPZ", "SUP", owner="")),
    "past review date": model(conduit("a", "OPZ", "SUP", review_by="2026-11-21")),
    "flows that no conduit allows": model(conduit("a", "OPZ", "SUP")),
}


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        ("zone mixes", "zone_mix"),
        ("shadowed conduits", "shadowed_conduit"),
        ("unused conduits", "unused_conduit"),
        ("level skips", "level_skip"),
        ("missing owner", "no_owner"),
        ("past review date", "review_overdue"),
        ("flows that no conduit allows", "flow_without_conduit"),
    ],
)
def test_the_linter_keeps_each_promise(promise: str, code: str) -> None:
    seen = {"op1": [{"to": "10.20.99.1", "protocol": "tcp", "ports": [9100]}]}
    found = [item for item in lint(PROMISED[promise], TODAY, seen) if item.code == code]
    assert found and all(item.text and item.fix and item.where for item in found)


def test_errors_come_first_and_nothing_twice() -> None:
    found = lint(model(conduit("b", "OPZ", "ENT"), conduit("a", "OPZ", "CEL", review_by=None)), TODAY)
    ranks = [("error", "warning", "note").index(item.severity) for item in found]
    assert ranks == sorted(ranks) and len(set(found)) == len(found)


def test_the_matrix_names_conduits_by_zone_and_only_zones_in_use() -> None:
    found = matrix(model(conduit("c", "OPZ", "SUP", {"service": "https"}, {"protocol": "tcp", "ports": [80, 8080]})))
    assert (found["from"], found["to"]) == (["OPZ"], ["SUP"])
    assert found["cells"]["OPZ"]["SUP"][0]["services"] == ["https", "tcp 80/8080"]
    assert service_text({"protocol": "icmp"}) == "icmp"


def test_the_map_knows_zones_within_zones() -> None:
    inner = conduit("inner", "OPZ", "SUP-HMI", {"service": "ssh"})
    outer = conduit("outer", "VDI", "SUP", {"service": "rdp"}, {"service": "https"})
    cells = heat(model(inner, outer, conduit("wide", "OPZ", "SUP")))["cells"]
    told = {
        (start, to): (
            [item["id"] for item in cell["conduits"]],
            [item["outer"] for item in cell["conduits"]],
            cell["part"],
        )
        for start, row in cells.items()
        for to, cell in row.items()
    }
    assert told == {
        ("OPZ", "SUP"): (["wide"], [False], ["inner"]),
        ("OPZ", "SUP-HMI"): (["inner", "wide"], [False, True], []),
        ("VDI", "SUP"): (["outer"], [False], []),
        ("VDI", "SUP-HMI"): (["outer"], [True], []),
    }
    found = heat(model(inner))
    assert found["to"] == ["SUP-HMI"] and "SUP" not in found["silent"] and "CEL" in found["silent"]
    only = heat(model(inner, conduit("there", "VDI", "SUP")))["cells"]["OPZ"]["SUP"]
    assert (only["weight"], only["conduits"], only["part"]) == (0, [], ["inner"])
