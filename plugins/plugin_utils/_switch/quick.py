# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netmiko's connection without what makes a login slow: fixed waits, and packets held back for an answer."""

from __future__ import annotations

import inspect
import socket
from collections.abc import Callable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.channel import prepare
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.platforms import Terminal


def quick(kind: type, terminal: Terminal, transport: Callable[..., Any]) -> type:
    """Give a class of connections that log in as fast as the switch lets them.

    Should Netmiko rename what is replaced here, its own way is taken, which is as good but slower.

    Args:
        kind: Netmiko's class for the switch.
        terminal: how the switch is talked to.
        transport: makes the SSH transport on a socket.
    """

    class Shell(kind):
        """One connection."""

        def _try_session_preparation(self, *given: Any, **named: Any) -> None:
            # Netmiko types Enter first and waits; prepare() waits for the prompt itself.
            theirs = super()._try_session_preparation
            if "force_data" in inspect.signature(theirs).parameters:
                given, named = (), {"force_data": False}
            theirs(*given, **named)

        def session_preparation(self) -> None:
            """Wide lines, no pages, learn the prompt."""
            prepare(terminal, self)

        def _connect_params_dict(self, *given: Any, **named: Any) -> dict[str, Any]:
            return {**super()._connect_params_dict(*given, **named), "transport_factory": at_once}

    def at_once(sock: Any, **options: Any) -> Any:
        """Send every packet when it is written: the handshake has several in a row, and each would wait 40 ms."""
        if isinstance(sock, socket.socket) and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return transport(sock, **options)

    return Shell
