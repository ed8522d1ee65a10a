# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read or change one registry key of a Windows PC through WMI, without PowerShell."""

from __future__ import annotations

from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, PeerError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.windows_registry import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry import (
    KeyState,
    Registry,
    Write,
    plan_absent,
    plan_present,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.registry_data import Entry, Key, entry_of, key_of
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

_OWN_HIVE = (
    "HKCU is the hive of the account Ansible logs in with, not that of the person at the PC: that one is"
    " HKU\\<SID>, while it is logged on."
)


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.windows_registry."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Read, plan, apply unless check mode, read back."""
        key, wanted = key_of(options["path"]), _wanted(options)
        client = WsmanClient(open_transport(self._connection))
        if key.hive == "HKCU":
            client.warnings.append(_OWN_HIVE)
        with WinRS(client) as shell:
            registry = Registry(client, shell.run_program)
            if options["state"] == "query":
                result = _query(registry, key, wanted)
            else:
                change = _plan(registry, key, wanted, options)
                if change.changed and not self.check_mode:
                    _apply(registry, key, wanted, change, options)
                host = str(task_vars.get("inventory_hostname", ""))
                result = {"changed": change.changed, "steps": [step.text for step in change.steps]}
                result["diff"] = change.diff(f"{host} {key.text}".strip())
        if client.warnings:
            result["warnings"] = list(dict.fromkeys(client.warnings))
        return result


def _wanted(options: dict[str, Any]) -> list[Entry]:
    """Check what is wanted; only what is to be written needs data."""
    if options["state"] == "present":
        for one in options["entries"]:
            if one["data"] is None and one["type"] not in ("string", "expandstring"):
                raise InputError(f"The entry {one['name']!r} has no data.", fix="Give data that fits its type.")
        wanted = [entry_of(one["name"], one["type"], one["data"], secret=one["secret"]) for one in options["entries"]]
    else:
        wanted = [entry_of(one["name"], "string", "", secret=one["secret"]) for one in options["entries"]]
    names = [entry.name.lower() for entry in wanted]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"entries names a value twice: {twice}.", fix="Case does not matter in the registry.")
    if options["max_keys"] < 1:
        raise InputError(f"max_keys is {options['max_keys']}.", fix="Give a number above 0.")
    return wanted


def _query(registry: Registry, key: Key, wanted: list[Entry]) -> dict[str, Any]:
    state = registry.read(key, [entry.name for entry in wanted] or None)
    secret = {entry.name.lower() for entry in wanted if entry.secret}
    entries = [
        {"name": found.name, **Entry(found.name, found.type, found.data, name in secret).shown()}
        for name, found in sorted(state.entries.items())
    ]
    subkeys = registry.subkeys(key) if state.exists and not wanted else []
    return {"changed": False, "exists": state.exists, "entries": entries, "subkeys": subkeys}


def _plan(registry: Registry, key: Key, wanted: list[Entry], options: dict[str, Any]) -> Change[Write]:
    names = [entry.name for entry in wanted]
    state: KeyState = registry.read(key, names)
    if options["state"] == "present":
        return plan_present(key, state, wanted)
    if not names and state.exists:
        state.tree = registry.tree(key, options["max_keys"])
    secret = [entry.name for entry in wanted if entry.secret]
    return plan_absent(key, state, names, recursive=options["recursive"], secret=secret)


def _apply(registry: Registry, key: Key, wanted: list[Entry], change: Change[Write], options: dict[str, Any]) -> None:
    done: list[str] = []
    for step in change.steps:
        try:
            registry.write(step)
        except PeerError as exc:
            before = f" Done before it: {'; '.join(done)}." if done else " Nothing was changed before it."
            raise PeerError(f"{exc.message}{before}", fix=exc.fix, done=done) from exc
        done.append(step.text)
    # What another view of the registry or a policy takes away again must not be reported as done.
    if _plan(registry, key, wanted, {**options, "recursive": True}).changed:
        raise PeerError(
            f"{key.text} was written, and reading it back shows something else.",
            fix="Look for a policy or a program that sets it back, or a 32-bit view (Wow6432Node).",
            done=done,
        )
