# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Say in one line what happened to a station, beside the stock output."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout
short_description: Progress of a rollout, by wave and station
version_added: 0.1.0
author: otedge.endpoint contributors (@otedge)
description:
  - Prints one line for every step of a station that a person follows during a rollout, such as its stage, a closed gate
    with what would open it, arming, and the wave's count at its end.
  - It prints through Ansible's display, beside the stock output and never instead of it, so that AWX and
    ansible-runner keep it as well.
type: aggregate
requirements:
  - enable it with C(ANSIBLE_CALLBACKS_ENABLED=otedge.endpoint.rollout) or in C(ansible.cfg)
"""

EXAMPLES = r"""
# ansible.cfg
# [defaults]
# callbacks_enabled = otedge.endpoint.rollout
"""

from typing import Any

from ansible.plugins.callback import CallbackBase

PREFIX = "otedge.endpoint."


def line_for(action: str, host: str, result: dict[str, Any]) -> str | None:
    """Give the line a person wants to see about one task result, or None.

    Args:
        action: full name of the plugin that ran.
        host: inventory name.
        result: the task result as Ansible reports it.
    """
    face = action.removeprefix(PREFIX)
    if face == "station_info" and "station" in result:
        station = result["station"]
        return f"{host}: {station.get('stage')} (plan: {station.get('disposition')}, wave {station.get('wave') or '-'})"
    if face in ("station_gate", "operator_pc_arm") and isinstance(result.get("gates"), dict):
        return _gates(host, result)
    if face == "operator_pc_stage" and result.get("changed"):
        return f"{host}: converter and image staged" if result.get("staged") else f"{host}: converter and image removed"
    if face == "switch_acl":
        return _switch(host, result)
    if face == "site_report" and result.get("path"):
        return f"report: {result['path']}"
    return None


def _gates(host: str, result: dict[str, Any]) -> str | None:
    closed = {name: gate for name, gate in result["gates"].items() if not gate.get("open")}
    if closed:
        words = [f"{name} (read {gate.get('read')}; needs {gate.get('needs')})" for name, gate in sorted(closed.items())]
        return f"{host}: not touched, closed: {'; '.join(words)}"
    if result.get("armed") and result.get("changed"):
        return f"{host}: armed and restarting"
    return None


def _switch(host: str, result: dict[str, Any]) -> str | None:
    if result.get("refused"):
        return f"{host}: ports left alone of {', '.join(sorted(result['refused']))}"
    changed = [binding for binding in result.get("bindings", []) if binding.get("changed")]
    if changed:
        return f"{host}: {len(changed)} port list(s) swapped, confirmed and saved"
    return None


class CallbackModule(CallbackBase):
    """The callback that Ansible loads."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "otedge.endpoint.rollout"
    CALLBACK_NEEDS_ENABLED = True

    def _tell(self, result: Any) -> None:
        task = getattr(result, "task", None)
        host = getattr(result, "host", None)
        body = getattr(result, "result", None)
        if task is None or host is None or not isinstance(body, dict) or body.get("skipped"):
            return
        line = line_for(str(task.action), host.get_name(), body)
        if line:
            self._display.display(f"rollout | {line}", color="bright blue")

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task went well."""
        self._tell(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task failed."""
        self._tell(result)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """A play begins: name it once more, where the eye looks for progress."""
        self._display.display(f"rollout | {play.get_name()}", color="bright blue")
