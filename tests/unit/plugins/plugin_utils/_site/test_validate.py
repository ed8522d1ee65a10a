# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.validate import validate

TODAY = date(2026, 12, 1)
Model = dict[str, Any]


def _gaps(model: Model, *scopes: str) -> list[dict[str, str]]:
    return validate(model, scopes or ("validate",), TODAY, lambda host, key: f"{host or 'site'}/{key}")


def _set(*path: Any, to: Any) -> Callable[[Model], None]:
    def change(model: Model) -> None:
        target: Any = model
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = to

    return change


OP1 = ("stations", "op1")


def test_a_whole_model_has_no_gap(model: Model) -> None:
    assert _gaps(model) == []


@pytest.mark.parametrize(
    ("change", "file", "key", "problem"),
    [
        (_set("site", "id", to=""), "site/site_id", "site_id", "not set"),
        (_set("site", "timezone", to="Mars"), "site/site_timezone", "site_timezone", "no time zone"),
        (_set("site", "signers", to={"ot": "a"}), "site/site_signers", "site_signers.it", "nobody"),
        (_set("site", "signers", to={"ot": "a", "it": "a"}), "site/site_signers", "site_signers", "one person"),
        (_set("site", "convert_minutes", to=0), "site/site_convert_minutes", "site_convert_minutes", "minutes"),
        (_set("site", "firmware", to=None), "site/site_firmware", "site_firmware", "no firmware"),
        (
            _set("site", "staging", "image", "sha256", to="abc"),
            "site/site_staging",
            "site_staging.image.sha256",
            "no SHA",
        ),
        (_set("site", "staging", to=None), "site/site_staging", "site_staging.image.url", "fetch"),
        (_set("zones", 4, "parent", to=None), "site/site_zones", "site_zones[4].cidrs", "overlaps 10.20.90.0/24"),
        (_set("zones", 4, "parent", to="X"), "site/site_zones", "site_zones[4].parent", "unknown zone"),
        (_set("zones", 0, "cidrs", to=["10.20.1.1/26"]), "site/site_zones", "site_zones[0].cidrs", "host bits"),
        (_set("zones", 0, "cidrs", to="10.20.1.0/26"), "site/site_zones", "site_zones[0].cidrs", "not a list"),
        (_set("conduits", 0, "to", to=["SUP"]), "site/site_conduits", "site_conduits[0].to", "not a text"),
        (
            _set("conduits", 0, "services", to=["https"]),
            "site/site_conduits",
            "site_conduits[0].services",
            "no service",
        ),
        (_set("zones", 0, "cidrs", to=[]), "site/site_zones", "site_zones[0].cidrs", "no addresses"),
        (_set("zones", 1, "id", to="OPZ"), "site/site_zones", "site_zones[1].id", "twice"),
        (_set("conduits", 0, "to", to="SUPP"), "site/site_conduits", "site_conduits[0].to", "unknown zone"),
        (
            _set("vlan_lists", to=[{"id": "v", "switch": "sw-l1", "interface": "Gi1/0/1", "stations": ["op1"]}]),
            "site/site_vlan_lists",
            "site_vlan_lists[0].interface",
            "not a VLAN interface",
        ),
        (_set(*OP1, "port", to="vlan 10"), "op1/station_port", "station_port", "enforces nothing within its VLAN"),
        (_set("vlan_lists", to="Vlan10"), "site/site_vlan_lists", "site_vlan_lists", "not a list"),
        (_set("vlan_lists", to=["Vlan10"]), "site/site_vlan_lists", "site_vlan_lists", "not a mapping"),
        (_set("conduits", 0, "owner", to=None), "site/site_conduits", "site_conduits[0].owner", "no owner"),
        (
            _set("conduits", 0, "justification", to=""),
            "site/site_conduits",
            "site_conduits[0].justification",
            "no just",
        ),
        (_set("conduits", 0, "review_by", to=None), "site/site_conduits", "site_conduits[0].review_by", "no review"),
        (_set("conduits", 0, "review_by", to="2026-11-30"), "site/site_conduits", "site_conduits[0].review_by", "past"),
        (_set("conduits", 0, "services", to=[]), "site/site_conduits", "site_conduits[0].services", "no services"),
        (
            _set("conduits", 1, "services", 0, "service", to="telnett"),
            "site/site_conduits",
            "site_conduits[1].services",
            "unknown",
        ),
        (
            _set("conduits", 0, "phases", to=["during"]),
            "site/site_conduits",
            "site_conduits[0].phases",
            "unknown phase",
        ),
        (
            _set("windows", 0, "end", to="2026-12-05T02:00:00"),
            "site/site_windows",
            "site_windows[0].end",
            "ends before",
        ),
        (
            _set("windows", 0, "start", to="2026-03-29T02:30:00"),
            "site/site_windows",
            "site_windows[0].start",
            "does not exist",
        ),
        (
            _set("freeze_days", 0, "date", to="24.12."),
            "site/site_freeze_days",
            "site_freeze_days[0].date",
            "not a date",
        ),
        (_set("waves", 0, "stations", to=["ghost"]), "site/site_waves", "site_waves[0].stations", "no such station"),
        (_set("waves", 1, "stations", to=["op1"]), "site/site_waves", "site_waves[1].stations", "in wave wave-1 too"),
        (_set("waves", 0, "window", to="noon"), "site/site_waves", "site_waves[0].window", "unknown window"),
        (_set("lines", to={"line-1": {}}), "site/site_lines", "site_lines.line-1.state_source", "counts as running"),
        (_set(*OP1, "switch", to=None), "op1/station_switch", "station_switch", "no switch"),
        (_set(*OP1, "port", to=""), "op1/station_port", "station_port", "no port"),
        (_set(*OP1, "switch", to="sw-9"), "op1/station_switch", "station_switch", "unknown switch"),
        (_set(*OP1, "role", to="boss"), "op1/station_role", "station_role", "unknown role"),
        (_set(*OP1, "line", to="line-9"), "op1/station_line", "station_line", "unknown line"),
        (_set(*OP1, "zone", to="NOPE"), "op1/station_zone", "station_zone", "unknown zone"),
        (_set(*OP1, "mac", to="00:1B:1B:00:11"), "op1/station_mac", "station_mac", "not a MAC"),
        (_set(*OP1, "mac", to="01:1B:1B:00:11:01"), "op1/station_mac", "station_mac", "one adapter"),
        (_set(*OP1, "mac", to="001b.1b00.1104"), "op1/station_mac", "station_mac", "hmi1 has the same mac"),
        (_set(*OP1, "address", to="10.20.1.65"), "op1/station_address", "station_address", "hmi1 has the same"),
        (_set(*OP1, "address", to="10.20.1.300"), "op1/station_address", "station_address", "300"),
        (_set(*OP1, "address", to="10.20.2.11"), "op1/station_address", "station_address", "outside zone OPZ"),
        (_set(*OP1, "port", to="gi1/0/2"), "op1/station_port", "station_port", "hmi1 has the same port"),
        (_set(*OP1, "apps", 0, "delivery", to="magic"), "op1/station_apps", "station_apps[0].delivery", "unknown"),
        (_set(*OP1, "flows", 0, "to", to="server"), "op1/station_flows", "station_flows[0].to", "server"),
        (_set(*OP1, "backup", "sha256", to="1"), "op1/station_backup", "station_backup", "SHA-256"),
        (_set(*OP1, "disposition", to="convert"), "op1/station_disposition", "station_disposition", "unknown"),
        (
            _set("stations", "hmi1", "containment", "review_by", to="2026-01-01"),
            "hmi1/station_containment",
            "station_containment.review_by",
            "past",
        ),
        (_set("zones", to="OPZ"), "site/site_zones", "site_zones", "not a list"),
        (_set("conduits", to=["x"]), "site/site_conduits", "site_conduits", "not a mapping"),
        (_set(*OP1, "flows", to="all"), "op1/station_flows", "station_flows", "not a list"),
        (_set(*OP1, "backup", to="yes"), "op1/station_backup", "station_backup", "not a mapping"),
    ],
)
def test_each_gap_is_named(model: Model, change: Callable[[Model], None], file: str, key: str, problem: str) -> None:
    change(model)
    gaps = [gap for gap in _gaps(model) if gap["key"] == key and problem in gap["problem"]]
    assert gaps, _gaps(model)
    assert gaps[0]["file"] == file and gaps[0]["fix"]


