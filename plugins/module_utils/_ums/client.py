# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The talk to the management server: one keep-alive session, login to logout.

Source: UMS IMI v3 contract, sections 1, 2 and 8. This is the only file that uses the requests library.
"""

from __future__ import annotations

import base64
import json
import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, TalkError
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
_REPEAT_FIX = "Run it again: it reads the server anew and writes only what is still missing."


@dataclass(frozen=True)
class Connection:
    """Where the server is and who we are; ``timeout`` in seconds for one answer."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 8443
    ca_path: str | None = None
    validate_certs: bool = True
    timeout: int = 60

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Connection:
        """Build it from the options of a module (doc fragment ``otedge.endpoint.ums``)."""
        keys = ("host", "username", "password", "port", "ca_path", "validate_certs", "timeout")
        return cls(**{key: params[key] for key in keys})

    @property
    def base_url(self) -> str:
        """Address of the API, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}/umsapi/v3"


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
    """A session as a context: logs in on entry, always logs out.

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
                "The Python library requests is missing on the controller.",
                fix="Install it there: pip install -r requirements.txt of this collection.",
            ) from REQUESTS_ERROR
        self._connection = connection
        self._before_write = before_write
        self._base = base_url or connection.base_url
        self._cookie = ""
        self._session = requests.Session()
        # Proxies, .netrc and CA bundles of the environment must not redirect or replace what the user gave.
        self._session.trust_env = False
        self._session.verify = self._verify()
        self.requests_sent = 0

    def _verify(self) -> bool | str:
        if not self._connection.validate_certs:
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")
            return False
        path = self._connection.ca_path
        if path and not os.path.exists(path):
            raise InputError(
                f"The CA file {path} (ca_path) does not exist on the controller.",
                fix="Export the CA certificate of the UMS web server as PEM and name that file.",
            )
        return path or True

    @property
    def server(self) -> str:
        """The server as shown to people."""
        return self._base.split("/umsapi", 1)[0]

    def __enter__(self) -> UmsClient:
        try:
            self.login()
        except BaseException:
            self._session.close()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        try:
            if self._cookie:
                self._send(_Request("POST", "/logout", "log out"))
        except OtedgeError:
            pass  # the work is done and reported; the server drops the session by itself after 30 minutes
        finally:
            self._cookie = ""
            self._session.close()

    def login(self) -> None:
        """Log in with Basic authentication (UTF-8) and keep the session's cookie."""
        account = self._connection
        token = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
        self._cookie = ""
        response = self._send(_Request("POST", "/login", "log in", headers={"Authorization": f"Basic {token}"}))
        body = _parsed(response)
        if response.status_code in (401, 403):
            raise TalkError(
                f"Cannot log in to {self.server} as {account.username}: the credentials are not accepted"
                f" (HTTP {response.status_code} {error_code_of(body)}".rstrip()
                + ").",
                fix="Check username and password; use the UMS superuser or a UMS administrator account.",
            )
        if response.status_code != 200:
            raise refusal(f"log in as {account.username}", self.server, response.status_code, body)
        self._cookie = _session_cookie(body, response.headers.get("Set-Cookie", ""))
        if not self._cookie:
            raise TalkError(
                f"Cannot log in to {self.server} as {account.username}: the answer holds no session.",
                fix="Check that host and port lead to a UMS with IMI v3, and the credentials.",
            )

    def get(self, path: str, what: str, facets: str | None = None) -> Any:
        """Read a resource and give its parsed JSON."""
        return self._call(_Request("GET", path, what, params={"facets": facets} if facets else None))

    def put(self, path: str, body: Any, what: str, *, repeatable: bool = True, operation: str | None = None) -> Any:
        """Create or update; ``repeatable`` is False for a create, which is never sent twice."""
        params = {"operation": operation} if operation else None
        return self._call(_Request("PUT", path, what, body=body, params=params), repeatable)

    def delete(self, path: str, what: str) -> Any:
        """Delete a resource."""
        return self._call(_Request("DELETE", path, what))

    def _call(self, request: _Request, repeatable: bool = True) -> Any:
        what = request.what
        if request.method != "GET" and self._before_write:
            self._before_write()
        response = self._send(request)
        answer = _parsed(response)
        if response.status_code == 401 and error_code_of(answer) in SESSION_LOST:
            if not repeatable:
                raise UmsError(
                    f"Cannot {what} on {self.server}: the session was lost before it.",
                    fix=_REPEAT_FIX,
                    error_code=error_code_of(answer),
                    status=401,
                )
            self.login()
            response = self._send(request)
            answer = _parsed(response)
        if response.status_code != 200:
            raise refusal(what, self.server, response.status_code, answer)
        if answer is None:
            raise UmsError(
                f"Cannot {what} on {self.server}: the answer is not JSON.",
                fix="Check that host and port lead to the UMS itself and not to a portal or proxy.",
                status=200,
            )
        return answer

    def _send(self, request: _Request) -> requests.Response:
        headers = {**request.headers, "Accept": "application/json"}
        if self._cookie:
            headers["Cookie"] = f"JSESSIONID={self._cookie}"
        data = None
        if request.body is not None:
            data = json.dumps(request.body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json; charset=utf-8"
        self.requests_sent += 1
        seconds = self._connection.timeout
        try:
            response = self._session.request(
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
        self._session.cookies.clear()  # the cookie is sent by us alone
        return response

    def _talk_error(self, request: _Request, exc: requests.RequestException) -> TalkError:
        start = f"Cannot {request.what} on {self.server}: "
        # A write whose answer is lost may have been done.
        again = f" {_REPEAT_FIX}" if request.method in ("PUT", "DELETE") else ""
        if isinstance(exc, requests.exceptions.SSLError):
            return TalkError(
                f"{start}its certificate is not trusted ({_cause(exc)}).",
                fix="Set ca_path to the CA certificate of the UMS web server, and host to a name in the certificate.",
            )
        if isinstance(exc, requests.exceptions.ConnectTimeout):
            return TalkError(f"{start}no answer to the connection.", fix="Check host, port, route and firewall.")
        if isinstance(exc, requests.exceptions.ReadTimeout):
            seconds = self._connection.timeout
            return TalkError(f"{start}no answer within {seconds} s.", fix=f"Raise timeout if it is slow.{again}")
        if isinstance(exc, requests.exceptions.ConnectionError):
            return TalkError(
                f"{start}the connection failed ({_cause(exc)}).",
                fix=f"Check host and port (8443 by default), that the UMS server runs, route and firewall.{again}",
            )
        return TalkError(f"{start}{_cause(exc)}.", fix="Check host and port.")


def _cause(exc: BaseException) -> str:
    """Give the innermost cause in one line: requests wraps it several times."""
    inner: Any = exc
    for _depth in range(6):
        reason = getattr(inner, "reason", None)
        wrapped = reason if isinstance(reason, BaseException) else inner.__cause__ or inner.__context__
        if not isinstance(wrapped, BaseException):
            break
        inner = wrapped
    return " ".join(str(inner).split())[:200] or type(inner).__name__


def _parsed(response: requests.Response) -> Any:
    try:
        return json.loads(response.content.decode("utf-8"))
    except ValueError:
        return None


def _session_cookie(body: Any, set_cookie: str) -> str:
    message = body.get("message") if isinstance(body, dict) else None
    if isinstance(message, str) and message.startswith("JSESSIONID="):
        return message.split("=", 1)[1].split(";", 1)[0].strip()
    try:
        morsel = SimpleCookie(set_cookie).get("JSESSIONID")
    except CookieError:
        return ""
    return morsel.value if morsel else ""
