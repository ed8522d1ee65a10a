# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import site_validate

SITE: dict[str, Any] = {"groups": {"stations": ["op1"]}, "site_id": "plant-a"}
HOSTVARS: dict[str, Any] = {"op1": {"station_mac": "x"}}


def run(
    args: dict[str, Any], host: str = "op1", check: bool = False, hostvars: dict[str, Any] | None = None
) -> dict[str, Any]:
    task = SimpleNamespace(args=args, check_mode=check, diff=False, async_val=0, action="otedge.endpoint.site_validate")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    templar = SimpleNamespace(template=lambda value: value)
    action = site_validate.ActionModule(task, connection, SimpleNamespace(check_mode=check), None, templar, None)
    variables = {**SITE, "hostvars": hostvars or HOSTVARS, "inventory_hostname": host}
    result: dict[str, Any] = action.run(task_vars=variables)
    return result


def test_every_gap_is_in_the_message() -> None:
    result = run({})
    assert result["failed"] is True and result["changed"] is False
    assert len(result["gaps"]) > 5
    for gap in result["gaps"]:
        assert set(gap) == {"file", "key", "value", "problem", "fix"}
        assert f"{gap['file']}: {gap['key']}" in result["msg"]
    assert "host_vars/op1.yml: station_mac = x: 'x' is not a MAC address. Write it like" in result["msg"]


def test_assessing_needs_no_model() -> None:
    assert run({"scope": ["assess"]}) == {"gaps": [], "changed": False}


@pytest.mark.parametrize("args", [{"scope": ["reboot"]}, {"scop": []}])
def test_bad_options(args: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"reboot|scop"):
        run(args)
