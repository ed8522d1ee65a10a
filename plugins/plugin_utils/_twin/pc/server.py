# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WinRM listener of one PC: HTTP/1.1 over TCP, logins per connection, gone while Windows is down.

[documented] 401 offers Negotiate, Basic only where switched on; unsealed bodies over HTTP are refused
(AllowUnencrypted=false); a sealed body on a socket without a login is HTTP 400. Head and body leave in one send.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

from .connection import IDLE_SECONDS, Connection, Place
from .ntlm import SPNEGO_ERROR, Account, Login
from .wsman import Service

if TYPE_CHECKING:
    from .machine import Machine
    from .tls import Tls

HOST = "127.0.0.1"
WINRM_PORT, WINRM_TLS_PORT = 5985, 5986


class PcServer:
    """Serves one machine. The port is kept while Windows is down: it then refuses connections.

    Args:
        machine: the PC behind it.
        user: the one account that is let in, with or without a domain.
        password: its password.
        port: port to bind, 0 for any free one.
        tls: certificates of an HTTPS listener, None for plain HTTP.
    """

    def __init__(
        self,
        machine: Machine,
        user: str,
        password: str,
        port: int = 0,
        tls: Tls | None = None,
    ) -> None:
        self._tls = tls
        self.machine = machine
        self._account = Account(user, password, machine.hostname)
        self._service = Service(machine)
        self.port = port
        self._listener: socket.socket | None = None
        self._listening = False
        self._live: set[socket.socket] = set()
        self._guard = threading.Lock()

    def start(self) -> None:
        """Bind the port; listen as soon as Windows is up. RuntimeError without the library of the logins."""
        if SPNEGO_ERROR is not None:
            raise RuntimeError("pyspnego is missing: pip install -r requirements-twin.txt") from SPNEGO_ERROR
        # Bound twice on purpose: a port asked for by number stays bound when the socket stops listening.
        if not self.port:
            with socket.create_server((HOST, 0)) as probe:
                self.port = probe.getsockname()[1]
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, self.port))
        self._listener = listener
        self.machine.listeners.append(self._follow)
        self._follow()

    def stop(self) -> None:
        """Close everything."""
        with contextlib.suppress(ValueError):
            self.machine.listeners.remove(self._follow)
        with self._guard:
            self._close_down()
            if self._listener is not None:
                self._listener.close()
                self._listener = None

    def _follow(self) -> None:
        """Listen or refuse, as the machine is now; called by the machine at every change."""
        with self._guard:
            if self._listener is None:
                return
            if self.machine.reachable and not self._listening:
                self._listener.listen(64)
                self._listening = True
                threading.Thread(target=self._accept, daemon=True, name=f"pc-{self.machine.name}").start()
            elif not self.machine.reachable:
                self._close_down()

    def _close_down(self) -> None:
        if self._listening and self._listener is not None:
            self._listening = False
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
        for one in list(self._live):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._service.forget()

    def _accept(self) -> None:
        listener = self._listener
        while listener is not None and self._listening:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            if not self._permitted():
                return
            full = len(self._live) >= self.machine.limits["connections"]
            self._live.add(connection)
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.settimeout(IDLE_SECONDS)
                self._talk(connection, full=full)
            except OSError:
                return
            finally:
                self._live.discard(connection)

    def _talk(self, connection: socket.socket, *, full: bool) -> None:
        tls, binding, certified = self._tls, b"", False
        secured = connection
        if tls is not None:
            secured = wrapped = tls.context.wrap_socket(connection, server_side=True)
            certified = wrapped.getpeercert(binary_form=True) == tls.client
            self._live.add(wrapped)
            if (self.machine.overrides.get("winrm") or {}).get("cbt") == "strict":
                binding = tls.binding
        place = Place(self.machine, self._account, self._service, self._permitted, tls is not None)
        talk = Connection(secured, place, Login(self._account, binding), certified=certified)
        try:
            talk.run(full=full)
        finally:
            self._live.discard(secured)
            if secured is not connection:
                secured.close()

    def _permitted(self) -> bool:
        """Whether an answer would leave this PC and pass its switch port."""
        machine = self.machine
        with machine.hooks.lock:
            port = WINRM_PORT if self._tls is None else WINRM_TLS_PORT
            return machine.reachable and machine.hooks.reply_permitted(machine.name, port)
