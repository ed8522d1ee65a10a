# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action site_twin: what it writes down, whom it ends, and the whole site of inventories/lab as a real process."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlparse

import pytest
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.otedge.endpoint.plugins.action import site_twin
from ansible_collections.otedge.endpoint.plugins.module_utils._errors import InputError, OtedgeError, PeerError

LAB = Path(__file__).resolve().parents[4] / "inventories" / "lab"


def task_vars(*inventories: str | Path) -> dict[str, Any]:
    loader = DataLoader()
    inventory = InventoryManager(loader=loader, sources=[str(one) for one in inventories])
    variables = VariableManager(loader=loader, inventory=inventory)
    hostvars = HostVars(inventory=inventory, variable_manager=variables, loader=loader)
    return {**variables.get_vars(host=inventory.get_host("plant-a")), "hostvars": hostvars}


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@pytest.fixture(scope="module")
def lab() -> dict[str, Any]:
    return site_twin.collect(task_vars(LAB), {"install_seconds": 1})


def test_the_lab_is_written_down_with_templates_resolved(lab: dict[str, Any]) -> None:
    assert len(lab["stations"]) == 8 and set(lab["switches"]) == {"sw-l1", "sw-l2"} and set(lab["ums"]) == {"ums-1"}
    station = lab["stations"]["l1-op1"]
    assert station["ansible_password"] == "lab-only-l1-op1" and station["station_port"] == "GigabitEthernet1/0/1"
    assert lab["lines"]["line-1"]["state_source"]["state_map"]["0"] == "running"
    assert lab["site_vars"]["site_controller_address"] == "10.20.90.5"
    assert json.loads(json.dumps(lab)) == lab


def test_an_inventory_with_nothing_to_simulate_is_refused() -> None:
    with pytest.raises(InputError, match="nothing to simulate"):
        site_twin.collect({"inventory_hostname": "x", "hostvars": {"x": {}}, "groups": {"all": ["x"]}}, {})


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "asyncua" else real(name))
    site_twin._missing(lines=False)
    with pytest.raises(OtedgeError, match=r"asyncua.*requirements-twin.txt"):
        site_twin._missing(lines=True)


@pytest.mark.parametrize("text", ["", "none", "999999999", str(os.getpid())], ids=["empty", "word", "nobody", "this"])
def test_only_its_own_process_counts(tmp_path: Path, text: str) -> None:
    (tmp_path / "pid").write_text(text)
    twin = site_twin.Twin(tmp_path)
    assert twin.pid() is None and twin.ping() is None
    twin.stop(1)


def test_a_process_that_cannot_start_tells_why(tmp_path: Path) -> None:
    broken = {"stations": {"pc": {}}, "switches": {}, "ums": {}, "lines": {}, "site_vars": {}, "options": {}}
    site_twin._write_site(tmp_path, broken)
    with pytest.raises(PeerError, match=r"exit code 2.*ansible_user is missing"):
        site_twin.Twin(tmp_path).start(20)


def test_the_overlay_of_another_site_is_refused(tmp_path: Path) -> None:
    own = {"site_twin_overlay": str(tmp_path)}
    seen = {"inventory_hostname": "x", "hostvars": {"x": own}}
    with pytest.raises(InputError, match="overlay"):
        site_twin._stored(tmp_path, seen)
    site_twin._write_site(tmp_path, {"lines": {}})
    assert site_twin._stored(tmp_path, seen) == {"lines": {}}
    assert (tmp_path / "site.json").stat().st_mode & 0o077 == 0


def started(run_dir: Path, lab: dict[str, Any]) -> site_twin.Twin:
    site_twin._write_site(run_dir, lab)
    twin = site_twin.Twin(run_dir)
    twin.start(60)
    return twin


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory, lab: dict[str, Any]) -> Iterator[site_twin.Twin]:
    """One running site for all tests; each leaves it running."""
    run_dir = tmp_path_factory.mktemp("twin") / ("a-long-name-" * 12)  # longer than the path of a socket may be
    running = started(run_dir, lab)
    yield running
    running.stop(10)


def endpoints_of(twin: site_twin.Twin) -> dict[str, Any]:
    about = twin.ping()
    assert about is not None
    found: dict[str, Any] = about["endpoints"]
    return found


def ports(endpoints: dict[str, Any]) -> list[int]:
    lines = [urlparse(endpoint).port or 0 for endpoint in endpoints["lines"].values()]
    return [*endpoints["stations"].values(), *endpoints["switches"].values(), endpoints["ums"]["port"], *lines]


def ended(pid: int | None) -> bool:
    """A child that ended stays a zombie until somebody asks for it; its command line is empty then."""
    assert pid is not None
    path = Path(f"/proc/{pid}/cmdline")
    return not path.exists() or path.read_bytes() == b""


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=3).close()
    except OSError:
        return False
    return True


def test_the_whole_lab_runs(twin: site_twin.Twin) -> None:
    endpoints = endpoints_of(twin)
    assert len(ports(endpoints)) == 13 and all(is_open(port) for port in ports(endpoints))
    state = twin.ask({"command": "state"}, 10)
    assert {station["os"] for station in state["stations"].values()} == {"windows"}
    assert not any(station["armed"] for station in state["stations"].values())
    assert all(switch["startup_equals_running"] for switch in state["switches"].values())
    assert state["ums"]["devices"] == [] and state["lines"]["line-1"]["state"] == "stopped"
    journal = twin.ask({"command": "journal"}, 10)["lines"]
    flows = [line for line in journal if line["kind"] == "flow"]
    assert len(flows) >= 14 and all(line["permit"] for line in flows)
    assert not [line for line in journal if line["kind"] == "error"]


