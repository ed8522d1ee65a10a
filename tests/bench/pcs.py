# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operator PCs far away: 50 assessed at 150 ms round trip with 25 forks, one beside ten raw tasks, a class without end.

All PCs live in one simulated site. Run alone with ``python tests/bench/pcs.py``; run.py takes the rows along.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PCS, FORKS, RTT = 50, 25, 0.15
PROFILES = ("win10_x64", "win7_x64", "win10_ltsc", "win7_x86", "win11_x64")
COMMANDS = ("ver", "hostname", "query user", "netstat -ano", "whoami", "tasklist", "schtasks /query", "net use",
            "reg query HKLM\\SOFTWARE", "sc query WinRM")  # fmt: skip
BULK = 100_000
Row = dict[str, Any]
Command = Callable[[str, str, list[str], dict[str, str], Path], Row]


def inventory(folder: Path) -> Path:
    """Write an inventory of PCS stations and the plays on them; give the folder."""
    folder.mkdir(parents=True)
    stations = {
        f"b{number:02d}": {
            "ansible_user": "svc-rollout",
            "ansible_password": f"lab-only-b{number:02d}",
            "ansible_connection": "winrm",
            "station_address": f"10.20.1.{10 + number}",
            "station_mac": f"00:1B:1B:00:20:{number:02X}",
            "station_apps": [{"name": "MES Terminal", "delivery": "web"}],
            "twin_pc": PROFILES[number % len(PROFILES)],
        }
        for number in range(1, PCS + 1)
    }
    site = {"hosts": {"bench-site": {"ansible_connection": "local"}}}
    hosts = {"all": {"children": {"site": site, "stations": {"hosts": stations}}}}
    (folder / "hosts.json").write_text(json.dumps(hosts), encoding="utf-8")
    plays: dict[str, list[Row]] = {
        "assess": [{"otedge.endpoint.operator_pc_info": {"cpu_guard": 100}}],
        "raw": [{"ansible.builtin.raw": line, "ignore_errors": True, "changed_when": False} for line in COMMANDS],
        "bulk": [
            {
                "otedge.endpoint.cim_info": {
                    "wql": "select Index,Name,Payload from Twin_Bulk",
                    "limit": 5000,
                    "on_limit": "truncate",
                },
                "no_log": True,
            }
        ],
    }
    for name, tasks in plays.items():
        play = [{"hosts": "stations", "gather_facts": False, "tasks": tasks}]
        (folder / f"{name}.yml").write_text(json.dumps(play), encoding="utf-8")
    return folder


def tell(run: Path, *requests: Row) -> list[Row]:
    """Send control commands to the simulated site."""
    folder = os.open(run, os.O_RDONLY | os.O_DIRECTORY)  # a socket's own path may have 107 bytes only
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(30)
            line.connect(f"/proc/self/fd/{folder}/control.sock")
            answers = []
            with line.makefile("rw", encoding="utf-8") as stream:
                for request in requests:
                    stream.write(json.dumps(request) + "\n")
                    stream.flush()
                    answers.append(json.loads(stream.readline()))
            return answers
    finally:
        os.close(folder)


def trips(run: Path) -> dict[str, int]:
    """Give the requests every PC has had so far, logins included."""
    (state,) = tell(run, {"command": "state"})
    return {name: int(one["round_trips"]) for name, one in state["stations"].items()}


def rows(command: Command, env: dict[str, str], log: Path) -> list[Row]:
    """Measure.

    Args:
        command: run.command.
        env: environment in which this checkout is the collection.
        log: where output goes.

    Returns:
        Rows for run.table.
    """
    ansible = str(Path(sys.executable).parent / "ansible-playbook")
    with tempfile.TemporaryDirectory(prefix="otedge-pcs-") as name:
        folder, run = inventory(Path(name) / "inventory"), Path(name) / "twin"
        play = [ansible, "-i", str(folder / "hosts.json")]
        site = [*play, "otedge.endpoint.site_twin", "-e", f"site_twin_run_dir={run}"]
        started = command(f"start {PCS} simulated PCs in one process", "", site, env, log)
        if started["failed"]:
            return [started]
        bench = Bench(command, env, log, folder, run, [*play, "-i", str(run / "inventory"), "-f", str(FORKS)])
        try:
            far_away = {"command": "fault", "fault": "rtt", "seconds": RTT}
            tell(run, *({**far_away, "target": f"pc:{station}"} for station in trips(run)))
            return [bench.all(), *bench.one()]
        finally:
            command("stop", "", [*site, "-e", "site_twin_state=stopped"], env, log)


@dataclass(frozen=True)
class Bench:
    """The measurements, on a simulated site that runs."""

    command: Command
    env: dict[str, str]
    log: Path
    folder: Path
    run: Path
    play: list[str]

    def all(self) -> Row:
        """Assess all PCs."""
        before = trips(self.run)
        work = f"{PCS} PCs assessed, {RTT * 1000:.0f} ms round trip, {FORKS} forks"
        row = self._play(work, "", "assess")
        each = max(count - before[name] for name, count in trips(self.run).items())
        batches = -(-PCS // FORKS)
        row["target"] = f"{1.5 * batches * each * RTT + 6:.1f} s"
        row["requests"] = f"{each} a PC"
        return row

    def one(self) -> list[Row]:
        """Talk to one of them in three ways."""
        found = []
        for name, work, target in (
            ("assess", "one of them, whole assessment, one task", "40 requests"),
            ("raw", f"beside it: ten raw tasks ({len(COMMANDS)} facts)", ""),
            ("bulk", f"5,000 of {BULK:,} instances of a class, then released", ""),
        ):
            before = trips(self.run)["b01"]
            row = self._play(work, target, name, "--limit", "b01")
            row["requests"] = trips(self.run)["b01"] - before
            found.append(row)
        return found

    def _play(self, work: str, target: str, name: str, *more: str) -> Row:
        return self.command(work, target, [*self.play, *more, str(self.folder / f"{name}.yml")], self.env, self.log)


def main() -> int:
    """Measure these rows alone."""
    sys.path.insert(0, str(Path(__file__).parent))
    import run as bench  # noqa: PLC0415 - run imports this file

    with tempfile.TemporaryDirectory(prefix="otedge-bench-") as folder:
        log = Path(folder) / "log"
        measured = rows(bench.command, bench.environment(Path(folder) / "none"), log)
        sys.stdout.write(bench.table(measured) + "\n")
        if any(row.get("failed") for row in measured):
            sys.stderr.write(log.read_text(encoding="utf-8", errors="replace")[-4000:])
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
