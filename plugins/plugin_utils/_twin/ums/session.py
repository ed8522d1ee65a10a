# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Login, session cookie and logout of IMI v3 (reference ums-imi-v3, section 2)."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

from .errors import ImiError

LIFETIME_S = 30 * 60  # sliding [documented]


class Sessions:
    """Sessions live in memory only: a restart of the server ends them, as with any Tomcat [assumed].

    Args:
        username: of the one account.
        password: its password.
    """

    def __init__(self, username: str, password: str) -> None:
        self._credentials = f"{username}:{password}".encode()
        self._until: dict[str, float] = {}

    def login(self, authorization: str | None, now: float) -> str:
        """Open a session for a Basic header and give its id: 32 hex digits, upper case [documented]."""
        if not authorization:
            raise ImiError("ITG-0B001")
        scheme, _blank, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        if scheme.lower() != "basic" or not hmac.compare_digest(given, self._credentials):
            raise ImiError("ITG-0B002")
        self._until = {key: until for key, until in self._until.items() if until > now}
        session = secrets.token_hex(16).upper()
        self._until[session] = now + LIFETIME_S
        return session

    def require(self, cookie: str | None, now: float) -> str:
        """Give the session of a Cookie header; 401 without one, with an unknown or an expired one."""
        session = _session_id(cookie)
        if session is None:
            raise ImiError("ITG-0B003")
        if self._until.get(session, 0.0) <= now:
            self._until.pop(session, None)
            raise ImiError("ITG-0B004", id=session)
        return session

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