def test_stopping_leaks_nothing_and_a_restart_keeps_ports_and_state(twin: site_twin.Twin) -> None:
    endpoints, pid = endpoints_of(twin), twin.pid()
    all_vars = twin.run_dir / "inventory/group_vars/all.yml"
    before = json.loads(all_vars.read_text())["site_twin_started"]
    twin.ask({"command": "set_line", "line": "line-2", "state": "running"}, 10)
    twin.stop(10)
    assert ended(pid) and twin.ping() is None
    assert not any(is_open(port) for port in ports(endpoints))
    assert not (twin.run_dir / "control.sock").exists()
    assert (twin.run_dir / "log").read_text() == ""
    time.sleep(1.1)
    twin.start(60)
    assert endpoints_of(twin) == endpoints and twin.pid() != pid
    assert twin.ask({"command": "state"}, 10)["lines"]["line-2"]["state"] == "running"
    assert json.loads(all_vars.read_text())["site_twin_started"] == before


def test_the_overlay_points_every_host_at_its_peer(twin: site_twin.Twin) -> None:
    seen = task_vars(LAB, twin.run_dir / "inventory")
    endpoints = endpoints_of(twin)
    hostvars = seen["hostvars"]
    assert hostvars["l1-op1"]["ansible_host"] == "127.0.0.1"
    assert hostvars["l1-op1"]["ansible_port"] == endpoints["stations"]["l1-op1"]
    assert hostvars["l1-op1"]["station_address"] == "10.20.1.11"
    assert hostvars["sw-l2"]["ansible_port"] == endpoints["switches"]["sw-l2"]
    assert (
        f"[127.0.0.1]:{endpoints['switches']['sw-l2']} ssh-"
        in Path(hostvars["sw-l2"]["switch_known_hosts"]).read_text()
    )
    assert (
        hostvars["ums-1"]["ums_port"] == endpoints["ums"]["port"] and Path(hostvars["ums-1"]["ums_ca_path"]).is_file()
    )
    lines = hostvars["plant-a"]["site_lines"]
    assert lines["line-1"]["state_source"]["endpoint"] == endpoints["lines"]["line-1"]
    assert hostvars["plant-a"]["site_records"] == str(twin.run_dir / "records")
    assert "lab-only" not in "".join(path.read_text() for path in (twin.run_dir / "inventory").rglob("*.yml"))


def perform(run_dir: Path, check: bool = False, **options: Any) -> dict[str, Any]:
    action = object.__new__(site_twin.ActionModule)
    action._task = SimpleNamespace(check_mode=check)
    given = {"state": "started", "run_dir": str(run_dir), "options": {}, "command": None, "timeout": 60, **options}
    return action.perform(given, {})


def test_starting_twice_changes_nothing(twin: site_twin.Twin) -> None:
    result = perform(twin.run_dir)
    assert (result["changed"], result["running"], result["pid"]) == (False, True, twin.pid())
    assert result["inventory"] == str(twin.run_dir / "inventory") and len(result["endpoints"]["stations"]) == 8


def test_commands_are_sent_and_answered(twin: site_twin.Twin) -> None:
    told = perform(twin.run_dir, state="observed", command={"command": "set_line", "line": "line-1", "quality": "bad"})
    assert told["changed"] and told["reply"]["quality"] == "bad"
    dry = perform(twin.run_dir, True, command={"command": "set_line", "line": "line-1", "quality": "good"})
    assert dry["changed"] and "reply" not in dry
    read = perform(twin.run_dir, True, command={"command": "state"})
    assert not read["changed"] and read["reply"]["lines"]["line-1"]["quality"] == "bad"
    perform(twin.run_dir, command={"command": "set_line", "line": "line-1", "quality": "good"})
    with pytest.raises(PeerError, match="nobody"):
        perform(twin.run_dir, command={"command": "power_cut", "station": "nobody"})


def test_check_mode_and_info_touch_nothing(tmp_path: Path) -> None:
    run_dir = tmp_path / "run"
    assert perform(run_dir, True)["changed"]
    info = perform(run_dir, state="observed")
    assert (info["changed"], info["running"]) == (False, False)
    assert not perform(run_dir, state="stopped")["changed"]
    with pytest.raises(PeerError, match="No simulated site runs"):
        perform(run_dir, state="observed", command={"command": "state"})
    assert not run_dir.exists()


def test_it_ends_when_its_folder_is_gone(tmp_path: Path, lab: dict[str, Any]) -> None:
    twin = started(tmp_path / "run", lab)
    pid = twin.pid()
    shutil.rmtree(twin.run_dir)
    assert until(lambda: ended(pid))
    assert not twin.run_dir.exists()


def test_a_second_process_refuses_the_same_folder(twin: site_twin.Twin) -> None:
    environment = {**os.environ, "PYTHONPATH": str(site_twin._collections_root())}
    command = [sys.executable, "-m", site_twin._MODULE, "--run-dir", str(twin.run_dir)]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 3 and "already runs" in second.stderr
    assert twin.ping() is not None