def test_all_gaps_come_at_once(model: Model) -> None:
    _set("conduits", 0, "owner", to=None)(model)
    _set(*OP1, "mac", to="x")(model)
    _set("waves", 0, "stations", to=["ghost"])(model)
    assert {gap["key"] for gap in _gaps(model)} == {"site_conduits[0].owner", "station_mac", "site_waves[0].stations"}


@pytest.mark.parametrize(
    ("scope", "keys"),
    [
        ("assess", set()),
        ("register", set()),
        ("segment", {"site_conduits[0].owner", "site_windows[0].end"}),
        ("convert", {"site_staging.image.sha256", "site_windows[0].end"}),
    ],
)
def test_each_play_demands_only_what_it_uses(model: Model, scope: str, keys: set[str]) -> None:
    _set("conduits", 0, "owner", to=None)(model)
    _set("site", "staging", "image", "sha256", to="")(model)
    _set("windows", 0, "end", to="2026-12-01T00:00:00")(model)
    assert {gap["key"] for gap in _gaps(model, scope)} == keys


def test_unknown_scope(model: Model) -> None:
    with pytest.raises(InputError, match="no scope reboot"):
        _gaps(model, "reboot")


def test_a_nested_zone_inside_another_parent_still_overlaps(model: Model) -> None:
    model["zones"].append({"id": "X", "cidrs": ["10.20.0.0/16"]})
    overlaps = [gap for gap in _gaps(model) if "overlaps" in gap["problem"]]
    assert len(overlaps) == len(model["zones"]) - 1
