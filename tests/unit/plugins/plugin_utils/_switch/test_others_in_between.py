# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that somebody else bound between the plan and the line that would take them away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drift import fresh

Make = Callable[..., Any]
PORT, OTHER = "GigabitEthernet1/0/1", "GigabitEthernet1/0/2"


def typed(rig: Any, *lines: str) -> None:
    """Type configuration lines past our side of the talk, as somebody else."""
    session = rig.switch.open_session("netop")
    try:
        for line in ("configure terminal", *lines, "end"):
            rig.switch.execute(session, line)
    finally:
        rig.switch.close_session(session)


def when(rig: Any, line: str, act: Callable[[], None]) -> None:
    """Do something right behind the first line that is typed and begins like this."""
    done: list[bool] = []

    def watch(_number: int) -> None:
        if not done and rig.steps[-1].startswith(line):
            done.append(True)
            act()

    rig.on_step = watch


def test_a_list_that_could_not_be_built_is_not_removed_where_somebody_has_bound_it(make_quick: Make, want: Any) -> None:
    rig = make_quick()
    plan = rig.ensure([want(443)], check=True)
    name = plan["bindings"][0]["list"]

    def bind() -> None:
        typed(rig, f"interface {OTHER}", f"ip access-group {name} in")
        rig.driver.read_list = lambda shell, asked: None

    when(rig, "deny", bind)
    with pytest.raises(OtedgeError):
        rig.ensure([want(443)])
    assert rig.bound()[OTHER] == {"in": name}
    assert name in rig.show("show ip access-lists")
    assert not rig.permits(OTHER, 80)


def test_a_broken_list_of_that_name_is_not_built_anew_where_somebody_has_bound_it(make_quick: Make, want: Any) -> None:
    rig = make_quick()
    name = rig.ensure([want(443)], check=True)["bindings"][0]["list"]
    typed(rig, f"ip access-list extended {name}", "deny ip any any")
    read_state = rig.driver.read_state

    def read_then_bound(shell: Any) -> Any:
        state = read_state(shell)
        typed(rig, f"interface {OTHER}", f"ip access-group {name} in")
        return state

    rig.driver.read_state = read_then_bound
    open_for: list[bool] = []
    rig.on_step = lambda number: open_for.append(rig.permits(OTHER, 80))
    with pytest.raises(OtedgeError, match="works on the switch"):
        rig.ensure([want(443)])
    assert not any(open_for)
    assert not rig.permits(OTHER, 443)


def test_an_old_list_that_somebody_has_bound_in_the_meantime_is_kept(make_quick: Make, want: Any) -> None:
    rig = make_quick()
    old = rig.ensure([want(443)])["bindings"][0]["list"]
    rig.ensure([want(444)])
    plan = rig.ensure([want(445)], check=True)
    assert plan["removed"] == [old]
    when(rig, "ip access-group", lambda: typed(rig, f"interface {OTHER}", f"ip access-group {old} in"))
    result = rig.ensure([want(445)])
    assert rig.bound()[OTHER] == {"in": old}
    assert not rig.permits(OTHER, 80)
    assert result["removed"] == []


def test_a_log_line_without_a_date_that_comes_again_is_a_new_one() -> None:
    line = "%ACL_ERRMSG-4-UNLOADED: Input IPv4 L3 ACL on interface Vl10 could not be programmed in hardware"
    assert fresh([line], [line]) == []
    assert fresh([line, line], [line]) == [line]


def test_an_interface_that_is_gone_when_the_old_lists_are_bound_again_is_no_crash(make_quick: Make, want: Any) -> None:
    rig = make_quick()
    rig.driver.hardware_errors = lambda shell: [f"line {len(rig.asked)}"]
    read = rig.driver.read_running

    def without(shell: Any) -> Any:
        running = read(shell)
        bound = any(step.startswith("ip access-group") for step in rig.steps)
        left = {name: port for name, port in running.interfaces.items() if name != PORT or not bound}
        return replace(running, interfaces=left)

    rig.driver.read_running = without
    with pytest.raises(OtedgeError, match="instead of"):
        rig.ensure([want(443)])
