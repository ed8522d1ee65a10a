# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small management server for unit tests: payloads in the shape of the contract, oddities switched on by a test."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.otedge.endpoint.plugins.module_utils._ums.errors import refusal
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answer = tuple[int, Any]


def error(status: int, code: str) -> Answer:
    text = "Etwas ist schiefgegangen"  # servers translate: nobody may read it
    return status, {"errorCode": code, "message": text, "time": "2026-01-01T00:00:00.000", "stackTrace": "[secret]"}


class FakeUms:
    """State and answers; ``handle`` is used over HTTP and, in pure tests, directly."""

    def __init__(self) -> None:
        self.username, self.password = "svc-imi", "pässwort"
        self.devices: dict[str, dict[str, Any]] = {}
        self.directories: dict[str, dict[str, Any]] = {}
        self.profiles: dict[str, dict[str, Any]] = {}
        self.firmwares: dict[str, dict[str, Any]] = {}
        self.attributes: list[dict[str, Any]] = []
        self.assignments: set[tuple[str, str, str]] = set()
        self.log: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.sessions: set[str] = set()
        self.wrapper = ""
        self.cookie_in_body = True
        self.ignore_parent = False
        self.no_moves = False
        self.commands: list[tuple[str, list[str]]] = []
        self.extra_entries: list[dict[str, Any]] = []
        self.keep_once: set[str] = set()
        self.stuck = False
        self.fail: list[Answer] = []
        self.blind = False
        self.raw: bytes | None = None
        self._next = 100

    # --- seeding -------------------------------------------------------------------------------------------------

    def new_id(self) -> str:
        self._next += 1
        return str(self._next)

    def add_directory(self, name: str, parent: str = "-1", **extra: Any) -> str:
        key = self.new_id()
        base = {"id": key, "name": name, "parentID": parent, "movedToBin": False, "objectType": "tcdirectory"}
        self.directories[key] = {**base, "links": [], **extra}
        return key

    def add_firmware(self, product: str, version: str) -> str:
        key = self.new_id()
        self.firmwares[key] = {"id": key, "product": product, "version": version, "firmwareType": "LX", "links": []}
        return key

    def add_profile(self, name: str, kind: str = "profile", **extra: Any) -> str:
        key = self.new_id()
        self.profiles[key] = {
            "id": key,
            "name": name,
            "parentID": "-2",
            "movedToBin": False,
            "objectType": kind,
            **extra,
        }
        return key

    def add_device(self, mac: str, **extra: Any) -> str:
        key = self.new_id()
        base = {"id": key, "unitID": mac, "mac": mac, "name": "", "parentID": "-1", "firmwareID": "1", "lastIP": ""}
        self.devices[key] = {**base, "batteryLevel": 0, "movedToBin": False, "objectType": "tc", "links": [], **extra}
        return key

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [item for item in self.log if item[0] in ("PUT", "DELETE")]

    # --- answers -------------------------------------------------------------------------------------------------

    def handle(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        self.log.append((method, path))
        if self.fail:
            return self.fail.pop(0)
        parts = path.strip("/").split("/")
        name = {"directories": "directories_of"}.get(parts[0], parts[0])
        handler = getattr(self, f"_{method.lower()}_{name}", None)
        return handler(parts[1:], query, body) if handler else error(404, "ITG-0A020")

    def _listed(self, found: Any) -> Answer:
        items = [] if self.blind else [dict(item) for item in found]
        return 200, {self.wrapper: items} if self.wrapper else items

    def _get_thinclients(self, rest: list[str], query: dict[str, str], _body: Any) -> Answer:
        facet = query.get("facets", "")
        hidden = {"details": ("deviceAttributes", "online"), "online": ("site", "comment", "deviceAttributes")}
        gone = hidden.get(facet, ("site", "online"))
        rows = {
            key: {name: value for name, value in row.items() if name not in gone} for key, row in self.devices.items()
        }
        if facet == "deviceattributes":
            for key, row in rows.items():
                row["deviceAttributes"] = self._attributes(self.devices[key])
        if rest:
            return (200, rows[rest[0]]) if rest[0] in rows else error(404, "ITG-0A001")
        return self._listed(rows.values())

    def _attributes(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        held = {item["identifier"]: item["value"] for item in row.get("deviceAttributes", [])}
        return [{**kind, "value": held.get(kind["identifier"], "")} for kind in self.attributes]

    def _put_thinclients(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        if rest:
            row = self.devices[rest[0]]
            held = {item["identifier"]: item for item in row.get("deviceAttributes", [])}
            held |= {item["identifier"]: item for item in body.get("deviceAttributes", [])}
            row.update({**body, "deviceAttributes": list(held.values())} if held else body)
            return 200, {"message": "Update successful"}
        if any(body["mac"] == row["unitID"] for row in self.devices.values()):
            return error(400, "ITG-0A008")
        if body["firmwareID"] not in self.firmwares:
            return error(400, "ITG-0A015")
        parent = "-1" if self.ignore_parent else body.get("parentID", "-1")
        if parent != "-1" and parent not in self.directories:
            return error(400, "ITG-0A016")
        key = self.add_device(**{**body, "parentID": parent})
        return 200, {"message": "Gerät angelegt.", "id": key, "name": body["name"], "parentID": parent}

    def _delete_thinclients(self, rest: list[str], _query: dict[str, str], _body: Any) -> Answer:
        if rest[0] not in self.devices:
            return error(404, "ITG-0A001")
        if rest[0] in self.keep_once:
            self.keep_once.discard(rest[0])
        elif not self.stuck:
            del self.devices[rest[0]]
        return 200, {"message": "Offline deletion successful."}

    def _post_thinclients(self, _rest: list[str], query: dict[str, str], body: Any) -> Answer:
        self.commands.append((query["command"], [item["id"] for item in body]))
        entries = []
        for item in body:
            row = self.devices[item["id"]]
            refused = not row["lastIP"] and query["command"] != "wakeup"
            state, message = ("FAILED", "Found no IP address for device") if refused else ("SUCCESS", "OK")
            entry = {"execID": "ID-x-1", "id": item["id"], "mac": "", "exectime": "0", "state": state}
            entries.append({**entry, "message": message})
        return 200, {"CommandExecList": [*self.extra_entries, *entries[::-1]]}

    def _get_directories_of(self, rest: list[str], _query: dict[str, str], _body: Any) -> Answer:
        if len(rest) == 1:
            return self._listed(self.directories.values())
        return (200, dict(self.directories[rest[1]])) if rest[1] in self.directories else error(404, "ITG-0A002")

    def _put_directories_of(self, rest: list[str], query: dict[str, str], body: Any) -> Answer:
        if len(rest) == 1:
            parent = "-1" if self.ignore_parent else body.get("parentID", "-1")
            key = self.add_directory(body["name"], parent)
            return 200, {"message": "Directory successfully inserted.", "id": key, "name": body["name"]}
        if not query:
            self.directories[rest[1]]["name"] = body["name"]
            return 200, {"message": "Updated directory successfully."}
        assert query == {"operation": "move"}
        if rest[1] != "-1" and rest[1] not in self.directories:
            return error(404, "ITG-0A002")
        results = []
        for item in body:
            store = self.devices if item["type"] == "tc" else self.directories
            known = item["id"] in store and not self.no_moves
            if known:
                store[item["id"]]["parentID"] = rest[1]
            results.append({"id": item["id"], "results": "successful" if known else "does_not_exist"})
        return 200, results[::-1]

    def _delete_directories_of(self, rest: list[str], _query: dict[str, str], _body: Any) -> Answer:
        if rest[1] not in self.directories:
            return error(404, "ITG-0A002")
        if any(row["parentID"] == rest[1] for row in [*self.devices.values(), *self.directories.values()]):
            return error(400, "ITG-0A006")
        del self.directories[rest[1]]
        return 200, {"message": "Deletion successful."}

    def _get_firmwares(self, _rest: list[str], _query: dict[str, str], _body: Any) -> Answer:
        return 200, {"FwResource": list(self.firmwares.values())}

    def _profiles(self, method: str, kind: str, rest: list[str], body: Any) -> Answer:
        if not rest:
            return self._listed(row for row in self.profiles.values() if row["objectType"] == kind)
        profile, receiver = rest[0], {"thinclients": "tc", "tcdirectories": "tcdirectory"}[rest[2]]
        if method == "PUT":
            self.assignments |= {(profile, receiver, str(item["receiver"]["id"])) for item in body}
            return 200, {"message": "1 asssignments successfully assigned to device <{1}>"}
        if method == "DELETE":
            self.assignments.discard((profile, receiver, rest[3]))
            return 200, {"message": "deleted profile assignment"}
        found = sorted(item for item in self.assignments if item[:2] == (profile, receiver))
        assignee = {"id": profile, "type": kind}
        return self._listed({"assignee": assignee, "receiver": {"id": key, "type": receiver}} for _p, _r, key in found)

    def _get_profiles(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        return self._profiles("GET", "profile", rest, body)

    def _put_profiles(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        return self._profiles("PUT", "profile", rest, body)

    def _delete_profiles(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        return self._profiles("DELETE", "profile", rest, body)

    def _get_masterprofiles(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        if not any(row["objectType"] == "masterprofile" for row in self.profiles.values()):
            return error(400, "ITG-0C001")
        return self._profiles("GET", "masterprofile", rest, body)

    def _put_masterprofiles(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        return self._profiles("PUT", "masterprofile", rest, body)

    def _delete_masterprofiles(self, rest: list[str], _query: dict[str, str], body: Any) -> Answer:
        return self._profiles("DELETE", "masterprofile", rest, body)


class FakeTalk:
    """The fake without a network: what UmsClient offers, in process."""

    server = "https://fake"
    parallel = 1

    def __init__(self, fake: FakeUms) -> None:
        self.fake = fake

    def _do(self, method: str, path: str, query: dict[str, str], body: Any, what: str) -> Any:
        status, answer = self.fake.handle(method, path, query, body)
        if status != 200:
            raise refusal(what, "https://fake", status, answer)
        return answer

    def get(self, path: str, what: str, facets: str | None = None) -> Any:
        return self._do("GET", path, {"facets": facets} if facets else {}, None, what)

    def put(self, path: str, body: Any, what: str, *, repeatable: bool = True, operation: str | None = None) -> Any:
        return self._do("PUT", path, {"operation": operation} if operation else {}, body, what)

    def delete(self, path: str, what: str) -> Any:
        return self._do("DELETE", path, {}, None, what)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, *_args: Any) -> None:
        pass

    def _answer(self) -> None:
        fake = self.server.fake
        url = urlsplit(self.path)
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fake.headers.append(dict(self.headers))
        path = url.path.removeprefix("/umsapi/v3")
        cookie = ""
        session = self.headers.get("Cookie", "").partition("=")[2]
        if fake.raw is not None:
            self._send(200, fake.raw)
            return
        if path == "/login":
            fake.log.append(("POST", path))
            wanted = base64.b64encode(f"{fake.username}:{fake.password}".encode()).decode()
            if self.headers.get("Authorization") == f"Basic {wanted}":
                key = f"{len(fake.log):032X}"
                fake.sessions.add(key)
                cookie = f"JSESSIONID={key}; Path=/umsapi/; Secure; HttpOnly"
                status, answer = 200, {"message": f"JSESSIONID={key}" if fake.cookie_in_body else "OK"}
            else:
                status, answer = error(401, "ITG-0B002")
        elif session not in fake.sessions:
            fake.log.append((self.command, path))
            status, answer = error(401, "ITG-0B004")
        elif path == "/logout":
            fake.log.append(("POST", path))
            fake.sessions.discard(session)
            status, answer = 200, {"message": "Logout successful"}
        else:
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            status, answer = fake.handle(self.command, path, query, json.loads(text) if text else None)
        self._send(status, json.dumps(answer).encode(), cookie)

    def _send(self, status: int, body: bytes, cookie: str = "") -> None:
        self.send_response(status)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = _answer


class Server(ThreadingHTTPServer):
    """The fake over HTTP on loopback, over TLS when given a context."""

    daemon_threads = True

    def __init__(self, fake: FakeUms, context: Any = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, *_args: Any) -> None:
        pass  # a client that does not trust us hangs up; that is the test

    def close(self) -> None:
        self.shutdown()
        self.server_close()


def write_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a self-signed certificate for 127.0.0.1 and its key as PEM."""

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    cert_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_path, key_path


class FakeModule:
    """What a work function needs of AnsibleModule."""

    def __init__(self, params: dict[str, Any], check_mode: bool = False) -> None:
        self.params = params
        self.check_mode = check_mode
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def checked(spec: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """Run options through the module's own argument spec, as AnsibleModule does.

    Where the module has it, ``empty_server`` is true if nothing else is said: most tests begin with an empty server.
    """

    known = {"empty_server": True} if "empty_server" in spec["argument_spec"] else {}
    result = ArgumentSpecValidator(**spec).validate({**known, **params})
    assert not result.error_messages, result.error_messages
    validated: dict[str, Any] = result.validated_parameters
    return validated


class Bench:
    """The fake over TLS, and a way to run a module's work against it as AnsibleModule would."""

    def __init__(self, folder: Path) -> None:
        self.fake = FakeUms()
        ca_path, key = write_certificate(folder, "ums")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ca_path, key)
        self.server = Server(self.fake, context)
        self.account: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.server.port,
            "username": self.fake.username,
            "password": self.fake.password,
            "ca_path": str(ca_path),
            "timeout": 10,
        }

    def run(self, plugin: Any, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        """Run ``plugin.work``; the result gets ``warnings``. The server must be left logged out."""
        module = FakeModule(checked(plugin.SPEC, {**self.account, **options}), check_mode)
        result: dict[str, Any] = plugin.work(module)
        assert self.fake.sessions == set()
        assert self.fake.password not in json.dumps(result, ensure_ascii=False)
        return {**result, "warnings": module.warnings}
