# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read instances of a WMI class from a Windows PC, without PowerShell."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError
from ansible_collections.otedge.endpoint.plugins.module_utils._jmespath import check, selected
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.cim_info import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import values, wql
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import (
    DroppedError,
    TooMuchError,
    WsmanFault,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.paging import Limits

Row = dict[str, Any]


class ActionModule(EndpointAction):
    """Action of otedge.endpoint.cim_info."""

    SPEC = SPEC
    _requires_connection = True

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Ask, convert, select; a class this Windows does not have is an answer, not a failure."""
        query = _query(options)
        types = _types(options)
        client = WsmanClient(open_transport(self._connection), adapt=True)
        try:
            rows, truncated = _rows(client, query, options)
        except WsmanFault as fault:
            if not fault.missing:
                raise
            result: dict[str, Any] = {"available": False, "reason": fault.message, "instances": [], "truncated": False}
        else:
            found = [_typed(row, types) for row in rows]
            result = {"available": True, "instances": selected(found, options["query"]), "truncated": truncated}
        result["requests"] = client.requests
        if client.warnings:
            result["warnings"] = sorted(set(client.warnings))
        return result


def _query(options: Mapping[str, Any]) -> str:
    """Give the query; everything that is wrong with the options is said before the PC is asked."""
    check(options["query"])
    wql.check_namespace(options["namespace"])
    for name in ("limit", "timeout"):
        if options[name] < 1:
            raise InputError(f"The option {name} is {options[name]}.", fix="Give a number above 0.")
    if options["wql"] is not None:
        return wql.check_query(options["wql"])
    return wql.select(options["class"], options["columns"], options["where"] or "")


def _types(options: Mapping[str, Any]) -> dict[str, str]:
    columns = {column.lower() for column in options["columns"]}
    types = {str(name).lower(): str(kind) for name, kind in options["types"].items()}
    for name, kind in types.items():
        values.check_type(kind)
        if columns and name not in columns:
            raise InputError(f"types names {name}, which is not among the columns.", fix="Ask for it, or leave it out.")
    return types


def _rows(client: WsmanClient, query: str, options: Mapping[str, Any]) -> tuple[list[Row], bool]:
    """Read once more from the start where the connection broke."""
    try:
        return _read(client, query, options)
    except DroppedError:
        client.transport.reset()
        return _read(client, query, options)


def _read(client: WsmanClient, query: str, options: Mapping[str, Any]) -> tuple[list[Row], bool]:
    limit = options["limit"]
    rows: list[Row] = []
    limits = Limits(items=limit + 100_000, seconds=options["timeout"])
    source = client.iterate(query, options["namespace"], options["columns"], limits)
    with closing(source):
        for row in source:
            if len(rows) < limit:
                rows.append(row)
            elif options["on_limit"] == "truncate":
                return rows, True
            else:
                raise TooMuchError(
                    f"There are more than {limit} instances; nothing is given.",
                    fix="Narrow it by where, or raise limit; with on_limit: truncate the first ones are given.",
                    limit=limit,
                )
    return rows, False


def _typed(row: Row, types: Mapping[str, str]) -> Row:
    typed = {}
    for name, value in row.items():
        kind = types.get(name.lower())
        try:
            typed[name] = values.convert(value, kind) if kind else value
        except ValueError as exc:
            raise InputError(
                f"types says that {name} is {kind}; the PC sent something else: {exc}.", fix=f"Correct types.{name}."
            ) from exc
    return typed
