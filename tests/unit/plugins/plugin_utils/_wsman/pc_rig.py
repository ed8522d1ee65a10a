# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulated PC behind the real winrm connection plugin of Ansible."""

from __future__ import annotations

import threading
import time
from typing import Any

from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader
from ansible_collections.otedge.endpoint.plugins.plugin_utils._operator_pc import stage
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.machine import Machine
from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.pc.server import PcServer
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.adapter import open_transport
from ansible_collections.otedge.endpoint.plugins.plugin_utils._wsman.client import WsmanClient

PACKAGE = stage.Source("https://10.20.90.20:8443/ums_filetransfer/osc-converter.msi", "5f" * 32)
IMAGE = stage.Source("https://10.20.90.20:8443/ums_filetransfer/osc.iso", "0b" * 32)


class World:
    """The least a simulated PC needs around it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.events: list[dict[str, Any]] = []
        self.files = {PACKAGE.url: PACKAGE.sha256, IMAGE.url: IMAGE.sha256}
        self.offset = 0.0

    def journal(self, kind: str, write: bool = False, **data: Any) -> None:
        self.events.append({"kind": kind, "write": write, **data})

    def now(self) -> float:
        return time.time() + self.offset

    def changed(self, name: str = "") -> None:
        pass

    def fetch(self, station: str, url: str) -> dict[str, Any] | None:
        found = self.files.get(url)
        return {"sha256": found, "size": 3_000_000} if found else None

    def reply_permitted(self, station: str, src_port: int) -> bool:
        return True

    def thin_client_boots(self, station: str, unit_mac: str) -> None:
        pass

    @property
    def writes(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["write"]]


class Pc:
    """One simulated PC with its server and a ticking clock."""

    def __init__(self, model: str = "win10_x64", **overrides: Any) -> None:
        self.world = World()
        config = {
            "name": "l1-op1",
            "model": model,
            "overrides": overrides,
            "address": "10.20.1.11",
            "mac": "00:1B:1B:00:11:01",
            "user": "svc-rollout",
            "password": "secret-1",
            "flows": [{"to": "10.20.60.10", "protocol": "tcp", "ports": [443]}],
            "apps": [],
            "timezone": "Europe/Berlin",
            "install_seconds": 1,
            "boot_seconds": 1,
            "after_install": "reboot",
        }
        self.machine = Machine(config, self.world)
        self.server = PcServer(self.machine, "svc-rollout", "secret-1")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            with self.world.lock:
                self.machine.tick(self.world.now())

    def start(self) -> None:
        self.server.start()
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self.machine.reachable and time.monotonic() < deadline:
            time.sleep(0.05)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(2)
        self.server.stop()

    def connection(self, extras: dict[str, str] | None = None, **options: Any) -> Any:
        link = connection_loader.get("winrm", PlayContext(), None)
        link.set_options(
            var_options={"_extras": extras or {}},
            direct={
                "remote_addr": "127.0.0.1",
                "remote_user": "svc-rollout",
                "remote_password": "secret-1",
                "port": self.server.port,
                "scheme": "http",
                "transport": ["ntlm"],
                "connection_timeout": 5,
                **options,
            },
        )
        return link

    def client(self) -> WsmanClient:
        return WsmanClient(open_transport(self.connection()))
