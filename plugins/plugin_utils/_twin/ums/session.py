# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Login, session cookie and logout of IMI v3 (reference ums-imi-v3, section 2)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping

from .accounts import Account
from .errors import ImiError

LIFETIME_S = 30 * 60  # sliding [documented]


class Sessions:
    """Sessions live in memory only: a restart of the server ends them, as with any Tomcat [assumed].

    Args:
        accounts: who may log in, by name; one that is taken out leaves its sessions without a user.
    """

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._until: dict[str, float] = {}
        self._user: dict[str, str] = {}

    def authenticate(self, authorization: str | None) -> Account:
        """Give the account of a Basic header: UTF-8, user and password divided by the first colon."""
        if not authorization:
            raise ImiError("ITG-0B001")
        scheme, _blank, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        account = self._accounts.get(given.partition(b":")[0].decode("utf-8", "replace"))
        right = account is not None and hmac.compare_digest(given, f"{account.name}:{account.password}".encode())
        if scheme.lower() != "basic" or account is None or not right:
            raise ImiError("ITG-0B002")
        return account

    def login(self, authorization: str | None, now: float) -> str:
        """Open a session for a Basic header and give its id: 32 hex digits, upper case [documented]."""
        account = self.authenticate(authorization)
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._user = {key: self._user[key] for key in self._until}
        session = secrets.token_hex(16).upper()
        self._until[session] = now + LIFETIME_S
        self._user[session] = account.name
        return session

    def require(self, cookie: str | None, now: float) -> tuple[str, Account]:
        """Give session and account of a Cookie header; 401 without one, with an unknown or an expired one."""
        session = _session_id(cookie)
        if session is None:
            raise ImiError("ITG-0B003")
        if self._until.get(session, 0.0) <= now:
            self._until.pop(session, None)
            raise ImiError("ITG-0B004", id=session)
        account = self._accounts.get(self._user[session])
        if account is None:
            raise ImiError("ITG-0B007")
        return session, account

    def extend(self, session: str, now: float) -> None:
        """Restart the 30 minutes: each successful request does [documented]."""
        if session in self._until:
            self._until[session] = now + LIFETIME_S

    def logout(self, session: str) -> None:
        """End a session."""
        self._until.pop(session, None)

    def drop_all(self) -> None:
        """End all sessions (fault ``session_lost``)."""
        self._until.clear()


def _session_id(cookie: str | None) -> str | None:
    for part in (cookie or "").split(";"):
        name, _equals, value = part.strip().partition("=")
        if name == "JSESSIONID" and value:
            return value
    return None
