# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one file that touches private parts of Ansible's winrm connection plugin and of pywinrm under it.

Uses ``_connect``, ``protocol``, ``shell_id`` and ``transport`` of ansible.builtin.winrm (same in ansible-core 2.19
and 2.21). The plugin opens a command shell while connecting unless ``shell_id`` is set; it is set for that moment, so a
task costs two requests less and works where remote shells are forbidden. The price: a wrong password shows with our
first message, so everything that pywinrm and requests raise is told apart here.

Of pywinrm ``Transport._send_message_request`` is replaced: it waits for ever when a reply comes in drops, and takes a
reply of any size. Ours ends both.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import (
    InputError,
    OtedgeError,
    PeerError,
    TalkError,
)
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman import causes, parsing
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, WsmanFault, from_reply

try:
    import requests
    import requests.adapters
    from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMTransportError
except ImportError as exc:
    LIBRARY_ERROR: ImportError | None = exc
else:
    LIBRARY_ERROR = None

MAX_BYTES = 64 * 1024 * 1024
TRANSFER_S = 60  # for the bytes of one reply, on top of the time for the first of them
_NO_SHELL = "none"
_BROKEN_SESSION = frozenset({400, 401})
_CLEAR = frozenset({"plaintext", "basic", "ssl"})


def open_transport(connection: Any, *, timeout_s: int | None = None) -> WinrmTransport:
    """Give a transport over the host's own winrm connection; nothing is sent yet.

    Args:
        connection: the action's connection plugin.
        timeout_s: seconds for one operation instead of the connection's own; reading takes 5 s more.

    Raises:
        InputError: the host is not reached by ansible_connection winrm.
        TalkError: the connection cannot be built (library, transport, credentials of Kerberos).
    """
    name = getattr(connection, "transport", "?")
    if name != "winrm" or not hasattr(connection, "protocol"):
        raise InputError(
            f"This plugin talks to a Windows PC over ansible_connection winrm; this host uses {name}.",
            fix="Set ansible_connection: winrm; psrp, ssh and local are not supported by this plugin.",
        )
    if LIBRARY_ERROR is not None:
        raise OtedgeError(
            f"The Python library pywinrm is missing on the controller ({LIBRARY_ERROR}).",
            fix="Install it: pip install -r requirements.txt.",
        )
    return WinrmTransport(connection, timeout_s)


