# Copyright: (c) 2026, otedge.endpoint contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What outlives what: revert timer, saving, restart of the process, power cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ansible_collections.otedge.endpoint.plugins.plugin_utils._twin.switch import Switch

PORT = "GigabitEthernet1/0/1"
WEB = {"src": "10.20.1.11", "dst": "10.20.60.10", "protocol": "tcp", "src_port": 50000, "dst_port": 443}
DNS = {"src": "10.20.1.11", "dst": "10.20.95.10", "protocol": "udp", "src_port": 50000, "dst_port": 53}
WEB_ONLY = ("ip access-list extended WEB", "10 permit tcp any any eq 443", "20 deny ip any any log")
OPEN = ("ip access-list extended OPEN", "10 permit ip any any log")
Cli = Callable[..., str]


def bind(name: str) -> tuple[str, ...]:
    return (f"interface {PORT}", f"ip access-group {name} in")


def restarted(switch: Switch, world: Any) -> Switch:
    return Switch(switch.name, switch.options, world, json.loads(json.dumps(switch.dump())))


def test_the_revert_timer_restores_everything_at_its_time(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *OPEN, *bind("OPEN"), "end", "write memory")
    text = cli("configure terminal revert timer 2")
    assert text.startswith("Rollback Confirmed Change: Backing up current running config to flash:sw-l1-")
    assert "End with CNTL/Z." in text
    cli(*WEB_ONLY, *bind("WEB"), "hostname other", "ip access-list extended OPEN", "no 10", "end")
    assert "Timer value: 2 min" in cli("show archive config rollback timer")
    world.time += 119
    switch.tick(world.now())
    assert not switch.evaluate(PORT, "in", DNS)["permit"]
    seen = []
    world.on_change = lambda: seen.append(switch.evaluate(PORT, "in", DNS)["rule"])
    world.time += 1
    switch.tick(world.now())
    assert seen == ["missing list WEB", "10 permit ip any any log"]
    assert switch.dump()["startup_equals_running"]
    assert switch.pending is None
    assert [line["why"] for line in world.writes() if line["kind"] == "change"] == ["revert timer"] * 2
    switch.tick(world.now() + 1000)
    assert len(seen) == 2


def test_a_confirm_keeps_the_change(cli: Cli, switch: Switch, world: Any) -> None:
    cli("configure terminal revert timer 1", *WEB_ONLY, *bind("WEB"), "end")
    assert cli("configure confirm") == ""
    world.time += 3600
    switch.tick(world.now())
    assert switch.dump()["bindings"] == {PORT: {"in": "WEB"}}
    for line in ["configure confirm", "configure revert now", "configure revert timer 5"]:
        assert cli(line) == "%No Rollback Confirmed Change pending\n"


def test_revert_now_and_a_longer_timer(cli: Cli, switch: Switch, world: Any) -> None:
    cli("configure terminal revert timer 1", *bind("GHOST"), "end", "configure revert timer 10")
    world.time += 599
    switch.tick(world.now())
    assert switch.pending
    assert "Rollback Done" in cli("configure revert now")
    assert switch.dump()["bindings"] == {}


def test_the_revert_timer_is_refused_without_archive_and_when_one_runs(cli: Cli, switch: Switch) -> None:
    session = cli.session  # type: ignore[attr-defined]
    cli("configure terminal revert timer 5", "end")
    assert "pending" in cli("configure terminal revert timer 5")
    assert session.mode == "exec"
    cli("configure confirm", "conf t", "no archive", "end")
    assert cli("show archive") == "Archive feature not enabled\n"
    assert "%Turn config archive on" in cli("configure terminal revert timer 5")
    assert switch.pending is None
    cli("conf t", "archive", "path flash:$h-", "maximum 3", "end")
    cli("configure terminal revert timer 5", "end")
    shown = cli("show archive")
    assert "allowed is 3." in shown
    assert "<- Most Recent" in shown
    assert "flash:sw-l1-" in shown


def test_a_running_timer_survives_a_restart_of_the_process(cli: Cli, switch: Switch, world: Any) -> None:
    cli("configure terminal revert timer 2", *WEB_ONLY, *bind("WEB"), "end")
    again = restarted(switch, world)
    assert again.dump() == switch.dump()
    again.tick(world.now() + 120)
    assert again.dump()["bindings"] == {}
    assert again.dump()["lists"] == {}


def test_counters_and_odd_lines_survive_a_restart(cli: Cli, switch: Switch, world: Any) -> None:
    odd = ("15 permit tcp any any eq 80 dscp ef", "16 evaluate mirror", "17 permit tcp any any time-range night")
    cli("conf t", *WEB_ONLY, *odd, *bind("WEB"), "line vty 0 15", "access-class 23 in", "end", "write memory")
    switch.evaluate(PORT, "in", WEB, count=True)
    again = restarted(switch, world)
    assert again.dump() == switch.dump()
    shown = again.open_session("x").run("show ip access-lists").text
    assert (
        "    10 permit tcp any any eq 443 (1 match)\n    15 permit tcp any any eq www dscp ef\n    16 evaluate" in shown
    )


def test_a_power_cut_loads_startup_and_forgets_the_timer(cli: Cli, switch: Switch, world: Any) -> None:
    cli("conf t", *OPEN, *bind("OPEN"), "end", "copy running-config startup-config", "")
    assert switch.dump()["startup_equals_running"]
    cli("configure terminal revert timer 2", *WEB_ONLY, *bind("WEB"), "end")
    assert not switch.dump()["startup_equals_running"]
    switch.power_cut()
    assert switch.dump()["bindings"] == {PORT: {"in": "OPEN"}}
    assert switch.pending is None
    assert world.lines[-1]["kind"] == "boot"
    world.time += 3600
    switch.tick(world.now())
    assert switch.dump()["startup_equals_running"]


def test_a_session_inside_what_a_revert_took_away_gets_an_answer(cli: Cli, switch: Switch, world: Any) -> None:
    cli("configure terminal revert timer 1", "interface vlan 77")
    switch.tick(world.now() + 60)
    assert cli("ip access-group X in") == "% Interface Vlan77 does not exist\n"
