# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start, ask and stop the simulated site. It is a process of its own: nothing of it is imported here."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, PeerError
from ansible_collections.otedge.endpoint.plugins.module_utils._specs.site_twin import SPEC
from ansible_collections.otedge.endpoint.plugins.plugin_utils._action import EndpointAction

_MODULE = "ansible_collections.otedge.endpoint.plugins.plugin_utils._twin"
_READING = {"evaluate", "journal", "ping", "state"}
_LIBRARIES = {"asyncssh": "switches", "cryptography": "certificates", "spnego": "operator PCs"}
_SITE = ("site_controller_address", "site_firmware", "site_id", "site_staging", "site_timezone", "twin_names")
_LOGIN = ("ansible_host", "ansible_user", "ansible_password", "ansible_port")
_UMS = ("ansible_host", "ums_host", "ums_password", "ums_port", "ums_username", "twin_ums")


class Twin:
    """The process of one run folder, seen from outside."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir

    def pid(self) -> int | None:
        """Give the process id if, and only if, that process is the simulated site of this folder."""
        try:
            pid = int((self.run_dir / "pid").read_text(encoding="ascii"))
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except (OSError, ValueError):
            return None
        ours = _MODULE in words and "--run-dir" in words and words[words.index("--run-dir") + 1] == str(self.run_dir)
        return pid if ours else None

    def ask(self, command: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        """Send one control command; OSError or ValueError if nobody answers."""
        folder = os.open(self.run_dir, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
                link.settimeout(timeout)
                # Through the descriptor: the path of a socket may have 107 bytes only.
                link.connect(f"/proc/self/fd/{folder}/control.sock")
                link.sendall(json.dumps(command).encode() + b"\n")
                with link.makefile("r", encoding="utf-8") as reader:
                    reply: dict[str, Any] = json.loads(reader.readline())
                    return reply
        finally:
            os.close(folder)

    def ping(self) -> dict[str, Any] | None:
        """Give what a site that is up tells of itself; None while it is not."""
        if self.pid() is None:
            return None
        try:
            return self.ask({"command": "ping"}, 5)
        except (OSError, ValueError):
            return None

    def start(self, timeout: float) -> None:
        """Start the process, detached, and wait until it answers."""
        log = self.run_dir / "log"
        places = [str(_collections_root()), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            process = subprocess.Popen(  # it must outlive this task
                [sys.executable, "-m", _MODULE, "--run-dir", str(self.run_dir)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                cwd=self.run_dir,
                start_new_session=True,
            )
        if not _wait(lambda: process.poll() is not None or self.ping() is not None, timeout):
            self.stop(5)
            raise PeerError(
                f"The simulated site in {self.run_dir} did not answer within {timeout} s.", fix=f"See {log}."
            )
        if process.returncode is not None:
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise PeerError(
                f"The simulated site in {self.run_dir} did not start (exit code {process.returncode}): {''.join(last)}",
                fix=f"See {log}.",
            )

    def stop(self, timeout: float) -> None:
        """Ask it to stop, then end the process that was verified to be it."""
        pid = self.pid()
        if pid is None:
            return
        try:
            self.ask({"command": "stop"}, timeout)
        except (OSError, ValueError):
            self._signal(pid, signal.SIGTERM)
        if _wait(lambda: self.pid() != pid, timeout):
            return
        self._signal(pid, signal.SIGKILL)
        if not _wait(lambda: self.pid() != pid, 5):
            raise PeerError(f"The simulated site in {self.run_dir} (process {pid}) does not end.")

    def _signal(self, pid: int, number: int) -> None:
        if self.pid() == pid:
            os.kill(pid, number)


def _wait(condition: Callable[[], bool], timeout: float) -> bool:
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _collections_root() -> Path:
    """Give the folder that holds ansible_collections, wherever this collection is installed."""
    root = Path(os.path.abspath(__file__)).parents[5]
    if not (root / _MODULE.replace(".", "/") / "__main__.py").is_file():
        raise OtedgeError(
            f"The collection at {root} does not lie in ansible_collections/otedge/endpoint.",
            fix="Install it, or link the checkout there; see README.",
        )
    return root


def _missing(lines: bool) -> None:
    needed = {**_LIBRARIES, **({"asyncua": "production lines"} if lines else {})}
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise OtedgeError(
            f"The simulated site needs Python libraries that {sys.executable} does not have: {', '.join(missing)}.",
            fix="Install requirements-twin.txt of the collection for that Python.",
            missing=missing,
        )


def _plain(value: Any) -> Any:
    """Give plain JSON data: Ansible's values are tagged and lazy."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def _pick(variables: Mapping[str, Any], names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
    wanted = [name for name in variables if name in names or (prefix and name.startswith(prefix))]
    return {str(name): _plain(variables[name]) for name in wanted}