class WinrmTransport:
    """Carries envelopes through the connection plugin's session.

    Attributes:
        address: host and port, for messages.
        timeout_s: seconds a PC may take for one operation.
        limit_s: seconds one message may take in all, with login, redials and every byte of the reply.
    """

    def __init__(self, connection: Any, timeout_s: int | None) -> None:
        self._connection = connection
        self._talked = False
        self._sockets: list[Any] = []
        self._overdue = False
        self.address = str(connection.get_option("remote_addr"))
        self._protocol = self._connect()
        self._transport = self._protocol.transport
        self.timeout_s = int(self._protocol.operation_timeout_sec)
        if timeout_s is not None:
            self.timeout_s = timeout_s
            self._transport.read_timeout_sec = timeout_s + 5
        self.limit_s = float(self._transport.read_timeout_sec) + TRANSFER_S
        self.address = re.sub(r"^https?://|/.*$", "", str(self._transport.endpoint)) or self.address
        self._transport._send_message_request = self._exchange
        self._refuse_clear_text()

    def send(self, message: str) -> bytes:
        """Send one envelope; see client.Transport."""
        try:
            with self._watched():
                reply = self._transport.send_message(message.encode())
        except InvalidCredentialsError as exc:
            raise self._status(401) from exc
        except WinRMTransportError as exc:
            raise self._refusal(exc) from exc
        except requests.exceptions.RequestException as exc:
            raise self._network(exc) from exc
        except OtedgeError:
            raise
        except Exception as exc:
            # Here each library for NTLM, Kerberos and CredSSP has its own errors, and none but these can raise.
            raise self._other(exc) from exc
        self._talked = True
        return bytes(reply)

    def reset(self) -> None:
        """Drop the session and its sealing keys: a sealed message on a new socket is refused by Windows."""
        self._talked = False
        self._sockets.clear()
        self._transport.close_session()
        self._transport.encryption = None

    def _connect(self) -> Any:
        connection = self._connection
        try:
            if connection.protocol is None:
                transports = connection.get_option("transport") or []
                # With more than one transport only a real message tells which of them works.
                trick = len(transports) < 2
                if trick:
                    connection.shell_id = _NO_SHELL
                try:
                    connection._connect()
                finally:
                    if trick:
                        connection.shell_id = None
        except (AnsibleError, WinRMError, ValueError) as exc:
            text = causes.one_line(exc)
            raise causes.of_text(self.address, text) or TalkError(
                f"Cannot connect to {self.address}: {text}.", fix=causes.BUILD_FIX
            ) from exc
        return connection.protocol

    def _refuse_clear_text(self) -> None:
        transport = self._transport
        if transport.auth_method in _CLEAR and str(transport.endpoint).lower().startswith("http:"):
            raise TalkError(
                f"Refused to log in to {self.address}: transport {transport.auth_method} over http sends the password"
                " and everything else in clear text.",
                fix="Set ansible_winrm_transport: ntlm (or kerberos), or use https.",
            )

    def _exchange(self, session: Any, prepared: Any) -> Any:
        """Send one HTTP request of the session and read its reply, bounded in bytes; time is the watch's business."""
        if not isinstance(session.get_adapter(self._transport.endpoint), _Recorder):
            for scheme in ("http://", "https://"):
                session.mount(scheme, _Recorder(self._sockets))
        response = session.send(prepared, timeout=self._transport.read_timeout_sec, stream=True, allow_redirects=False)
        content = bytearray()
        for chunk in response.iter_content(65536):
            content += chunk
            if len(content) > MAX_BYTES:
                response.close()
                raise PeerError(
                    f"{self.address} sent a reply larger than {MAX_BYTES} bytes; it was refused.",
                    fix="Ask for less: fewer columns, or a narrower where.",
                )
        response._content, response._content_consumed = bytes(content), True
        if response.status_code == 401:
            raise InvalidCredentialsError("rejected")
        if not 200 <= response.status_code < 300:
            inside = self._transport._get_message_response_text(response) if content else b""
            raise WinRMTransportError("http", response.status_code, inside)
        return response

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """End a message that has no end: after ``limit_s`` its sockets are shut, and what waits on them fails."""
        self._overdue = False

        def end() -> None:
            self._overdue = True
            for one in list(self._sockets):
                with suppress(OSError, AttributeError):
                    one.shutdown(socket.SHUT_RDWR)

        watch = threading.Timer(self.limit_s, end)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _refusal(self, exc: Any) -> Exception:
        """Tell a SOAP fault from a bare status; a fault means that the login was fine."""
        body = exc.response_text.encode() if isinstance(exc.response_text, str) else exc.response_text
        fault: WsmanFault | None = None
        if body:
            with suppress(PeerError):
                fault = from_reply(parsing.parse(body))
        if fault is not None:
            self._talked = True
            return fault
        return self._status(int(exc.code))

    def _status(self, status: int) -> TalkError:
        if self._talked and status in _BROKEN_SESSION:
            return DroppedError(f"The session with {self.address} broke off (HTTP {status}).", fix="Run again.")
        user = self._connection.get_option("remote_user")
        return causes.of_status(self.address, status, str(user), str(self._transport.auth_method))

    def _network(self, exc: Exception) -> TalkError:
        text = causes.one_line(exc)
        errors = requests.exceptions
        if self._overdue:
            return causes.no_answer(self.address, connecting=False, seconds=self.limit_s)
        if isinstance(exc, errors.SSLError):
            return causes.of_tls(self.address, text)
        if isinstance(exc, errors.Timeout):
            connecting = isinstance(exc, errors.ConnectTimeout)
            return causes.no_answer(self.address, connecting=connecting, seconds=self._transport.read_timeout_sec)
        if isinstance(exc, errors.ProxyError):
            text = f"ProxyError {text}"
        known = causes.of_text(self.address, text)
        if known is not None:
            return known
        if isinstance(exc, (errors.ConnectionError, errors.ChunkedEncodingError, errors.ContentDecodingError)):
            kind = DroppedError if self._talked else TalkError
            return kind(
                f"The connection to {self.address} broke off: {causes.of_break(text)}.",
                fix="Check the network, then run again.",
            )
        return TalkError(f"Cannot talk to {self.address}: {text}.", fix=causes.BUILD_FIX)

    def _other(self, exc: Exception) -> TalkError:
        if self._overdue:
            return causes.no_answer(self.address, connecting=False, seconds=self.limit_s)
        text = causes.one_line(exc) or type(exc).__name__
        known = causes.of_text(self.address, text)
        if known is not None:
            return known
        if self._talked:
            return DroppedError(
                f"The sealed session with {self.address} broke: {text}.", fix="Run again: a new session is built."
            )
        return TalkError(f"Cannot talk to {self.address}: {text}.", fix=causes.BUILD_FIX)


if LIBRARY_ERROR is None:

    class _Recorder(requests.adapters.HTTPAdapter):
        """Remembers the sockets it opens, so that somebody can end a wait on them."""

        def __init__(self, sockets: list[Any]) -> None:
            self._seen = sockets
            super().__init__()

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self._record(self.poolmanager)

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            manager = super().proxy_manager_for(*args, **kwargs)
            self._record(manager)
            return manager

        def _record(self, manager: Any) -> None:
            seen = self._seen
            classes = {}
            for scheme, pool in manager.pool_classes_by_scheme.items():

                class Connection(pool.ConnectionCls):  # type: ignore[name-defined]
                    def connect(self) -> None:
                        super().connect()
                        del seen[:-3]
                        seen.append(self.sock)

                classes[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": Connection})
            manager.pool_classes_by_scheme = classes
