# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ansible_collections.otedge.endpoint.plugins.action import line_state_info
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.line_state_info import ARGUMENT_SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._line_state import LineState


def run(args: dict[str, Any]) -> dict[str, Any]:
    task = SimpleNamespace(args=args, check_mode=True, diff=False, async_val=0, action="line_state_info")
    play = SimpleNamespace(check_mode=True)
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir="none"))
    action = line_state_info.ActionModule(task, connection, play, None, None, None)
    return action.run(task_vars={})


def test_reports_every_line_and_changes_nothing() -> None:
    result = run({"lines": {"line-1": {"state_source": {"type": "manual", "stopped_values": ["stopped"]}}}})
    assert result["changed"] is False
    assert set(result["lines"]["line-1"]) == set(LineState.__dataclass_fields__)
    assert result["lines"]["line-1"]["running"] is True


def test_names_narrow_it() -> None:
    lines = {"line-1": {}, "line-2": {}}
    result = run({"lines": lines, "names": ["line-2"]})
    assert list(result["lines"]) == ["line-2"]


def test_spec_has_no_hidden_option() -> None:
    assert set(ARGUMENT_SPEC) == {"lines", "names", "site_records", "allowed_signers"}
