# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WinRM listener of one PC: HTTP/1.1 over TCP, logins per connection, gone while Windows is down.

[documented] 401 offers Negotiate, Basic only where switched on (never here); unsealed bodies over HTTP are refused
(AllowUnencrypted=false); a sealed body on a socket without a login is HTTP 400. Head and body leave in one send.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from email.utils import formatdate
from typing import TYPE_CHECKING

from .envelope import BadEnvelope
from .ntlm import SPNEGO_ERROR, Account, Login, SealError
from .wsman import GoneError, Service

if TYPE_CHECKING:
    from .machine import Machine

WINRM_PORT = 5985
MAX_BODY = 512 * 1024
IDLE_SECONDS = 120.0
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}
_REASONS |= {411: "Length Required", 413: "Request Entity Too Large", 500: "Internal Server Error"}
_REASONS |= {503: "Service Unavailable"}


class PcServer:
    """Serves one machine. The port is kept while Windows is down: it then refuses connections.

    Args:
        machine: the PC behind it.
        user: the one account that is let in, with or without a domain.
        password: its password.
        host: address to bind.
        port: port to bind, 0 for any free one.
    """

    def __init__(self, machine: Machine, user: str, password: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self.machine = machine
        self._account = Account(user, password, machine.hostname)
        self._service = Service(machine)
        self._host, self.port = host, port
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
            with socket.create_server((self._host, 0)) as probe:
                self.port = probe.getsockname()[1]
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._host, self.port))
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
            self._live.add(connection)
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.settimeout(IDLE_SECONDS)
                _Connection(connection, self._account, self._service, self._permitted).run()
            except OSError:
                return
            finally:
                self._live.discard(connection)

    def _permitted(self) -> bool:
        """Whether an answer would leave this PC and pass its switch port."""
        machine = self.machine
        with machine.hooks.lock:
            return machine.reachable and machine.hooks.reply_permitted(machine.name, WINRM_PORT)


class _Connection:
    """One keep-alive connection."""

    def __init__(self, sock: socket.socket, account: Account, service: Service, permitted: Callable[[], bool]) -> None:
        self._sock = sock
        self._login = Login(account)
        self._service = service
        self._permitted = permitted
        self._buffer = b""

    def run(self) -> None:
        """Answer requests until either side has enough."""
        while True:
            head = self._head()
            if head is None:
                return
            line, fields = head
            length = fields.get("content-length", "0")
            if "transfer-encoding" in fields or not length.isdigit():
                self._send(411, [], "", b"")
                return
            if int(length) > MAX_BODY:
                self._send(413, [], "", b"")
                return
            body = self._body(int(length))
            if body is None or not self._answer(line, fields, body):
                return
            if fields.get("connection", "").lower() == "close":
                return

    def _answer(self, line: list[str], fields: dict[str, str], body: bytes) -> bool:
        """Answer one request; False ends the connection."""
        if len(line) != 3 or line[0] != "POST" or line[1].rstrip("/") != "/wsman":
            return self._send(404 if line[0] == "POST" else 405, [], "", b"")
        extra: list[str] = []
        if "authorization" in fields:
            accepted, challenge = self._login.step(fields["authorization"])
            extra = [f"WWW-Authenticate: {challenge}"] if challenge else []
            if not (accepted and self._login.complete):
                return self._send(401, extra, "", b"") if accepted else self._unauthorized()
        return self._judge(fields, body, extra)

    def _judge(self, fields: dict[str, str], body: bytes, extra: list[str]) -> bool:
        """Answer a request whose Authorization header, if any, has been taken."""
        content_type = fields.get("content-type", "")
        sealed = "multipart/encrypted" in content_type
        if not self._login.complete:
            if fields.get("wsmanidentify", "").lower() == "unauthenticated":
                return self._send(200, [], "application/soap+xml;charset=UTF-8", self._service.bare_identify())
            return self._send(400, [], "", b"") if sealed else self._unauthorized()
        if not body:
            return self._send(200, extra, "", b"")
        return self._operate(content_type, body, extra) if sealed else self._unauthorized()

    def _operate(self, content_type: str, body: bytes, extra: list[str]) -> bool:
        try:
            status, plain = self._service.handle(self._login.unseal(content_type, body))
        except (SealError, BadEnvelope):
            return self._send(400, [], "", b"")
        except GoneError:
            return False
        if self._service.fault("busy"):
            return self._send(503, extra, "", b"")
        if not self._permitted():
            return False
        return self._send(status, extra, *self._login.seal(plain))

    def _unauthorized(self) -> bool:
        return self._send(401, ["WWW-Authenticate: Negotiate", "WWW-Authenticate: Kerberos"], "", b"")

    def _send(self, status: int, extra: list[str], content_type: str, body: bytes) -> bool:
        lines = [f"HTTP/1.1 {status} {_REASONS[status]}"]
        if content_type:
            lines.append(f"Content-Type: {content_type}")
        lines += ["Server: Microsoft-HTTPAPI/2.0", *extra, f"Date: {formatdate(usegmt=True)}"]
        lines.append(f"Content-Length: {len(body)}")
        message = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        if body and self._service.fault("cut_reply"):
            self._sock.sendall(message[: len(message) - len(body) // 2])
            return False
        self._sock.sendall(message)
        return True

    def _head(self) -> tuple[list[str], dict[str, str]] | None:
        while b"\r\n\r\n" not in self._buffer:
            data = self._sock.recv(65536)
            if not data or len(self._buffer) > MAX_BODY:
                return None
            self._buffer += data
        head, _sep, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _colon, value in (one.partition(":") for one in rest)}
        return first.split(" "), fields

    def _body(self, length: int) -> bytes | None:
        while len(self._buffer) < length:
            data = self._sock.recv(65536)
            if not data:
                return None
            self._buffer += data
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return body
