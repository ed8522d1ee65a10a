# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleUndefinedVariable
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site import collect as collect_module
from ansible_collections.otedge.endpoint.plugins.plugin_utils._site.collect import (
    collect,
    file_of,
    origin_of,
    plain,
    unknown_keys,
)

VARS: dict[str, Any] = {
    "inventory_dir": "/inv",
    "site_id": "plant-a",
    "site_zones": [{"id": "OPZ", "review_by": date(2027, 4, 30)}],
    "groups": {"stations": ["op2", "op1"], "site_switches": ["sw1"], "ums": ["ums-1"]},
    "hostvars": {
        "op1": {"station_line": "line-1", "station_flows_complete": True, "station_disposition": "defer"},
        "op2": {"station_apps": ({"name": "x"},)},
        "ums-1": {"ums_host": "127.0.0.1", "ums_port": 18443, "ansible_host": "10.20.90.20"},
    },
}


def test_model_has_every_key_and_plain_values() -> None:
    model = collect(VARS)
    assert list(model["stations"]) == ["op1", "op2"]
    assert model["stations"]["op1"]["disposition"] == "defer" and "disposition" not in model["stations"]["op2"]
    assert model["stations"]["op2"]["apps"] == [{"name": "x"}] and model["stations"]["op2"]["mac"] is None
    assert model["zones"][0]["review_by"] == "2027-04-30"
    assert model["site"]["convert_minutes"] == 60 and model["waves"] == []
    assert model["switches"] == {"sw1": {}}


def test_rules_see_the_server_as_devices_do() -> None:
    # On a simulated site ums_host and ums_port are doors on loopback; the plan must not depend on them.
    assert collect(VARS)["ums"] == {"name": "ums-1", "host": "127.0.0.1", "port": 8443, "address": "10.20.90.20"}
    assert collect({**VARS, "groups": {}})["ums"] == {}


def test_only_the_asked_stations() -> None:
    assert list(collect(VARS, stations=["op2", "ghost"])["stations"]) == ["op2"]
    assert collect(VARS, stations=[])["stations"] == {}


def test_defaults_are_not_shared_between_stations() -> None:
    model = collect(VARS)
    model["stations"]["op1"]["flows"].append(1)
    assert collect(VARS)["stations"]["op1"]["flows"] == [] and model["stations"]["op2"]["flows"] == []


def test_what_cannot_be_rendered_is_an_error_or_a_gap() -> None:
    def template(value: Any) -> Any:
        if value == "plant-a":
            raise AnsibleUndefinedVariable("'x' is undefined")
        return value

    with pytest.raises(InputError, match="Cannot render site_id"):
        collect(VARS, template)
    errors: list[dict[str, str]] = []
    assert collect(VARS, template, errors=errors)["site"]["id"] is None
    assert [(error["host"], error["key"]) for error in errors] == [("site", "site_id")]


@pytest.mark.parametrize("value", [True, None, 3, "x", [1, "a"], {"a": (1,)}])
def test_plain_keeps_values(value: Any) -> None:
    assert plain(value) == ({"a": [1]} if isinstance(value, dict) else value)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[int, str]], None]:
    def pretend(places: dict[int, str]) -> None:
        monkeypatch.setattr(collect_module, "origin_of", lambda value: places.get(id(value), ""))

    return pretend


def test_file_by_origin_else_by_convention(written: Callable[[dict[int, str]], None]) -> None:
    assert origin_of("no tag") == ""
    written({id(VARS["site_zones"]): "/inv/group_vars/all/zones.yml", id(VARS["site_id"]): "/elsewhere/x.yml"})
    assert file_of(VARS, "", "site_zones") == "group_vars/all/zones.yml"
    assert file_of(VARS, "", "site_id") == "/elsewhere/x.yml"
    assert file_of(VARS, "", "site_waves") == "group_vars/all/rollout.yml"
    assert file_of(VARS, "op1", "station_mac") == "host_vars/op1.yml"


def test_only_variables_of_the_inventory_can_be_unknown(written: Callable[[dict[int, str]], None]) -> None:
    typed, fact = "written in a file", "set by a play"
    hostvars = {**VARS["hostvars"], "op1": {"station_prot": typed, "station_seen": fact}}
    variables = {**VARS, "hostvars": hostvars, "site_zonen": typed}
    written({id(typed): str(Path("/inv/host_vars/op1.yml"))})
    assert unknown_keys(variables) == [("", "site_zonen"), ("op1", "station_prot")]
