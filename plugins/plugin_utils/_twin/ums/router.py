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

from . import assets, commands, devices, directories, profiles, templates
from .accounts import Account, licensed
from .call import Call
from .errors import ImiError
from .kinds import KIND_AT
from .session import Sessions
from .shapes import VERSION, Shapes
from .stamps import error_time
from .store import UmsStore
from .words import localized

PREFIX = "/umsapi/"
Handler = Callable[[Call], Any]
_ID = "([^/]+)"
_ANY = r"(?:tc|profile|masterprofile)directories"
_DEVICE = f"thinclients/{_ID}"
_DIRECTORY = f"directories/tcdirectories/{_ID}"
_PROFILES = r"(?:master)?profiles"  # section 5.4: the same operations under both names
_PROFILE = f"{_PROFILES}/{_ID}"
# path -> method -> what is done and the right it needs; "" = it is checked further in.
_PARTS: dict[str, dict[str, tuple[Handler, str]]] = {
    "thinclients": {
        "GET": (devices.list_all, ""), "PUT": (devices.create, "write"), "POST": (commands.run, ""),
    },
    _DEVICE: {
        "GET": (devices.get_one, "read"), "PUT": (devices.update, "write"), "DELETE": (devices.delete_online, "write"),
    },
    f"{_DEVICE}/deletetcoffline": {"DELETE": (devices.delete_offline, "write")},
    f"{_DEVICE}/assignments/profiles": {
        "GET": (profiles.of_device, "read"), "PUT": (profiles.assign_to_device, "assign"),
    },
    f"thinclientview/{_ID}": {"GET": (devices.view, "")},
    f"directories/{_ANY}": {"GET": (directories.list_all, ""), "PUT": (directories.create, "write")},
    f"directories/{_ANY}/{_ID}": {
        "GET": (directories.get_one, "read"), "PUT": (directories.update, ""), "DELETE": (directories.delete, "write"),
    },
    f"{_DIRECTORY}/assignments/profiles": {
        "GET": (profiles.of_directory, "read"), "PUT": (profiles.assign_to_directory, "assign"),
    },
    _PROFILES: {"GET": (profiles.list_all, "")},
    _PROFILE: {
        "GET": (profiles.get_one, "read"), "PUT": (profiles.rename, "write"), "DELETE": (profiles.delete, "write"),
    },
    f"{_PROFILE}/assignments/thinclients": {
        "GET": (profiles.devices_of, "read"), "PUT": (profiles.assign_devices, "assign"),
    },
    f"{_PROFILE}/assignments/thinclients/{_ID}": {"DELETE": (profiles.unassign_device, "assign")},
    f"{_PROFILE}/assignments/tcdirectories": {
        "GET": (profiles.directories_of, "read"), "PUT": (profiles.assign_directories, "assign"),
    },
    f"{_PROFILE}/assignments/tcdirectories/{_ID}": {"DELETE": (profiles.unassign_directory, "assign")},
    "firmwares": {"GET": (profiles.list_firmwares, "")},
    f"firmwares/{_ID}": {"GET": (profiles.get_firmware, "read")},
    "template": {"PUT": (templates.create, "")},
    f"template/{_ID}/value": {"PUT": (templates.add_value, "")},
    f"template/{_ID}/read": {"GET": (templates.read, "read")},
    "template/assign/tc": {"PUT": (templates.assign_to_device, "")},
    "template/assign/dir": {"PUT": (templates.assign_to_directory, "")},
    "assetinfo": {"GET": (assets.infos, "")},
    f"assetinfo/assets/{_ID}": {"GET": (assets.info, "")},
    f"assetinfo/thinclients/{_ID}": {"GET": (assets.infos_of_device, "")},
    "assethistory": {"GET": (assets.history, "")},
    f"assethistory/assets/{_ID}": {"GET": (assets.history_of_asset, "")},
    f"assethistory/thinclients/{_ID}": {"GET": (assets.history_of_device, "")},
}  # fmt: skip
ROUTES = [(re.compile(pattern), handlers) for pattern, handlers in _PARTS.items()]
_KIND = re.compile(r"directories/[a-z]+|[a-z]+")
_LARGE = 1000  # lists of so many devices are kept as bytes until something changes
_VERSION = re.compile(r"v\d+")


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
        self._kept: dict[tuple[str, str, Any], tuple[int, Reply]] = {}

    def handle(self, request: Request) -> Reply:
        """Answer, and write the one journal line every request has."""
        store = self._store
        store.tick(store.hooks.now())
        reply = self._answer(request)
        if reply.write:
            store.generation += 1
        status = 0 if reply.drop else reply.status
        store.hooks.journal("request", write=reply.write, method=request.method, path=request.target, status=status)
        slow = store.faults.take("latency", request.method, request.target)
        more = float(slow.get("seconds", 1.0)) if slow else 0.0
        return replace(reply, delay_s=reply.delay_s + more + float(store.config.get("latency_ms", 0)) / 1000)

    def _answer(self, request: Request) -> Reply:
        faults, asked = self._store.faults, (request.method, request.target)
        if faults.hits("drop", *asked):
            return Reply(0, drop=True)
        down = faults.take("status", *asked)
        if down is not None:
            status = int(down.get("status", 503))
            return Reply(status, f"<html><body><h1>HTTP Status {status}</h1></body></html>".encode(), "text/html")
        if faults.hits("session_lost", *asked):
            self._sessions.drop_all()
            faults.clear("session_lost")
        try:
            wrong = faults.take("error", *asked)
            if wrong is not None:
                raise ImiError(str(wrong.get("code", "ITG-FF001")))
            return self._dispatch(request)
        except ImiError as exc:
            error = exc
        except Exception as exc:  # a mistake of ours must look like one of theirs, and stand in the journal
            self._store.hooks.journal("error", error=repr(exc), path=request.target)
            error = ImiError("ITG-FF001")
        body = error.body(error_time(self._store.hooks.now()))
        if faults.hits("missing_fields"):  # time and trace may be absent [documented]
            body = {key: body[key] for key in ("message", "errorCode")}
        return self._json(error.status, body)

    def _json(self, status: int, body: Any) -> Reply:
        if self._store.faults.hits("localized"):
            body = localized(body)
        return Reply(status, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    def _dispatch(self, request: Request) -> Reply:
        split = urlsplit(request.target)
        version, _slash, path = split.path.removeprefix(PREFIX).partition("/")
        if not split.path.startswith(PREFIX):
            raise ImiError("ITG-0A020")
        if version != "v3":  # which code is for which wrong version is not documented [assumed]
            raise ImiError("ITG-0C002" if _VERSION.fullmatch(version) else "ITG-0B006")
        # The manual writes a slash at the end and none [both accepted: assumed]; clients in the wild double some.
        path = re.sub("/+", "/", path).strip("/")
        now = self._store.hooks.now()
        if path == "serverstatus":
            if self._store.faults.hits("serverstatus_absent"):
                raise ImiError("ITG-0A020")
            self._only("GET", request)
            return self._json(200, self._server_status())
        if path == "login":
            self._only("POST", request)
            session = self._sessions.login(request.headers.get("authorization"), now)
            cookie = f"JSESSIONID={session}; Path=/umsapi/; Secure; HttpOnly"
            return replace(self._json(200, {"message": f"JSESSIONID={session}"}), cookie=cookie)
        session, account = self._who(request, now)
        if path == "logout":
            self._only("POST", request)
            self._sessions.logout(session)
            return self._json(200, {"message": "Logout successful"})
        if self._store.faults.hits("license") or not licensed(self._store.config.get("edition", "enterprise"), path):
            raise ImiError("ITG-0C001")
        reply = self._resource(request, path, dict(parse_qsl(split.query, keep_blank_values=True)), account)
        self._sessions.extend(session, now)
        return reply

    def _who(self, request: Request, now: float) -> tuple[str, Account]:
        """Give session and account; Basic on each request only where that is switched on (UMS 12.08.120) [assumed]."""
        authorization = request.headers.get("authorization")
        if authorization and "cookie" not in request.headers and self._store.config.get("direct_basic"):
            return "", self._sessions.authenticate(authorization)
        return self._sessions.require(request.headers.get("cookie"), now)

    @staticmethod
    def _only(method: str, request: Request) -> None:
        if request.method != method:
            raise ImiError("ITG-0A011", method=request.method)

    def _resource(self, request: Request, path: str, query: dict[str, str], account: Account) -> Reply:
        store = self._store
        for pattern, handlers in ROUTES:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if request.method not in handlers:
                raise ImiError("ITG-0A011", method=request.method)
            handler, right = handlers[request.method]
            shapes = Shapes(store, f"https://{self._authority}{PREFIX}v3")
            content_type = request.headers.get("content-type", "")
            place = _KIND.match(path)
            kind = KIND_AT.get(place[0], "") if place else ""
            call = Call(store, shapes, found.groups(), query, content_type, request.body, account, kind)
            if right:
                call.demand(right)
            known = store.find(kind, call.ids[0]) if call.ids else None
            if known is not None:
                call.demand_object(kind, known)
            write = request.method != "GET"
            reply = self._do(call, handler, write)
            drop = write and store.faults.hits("drop_after", request.method, request.target)
            return replace(reply, delay_s=call.delay_s, write=write, drop=drop)
        raise ImiError("ITG-0A020")

    def _do(self, call: Call, handler: Handler, write: bool) -> Reply:
        """Answer; a long list of devices only once for each state of the UMS."""
        store = self._store
        lasting = call.facet in ("short", "details") and not store.faults.any()
        if write or handler is not devices.list_all or not lasting or len(store.devices) < _LARGE:
            return self._json(200, handler(call))
        key = (call.facet, call.account.name, store.config.get("version"))
        held = self._kept.get(key)
        if held is None or held[0] != store.generation:
            held = self._kept[key] = (store.generation, self._json(200, handler(call)))
        return held[1]

    def _server_status(self) -> dict[str, Any]:
        """Every field is optional for clients; what UMS 12 really shows is not documented [assumed]."""
        return {
            "rmGuiServerVersion": self._store.config.get("version", VERSION),
            "buildNumber": "1",
            "activeMQVersion": "",
            "derbyVersion": "",
            "serverUUID": self._store.server_uuid,
            "server": self._authority,
            "links": [],
        }
