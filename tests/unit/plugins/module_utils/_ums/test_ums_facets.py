# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.facets import (
    FACETS,
    asked,
    attributes,
    details,
    login_history,
    network_adapters,
    read_facets,
)

A = "0A0000000001"
SHORT = {"id": "95", "unitID": A, "mac": A, "name": "op1", "parentID": "-1", "firmwareID": "6", "links": []}
SHADOW = {"certificate": "PEM", "password": "one-time"}


class Lists:
    """Answers each facet with its own fields; the device 96 is gone after the first list."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []
        self.more: dict[str | None, dict[str, Any]] = {
            "details": {"comment": "at the gate", "isThinClientRegistered": "true", "shadowSecret": SHADOW},
            "online": {"online": "false"},
            "deviceattributes": {"deviceAttributes": [{"identifier": "division", "value": "x"}]},
            "networkadapters": {"networkAdapters": [{"mac": "0a:00:00:00:00:02", "name": "enp1s0"}]},
            "loginhistory": {"userLoginHistory": [{"username": "shift-1", "loginresult": 0}]},
        }

    def device_rows(self, facets: str | None = None) -> list[dict[str, Any]]:
        self.seen.append(facets)
        rows = [{**SHORT, **self.more.get(facets, {})}]
        return rows if len(self.seen) > 1 else [*rows, {**SHORT, "id": 96}]


def test_no_facet_is_one_short_list() -> None:
    lists = Lists()
    devices, extras = read_facets(lists, [])
    assert (lists.seen, [item.id for item in devices], extras) == ([None], ["95", "96"], {})
    assert devices[0].online is None


def test_each_facet_is_one_list_and_put_together_by_id() -> None:
    lists = Lists()
    devices, extras = read_facets(lists, asked(dict.fromkeys(FACETS, True)))
    assert lists.seen == list(FACETS.values()) and "shadow" not in lists.seen
    assert [(item.id, item.online, item.registered) for item in devices] == [("95", False, True), ("96", None, None)]
    assert extras["details"]["95"] == {"comment": "at the gate", "registered": True}
    assert extras["attributes"]["95"][0]["identifier"] == "division" and "96" not in extras["attributes"]
    assert extras["network_adapters"]["95"][0]["mac"] == "0A0000000002"
    assert extras["login_history"]["95"][0]["result"] == "ok"
    assert "one-time" not in json.dumps(extras)


def test_asked_keeps_its_order() -> None:
    assert asked({"online": True, "details": True, "query": "x", "attributes": False}) == ["details", "online"]


@pytest.mark.parametrize(
    ("wire", "ours"),
    [
        ("costCenter", "cost_center"),
        ("assetID", "asset_id"),
        ("inserviceDate", "in_service_date"),
        ("serialNumber", "serial_number"),
        ("deviceType", "device_type"),
        ("graphicsChipset0", "graphics_chipset0"),
        ("monitor1YearOfManufacture", "monitor1_year_of_manufacture"),
        ("umsStructuralTag", "ums_structural_tag"),
        ("cpuSpeed", "cpu_speed"),
        ("someNEWField", "some_new_field"),
    ],
)
def test_details_use_our_words(wire: str, ours: str) -> None:
    assert details({**SHORT, wire: "v"}) == {ours: "v"}


@pytest.mark.parametrize("wire", ["isConnectedViaReverseProxy", "connectedViaReverseProxy"])
@pytest.mark.parametrize(("value", "flag"), [("true", True), (False, False), ("?", None)])
def test_flags_of_either_name_and_type(wire: str, value: Any, flag: bool | None) -> None:
    assert details({wire: value}) == {"connected_via_reverse_proxy": flag}


@pytest.mark.parametrize("reader", [attributes, network_adapters, login_history])
@pytest.mark.parametrize("raw", [{}, {"deviceAttributes": None, "networkAdapters": "x", "userLoginHistory": [1]}])
def test_what_is_missing_or_odd_is_empty(reader: Any, raw: dict[str, Any]) -> None:
    assert reader(raw) == []


def test_login_results_by_number() -> None:
    raw = {"userLoginHistory": [{"loginresult": code} for code in (3, "6", 42, None)]}
    assert [item["result"] for item in login_history(raw)] == ["invalid_password", "device_unknown", "42", ""]
