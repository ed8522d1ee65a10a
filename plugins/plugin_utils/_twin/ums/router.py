# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From method, path and body to an answer of IMI v3; knows nothing of sockets (reference ums-imi-v3)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import commands, devices, directories, profiles
from .call import Call
from .errors import ImiError
from .session import Sessions
from .shapes import Shapes
from .stamps import error_time
from .store import UmsStore

PREFIX = "/umsapi/"
_DEVICE = r"thinclients/([^/]+)"
_DIRECTORY = r"directories/tcdirectories/([^/]+)"
_PROFILES = r"(?:master)?profiles"  # section 5.4: the same operations under both names
_PROFILE = _PROFILES + r"/([^/]+)"
_PARTS: dict[str, dict[str, Callable[[Call], Any]]] = {
    "thinclients": {"GET": devices.list_all, "PUT": devices.create, "POST": commands.run},
    _DEVICE: {"GET": devices.get_one, "PUT": devices.update, "DELETE": devices.delete_online},
    _DEVICE + "/deletetcoffline": {"DELETE": devices.delete_offline},
    _DEVICE + "/assignments/profiles": {"GET": profiles.of_device, "PUT": profiles.assign_to_device},
    "directories/tcdirectories": {"GET": directories.list_all, "PUT": directories.create},
    _DIRECTORY: {"GET": directories.get_one, "PUT": directories.update, "DELETE": directories.delete},
    _DIRECTORY + "/assignments/profiles": {"GET": profiles.of_directory, "PUT": profiles.assign_to_directory},
    _PROFILES: {"GET": profiles.list_all},
    _PROFILE: {"GET": profiles.get_one, "PUT": profiles.rename, "DELETE": profiles.delete},
    _PROFILE + "/assignments/thinclients": {"GET": profiles.devices_of, "PUT": profiles.assign_devices},
    _PROFILE + "/assignments/thinclients/([^/]+)": {"DELETE": profiles.unassign_device},
    _PROFILE + "/assignments/tcdirectories": {"GET": profiles.directories_of, "PUT": profiles.assign_directories},
    _PROFILE + "/assignments/tcdirectories/([^/]+)": {"DELETE": profiles.unassign_directory},
    "firmwares": {"GET": profiles.list_firmwares},
    "firmwares/([^/]+)": {"GET": profiles.get_firmware},
}
ROUTES = [(re.compile(pattern), handlers) for pattern, handlers in _PARTS.items()]


@dataclass(frozen=True)
class Request:
    """A request as it came from the wire; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """What goes back: ``drop`` closes the connection without an answer, ``delay_s`` is waited for before it."""

    status: int
    body: bytes = b""
    content_type: str = "application/json;charset=UTF-8"
    cookie: str | None = None
    delay_s: float = 0.0
    drop: bool = False
    write: bool = False


def _json(status: int, body: Any) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


class Router:
    """Answer requests one at a time; the caller holds the world's lock.

    Args:
        store: the UMS.
        sessions: who is logged in.
        authority: ``host:port`` of the server, for links and serverstatus.
    """

    def __init__(self, store: UmsStore, sessions: Sessions, authority: str) -> None:
        self._store = store
        self._sessions = sessions
        self._authority = authority

    def handle(self, request: Request) -> Reply:
        """Answer, and write the one journal line every request has."""
        reply = self._answer(request)
        status = 0 if reply.drop else reply.status
        self._store.hooks.journal(
            "request", write=reply.write, method=request.method, path=request.target, status=status
        )
        return replace(reply, delay_s=reply.delay_s + float(self._store.config.get("latency_ms", 0)) / 1000)

    def _answer(self, request: Request) -> Reply:
        faults = self._store.faults
        if faults.hits("drop"):
            return Reply(0, drop=True)
        down = faults.take("status")
        if down is not None:
            status = int(down.get("status", 503))
            return Reply(status, f"<html><body><h1>HTTP Status {status}</h1></body></html>".encode(), "text/html")
        if faults.hits("session_lost"):
            self._sessions.drop_all()
            faults.clear("session_lost")
        try:
            return self._dispatch(request)
        except ImiError as exc:
            error = exc
        except Exception as exc:  # a mistake of ours must look like one of theirs, and stand in the journal
            self._store.hooks.journal("error", error=repr(exc), path=request.target)
            error = ImiError("ITG-FF001")
        return _json(error.status, error.body(error_time(self._store.hooks.now())))

    def _dispatch(self, request: Request) -> Reply:
        split = urlsplit(request.target)
        version, _slash, path = split.path.removeprefix(PREFIX).partition("/")
        if not split.path.startswith(PREFIX):
            raise ImiError("ITG-0A020")
        if version != "v3":
            raise ImiError("ITG-0B006")
        path = path.removesuffix("/")  # the manual writes both, both are accepted [assumed]
        now = self._store.hooks.now()
        if path == "serverstatus" and not self._store.faults.hits("serverstatus_absent"):
            self._only("GET", request)
            return _json(200, self._server_status())
        if path == "login":
            self._only("POST", request)
            session = self._sessions.login(request.headers.get("authorization"), now)
            cookie = f"JSESSIONID={session}; Path=/umsapi/; Secure; HttpOnly"
            return replace(_json(200, {"message": f"JSESSIONID={session}"}), cookie=cookie)
        session = self._sessions.require(request.headers.get("cookie"), now)
        if path == "logout":
            self._only("POST", request)
            self._sessions.logout(session)
            return _json(200, {"message": "Logout successful"})
        if self._store.faults.hits("license"):
            raise ImiError("ITG-0C001")
        reply = self._resource(request, path, dict(parse_qsl(split.query, keep_blank_values=True)))
        self._sessions.extend(session, now)
        return reply

    @staticmethod
    def _only(method: str, request: Request) -> None:
        if request.method != method:
            raise ImiError("ITG-0A011", method=request.method)

    def _resource(self, request: Request, path: str, query: dict[str, str]) -> Reply:
        for pattern, handlers in ROUTES:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            handler = handlers.get(request.method)
            if handler is None:
                raise ImiError("ITG-0A011", method=request.method)
            shapes = Shapes(self._store, f"https://{self._authority}{PREFIX}v3")
            content_type = request.headers.get("content-type", "")
            kind = "masterprofile" if path.startswith("masterprofiles") else "profile"
            call = Call(self._store, shapes, found.groups(), query, content_type, request.body, kind)
            reply = _json(200, handler(call))
            write = request.method != "GET"
            drop = write and self._store.faults.hits("drop_after")
            return replace(reply, delay_s=call.delay_s, write=write, drop=drop)
        raise ImiError("ITG-0A020")

    def _server_status(self) -> dict[str, Any]:
        """Every field is optional for clients; what UMS 12 really shows is not documented [assumed]."""
        return {
            "rmGuiServerVersion": self._store.config.get("version", "12.09.110"),
            "buildNumber": "1",
            "activeMQVersion": "",
            "derbyVersion": "",
            "serverUUID": self._store.server_uuid,
            "server": self._authority,
            "links": [],
        }
