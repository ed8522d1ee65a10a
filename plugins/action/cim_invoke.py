# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call a method of a WMI class or instance on a Windows PC, without PowerShell."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._change import Change
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.cim_invoke import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import envelopes, fault_table, wql
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.cim_invoke."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Check the call, then make it once unless check mode."""
        _check(options)
        call = {
            "class": options["class"],
            "method": options["method"],
            "namespace": wql.check_namespace(options["namespace"]),
            "selectors": options["selectors"],
            "parameters": options["parameters"],
        }
        text = f"{call['class']}.{call['method']}"
        result: dict[str, Any] = {
            "changed": True,
            "call": call,
            "diff": Change("", call, (text,)).diff(str(task_vars.get("inventory_hostname", ""))),
        }
        if self.check_mode:
            return {**result, "msg": f"Check mode: {text} would have been called."}
        client = WsmanClient(open_transport(self._connection, timeout_s=options["timeout"]))
        result["output"] = self._call(client, call)
        result["return_value"] = result["output"].pop("ReturnValue")
        if client.warnings:
            result["warnings"] = client.warnings
        if result["return_value"] not in options["ok_return_values"]:
            number = result["return_value"]
            meaning = fault_table.meaning(number & 0xFFFFFFFF)[0] if number > 0xFFFF else ""
            more = f" ({meaning})" if meaning else ""
            result.update(
                failed=True,
                msg=f"{text} returned {number}{more}; ok_return_values is {options['ok_return_values']}."
                " What the number means stands in the class's documentation.",
            )
        return result

    def _call(self, client: WsmanClient, call: dict[str, Any]) -> dict[str, Any]:
        try:
            return client.invoke(
                call["class"],
                call["method"],
                call["parameters"].items(),
                selectors=call["selectors"],
                namespace=call["namespace"],
            )
        except (TalkError, WsmanFault) as exc:
            lost = isinstance(exc, DroppedError) or exc.details.get("maybe_done")
            if not (exc.timed_out if isinstance(exc, WsmanFault) else lost):
                raise
            raise TalkError(
                f"It is not known whether {call['class']}.{call['method']} was carried out: {exc.message}",
                fix="Look at the PC before running this again; a method call is never repeated by itself.",
            ) from exc


def _check(options: dict[str, Any]) -> None:
    """Say everything that is wrong with the call before the PC is reached."""
    resource = envelopes.class_uri(wql.check_namespace(options["namespace"]), wql.check_name(options["class"], "class"))
    envelopes.invoke_body(resource, wql.check_name(options["method"], "method"), options["parameters"].items())
    for name, value in options["selectors"].items():
        if not re.fullmatch(r"\w+", str(name)) or isinstance(value, (dict, list)) or value is None:
            raise InputError(f"The selector {name!r} is no key property with one value.", fix="Give name: value.")
    if options["timeout"] is not None and not 1 <= options["timeout"] <= 3600:
        raise InputError(f"The option timeout is {options['timeout']}.", fix="Give seconds, 1 to 3600.")