def collect(task_vars: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Give site.json from an inventory in the layout of inventories/lab.

    Raises:
        InputError: without stations, switches or a management server nothing is there to simulate.
    """
    hostvars, groups = task_vars["hostvars"], task_vars.get("groups") or {}
    own = hostvars[task_vars["inventory_hostname"]]

    def hosts(group: str, names: tuple[str, ...], prefix: str = "") -> dict[str, Any]:
        return {str(host): _pick(hostvars[host], names, prefix) for host in groups.get(group) or []}

    site: dict[str, Any] = {
        "site_vars": _pick(own, _SITE),
        "stations": hosts("stations", (*_LOGIN, "twin_pc", "twin_pc_kind", "twin_pc_overrides"), "station_"),
        "switches": hosts("site_switches", (*_LOGIN, "ansible_network_os", "twin_switch")),
        "ums": hosts("ums", _UMS),
        "lines": _plain(own.get("site_lines") or {}),
        "options": _plain(options),
    }
    if not (site["stations"] or site["switches"] or site["ums"]):
        raise InputError(
            "The inventory has no host in the groups stations, site_switches and ums: there is nothing to simulate.",
            fix="Lay it out like inventories/lab, and give the inventory with -i.",
        )
    return site


def _stored(run_dir: Path, task_vars: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the site as written down first, if this run already sees it through the overlay: addresses are loopback."""
    overlay = task_vars["hostvars"][task_vars["inventory_hostname"]].get("site_twin_overlay")
    if not overlay:
        return None
    path = run_dir / "site.json"
    if str(overlay) != str(run_dir) or not path.is_file():
        raise InputError(
            f"The overlay inventory of {overlay} is among the inventories: its loopback addresses cannot be simulated.",
            fix=f"Leave it out to start a simulated site in {run_dir}.",
        )
    site: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return site


class ActionModule(EndpointAction):
    """See modules/site_twin.py."""

    SPEC = SPEC

    def perform(self, options: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Bring the site into the wanted state, then send the command."""
        twin = Twin(Path(os.path.abspath(options["run_dir"])))
        changed = self._reach(twin, options, task_vars)
        about = twin.ping()
        result: dict[str, Any] = {
            "changed": changed,
            "running": about is not None,
            "run_dir": str(twin.run_dir),
            "inventory": str(twin.run_dir / "inventory"),
        }
        if about is not None:
            result.update(pid=about["pid"], endpoints=about["endpoints"])
        if options["command"]:
            result.update(self._command(twin, options["command"], about is not None))
            result["changed"] = result["changed"] or changed
        return result

    def _reach(self, twin: Twin, options: dict[str, Any], task_vars: dict[str, Any]) -> bool:
        state, runs = options["state"], twin.ping() is not None
        if state == "started" and not runs and twin.pid() is not None:
            runs = _wait(lambda: twin.ping() is not None or twin.pid() is None, options["timeout"]) and bool(
                twin.ping()
            )
        if state == "observed" or (state == "started" and runs):
            return False
        if state == "stopped" and twin.pid() is None:
            return False
        if self.check_mode:
            return True
        if twin.pid() is not None:
            twin.stop(options["timeout"])
        if state != "stopped":
            site = _stored(twin.run_dir, task_vars) or collect(task_vars, options["options"])
            _missing(bool(site["lines"]))
            _write_site(twin.run_dir, site)
            twin.start(options["timeout"])
        return True

    def _command(self, twin: Twin, command: dict[str, Any], runs: bool) -> dict[str, Any]:
        name = str(command.get("command"))
        if self.check_mode and name not in _READING:
            return {"changed": True}
        if not runs:
            raise PeerError(
                f"No simulated site runs in {twin.run_dir}: the command {name} cannot be sent.",
                fix="Start it with state: started.",
            )
        try:
            reply = twin.ask(_plain(command), 30)
        except (OSError, ValueError) as exc:
            raise PeerError(f"The simulated site in {twin.run_dir} did not answer the command {name}: {exc}.") from exc
        if not reply.get("ok"):
            raise PeerError(f"The simulated site refused the command: {reply.get('error')}.", fix="See docs/twin.md.")
        return {"reply": reply, "changed": name not in _READING}


def _write_site(run_dir: Path, site: dict[str, Any]) -> None:
    """Write site.json for the owner alone: it holds the simulated peers' passwords."""
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = run_dir / ".site.json.new"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        json.dump(site, handle, indent=2, sort_keys=True)
    os.replace(temporary, run_dir / "site.json")
