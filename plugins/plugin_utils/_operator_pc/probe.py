# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One short look at a PC: does it answer, and how far is its conversion prepared. Never raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import identity
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc.converter import read_state
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.winrs import WinRS

OPERATION_S = 8


def probe(connection: Any, timeouts: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Look at one PC over its own winrm connection.

    Args:
        connection: the action's connection plugin.
        timeouts: {"operation_s": seconds for one operation}; default 8.

    Returns:
        {"reachable": bool, "cause": why not (or why the look is incomplete), "staged": bool, "armed": bool,
        "serial": str, "uuid": str}. Reachable means: it answered as an operator PC and let us in.
    """
    result: dict[str, Any] = {
        "reachable": False, "cause": "", "staged": False, "armed": False, "serial": "", "uuid": ""
    }  # fmt: skip
    try:
        client = WsmanClient(
            open_transport(connection, timeout_s=int((timeouts or {}).get("operation_s", OPERATION_S)))
        )
        result.update(identity.read(client), reachable=True)
        with WinRS(client) as shell:
            state = read_state(shell)
        result.update(staged=state.staged, armed=state.armed)
    except TalkError as exc:
        result.update(reachable=False, cause=str(exc))
    except OtedgeError as exc:
        result["cause"] = str(exc)
    except Exception as exc:  # a look at one station must never end the look at all others
        result.update(reachable=False, cause=f"{type(exc).__name__}: {exc}")
    return result
