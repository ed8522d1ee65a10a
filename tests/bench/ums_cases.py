# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the management server's modules and inventory take, beside ansible.builtin.uri; prints its rows as JSON.

Whole commands are measured, Ansible's own start included, on both sides. The peer does 200 devices; what its loop takes
beyond the same play with no device is multiplied to the number of devices of our row, and the row says so.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from run import Row, command, environment

HERE = Path(__file__).with_name("ums")
BIN = Path(sys.executable).parent
FIRMWARE = {"product": "IGEL OS 12", "version": "12.9.0"}
DEVICES, HOSTS, PEER = 5000, 20000, 200
LINES = 200


class _World:
    """What the simulated server asks of its world; counts requests and writes."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.requests = self.writes = 0

    def journal(self, kind: str, write: bool = False, **_data: Any) -> None:
        """Count a request."""
        self.requests += kind == "request"
        self.writes += kind == "request" and write

    def now(self) -> float:
        """Give the time."""
        return time.time()

    def changed(self, name: str = "") -> None:
        """Nothing follows from a change."""


def serve(folder: str, devices: int, pipe: Any) -> None:
    """Be a simulated UMS with so many devices until the pipe closes; every message asks for the counts."""
    from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.ums import UmsServer, UmsStore  # noqa: PLC0415

    world = _World()
    lines = [f"plant-a/line-{number}" for number in range(LINES)]
    store = UmsStore({"firmwares": [FIRMWARE], "profiles": [], "directories": lines if devices else []}, world, None)
    firmware = next(iter(store.firmwares))
    at = [key for key, row in store.directories.items() if row["parentID"] != "-1"]
    for number in range(devices):
        place = {"parentID": at[number % len(at)], "firmwareID": firmware, "lastIP": _address(number)}
        store.add_device(_mac(number), name=f"op{number}", **place)
    server = UmsServer(store, "bench", "bench", folder)
    server.start()
    pipe.send((server.port, str(server.ca_path)))
    with suppress(EOFError):
        while True:
            pipe.recv()
            pipe.send((world.requests, world.writes))
            world.requests = world.writes = 0
    server.stop()


def _mac(number: int) -> str:
    return f"001B1B{number:06X}"


def _address(number: int) -> str:
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


class Bench:
    """A simulated UMS and the commands measured against it."""

    def __init__(self, folder: Path, devices: int) -> None:
        self.folder = folder
        self._ours, theirs = multiprocessing.Pipe()
        target = multiprocessing.get_context("spawn").Process(
            target=serve, args=(str(folder / "pki"), devices, theirs), daemon=True
        )
        target.start()
        theirs.close()
        port, ca_path = self._ours.recv()
        account = {"HOST": "127.0.0.1", "PORT": port, "USERNAME": "bench", "PASSWORD": "bench", "CA_PATH": ca_path}
        self.env = {
            **environment(folder),
            **{f"IGEL_UMS_{key}": str(value) for key, value in account.items()},
            "ANSIBLE_INVENTORY_ENABLED": "otedge.endpoint.ums,host_list",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
        }

    def close(self) -> None:
        """End the server."""
        self._ours.close()

    def measured(self, work: str, target: str, argv: list[str]) -> Row:
        """Run a command; its row has the requests that reached the server."""
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        row = command(work, target, [str(BIN / argv[0]), *argv[1:]], self.env, log)
        self._ours.send("count")
        requests, writes = self._ours.recv()
        row["requests"] = f"{requests} ({writes} writes)"
        row["counts"] = (requests, writes)
        if row["failed"]:
            sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-800:])
        return row

    def play(self, work: str, target: str, name: str, devices: list[dict[str, Any]]) -> Row:
        """Run a playbook over a list of devices."""
        values = self.folder / "devices.json"
        values.write_text(json.dumps({"devices": devices}), encoding="utf-8")
        here = ["-i", "localhost,", "-c", "local", "-e", f"ansible_python_interpreter={sys.executable}"]
        argv = ["ansible-playbook", *here, "-e", f"@{values}", str(HERE / f"{name}.yml")]
        return self.measured(work, target, argv)


@contextmanager
def bench(devices: int) -> Any:
    """Give a Bench with so many devices on the server, and end it."""
    with tempfile.TemporaryDirectory(prefix="otedge-ums-") as folder:
        made = Bench(Path(folder), devices)
        try:
            yield made
        finally:
            made.close()


def wanted(count: int, changed: str = "") -> list[dict[str, Any]]:
    """Give a list of devices; the first one may have another name."""
    names = [changed or "op0", *(f"op{number}" for number in range(1, count))]
    return [{"name": name, "mac": _mac(number), "firmware": FIRMWARE} for number, name in enumerate(names[:count])]


def scaled(row: Row, fixed: Row, factor: int, work: str) -> Row:
    """Give what the peer would take: the start once, the rest by the factor; memory cannot be told so."""
    requests, writes = (
        start + (count - start) * factor for count, start in zip(row["counts"], fixed["counts"], strict=True)
    )
    grown = {key: fixed[key] + max(row[key] - fixed[key], 0) * factor for key in ("wall_s", "cpu_s")}
    return {"work": work, "target": "", "requests": f"{requests} ({writes} writes)", **grown}


def devices() -> list[Row]:
    """Many devices into an empty server, again, and with one change."""
    jobs = (
        ("into an empty UMS", f"1 login, {DEVICES} writes", ""),
        ("again", "no write, <= 5 requests", ""),
        ("with 1 change", "1 write", "renamed"),
    )
    with bench(0) as ours:
        rows = [
            ours.play(f"{DEVICES} devices {work}", goal, "devices", wanted(DEVICES, name)) for work, goal, name in jobs
        ]
    with bench(0) as peer:
        fixed = peer.play("", "", "devices_uri", [])
        before: Row = {}
        grown: Row = {}
        for work, _goal, name in jobs:
            row = peer.play(f"  uri in a loop: {PEER} devices {work}", "", "devices_uri", wanted(PEER, name))
            label = f"  uri in a loop, scaled to {DEVICES} devices {work}"
            if name:  # one change is one change whatever the number of devices
                grown = {**grown, "work": label, "requests": row["requests"]}
                grown.update({key: grown[key] + max(row[key] - before[key], 0) for key in ("wall_s", "cpu_s")})
            else:
                grown = scaled(row, fixed, DEVICES // PEER, label)
            before = row
            rows += [row, grown]
    return rows


def inventory() -> list[Row]:
    """Many devices as hosts: read, and from the cache."""
    with bench(HOSTS) as ours:
        file = ours.folder / "bench.ums.yml"
        kept = {
            "cache": True,
            "cache_plugin": "ansible.builtin.jsonfile",
            "cache_connection": str(ours.folder / "kept"),
        }
        file.write_text(json.dumps({"plugin": "otedge.endpoint.ums", **kept}), encoding="utf-8")
        argv = ["ansible-inventory", "-i", str(file)]
        rows = [
            ours.measured(f"inventory of {HOSTS} devices, ansible-inventory --list", "5 requests", [*argv, "--list"]),
            ours.measured("the same from the cache", "no request", [*argv, "--list"]),
            ours.measured("the same from the cache, one host (what a play waits for)", "", [*argv, "--host", "op7"]),
        ]
    with bench(0) as peer:
        fixed = peer.play("", "", "inventory_uri", [])
    with bench(PEER) as peer:
        row = peer.play(f"  uri and add_host in a loop: {PEER} devices", "", "inventory_uri", [])
        grown = scaled(row, fixed, HOSTS // PEER, f"  uri and add_host in a loop, scaled to {HOSTS} devices")
    return [*rows, row, grown]


if __name__ == "__main__":
    sys.stdout.write(json.dumps([*devices(), *inventory()]) + "\n")
