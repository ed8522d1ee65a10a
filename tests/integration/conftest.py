# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated site of its own for the integration tests, and playbooks through ansible-runner's API."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import pytest

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "inventories/lab/hosts.yml"


@dataclass
class Run:
    """What one playbook run left: status, statistics by host, events."""

    status: str
    rc: int
    stats: dict[str, dict[str, int]]
    events: list[dict[str, Any]] = field(default_factory=list)

    def results(self, action: str) -> list[tuple[str, dict[str, Any]]]:
        """Host and result of every finished task of one plugin, in order; ``failed`` as the event tells it."""
        found = []
        for event in self.events:
            data = event["event_data"]
            if event["event"] not in ("runner_on_ok", "runner_on_failed"):
                continue
            if data.get("resolved_action", data.get("task_action")) == f"otedge.endpoint.{action}":
                found.append((data["host"], {**data["res"], "failed": event["event"] == "runner_on_failed"}))
        return found


@dataclass
class Site:
    """A simulated plant-a and how to play on it."""

    run_dir: Path
    play: Callable[..., Run]

    @property
    def records(self) -> Path:
        """The records folder."""
        return self.run_dir / "records"

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send one control command and give the reply."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20)
            client.connect(os.path.relpath(self.run_dir / "control.sock"))
            client.sendall(json.dumps(command).encode() + b"\n")
            reply = client.makefile("rb").readline()
        return json.loads(reply)

    def sign(self, *waivers: str) -> None:
        """Let the lab's two signers sign the drafts of the stored plan."""
        command = [
            sys.executable,
            str(ROOT / "tests/lab/sign.py"),
            "sign",
            str(self.records),
            str(self.run_dir / "keys"),
        ]
        for waiver in waivers:
            command += ["--waive", waiver]
        subprocess.run(command, check=True)

    def journal(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Ask the journal; see tests/lab/journal.py."""
        command = [sys.executable, str(ROOT / "tests/lab/journal.py"), str(self.run_dir), *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True)


def _player(folder: Callable[[], Path], inventories: list[str]) -> Callable[..., Run]:
    def play(playbook: str, **options: Any) -> Run:
        result = ansible_runner.run(
            private_data_dir=str(folder()),  # a new one each time: options of a run would stay in it
            project_dir=str(ROOT / "playbooks"),
            playbook=f"otedge.endpoint.{playbook}",
            inventory=[path for path in inventories if Path(path).exists()],
            envvars={
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/cp"),
                "ANSIBLE_HOST_PATTERN_MISMATCH": "ignore",
                "ANSIBLE_FORKS": "10",
            },
            quiet=True,
            **options,
        )
        events = list(result.events)
        stats = next((event["event_data"] for event in events if event["event"] == "playbook_on_stats"), {})
        by_host = {
            host: {
                key: stats.get(key, {}).get(host, 0)
                for key in ("ok", "changed", "failures", "dark", "rescued", "ignored")
            }
            for host in stats.get("processed", {})
        }
        return Run(result.status, result.rc, by_host, events)

    return play


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A freshly started plant-a with keys for its two signers; stopped at the end."""
    run_dir = tmp_path_factory.mktemp("plant-a")
    play = _player(lambda: tmp_path_factory.mktemp("runner"), [str(LAB), str(run_dir / "inventory")])
    started = play("site_twin", extravars={"site_twin_run_dir": str(run_dir)})
    assert started.status == "successful"
    command = [sys.executable, str(ROOT / "tests/lab/sign.py"), "keys", str(run_dir / "records"), str(run_dir / "keys")]
    subprocess.run(command, check=True)
    try:
        yield Site(run_dir, play)
    finally:
        play("site_twin", extravars={"site_twin_run_dir": str(run_dir), "site_twin_state": "stopped"})
