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

from collections.abc import Callable
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
    tell = _LINES.get(action.removeprefix(PREFIX)) if action.startswith(PREFIX) else None
    return tell(host, result) if tell else None


def _station(host: str, result: dict[str, Any]) -> str | None:
    station = result.get("station")
    if not station:
        return None
    return f"{host}: {station.get('stage')} (plan: {station.get('disposition')}, wave {station.get('wave') or '-'})"


def _plan(_host: str, result: dict[str, Any]) -> str | None:
    chosen: dict[str, list[str]] = {}
    for station, decided in sorted((result.get("dispositions") or {}).items()):
        chosen.setdefault(str(decided.get("disposition")), []).append(station)
    words = "; ".join(f"{disposition} {', '.join(stations)}" for disposition, stations in sorted(chosen.items()))
    return f"plan {str(result.get('plan_hash'))[:12]}: {words}" if words else None


def _release(_host: str, result: dict[str, Any]) -> str | None:
    if result.get("valid", True) or not result.get("commands"):
        return None
    return "\n".join(["not released; after reading the plan, one person each signs:", *result["commands"]])


def _gates(host: str, result: dict[str, Any]) -> str | None:
    gates = result.get("gates")
    closed = {name: gate for name, gate in gates.items() if not gate.get("open")} if isinstance(gates, dict) else {}
    if closed:
        words = [
            f"{name} (read {gate.get('read')}; needs {gate.get('needs')})" for name, gate in sorted(closed.items())
        ]
        return f"{host}: not touched, closed: {'; '.join(words)}"
    if result.get("armed") and result.get("changed"):
        return f"{host}: armed and restarting"
    return None


def _staged(host: str, result: dict[str, Any]) -> str | None:
    if not result.get("changed"):
        return None
    return f"{host}: converter and image {'staged' if (result.get('staged') or {}).get('installed') else 'removed'}"


def _switch(host: str, result: dict[str, Any]) -> str | None:
    if result.get("refused"):
        return f"{host}: ports left alone of {', '.join(sorted(result['refused']))}"
    changed = [binding for binding in result.get("bindings", []) if binding.get("changed")]
    kinds = [str(binding.get("list") or "")[:4] for binding in changed]
    ours, logging = kinds.count("OTE_"), kinds.count("OTL_")
    counts = {
        "port list(s) swapped": ours,
        "port list(s) that only log": logging,
        "port(s) given back": len(kinds) - ours - logging,
    }
    words = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return f"{host}: {words}, confirmed and saved" if words else None


def _report(_host: str, result: dict[str, Any]) -> str | None:
    return f"report: {result['path']}" if result.get("path") else None


def _assessment(host: str, result: dict[str, Any]) -> str | None:
    document = result.get("assessment")
    if not isinstance(document, dict):
        return None
    caption = (document.get("fields") or {}).get("os.caption") or {}
    open_points = [gate["text"] for gate in document.get("gates") or [] if not gate.get("ok")]
    words = open_points + [blocker["text"] for blocker in document.get("blockers") or []]
    verdict = "; ".join(words) or ("nothing in the way" if document.get("gates") else "nothing could be judged")
    return f"{host}: {caption.get('value') or 'Windows of unknown kind'}; {verdict}"


_LINES: dict[str, Callable[[str, dict[str, Any]], str | None]] = {
    "operator_pc_arm": _gates,
    "operator_pc_info": _assessment,
    "operator_pc_stage": _staged,
    "site_plan": _plan,
    "site_release_info": _release,
    "site_report": _report,
    "station_gate": _gates,
    "station_info": _station,
    "switch_acl": _switch,
    "switch_acl_rollback": _switch,
}


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
        if line and body.get("changed") and getattr(task, "check_mode", False):
            line = f"{line} - or would be: this is check mode, nothing was done"
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
