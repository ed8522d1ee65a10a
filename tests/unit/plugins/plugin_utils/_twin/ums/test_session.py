# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import socket
import ssl
import time
from typing import Any

import pytest
import requests
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore


def test_login_gives_the_id_twice(guest: Any) -> None:
    reply = guest.call("POST", "/login", auth=("svc-imi", "geheim-äö".encode()))
    found = re.fullmatch(r"JSESSIONID=([0-9A-F]{32})", reply.json()["message"])
    assert found
    assert reply.headers["Set-Cookie"] == f"JSESSIONID={found[1]}; Path=/umsapi/; Secure; HttpOnly"
    assert reply.headers["Content-Type"].startswith("application/json")


def test_login_refusals(guest: Any) -> None:
    assert guest.fails("POST", "/login") == (401, "ITG-0B001")
    assert guest.fails("POST", "/login", auth=("svc-imi", "wrong")) == (401, "ITG-0B002")
    assert guest.fails("POST", "/login", headers={"Authorization": "Bearer x"}) == (401, "ITG-0B002")
    assert guest.fails("GET", "/login", auth=("svc-imi", "wrong")) == (400, "ITG-0A011")


def test_no_session_and_unknown_session(guest: Any) -> None:
    assert guest.fails("GET", "/thinclients") == (401, "ITG-0B003")
    assert guest.fails("GET", "/nowhere") == (401, "ITG-0B003")
    assert guest.fails("GET", "/thinclients", headers={"Cookie": "JSESSIONID=00"}) == (401, "ITG-0B004")


def test_basic_alone_is_no_login(guest: Any) -> None:
    assert guest.fails("GET", "/thinclients", auth=("svc-imi", "geheim-äö".encode())) == (401, "ITG-0B003")


def test_thirty_minutes_slide(imi: Any, hooks: Any) -> None:
    for _step in range(3):
        hooks.time += 29 * 60
        assert imi.ok("GET", "/thinclients") == []
    hooks.time += 30 * 60
    assert imi.fails("GET", "/thinclients") == (401, "ITG-0B004")


def test_only_success_extends(imi: Any, hooks: Any) -> None:
    hooks.time += 20 * 60
    assert imi.fails("GET", "/thinclients/7") == (404, "ITG-0A001")
    hooks.time += 11 * 60
    assert imi.fails("GET", "/thinclients") == (401, "ITG-0B004")


def test_logout(imi: Any) -> None:
    assert imi.ok("POST", "/logout") == {"message": "Logout successful"}
    assert imi.fails("GET", "/thinclients") == (401, "ITG-0B004")


def test_serverstatus_needs_no_login(guest: Any, store: UmsStore) -> None:
    status = guest.ok("GET", "/serverstatus")
    assert status["serverUUID"] == store.server_uuid
    store.inject("serverstatus_absent", {})
    assert guest.fails("GET", "/serverstatus") == (404, "ITG-0A020")


def test_every_request_is_in_the_journal(imi: Any, hooks: Any) -> None:
    imi.ok("GET", "/thinclients?facets=online")
    imi.fails("PUT", "/thinclients", {"name": "x"})
    imi.ok("PUT", "/directories/tcdirectories", {"name": "x"})
    told = [(line["method"], line["path"], line["status"], line["write"]) for line in hooks.lines]
    assert told == [
        ("POST", "/umsapi/v3/login", 200, False),
        ("GET", "/umsapi/v3/thinclients?facets=online", 200, False),
        ("PUT", "/umsapi/v3/thinclients", 400, False),
        ("PUT", "/umsapi/v3/directories/tcdirectories", 200, True),
    ]


def test_certificate_is_for_the_real_address_too(server: UmsServer) -> None:
    context = ssl.create_default_context(cafile=server.ca_path)
    for name in ("127.0.0.1", "localhost", "10.20.90.20"):
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=name) as secured,
        ):
            assert secured.version() in {"TLSv1.2", "TLSv1.3"}


def test_unknown_ca_is_refused_by_the_client(server: UmsServer) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{server.port}/umsapi/v3/serverstatus", timeout=5)


def test_a_silent_client_holds_up_nobody(server: UmsServer, guest: Any) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5):
        before = time.monotonic()
        guest.ok("GET", "/serverstatus")
        assert time.monotonic() - before < 3


def test_certificates_and_port_stay_over_a_restart(server: UmsServer, store: UmsStore, guest: Any) -> None:
    with open(server.ca_path, encoding="ascii") as file:
        ca = file.read()
    server.stop()
    again = UmsServer(store, "svc-imi", "geheim-äö", server.pki_dir, server.port)
    again.start()
    try:
        with open(again.ca_path, encoding="ascii") as file:
            assert file.read() == ca
        assert guest.ok("GET", "/serverstatus")["serverUUID"] == store.server_uuid
    finally:
        again.stop()


def test_stop_cuts_open_connections(server: UmsServer, imi: Any) -> None:
    server.stop()
    with pytest.raises(requests.exceptions.ConnectionError):
        imi.call("GET", "/thinclients")


def test_one_connection_carries_many_requests(imi: Any) -> None:
    imi.ok("GET", "/thinclients")
    pool = imi.http.get_adapter(imi.url).poolmanager.connection_from_url(imi.url)
    before = pool.num_connections
    for _turn in range(5):
        imi.fails("GET", "/thinclients/1")
    assert pool.num_connections == before
