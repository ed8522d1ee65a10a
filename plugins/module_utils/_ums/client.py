# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The talk to the management server: one session from login to logout, kept alive, used by several threads.

Source: UMS IMI v3 contract, sections 1, 2 and 8. This is the only file that uses the requests library.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import sys
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.answer import (
    cause,
    is_distrust,
    parsed,
    session_cookie,
)
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.connection import Connection
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import (
    SESSION_LOST,
    UmsError,
    error_code_of,
    refusal,
)

try:
    import requests

    REQUESTS_ERROR: ImportError | None = None
except ImportError as exc:
    REQUESTS_ERROR = exc

_CONNECT_SECONDS = 10
_CA_FIX = "Export the CA certificate of the UMS web server as PEM and name that file."
_REPEAT_FIX = "Run it again: it reads the server anew and writes only what is still missing."


@dataclass(frozen=True)
class _Request:
    """One request; ``what`` is the attempt in words that follow "Cannot"."""

    method: str
    path: str
    what: str
    body: Any = None
    params: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)


class UmsClient:
    """A session as a context: logs in on entry, always logs out. Reads and writes may come from several threads.

    Each thread has its own kept-alive connection; all share the one login.

    Args:
        connection: server and account.
        before_write: called right before every request that changes something; it raises to stop the write.
        base_url: another address of the API (tests).

    Raises:
        TalkError: server not reachable, certificate not trusted, or credentials not accepted.
        UmsError: the server refused a request.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        before_write: Callable[[], None] | None = None,
        base_url: str | None = None,
    ) -> None:
        if REQUESTS_ERROR is not None:
            raise OtedgeError(
                f"The Python library requests is missing on the controller, in {sys.executable}.",
                fix="Install it there: pip install -r requirements.txt of this collection. Where another Python has it,"
                " set ansible_python_interpreter for localhost, for example to {{ ansible_playbook_python }}.",
            ) from REQUESTS_ERROR
        self._connection = connection
        self._before_write = before_write
        self._base = base_url or connection.base_url
        self._verify = self._trust()
        self._cookie = ""
        self._own = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()  # around the list above and the counter below
        self._login_lock = threading.Lock()
        self._login_failed: OtedgeError | None = None
        self.requests_sent = 0

    def _trust(self) -> bool | str:
        if not self._connection.validate_certs:
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")
            return False
        path = self._connection.ca_path
        if path and not os.path.exists(path):
            raise InputError(
                f"The CA file {path} (ca_path) does not exist on the controller.",
                fix=_CA_FIX,
            )
        if path and os.path.isfile(path):
            try:
                ssl.create_default_context(cafile=path)
            except OSError as exc:  # not readable, or no certificate in it
                raise InputError(f"The CA file {path} (ca_path) cannot be used: {cause(exc)}.", fix=_CA_FIX) from exc
        return path or True

    @property
    def server(self) -> str:
        """The server as shown to people."""
        return self._base.split("/umsapi", 1)[0]

    @property
    def parallel(self) -> int:
        """How many writes may be under way at a time."""
        return self._connection.parallel

    def __enter__(self) -> UmsClient:
        try:
            self.login()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        try:
            if self._cookie:
                self._send(_Request("POST", "/logout", "log out"), self._cookie)
        except OtedgeError:
            pass  # the work is done and reported; the server drops the session by itself after 30 minutes
        finally:
            self._cookie = ""
            self._close()

    def _close(self) -> None:
        with self._lock:
            while self._sessions:
                self._sessions.pop().close()
        self._own = threading.local()

    def _session(self) -> requests.Session:
        """Give this thread's own connection; requests does not promise that one may be shared."""
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = requests.Session()
            # Proxies, .netrc and CA bundles of the environment must not redirect or replace what the user gave.
            session.trust_env = False
            session.verify = self._verify
            self._own.session = session
            with self._lock:
                self._sessions.append(session)
        return session

    def login(self) -> None:
        """Log in with Basic authentication (UTF-8) and keep the session's cookie."""
        account = self._connection
        token = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
        response = self._send(_Request("POST", "/login", "log in", headers={"Authorization": f"Basic {token}"}), "")
        body = parsed(response.content)
        if response.status_code in (401, 403):
            raise TalkError(
                f"Cannot log in to {self.server} as {account.username}: the credentials are not accepted"
                f" (HTTP {response.status_code} {error_code_of(body)}".rstrip()
                + ").",
                fix="Check username and password; use the UMS superuser or a UMS administrator account.",
                reason="login_refused",
            )
        if response.status_code != 200:
            raise refusal(f"log in as {account.username}", self.server, response.status_code, body)
        cookie = session_cookie(body, response.headers.get("Set-Cookie", ""))
        if not cookie:
            raise TalkError(
                f"Cannot log in to {self.server} as {account.username}: the answer holds no session.",
                fix="Check that host and port lead to a UMS with IMI v3, and the credentials.",
                reason="login_refused" if isinstance(body, dict) else "no_imi",
            )
        self._cookie = cookie

    def get(self, path: str, what: str, facets: str | None = None) -> Any:
        """Read a resource and give its parsed JSON; ``/serverstatus`` needs no login."""
        return self._call(_Request("GET", path, what, params={"facets": facets} if facets else None))

    def put(self, path: str, body: Any, what: str, *, repeatable: bool = True, operation: str | None = None) -> Any:
        """Create or update; ``repeatable`` is False for a create, which is never sent twice."""
        params = {"operation": operation} if operation else None
        return self._call(_Request("PUT", path, what, body=body, params=params), repeatable)

    def delete(self, path: str, what: str) -> Any:
        """Delete a resource."""
        return self._call(_Request("DELETE", path, what))

    def post(self, path: str, body: Any, what: str, *, command: str) -> Any:
        """Send a command (section 6); never sent twice."""
        return self._call(_Request("POST", path, what, body=body, params={"command": command}), repeatable=False)

    def _call(self, request: _Request, repeatable: bool = True) -> Any:
        what = request.what
        if request.method != "GET" and self._before_write:
            self._before_write()
        cookie = self._cookie
        response = self._send(request, cookie)
        answer = parsed(response.content)
        if response.status_code == 401 and error_code_of(answer) in SESSION_LOST:
            if not repeatable:
                raise UmsError(
                    f"Cannot {what} on {self.server}: the session was lost before it; it was not sent again.",
                    fix=_REPEAT_FIX,
                    error_code=error_code_of(answer),
                    status=401,
                )
            response = self._send(request, self._renewed(cookie))
            answer = parsed(response.content)
        if response.status_code != 200:
            raise refusal(what, self.server, response.status_code, answer)
        if answer is None:
            raise UmsError(
                f"Cannot {what} on {self.server}: the answer is not JSON.",
                fix="Check that host and port lead to the UMS itself and not to a portal or proxy.",
                status=200,
            )
        return answer

    def _renewed(self, lost: str) -> str:
        """Log in again, once for all threads that found the same session lost; give the new cookie."""
        with self._login_lock:
            if self._login_failed is not None:
                raise self._login_failed  # not once more for every thread: that could lock the account
            if self._cookie == lost:
                try:
                    self.login()
                except OtedgeError as exc:
                    self._login_failed = exc
                    raise
            return self._cookie

    def _send(self, request: _Request, cookie: str) -> requests.Response:
        headers = {**request.headers, "Accept": "application/json"}
        if cookie:
            headers["Cookie"] = f"JSESSIONID={cookie}"
        data = None
        if request.body is not None:
            data = json.dumps(request.body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
        with self._lock:
            self.requests_sent += 1
        seconds = self._connection.timeout
        session = self._session()
        try:
            response = session.request(
                request.method,
                self._base + request.path,
                params=request.params,
                data=data,
                headers=headers,
                timeout=(min(_CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False,
            )
        except requests.RequestException as exc:
            raise self._talk_error(request, exc) from exc
        session.cookies.clear()  # the cookie is sent by us alone
        return response

    def _talk_error(self, request: _Request, exc: requests.RequestException) -> TalkError:
        start = f"Cannot {request.what} on {self.server}: "
        # A write whose answer is lost may have been done.
        again = f" {_REPEAT_FIX}" if request.method in ("PUT", "DELETE") else ""
        if is_distrust(exc):
            return TalkError(
                f"{start}its certificate is not trusted ({cause(exc)}).",
                fix="Set ca_path to the CA certificate of the UMS web server, and host to a name in the certificate.",
                reason="certificate",
            )
        if isinstance(exc, requests.exceptions.ConnectTimeout):
            return TalkError(f"{start}no answer to the connection.", fix="Check host, port, route and firewall.")
        if isinstance(exc, requests.exceptions.ReadTimeout):
            seconds = self._connection.timeout
            return TalkError(f"{start}no answer within {seconds} s.", fix=f"Raise timeout if it is slow.{again}")
        if isinstance(exc, requests.exceptions.ConnectionError):
            return TalkError(
                f"{start}the connection failed ({cause(exc)}).",
                fix=f"Check host and port (8443 by default), that the UMS server runs, route and firewall.{again}",
            )
        return TalkError(f"{start}{cause(exc)}.", fix="Check host and port.")
