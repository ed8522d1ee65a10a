# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore
from ansible_collections.otedge.endpoint.tests.unit.plugins.plugin_utils._twin.ums.contract_seed import SEED, World

PASSWORD = "geheim-äö"
CONFIG: dict[str, Any] = {
    "firmwares": [
        {"product": "IGEL OS 12", "version": "12.9.0"},
        {"product": "IGEL OS 11", "version": "11.10.210"},
    ],
    "profiles": ["base-plant-a", "role-operator", "role-kiosk"],
}


class FakeHooks:
    """The world, as far as the UMS asks for it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.lines: list[dict[str, Any]] = []
        self.time = 1_792_000_000.0
        self.changes = 0

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.lines.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return self.time

    def changed(self) -> None:
        self.changes += 1

    def writes(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["write"]]


class Imi:
    """A client that is not ours: plain requests, as the manual's examples are written."""

    def __init__(self, server: UmsServer) -> None:
        self.url = f"https://127.0.0.1:{server.port}/umsapi/v3"
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = server.ca_path

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        return self.http.request(method, f"{self.url}{path}", json=body, timeout=10, **more)

    def login(self, name: str = "svc-imi", password: str = PASSWORD) -> Imi:
        credentials = f"{name}:{password}".encode()
        reply = self.call("POST", "/login", auth=_Basic(credentials))
        assert reply.status_code == 200, reply.text
        self.http.cookies.clear()
        self.http.headers["Cookie"] = reply.json()["message"]
        return self

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        reply = self.call(method, path, body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def fails(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, str]:
        reply = self.call(method, path, body, **more)
        assert reply.status_code != 200, reply.text
        answer = reply.json()
        assert set(answer) == {"message", "errorCode", "time", "stackTrace"}
        return reply.status_code, answer["errorCode"]


class _Basic(requests.auth.AuthBase):
    def __init__(self, credentials: bytes) -> None:
        self.credentials = credentials

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        import base64  # noqa: PLC0415

        request.headers["Authorization"] = f"Basic {base64.b64encode(self.credentials).decode()}"
        return request


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pki")


@pytest.fixture
def hooks() -> FakeHooks:
    return FakeHooks()


@pytest.fixture
def store(hooks: FakeHooks) -> UmsStore:
    return UmsStore(CONFIG, hooks, None)


@pytest.fixture
def server(store: UmsStore, pki: Path) -> Iterator[UmsServer]:
    running = UmsServer(store, "svc-imi", PASSWORD, pki, addresses=["10.20.90.20"])
    running.start()
    yield running
    running.stop()


@pytest.fixture
def guest(server: UmsServer) -> Iterator[Imi]:
    client = Imi(server)
    yield client
    client.http.close()


@pytest.fixture
def imi(guest: Imi) -> Imi:
    return guest.login()


@pytest.fixture
def make_device(imi: Imi, store: UmsStore) -> Callable[..., str]:
    def make(number: int, **fields: Any) -> str:
        firmware = next(iter(store.firmwares))
        body = {"mac": f"001B1B00{number:04X}", "firmwareID": firmware, **fields}
        return str(imi.ok("PUT", "/thinclients", body)["id"])

    return make


class Contract:
    """A UMS with the manual's objects, its truth, and logged-in clients."""

    def __init__(self, store: UmsStore, world: World, server: UmsServer) -> None:
        self.store, self.world, self.server = store, world, server
        self.imi = Imi(server).login()

    def other(self, name: str, password: str) -> Imi:
        """Log in with another account."""
        return Imi(self.server).login(name, password)

    def guest(self) -> Imi:
        """Give a client that is not logged in."""
        return Imi(self.server)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.world.time += seconds

    @contextmanager
    def set(self, **config: Any) -> Iterator[None]:
        """Run the UMS with other settings for a while."""
        before, self.store.config = self.store.config, {**self.store.config, **config}
        try:
            yield
        finally:
            self.store.config = before

    @contextmanager
    def fault(self, name: str, **args: Any) -> Iterator[None]:
        """Switch a fault on for a while."""
        self.store.inject(name, args)
        try:
            yield
        finally:
            self.store.inject("none", {})


def _contract(pki: Path) -> Iterator[Contract]:
    world = World()
    store = UmsStore(SEED, world, None)
    running = UmsServer(store, "svc-imi", PASSWORD, pki)
    running.start()
    made = Contract(store, world, running)
    yield made
    made.imi.http.close()
    running.stop()


@pytest.fixture(scope="module")
def contract(pki: Path) -> Iterator[Contract]:
    """One server a file: what its tests write, they write to objects of their own."""
    yield from _contract(pki)


@pytest.fixture
def fresh(pki: Path) -> Iterator[Contract]:
    """A server of the test's own."""
    yield from _contract(pki)
