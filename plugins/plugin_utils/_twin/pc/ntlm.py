# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NTLM acceptor and message sealing of one TCP connection (library: pyspnego).

[documented] MS-WSMV 2.2.9.1: multipart/encrypted, one part of text and one of octets; [documented] the state of a
login belongs to the TCP connection, so a sealed body on a new socket cannot be read (HTTP 400).
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

try:
    import spnego
    from spnego.channel_bindings import GssChannelBindings

    SPNEGO_ERROR: ImportError | None = None
except ImportError as exc:  # the process says so at start, naming requirements-twin.txt
    SPNEGO_ERROR = exc

SEALED = "application/HTTP-SPNEGO-session-encrypted"
BOUNDARY = b"--Encrypted Boundary"
# The acceptor looks its account up in the file this variable names while it judges a token. Every PC has its own
# account (often the same user name with another password), so the variable is switched under this lock.
_ENV_LOCK = threading.Lock()


class SealError(Exception):
    """A sealed body that cannot be read: wrong framing, wrong key or no login on this socket."""


class Account:
    """The one account a PC accepts, with any of the domains a local account may be written with."""

    def __init__(self, user: str, password: str, hostname: str) -> None:
        if ":" in user + password:
            raise ValueError(f"The simulated PC {hostname} cannot take a user or password with a colon in it.")
        domain, _sep, name = user.rpartition("\\")
        domains = sorted({domain.upper(), "", ".", "WORKGROUP", hostname.upper()})
        self._domains, self._name, self._password = domains, name, password
        self._text = "".join(f"{one}:{name}:{password}\n" for one in domains)

    def matches(self, user: str, password: str) -> bool:
        """Whether this is the account, for a login that shows the password."""
        domain, _sep, name = user.rpartition("\\")
        same = name.lower() == self._name.lower() and domain.upper() in self._domains
        return same and hmac.compare_digest(password.encode(), self._password.encode())

    @contextlib.contextmanager
    def offered(self) -> Iterator[None]:
        """Show the account to the acceptor, in the file form it reads, and to nobody for longer than that."""
        with _ENV_LOCK, tempfile.NamedTemporaryFile("w", prefix="otedge-twin-", encoding="utf-8") as stream:
            stream.write(self._text)
            stream.flush()
            os.environ["NTLM_USER_FILE"] = stream.name
            try:
                yield
            finally:
                del os.environ["NTLM_USER_FILE"]


class Login:
    """Authentication state of one TCP connection.

    Args:
        account: who is let in.
        binding: channel binding a client must show, empty where none is asked for.
    """

    def __init__(self, account: Account, binding: bytes = b"") -> None:
        self._bindings: Any = None
        if binding:
            self._bindings = GssChannelBindings(application_data=binding)
        self._account = account
        self._context: Any = None
        self._scheme = "Negotiate"

    @property
    def complete(self) -> bool:
        """Whether this connection is logged in."""
        return self._context is not None and bool(self._context.complete)

    def step(self, authorization: str) -> tuple[bool, str]:
        """Take one Authorization header.

        Returns:
            (go on, value of WWW-Authenticate to answer with): go on is False when the login is refused.
        """
        scheme, _sep, text = authorization.partition(" ")
        if scheme.lower() not in ("negotiate", "ntlm", "kerberos"):
            return False, ""
        try:
            token = base64.b64decode(text.strip(), validate=True)
        except ValueError:
            return False, ""
        if self._context is None or self.complete:
            # [documented] a raw NTLMSSP token may come under the word Negotiate
            raw = token.startswith(b"NTLMSSP\0")
            with self._account.offered():
                self._context = spnego.server(protocol="ntlm" if raw else "negotiate", channel_bindings=self._bindings)
        try:
            with self._account.offered():
                answer = self._context.step(token)
        except Exception:  # every kind of bad token is one thing here: refused
            self._context = None
            return False, ""
        return True, f"{scheme} {base64.b64encode(answer).decode()}" if answer else ""

    def forget(self) -> None:
        """Forget the login: the next token begins a new one."""
        self._context = None

    def unseal(self, content_type: str, body: bytes) -> bytes:
        """Give the plain envelope of a sealed body; SealError when it cannot be read."""
        if not self.complete:
            raise SealError("sealed body on a socket without a login")
        if SEALED.lower() not in content_type.lower():
            raise SealError("unknown sealing protocol")
        parts = body.split(BOUNDARY + b"\r\n")
        if len(parts) != 3:
            raise SealError("not one sealed message")
        length = re.search(rb"Length=(\d+)", parts[1])
        _head, found, data = parts[2].partition(b"application/octet-stream\r\n")
        data = data.removesuffix(BOUNDARY + b"--\r\n").removesuffix(BOUNDARY + b"--")
        if not found or length is None or len(data) < 20:
            raise SealError("broken framing")
        size = int.from_bytes(data[:4], "little")
        try:
            plain: bytes = self._context.unwrap_winrm(data[4 : 4 + size], data[4 + size :])
        except Exception as exc:
            raise SealError(f"cannot decrypt: {exc}") from exc
        if len(plain) != int(length.group(1)):
            raise SealError("length differs")
        return plain

    def seal(self, plain: bytes) -> tuple[str, bytes]:
        """Seal a reply; gives (content type, body)."""
        sealed = self._context.wrap_winrm(plain)
        body = b"".join(
            (
                BOUNDARY + b"\r\n\tContent-Type: " + SEALED.encode() + b"\r\n",
                b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length="
                + str(len(plain)).encode()
                + b"\r\n",
                BOUNDARY + b"\r\n\tContent-Type: application/octet-stream\r\n",
                len(sealed.header).to_bytes(4, "little") + sealed.header + sealed.data,
                BOUNDARY + b"--\r\n",
            )
        )
        return f'multipart/encrypted;protocol="{SEALED}";boundary="Encrypted Boundary"', body
