# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One keep-alive connection to a PC: HTTP/1.1, logins, sealed bodies, and the injected faults of the wire.

[documented] a login by NTLM belongs to the connection; Basic and certificates come with every request; Basic only where
it is switched on, and over plain HTTP only with AllowUnencrypted. [assumed] a PC with too many connections answers 503.
"""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING

from .envelope import BadEnvelope
from .ntlm import Account, Login, SealError
from .wsman import GoneError, Service

if TYPE_CHECKING:
    from .machine import Machine

MAX_BODY = 512 * 1024
IDLE_SECONDS = 120.0
SLOW_SECONDS = 60.0  # the longest one slow reply may take
SOAP = "application/soap+xml;charset=UTF-8"
BY_CERTIFICATE = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
_REASONS |= {405: "Method Not Allowed", 407: "Proxy Authentication Required", 411: "Length Required"}
_REASONS |= {413: "Request Entity Too Large", 500: "Internal Server Error", 502: "Bad Gateway"}
_REASONS |= {503: "Service Unavailable"}


@dataclass(frozen=True)
class Place:
    """What all connections to one PC share: `permitted` is whether an answer would leave it and pass its port."""

    machine: Machine
    account: Account
    service: Service
    permitted: Callable[[], bool]
    tls: bool = False


class Connection:
    """Answers the requests of one socket.

    Args:
        sock: connected socket, TLS included.
        place: the PC.
        login: state of the login of this socket.
        certified: the client showed the certificate that is mapped to the account.
    """

    def __init__(self, sock: socket.socket, place: Place, login: Login, *, certified: bool = False) -> None:
        self._sock, self._machine, self._login = sock, place.machine, login
        self._account, self._service, self._permitted = place.account, place.service, place.permitted
        self._certified, self._tls = certified, place.tls
        self._winrm = place.machine.overrides.get("winrm") or {}
        self._buffer = b""

    def run(self, *, full: bool = False) -> None:
        """Answer requests until either side has enough; with `full`, only say so."""
        time.sleep(float(self._machine.faults.get("rtt", 0.0)))  # what connecting took
        while True:
            self._sock.settimeout(float(self._machine.faults.get("idle", IDLE_SECONDS)))
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
            if body is None:
                return
            self._machine.round_trips += 1
            time.sleep(float(self._machine.faults.get("rtt", 0.0)))
            if full:
                self._send(503, [], "", b"")
                return
            if not self._answer(line, fields, body) or fields.get("connection", "").lower() == "close":
                return

    def _answer(self, line: list[str], fields: dict[str, str], body: bytes) -> bool:
        """Answer one request; False ends the connection."""
        if self._fault("status"):
            return self._send(int(self._machine.faults["status_code"]), [], "", b"")
        if len(line) != 3 or line[0] != "POST" or line[1].rstrip("/") != "/wsman":
            return self._send(404 if line[0] == "POST" else 405, [], "", b"")
        authorization = fields.get("authorization", "")
        if authorization.lower().startswith("basic ") or authorization == BY_CERTIFICATE:
            return self._once(authorization, fields, body)
        extra: list[str] = []
        if authorization:
            accepted, challenge = self._login.step(authorization)
            if self._login.complete and self._machine.faults.get("wrong_password"):
                self._login.forget()  # told at the last of the three messages, as Windows does
                return self._unauthorized()
            extra = [f"WWW-Authenticate: {challenge}"] if challenge else []
            if not (accepted and self._login.complete):
                return self._send(401, extra, "", b"") if accepted else self._unauthorized()
        return self._judge(fields, body, extra)

    def _once(self, authorization: str, fields: dict[str, str], body: bytes) -> bool:
        """Answer a request that carries its own login: Basic or a certificate."""
        sealed = "multipart/encrypted" in fields.get("content-type", "")
        if authorization == BY_CERTIFICATE:
            known = self._certified and bool(self._winrm.get("certificate"))
        else:
            known = self._basic and self._right(authorization)
        if not known or self._machine.faults.get("wrong_password"):
            return self._unauthorized()
        if sealed:
            return self._send(400, [], "", b"")
        return self._operate("", body, []) if body else self._send(200, [], "", b"")

    @property
    def _basic(self) -> bool:
        return bool(self._winrm.get("basic")) and (self._tls or bool(self._winrm.get("allow_unencrypted")))

    def _right(self, authorization: str) -> bool:
        try:
            user, _colon, password = base64.b64decode(authorization[6:], validate=True).decode().partition(":")
        except ValueError:
            return False
        return self._account.matches(user, password)

    def _judge(self, fields: dict[str, str], body: bytes, extra: list[str]) -> bool:
        """Answer a request whose Authorization header, if any, has been taken."""
        content_type = fields.get("content-type", "")
        sealed = "multipart/encrypted" in content_type
        if not self._login.complete:
            if fields.get("wsmanidentify", "").lower() == "unauthenticated":
                return self._send(200, [], SOAP, self._service.bare_identify())
            return self._send(400, [], "", b"") if sealed else self._unauthorized()
        if not body:
            return self._send(200, extra, "", b"")
        if sealed:
            return self._operate(content_type, body, extra)
        plain = self._tls or bool(self._winrm.get("allow_unencrypted"))
        return self._operate("", body, extra) if plain else self._unauthorized()

    def _operate(self, content_type: str, body: bytes, extra: list[str]) -> bool:
        """Carry out one envelope; an empty content type is a body that is not sealed."""
        try:
            envelope = self._login.unseal(content_type, body) if content_type else body
            if self._fault("busy"):
                return self._send(503, extra, "", b"")
            status, plain = self._service.handle(envelope)
        except (SealError, BadEnvelope):
            return self._send(400, [], "", b"")
        except GoneError:
            return False
        if not self._permitted():
            return False
        sealed = self._login.seal(plain) if content_type else (SOAP, plain)
        return self._send(status, extra, *sealed)

    def _unauthorized(self) -> bool:
        offers = ["WWW-Authenticate: Negotiate", "WWW-Authenticate: Kerberos"]
        return self._send(401, offers + (['WWW-Authenticate: Basic realm="WSMAN"'] if self._basic else []), "", b"")

    def _send(self, status: int, extra: list[str], content_type: str, body: bytes) -> bool:
        lines = [f"HTTP/1.1 {status} {_REASONS[status]}"]
        if content_type:
            lines.append(f"Content-Type: {content_type}")
        lines += ["Server: Microsoft-HTTPAPI/2.0", *extra, f"Date: {formatdate(usegmt=True)}"]
        lines.append(f"Content-Length: {len(body)}")
        message = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
        if body and self._fault("cut_reply"):
            self._sock.sendall(message[: len(message) - len(body) // 2])
            return False
        rate = float(self._machine.faults.get("slow", 0))
        return self._drip(message, rate) if rate and body else self._sendall(message)

    def _sendall(self, message: bytes) -> bool:
        self._sock.sendall(message)
        return True

    def _drip(self, message: bytes, rate: float) -> bool:
        """Send at so many bytes a second; gives up, and closes, when that takes too long."""
        piece = max(int(rate / 10), 1)
        end = time.monotonic() + SLOW_SECONDS
        for at in range(0, len(message), piece):
            self._sock.sendall(message[at : at + piece])
            if time.monotonic() > end or not self._machine.reachable:
                return False
            time.sleep(piece / rate)
        return True

    def _fault(self, name: str) -> bool:
        return bool(self._machine.faults.get(name)) and self._service.fault(name)

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
        parts, size = [self._buffer], len(self._buffer)
        while size < length:
            data = self._sock.recv(65536)
            if not data:
                return None
            parts.append(data)
            size += len(data)
        whole = b"".join(parts)
        body, self._buffer = whole[:length], whole[length:]
        return body
