# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole rollout through ansible-runner: asserted on events and statistics, the journal and the site's own truth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Site

MIGRATED = {"l1-op1", "l1-op2", "l1-ws1", "l2-op1", "l2-op2"}
CONTAINED = {"l1-hmi1", "l2-op3", "l2-eng1"}
WAIVER = "l2-op2=No image exists; the kiosk is rebuilt from its recipe"


def test_without_a_release_it_stops_after_the_plan(site: Site) -> None:
    run = site.play("site_rollout")
    assert run.rc != 0
    refusals = [result["msg"] for _host, result in run.results("site_release_info") if result.get("failed")]
    assert len(refusals) == 1
    assert "-n otedge-release-ot" in refusals[0]
    assert "-n otedge-release-it" in refusals[0]
    plan = json.loads((site.records / "plan.json").read_text(encoding="utf-8"))
    assert {name for name, station in plan["stations"].items() if station["disposition"] == "migrate"} == MIGRATED
    assert {name for name, station in plan["stations"].items() if station["disposition"] == "contain"} == CONTAINED
    assert site.journal("writes").stdout == ""


def test_check_mode_writes_nothing_and_names_what_the_run_then_does(site: Site) -> None:
    site.sign(WAIVER)
    before = {path: path.read_bytes() for path in site.records.rglob("*") if path.is_file()}
    run = site.play("site_rollout", cmdline="--check --diff")
    assert run.status == "successful", [event["stdout"] for event in run.events if event["event"] == "runner_on_failed"]
    assert site.journal("writes").stdout == ""
    assert {path: path.read_bytes() for path in site.records.rglob("*") if path.is_file()} == before
    lists = {
        entry["interface"]
        for _host, result in run.results("switch_acl")
        for entry in result["bindings"]
        if entry["changed"]
    }
    assert {"GigabitEthernet1/0/1", "GigabitEthernet1/0/2"} <= lists


def test_the_rollout_converts_and_contains_the_plant(site: Site) -> None:
    run = site.play("site_rollout")
    assert run.status == "successful", [event["stdout"] for event in run.events if event["event"] == "runner_on_failed"]
    assert {
        host: (stats["failures"], stats["dark"])
        for host, stats in run.stats.items()
        if stats["failures"] or stats["dark"]
    } == {}
    last = {host: result["station"]["stage"] for host, result in run.results("station_info")}
    assert last == dict.fromkeys(MIGRATED, "verified") | dict.fromkeys(CONTAINED, "contained")


def test_the_site_itself_confirms_it(site: Site) -> None:
    state = site.ask(command="state")
    devices = [device for device in state["ums"]["devices"] if not device["bin"]]
    assert {device["name"] for device in devices} == MIGRATED
    assert len(devices) == len(MIGRATED)
    assert all(device["online"] for device in devices)
    assert next(device for device in devices if device["name"] == "l1-ws1")["mac"] == "001B1B001113"
    assert {name for name, station in state["stations"].items() if station["os"] == "thin_client"} == MIGRATED
    assert {name for name, station in state["stations"].items() if station["os"] == "windows"} == CONTAINED
    assert all(switch["startup_equals_running"] for switch in state["switches"].values())
    assert site.journal("flows-held").stdout == ""


def test_the_second_run_changes_nothing(site: Site) -> None:
    last = site.journal("last").stdout.strip()
    run = site.play("site_rollout")
    assert run.status == "successful"
    assert {host: stats["changed"] for host, stats in run.stats.items() if stats["changed"]} == {}
    assert site.journal("writes", "--after", last).stdout == ""


def test_abort_leaves_what_is_converted_or_contained_as_it_is(site: Site) -> None:
    last = site.journal("last").stdout.strip()
    run = site.play("abort")
    assert run.status == "successful"
    assert {host: stats["changed"] for host, stats in run.stats.items() if stats["changed"]} == {}
    assert site.journal("writes", "--after", last).stdout == ""


def test_the_report_and_the_evidence_are_there(site: Site) -> None:
    page = (site.records / "report.html").read_text(encoding="utf-8")
    assert all(name in page for name in MIGRATED | CONTAINED)
    assert "http://" not in page.replace("http://www.w3.org", "")
    kinds = [
        json.loads(line)["kind"] for line in (site.records / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert kinds.count("intent") == kinds.count("result")
    assert kinds.count("intent") > len(MIGRATED)
