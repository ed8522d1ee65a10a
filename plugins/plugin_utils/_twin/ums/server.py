# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IMI v3 over TLS on loopback: a thread a connection, keep-alive, head and body in one send."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from .accounts import accounts
from .pki import ensure_pki
from .router import Reply, Request, Router
from .session import Sessions
from .store import UmsStore

HANDSHAKE_S = 10.0
IDLE_S = 120.0
POLL_S = 0.05
LARGEST_BODY = 64 * 1024 * 1024
_PHRASES = {int(status): status.phrase for status in HTTPStatus}


class _TlsServer(ThreadingHTTPServer):
    """Does the TLS handshake in the connection's own thread, so that a silent client holds up nobody."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext) -> None:
        self._context = context
        self._live: set[socket.socket] = set()
        self._guard = threading.Lock()
        self.router: Router | None = None
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands, then serve the connection until it ends."""
        request.settimeout(HANDSHAKE_S)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            secured = self._context.wrap_socket(request, server_side=True)
        except (OSError, ValueError):
            return  # a client that does not trust us, or no TLS at all
        with self._guard:
            self._live.add(secured)
        try:
            super().finish_request(secured, client_address)
        finally:
            with self._guard:
                self._live.discard(secured)
            secured.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may go away at any time: nothing to say."""

    def close_connections(self) -> None:
        """Cut all connections that are open."""
        with self._guard:
            live = list(self._live)
        for one in live:
            try:
                socket.socket.shutdown(one, socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    server: _TlsServer
    routes: ClassVar[tuple[str, ...]] = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS")

    def _serve(self) -> None:
        body = self._body()
        router = self.server.router
        if body is None or router is None:
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = router.handle(Request(self.command, self.path, headers, body))
        if reply.delay_s:
            time.sleep(reply.delay_s)
        if reply.drop:
            self.close_connection = True
            return
        self._send(reply)

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            self._send(Reply(400, b"", "text/html"))
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _send(self, reply: Reply) -> None:
        head = [
            f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}",
            f"Content-Type: {reply.content_type}",
            f"Content-Length: {len(reply.body)}",
            f"Date: {self.date_time_string()}",
        ]
        if reply.cookie:
            head.append(f"Set-Cookie: {reply.cookie}")
        if self.close_connection:
            head.append("Connection: close")
        body = b"" if self.command == "HEAD" else reply.body
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def log_message(self, format: str, *args: Any) -> None:
        """The journal has every request; standard error stays empty."""


for _method in _Handler.routes:
    setattr(_Handler, f"do_{_method}", _Handler._serve)


class _LockedRouter(Router):
    """Takes the world's lock around each request, never while it waits for the network."""

    def handle(self, request: Request) -> Reply:
        with self._store.hooks.lock:
            return super().handle(request)


@dataclass
class UmsServer:
    """The simulated UMS on the wire.

    Args:
        store: what it holds.
        username: of the account that may do everything; more come from the store's configuration.
        password: its password.
        pki_dir: folder of CA and certificate, made once and kept; ``ca.pem`` is what clients trust.
        port: 0 = any free one; known after ``start()``.
        host: address to listen on.
        addresses: IP addresses and names the certificate holds besides 127.0.0.1 and localhost.
    """

    store: UmsStore
    username: str
    password: str
    pki_dir: str | Path
    port: int = 0
    host: str = "127.0.0.1"
    addresses: Sequence[str] = ()
    _server: _TlsServer | None = field(default=None, init=False, repr=False)
    _thread: threading.Thread | None = field(default=None, init=False, repr=False)

    @property
    def ca_path(self) -> str:
        """Path of the certificate clients trust; exists after ``start()``."""
        return str(Path(self.pki_dir) / "ca.pem")

    def start(self) -> None:
        """Make the certificates if need be, listen, serve in threads."""
        _ca, certificate, key = ensure_pki(Path(self.pki_dir), [self.host, *self.addresses])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate, key)
        self._server = _TlsServer((self.host, self.port), context)
        self.port = self._server.server_address[1]
        self.store.accounts = accounts(self.username, self.password, self.store.config.get("accounts", ()))
        self._server.router = _LockedRouter(self.store, Sessions(self.store.accounts), f"{self.host}:{self.port}")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_S,), name="ums", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and cut all connections."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._thread.join(5)
        self._server = None
