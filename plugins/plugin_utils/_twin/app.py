# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process: reads DIR/site.json, starts every peer, lets time pass, ends when told or when DIR is gone."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from . import control, overlay
from .clock import Clock
from .config import ConfigError, parse
from .journal import Journal
from .store import Store, write_private

TICK_S = 0.1
_STOP_S = 8.0  # what is not closed by then is cut off with the process

_log = logging.getLogger("twin")


class App:
    """One run of the simulated site.

    Args:
        run_dir: holds site.json; everything the twin writes lies in it.
    """

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self._inode = run_dir.stat().st_ino
        self._stopping = asyncio.Event()
        self._failed: set[str] = set()

    async def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Start, serve until stopped, close."""
        raw = json.loads((self.run_dir / "site.json").read_text(encoding="utf-8"))
        site = parse(raw)
        # Loads all the peers' libraries, which takes a second: not before it is known that there is a site to run.
        from .servers import Servers, make_world  # noqa: PLC0415

        store = Store(self.run_dir / "state")
        process = store.load("process") or {"started": time.time(), "ports": {}}
        clock = Clock(float((store.load("world") or {}).get("clock_offset", 0.0)))
        journal = Journal(self.run_dir / "journal.jsonl", clock)
        world = make_world(site, store, journal, clock)
        servers = Servers(world, self.run_dir)
        about: dict[str, Any] = {"pid": os.getpid(), "run_dir": str(self.run_dir)}
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        listener: asyncio.Server | None = None
        try:
            endpoints = await servers.start(process["ports"])
            store.save("process", {**process, "ports": {**process["ports"], **servers.ports}})
            self._publish(raw, endpoints, process["started"])
            about["endpoints"] = endpoints
            world.note("start", pid=os.getpid())
            commands = control.Control(world, self._stopping.set, about)
            listener = await control.serve(commands, self.run_dir / "control.sock")
            ready()
            await self._live(world)
        finally:
            _cut_off_after(_STOP_S)
            if listener is not None:
                listener.close()
            await servers.stop()
            with contextlib.suppress(FileNotFoundError):
                world.note("stop")
                world.dirty.update(world.peers(), {"world"})
                world.save(everything=True)
                (self.run_dir / "control.sock").unlink(missing_ok=True)
                (self.run_dir / "endpoints.json").unlink(missing_ok=True)
            journal.close()

    def _publish(self, raw: dict[str, Any], endpoints: dict[str, Any], started: float) -> None:
        (self.run_dir / "records").mkdir(mode=0o700, exist_ok=True)
        files = overlay.build(raw, endpoints, str(self.run_dir), started)
        overlay.write(self.run_dir / "inventory", files)
        text = json.dumps({**endpoints, "pid": os.getpid(), "started": started}, indent=2, sort_keys=True)
        write_private(self.run_dir / "endpoints.json", text + "\n")

    async def _live(self, world: Any) -> None:
        while not self._stopping.is_set() and self._home():
            try:
                world.tick()
            except FileNotFoundError:
                if self._home():
                    raise
            except Exception as exc:  # one peer's slip must not end the others; it is shown, not hidden
                self._show(world, exc)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), TICK_S)

    def _show(self, world: Any, exc: Exception) -> None:
        text = f"{type(exc).__name__}: {exc}"
        if text not in self._failed:
            self._failed.add(text)
            _log.exception("a tick failed")
            world.note("error", text=text)

    def _home(self) -> bool:
        """Tell whether the run folder is still there, and still the same."""
        try:
            return self.run_dir.stat().st_ino == self._inode
        except FileNotFoundError:
            return False


def _cut_off_after(seconds: float) -> None:
    """End the process for certain, whatever a thread still waits for."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()


def _claim(run_dir: Path) -> IO[str] | None:
    """Write DIR/pid and hold it; None if another process holds it."""
    descriptor = os.open(run_dir / "pid", os.O_RDWR | os.O_CREAT, 0o600)
    handle = os.fdopen(descriptor, "r+", encoding="ascii")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    handle.truncate(0)
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


async def _serve(run_dir: Path) -> None:
    await App(run_dir).run()


def main(arguments: list[str]) -> int:
    """Run until stopped. Exit codes: 0 stopped, 2 cannot start (the reason is on stderr), 3 already running."""
    parser = argparse.ArgumentParser(prog="otedge-twin", description="Run the simulated site of a run folder.")
    parser.add_argument("--run-dir", required=True, type=Path, help="folder with site.json")
    run_dir: Path = parser.parse_args(arguments).run_dir.absolute()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of every client that goes away
    if not (run_dir / "site.json").is_file():
        _log.error("there is no %s: site.json is written by the action otedge.endpoint.site_twin", run_dir)
        return 2
    claim = _claim(run_dir)
    if claim is None:
        _log.error("a simulated site already runs in %s", run_dir)
        return 3
    try:
        asyncio.run(_serve(run_dir))
    except (ConfigError, ImportError, OSError, ValueError) as exc:
        _log.error("the simulated site cannot run: %s: %s", type(exc).__name__, exc)
        return 2
    finally:
        claim.close()
    return 0
