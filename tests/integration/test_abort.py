# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollout that was begun and is aborted: the site is as it was before."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ansible_runner
import yaml
from ansible_collections.otedge.endpoint.plugins.module_utils._evidence import acquire_lock
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.drivers import driver_for
from ansible_collections.otedge.endpoint.plugins.plugin_utils._switch.session import SwitchSession, Target

if TYPE_CHECKING:
    from conftest import Site

ROOT = Path(__file__).resolve().parents[2]
PORT = "GigabitEthernet1/0/1"
MIGRATING = {"l1-op1", "l2-op1"}
# A part of the plant: two stations that migrate, one that stays Windows, one that nobody assessed and that is deferred.
ASSESSED = "l1-op1:l2-op1:l1-hmi1:site:ums:site_switches"
PART = f"{ASSESSED}:l1-op2"
# What the site itself had on the port of l2-op1 before anything of ours.
OWN_LIST = [
    "ip access-list extended PLANT",
    "permit udp any any",
    "permit tcp any any established",
    "permit tcp host 10.20.2.11 10.20.50.0 0.0.0.255 eq 443",
    "deny ip any any log",
    f"interface {PORT}",
    "ip access-group PLANT in",
]


def _lists(site: Site, switch: str) -> dict[str, str]:
    bindings = site.ask(command="state")["switches"][switch]["bindings"]
    return {port.removeprefix("GigabitEthernet1/0/"): lists["in"] for port, lists in bindings.items()}


def _registered(site: Site) -> set[str]:
    return {device["name"] for device in site.ask(command="state")["ums"]["devices"]}


def _bind_own_list(site: Site) -> None:
    reach = yaml.safe_load((site.run_dir / "inventory/host_vars/sw-l2.yml").read_text(encoding="utf-8"))
    host, port, known = reach["ansible_host"], reach["ansible_port"], reach["switch_known_hosts"]
    terminal = driver_for("cisco_xe").terminal
    session = SwitchSession(Target(host, port, "automation", "lab-only-switch", "", known, "cisco_xe", terminal))
    session.configure(OWN_LIST)
    session.require("write memory")
    session.close()


def _stage(site: Site, station: str, folder: Path) -> None:
    staging = json.loads((site.records / "plan.json").read_text(encoding="utf-8"))["staging"]
    result = ansible_runner.run(
        private_data_dir=str(folder),
        inventory=[str(ROOT / "inventories/lab/hosts.yml"), str(site.run_dir / "inventory")],
        host_pattern=station,
        module="otedge.endpoint.operator_pc_stage",
        module_args=json.dumps({"site_records": str(site.records), **staging}),
        envvars={"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/cp")},
        quiet=True,
    )
    assert result.status == "successful"


def _hide_signatures(site: Site, folder: Path) -> None:
    for path in (site.records / "releases").glob("*.sig"):
        path.rename(folder / path.name)


def _changed(run: Any) -> set[str]:
    return {host for host, stats in run.stats.items() if stats["changed"]}


def test_a_rollout_is_begun(site: Site, tmp_path: Path) -> None:
    _bind_own_list(site)
    assert site.play("plan", limit=ASSESSED).status == "successful"
    site.sign()
    assert site.play("segment", limit=PART).status == "successful"
    assert site.play("register", limit="site:ums").status == "successful"
    _stage(site, "l1-op1", tmp_path)
    state = site.ask(command="state")
    assert state["stations"]["l1-op1"]["staged"]
    assert _registered(site) == MIGRATING
    assert all(name.startswith("OTE_") for switch in ("sw-l1", "sw-l2") for name in _lists(site, switch).values())


def test_check_mode_writes_nothing_and_names_what_is_undone(site: Site) -> None:
    last = site.journal("last").stdout.strip()
    run = site.play("abort", limit=PART, cmdline="--check --diff")
    assert run.status == "successful"
    assert site.journal("writes", "--after", last).stdout == ""
    assert _changed(run) == {"l1-op1", "ums-1", "sw-l1", "sw-l2"}
    lists = {row["name"]: row["list"] for _host, result in run.results("switch_acl") for row in result["bindings"]}
    assert lists == dict.fromkeys(MIGRATING, None) | {"l2-op1": "PLANT"}


def test_while_another_run_holds_the_site_nothing_is_undone(site: Site) -> None:
    last = site.journal("last").stdout.strip()
    acquire_lock(str(site.records), os.getpid(), "a rollout", time.time())
    try:
        run = site.play("abort", limit=PART)
    finally:
        (site.records / "lock.json").unlink()
    assert run.rc != 0
    assert site.journal("writes", "--after", last).stdout == ""


def test_one_station_is_undone_alone_and_without_a_release(site: Site, tmp_path: Path) -> None:
    _hide_signatures(site, tmp_path)
    try:
        run = site.play("abort", limit="l1-op1:site:ums:site_switches")
    finally:
        for path in tmp_path.glob("*.sig"):
            path.rename(site.records / "releases" / path.name)
    assert run.status == "successful"
    assert not site.ask(command="state")["stations"]["l1-op1"]["staged"]
    assert _registered(site) == MIGRATING - {"l1-op1"}
    assert set(_lists(site, "sw-l1")) == {"4"}
    assert _lists(site, "sw-l2")["1"].startswith("OTE_l2_op1")


def test_everything_is_undone_and_the_ports_are_as_they_were(site: Site) -> None:
    assert site.play("abort", limit=PART).status == "successful"
    state = site.ask(command="state")
    assert _registered(site) == set()
    # The station that stays Windows keeps its micro-zone; the plant's own list is back.
    zone = _lists(site, "sw-l1")["4"]
    assert zone.startswith("OTE_l1_hmi1_in_")
    assert (_lists(site, "sw-l1"), _lists(site, "sw-l2")) == ({"4": zone}, {"1": "PLANT"})
    assert {name for switch in state["switches"].values() for name in switch["lists"]} == {zone, "PLANT"}
    assert all(switch["startup_equals_running"] for switch in state["switches"].values())
    assert site.journal("flows-held").stdout == ""


def test_the_second_abort_changes_nothing(site: Site) -> None:
    last = site.journal("last").stdout.strip()
    run = site.play("abort", limit=PART)
    assert run.status == "successful"
    assert _changed(run) == set()
    assert site.journal("writes", "--after", last).stdout == ""
