# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one file that touches private parts of Ansible's winrm connection plugin.

Uses ``_connect``, ``protocol``, ``shell_id`` and ``transport`` of ansible.builtin.winrm (same in ansible-core 2.19
and 2.21). The plugin opens a command shell while connecting unless ``shell_id`` is set; it is set for that moment, so a
task costs two requests less and works where remote shells are forbidden. The price: a wrong password shows with our
first message, so everything that pywinrm and requests raise is told apart here.
"""

from __future__ import annotations

import re
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.faults import DroppedError, from_parts

try:
    import requests
    from winrm.exceptions import (
        InvalidCredentialsError,
        WinRMError,
        WinRMOperationTimeoutError,
        WinRMTransportError,
        WSManFaultError,
    )
except ImportError as exc:
    LIBRARY_ERROR: ImportError | None = exc
else:
    LIBRARY_ERROR = None

_NO_SHELL = "none"
_BROKEN_SESSION = frozenset({400, 401})
_CLEAR = frozenset({"plaintext", "basic"})
_REFUSED = re.compile(r"refused|Errno 111|10061", re.IGNORECASE)
_NO_ROUTE = re.compile(r"No route to host|unreachable|Errno 113|Errno 101", re.IGNORECASE)
_NO_NAME = re.compile(r"Name or service not known|getaddrinfo|resolve|nodename", re.IGNORECASE)


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
            f"This plugin talks to an operator PC over ansible_connection winrm; this host uses {name}.",
            fix="Set ansible_connection: winrm; psrp and ssh are not supported by this plugin.",
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
    """

    def __init__(self, connection: Any, timeout_s: int | None) -> None:
        self._connection = connection
        self._talked = False
        self.address = str(connection.get_option("remote_addr"))
        self._protocol = self._connect()
        self.timeout_s = int(self._protocol.operation_timeout_sec)
        if timeout_s is not None:
            self.timeout_s = timeout_s
            self._protocol.transport.read_timeout_sec = timeout_s + 5
        self.address = re.sub(r"^https?://|/.*$", "", str(self._protocol.transport.endpoint)) or self.address
        self._refuse_clear_text()

    def send(self, message: str) -> bytes:
        """Send one envelope; see client.Transport."""
        try:
            reply = self._protocol.send_message(message)
        except WSManFaultError as exc:
            self._talked = True
            raise from_parts(exc.reason, exc.wsman_fault_code, exc.wmierror_code, exc.fault_subcode) from exc
        except WinRMOperationTimeoutError as exc:
            self._talked = True
            raise from_parts("The operation timed out", 0x80338029, 0, "w:TimedOut") from exc
        except InvalidCredentialsError as exc:
            raise self._status(401) from exc
        except WinRMTransportError as exc:
            raise self._status(int(exc.code)) from exc
        except requests.exceptions.RequestException as exc:
            raise self._network(exc) from exc
        except (WinRMError, OSError, ValueError) as exc:
            raise TalkError(f"Cannot talk to {self.address}: {_one_line(exc)}.", fix=_TRANSPORT_FIX) from exc
        self._talked = True
        return bytes(reply)

    def reset(self) -> None:
        """Drop the session and its sealing keys: a sealed message on a new socket is refused by Windows."""
        self._talked = False
        self._protocol.transport.close_session()
        self._protocol.transport.encryption = None

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
        except AnsibleError as exc:
            raise TalkError(f"Cannot connect to {self.address}: {_one_line(exc)}.", fix=_TRANSPORT_FIX) from exc
        except (WinRMError, ValueError) as exc:
            raise TalkError(f"Cannot connect to {self.address}: {_one_line(exc)}.", fix=_TRANSPORT_FIX) from exc
        return connection.protocol

    def _refuse_clear_text(self) -> None:
        transport = self._protocol.transport
        if transport.auth_method in _CLEAR and str(transport.endpoint).lower().startswith("http:"):
            raise TalkError(
                f"Refused to log in to {self.address}: transport {transport.auth_method} over http sends the password"
                " and everything else in clear text.",
                fix="Set ansible_winrm_transport: ntlm (or kerberos), or use https.",
            )

    def _status(self, status: int) -> TalkError:
        if self._talked and status in _BROKEN_SESSION:
            return DroppedError(f"The session with {self.address} broke off (HTTP {status}).", fix="Run again.")
        if status == 401:
            return TalkError(
                f"{self.address} rejected the credentials (user {self._connection.get_option('remote_user')},"
                f" transport {self._protocol.transport.auth_method}).",
                fix="Check ansible_user and ansible_password, and that the PC allows this ansible_winrm_transport.",
            )
        fixes = {
            400: "Check ansible_winrm_transport and message encryption.",
            404: "Check ansible_winrm_path and that WinRM, not another service, listens on this port.",
            411: "A proxy is in between: set ansible_winrm_proxy or no_proxy.",
            503: "The WinRM service is busy or starting; run again in a minute.",
        }
        return TalkError(f"{self.address} answered HTTP {status}.", fix=fixes.get(status, _TRANSPORT_FIX))

    def _network(self, exc: Exception) -> TalkError:
        text = _one_line(exc)
        if isinstance(exc, requests.exceptions.SSLError):
            return TalkError(
                f"The TLS connection to {self.address} failed: {text}.",
                fix="Check ansible_winrm_ca_trust_path, or the transport: an http port was dialled with https or back.",
            )
        if isinstance(exc, requests.exceptions.Timeout):
            return TalkError(
                f"{self.address} did not answer in time.",
                fix="Check power, network and firewall; raise ansible_winrm_read_timeout_sec for a slow PC.",
            )
        for pattern, cause, fix in (
            (_REFUSED, "refused the connection", "Check that the WinRM service runs and listens on this port."),
            (_NO_ROUTE, "cannot be reached: no route", "Check network, switch port and ansible_host."),
            (_NO_NAME, "has a name that does not resolve", "Check ansible_host."),
        ):
            if pattern.search(text):
                return TalkError(f"{self.address} {cause}.", fix=fix)
        if isinstance(exc, (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            kind = DroppedError if self._talked else TalkError
            return kind(
                f"The connection to {self.address} broke off: {text}.", fix="Check the network, then run again."
            )
        return TalkError(f"Cannot talk to {self.address}: {text}.", fix=_TRANSPORT_FIX)


_TRANSPORT_FIX = "Check ansible_port, ansible_winrm_scheme and ansible_winrm_transport."


def _one_line(exc: BaseException) -> str:
    return " ".join(str(exc).split()).rstrip(".")[:300]
