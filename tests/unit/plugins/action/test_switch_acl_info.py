# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.action import switch_acl_info
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import RefusedError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.switch_acl_info import GATHER
from ansible_collections.otedge.endpoint.tests.unit.plugins.action.on_a_switch import action_on_a_switch

VARS = {"inventory_hostname": "sw-l1", "ansible_network_os": "arista.eos.eos"}
FOUND = {"open": [{"interface": "Ethernet1"}], "lists": None}


def make(args: dict[str, Any], check: bool = False) -> Any:
    return action_on_a_switch(switch_acl_info, args, check)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand in for the talk: remember what would have been asked."""
    seen: dict[str, Any] = {"closed": 0}

    def close() -> None:
        seen["closed"] += 1

    def session(target: Any, before_write: Any) -> Any:
        seen.update(target=target, before_write=before_write)
        return SimpleNamespace(close=close)

    def look(_driver: Any, _shell: Any, gather: Any, names: Any) -> dict[str, Any]:
        seen.update(gather=gather, names=names)
        return FOUND

    monkeypatch.setattr(switch_acl_info, "SwitchSession", session)
    monkeypatch.setattr(switch_acl_info, "require_platform", lambda *args: None)
    monkeypatch.setattr(switch_acl_info, "look", look)
    return seen


@pytest.mark.parametrize("check", [False, True])
def test_everything_is_gathered_and_nothing_can_be_written(called: dict[str, Any], check: bool) -> None:
    result = make({}, check).run(task_vars=VARS)
    assert called["gather"] == GATHER
    assert (result["changed"], result["platform"]["device_type"]) == (False, "arista_eos")
    assert "selected" not in result
    assert called["closed"] == 1
    with pytest.raises(RefusedError, match="does not write"):
        called["before_write"]()


def test_a_query_selects_from_the_whole_result(called: dict[str, Any]) -> None:
    result = make({"query": "open[].interface", "gather": ["bindings"], "names": ["A"]}).run(task_vars=VARS)
    assert result["selected"] == ["Ethernet1"]
    assert (called["gather"], called["names"]) == (["bindings"], ["A"])


@pytest.mark.parametrize(
    ("args", "found"),
    [
        ({"query": "open[?"}, "not valid JMESPath"),
        ({"names": ["A | include permit"]}, "is no name of a list"),
        ({"names": [""]}, "is no name of a list"),
        ({"platform": "junipernetworks.junos.junos"}, "no switch driver"),
    ],
)
def test_bad_input_fails_before_the_talk(called: dict[str, Any], args: dict[str, Any], found: str) -> None:
    result = make(args).run(task_vars=VARS)
    assert result["failed"]
    assert found in result["msg"]
    assert "target" not in called


def test_a_switch_that_cannot_be_reached_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_target: Any, _before_write: Any) -> Any:
        raise TalkError("Switch x refuses the connection.", fix="Check it.")

    monkeypatch.setattr(switch_acl_info, "SwitchSession", refuse)
    assert make({}).run(task_vars=VARS)["unreachable"] is True
